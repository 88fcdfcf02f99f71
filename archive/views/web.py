"""What browsers and crawlers ask a site for: robots.txt and the description of its search."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

CLOSED = "User-agent: *\nDisallow: /\n"


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything but searches and the desk; nothing at all where ARCHIVE_CRAWLERS is off."""
    if settings.ARCHIVE_SIGN_IN or not settings.ARCHIVE_CRAWLERS:
        return HttpResponse(CLOSED, content_type="text/plain; charset=utf-8")
    closed = (reverse("archive:search"), reverse("admin:index"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse(name))}" for name in ("sitemap", "news-sitemap")]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """OpenSearch 1.1: lets a browser search the archive from its address bar."""
    context = {
        "search": request.build_absolute_uri(reverse("archive:search")),
        "feed": request.build_absolute_uri(reverse("archive:feed-search")),
        "itself": request.build_absolute_uri(),
    }
    content_type = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "archive/opensearch.xml", context, content_type=content_type)
