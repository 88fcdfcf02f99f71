"""One article, as its author wrote it; ledger.py shows it as it was found."""

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.text import Truncator

from archive.access import reader_of
from archive.choices import EntityKind
from archive.ingest.entities.model import missing_model
from archive.models import Article, Entity
from archive.notices import announced
from archive.views.also_in import also_in
from archive.views.caching import last_modified
from archive.views.citing import json_ld
from archive.views.marking import marked_paragraphs
from archive.views.names import PLURALS
from archive.views.opening import open_article
from archive.views.similar import similar
from archive.views.trail import place

DESCRIPTION = 200


def article(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """The article's page. Its address holds the id; the words after it may change, and an old address redirects."""
    reader = reader_of(request)
    found = open_article(request, pk, "source")
    if request.path != found.get_absolute_url():
        asked = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(found.get_absolute_url() + (f"?{asked}" if asked else ""))
    with_names = request.GET.get("names") == "1"
    named = (
        Entity.objects.shown(reader)
        .filter(mentions__article=found)
        .annotate(here=Count("mentions"))
        .order_by("-here", "sort_name")
    )
    by_kind = [(kind, [one for one in named if one.kind == kind]) for kind in EntityKind]
    page_url = request.build_absolute_uri(found.get_absolute_url())
    also = also_in(found, reader)
    title_html, paragraphs = marked_paragraphs(found, with_names=with_names)
    context = {
        "article": found,
        "title_html": title_html,
        "paragraphs": paragraphs,
        "with_names": with_names,
        "named": [(PLURALS[kind].title(), entities) for kind, entities in by_kind if entities],
        "also_in": also,
        "versions": found.versions.all(),
        "page_url": page_url,
        "description": Truncator(found.standfirst or next(iter(found.body), "")).chars(DESCRIPTION),
        "json_ld": json_ld(found, page_url),
        "similar": similar(found, named, [one.article.pk for one in also.relatives], reader),
        "notices": announced(found.title, found.body),
        "place": place(request, found),
        "cut_count": found.cuts.count(),
        "language_name": LANG_INFO.get(found.language, {}).get("name", found.language),
        "is_unsought": is_unsought(found),
        "no_model": ""
        if found.named_at or found.language not in settings.NAME_MODELS
        else missing_model(found.language),
    }
    response = render(request, "archive/article.html", context)
    response["Last-Modified"] = last_modified(found, also.copies)
    return response


def is_unsought(article: Article) -> bool:
    """Whether no names were sought because there is no model for the article's language."""
    return not article.named_at and article.language not in ("", *settings.NAME_MODELS)
