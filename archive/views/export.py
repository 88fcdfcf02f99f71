"""Every hit of a search as a file, streamed: as many rows as the page said, and a last line that says so."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from archive.access import reader_of
from archive.errors import IndexUnavailable
from archive.models import Article
from archive.search.query import Sort
from archive.search.run import every_hit
from archive.views.citing import bibtex, ris
from archive.views.narrowing import chosen_filters, chosen_sort

COLUMNS = ("id", "url", "title", "standfirst", "byline", "source", "published", "section", "language", "words", "body")
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(request: HttpRequest, style: str) -> HttpResponseBase:
    """`q`, `sort` and filters as on the search page; `style` is csv, jsonl, bib or ris."""
    if style not in _STYLES:
        raise Http404("Results are exported as csv, jsonl, bib or ris.")
    sort = chosen_sort(request.GET, Sort.NEWEST)
    text = request.GET.get("q", "")
    try:
        total, articles = every_hit(text, sort=sort, filters=chosen_filters(request.GET), reader=reader_of(request))
    except IndexUnavailable as error:
        return render(request, "archive/search_unavailable.html", {"q": text, "error": error}, status=503)
    content_type, lines = _STYLES[style]
    rows = ((article, request.build_absolute_uri(article.get_absolute_url())) for article in articles)
    response = StreamingHttpResponse(lines(rows, total), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="newsroom-archive.{style}"'
    response["X-Total-Count"] = str(total)
    return response


Rows = Iterator[tuple[Article, str]]


def _values(article: Article, url: str) -> dict[str, Any]:
    return {
        "id": article.pk,
        "url": url,
        "title": article.title,
        "standfirst": article.standfirst,
        "byline": "; ".join(article.byline),
        "source": article.source.name,
        "published": article.published_at.isoformat() if article.published_at else "",
        "section": article.section,
        "language": article.language,
        "words": article.word_count,
        "body": "\n\n".join(article.body),
    }


class _Line:
    """A file that gives back what is written to it: `csv.writer` writes a line at a time."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Rows, total: int) -> Iterator[str]:
    writer = csv.writer(_Line())
    # The mark tells spreadsheets that this is UTF-8.
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    done = 0
    for article, url in rows:
        done += 1
        yield str(writer.writerow([_cell(value) for value in _values(article, url).values()]))
    yield str(writer.writerow([f"# complete: {done} of {total} articles"]))


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _jsonl(rows: Rows, total: int) -> Iterator[str]:
    done = 0
    for article, url in rows:
        done += 1
        values = {**_values(article, url), "byline": article.byline, "body": article.body}
        yield json.dumps(values, ensure_ascii=False) + "\n"
    yield json.dumps({"complete": done == total, "articles": done}) + "\n"


def _bib(rows: Rows, total: int) -> Iterator[str]:
    done = 0
    for article, url in rows:
        done += 1
        yield bibtex(article, url)
    yield f"% complete: {done} of {total} articles\n"


def _ris(rows: Rows, total: int) -> Iterator[str]:
    for article, url in rows:
        yield ris(article, url)


_STYLES = {
    "csv": ("text/csv", _csv),
    "jsonl": ("application/x-ndjson", _jsonl),
    "bib": ("application/x-bibtex", _bib),
    "ris": ("application/x-research-info-systems", _ris),
}
