"""The public log of takedowns."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from archive.access import reader_of
from archive.choices import Degree, Visibility
from archive.models import Source, Takedown

LOGGED = (Degree.DELIST, Degree.ANONYMISE, Degree.TOMBSTONE, Degree.ERASE)
"""A story that is held back is nobody's business; what was public and is not any more is."""


def log(request: HttpRequest) -> HttpResponse:
    """Every takedown by day, degree and reason; who is meant and who asked is nowhere in it."""
    hidden = Source.objects.hidden_from(reader_of(request))
    embargoed = Q(article__visibility__in=[Visibility.HIDDEN, Visibility.EMBARGOED])
    rows = Takedown.objects.filter(degree__in=LOGGED).exclude(Q(article__source__in=hidden) | embargoed)
    page = Paginator(rows.select_related("article"), 100).get_page(request.GET.get("page"))
    return render(request, "archive/takedowns.html", {"page": page})
