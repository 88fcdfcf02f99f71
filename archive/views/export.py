"""Everything as a file, streamed: of a search, of a name, of the whole archive; as many rows as the page said."""

from collections.abc import Iterable, Iterator

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from archive.access import reader_of
from archive.choices import EntityKind
from archive.errors import IndexUnavailable
from archive.keyset import in_order_of_id
from archive.models import Article, Entity
from archive.search.query import Sort
from archive.search.run import in_batches, result_ids
from archive.views.exporting import COLUMNS, STYLES, Row
from archive.views.names import became, moved_to
from archive.views.narrowing import chosen_filters, chosen_sort

PIECE_BYTES, PER_BATCH = 32 * 1024, 500


@require_safe
def export(request: HttpRequest, style: str) -> HttpResponseBase:
    """`q`, `sort` and filters as on the search page; `style` is csv, jsonl, bib or ris."""
    sort = chosen_sort(request.GET, Sort.NEWEST)
    text = request.GET.get("q", "")
    try:
        ids, _ = result_ids(text, sort=sort, filters=chosen_filters(request.GET), reader=reader_of(request))
    except IndexUnavailable as error:
        return render(request, "archive/search_unavailable.html", {"q": text, "error": error}, status=503)
    return stream(request, style, in_batches(ids, reader_of(request)), len(ids), "newsroom-archive-search")


@require_safe
def export_archive(request: HttpRequest, style: str) -> HttpResponseBase:
    """Every article that is stored now, in the order in which they came; no index is needed for it."""
    newest = Article.objects.aggregate(last=Max("pk"))["last"] or 0
    listed = Article.objects.listed_for(reader_of(request)).filter(pk__lte=newest)
    articles = in_order_of_id(listed.select_related("source"), PER_BATCH)
    return stream(request, style, articles, listed.count(), "newsroom-archive")


@require_safe
def export_name(request: HttpRequest, kind: EntityKind, slug: str, style: str) -> HttpResponseBase:
    """Every article that names a person, an organisation or a place."""
    if moved := became(kind, slug, reader_of(request)):
        return moved_to(f"{moved.get_absolute_url()}export.{style}")
    found = get_object_or_404(Entity.objects.shown(reader_of(request)), kind=kind, slug=slug)
    named = Article.objects.listed_for(reader_of(request)).mentioning(found).latest_first()
    ids = list(named.values_list("pk", flat=True))
    return stream(request, style, in_batches(ids, reader_of(request)), len(ids), f"newsroom-archive-{slug}")


def stream(
    request: HttpRequest,
    style: str,
    articles: Iterable[Article],
    total: int,
    name: str,
    *,
    notes: dict[int, str] | None = None,
) -> StreamingHttpResponse:
    """These articles as they come, so that memory does not grow with their number.

    They are those of one moment, so that the total is kept; one that is taken down before its turn is left out, and the
    last line says so.
    """
    if style not in STYLES:
        raise Http404("Articles are exported as csv, jsonl, bib or ris.")
    made = STYLES[style]
    columns = COLUMNS if notes is None else (*COLUMNS, "note")
    rows = (
        Row(article, request.build_absolute_uri(article.get_absolute_url()), (notes or {}).get(article.pk, ""))
        for article in articles
    )
    response = StreamingHttpResponse(
        _in_pieces(made.lines(rows, total, columns)), content_type=f"{made.content_type}; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.{style}"'
    response["X-Total-Count"] = str(total)
    # What is written as it goes is not for a proxy to hold back.
    response["X-Accel-Buffering"] = "no"
    return response


def _in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """The first line at once, so that a reader sees that it begins; the others in pieces that a network likes."""
    held, size = [], 0
    for number, line in enumerate(lines):
        encoded = line.encode("utf-8", "replace")
        held.append(encoded)
        size += len(encoded)
        if size >= PIECE_BYTES or not number:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)
