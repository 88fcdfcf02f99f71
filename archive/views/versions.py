"""What changed between two texts of an article, word by word."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from archive.ingest.changes import Change, Piece, word_diff
from archive.text import clean_text
from archive.views.opening import open_article


def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier version, and how the next one differs from it."""
    article = open_article(request, pk, "source")
    old = get_object_or_404(article.versions, number=number)
    new = article.versions.filter(number=number + 1).first() or article
    if number >= article.version:
        raise Http404("That is the current version.")
    context = {
        "article": article,
        "old": old,
        "next_number": number + 1,
        "is_last": new is article,
        "title_html": _html(word_diff(old.title, new.title)),
        "is_title_changed": old.title != new.title,
        "paragraphs": [
            _html(pieces) for pieces in _paragraphs(word_diff(clean_text("", old.body), clean_text("", new.body)))
        ],
    }
    return render(request, "archive/version.html", context)


def _paragraphs(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces, split where paragraphs end."""
    split = [
        Piece(piece.change, part)
        for piece in pieces
        for number, text in enumerate(piece.text.split("\n\n"))
        for part in (["\n\n"] if number else []) + ([text] if text else [])
    ]
    return [list(group) for is_break, group in groupby(split, lambda piece: piece.text == "\n\n") if not is_break]


def _html(pieces: list[Piece]) -> SafeString:
    """Removed words as `<del>`, added ones as `<ins>`."""
    tags = {Change.REMOVED: "<del>{}</del>", Change.ADDED: "<ins>{}</ins>", Change.SAME: "{}"}
    return format_html_join("", "{}", ((format_html(tags[piece.change], piece.text),) for piece in pieces))
