"""Articles as lines of a file: CSV, JSONL, BibTeX, RIS. Each ends by saying that it is complete, or it is not."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from archive.models import Article
from archive.text import safe_cell
from archive.views.citing import bibtex, ris

COLUMNS = ("id", "url", "title", "standfirst", "byline", "source", "published", "section", "language", "words", "body")


@dataclass(frozen=True, slots=True)
class Row:
    article: Article
    url: str
    note: str = ""
    """What a reader wrote beside it in a collection."""


Rows = Iterable[Row]


@dataclass(frozen=True, slots=True)
class Style:
    content_type: str
    lines: Callable[[Rows, int, tuple[str, ...]], Iterator[str]]
    """From rows, how many there should be, and the columns of a table."""


def _values(row: Row) -> dict[str, Any]:
    article = row.article
    return {
        "id": article.pk,
        "url": row.url,
        "title": article.title,
        "standfirst": article.standfirst,
        "byline": "; ".join(article.byline),
        "source": article.source.name,
        "published": article.published_at.isoformat() if article.published_at else "",
        "section": article.section,
        "language": article.language,
        "words": article.word_count,
        "body": "\n\n".join(article.body),
        "note": row.note,
    }


class _Line:
    """A file that gives back what is written to it: `csv.writer` writes a line at a time."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Rows, total: int, columns: tuple[str, ...]) -> Iterator[str]:
    # Quoted, a text stays one cell where a spreadsheet splits at semicolons.
    writer = csv.writer(_Line(), quoting=csv.QUOTE_NONNUMERIC)
    # The mark tells spreadsheets that this is UTF-8.
    yield "\ufeff" + str(writer.writerow(columns))
    done = 0
    for row in rows:
        values = _values(row)
        done += 1
        yield str(writer.writerow([safe_cell(values[column]) for column in columns]))
    yield str(writer.writerow([f"# {said(done, total)}"]))


def _jsonl(rows: Rows, total: int, columns: tuple[str, ...]) -> Iterator[str]:
    done = 0
    for row in rows:
        done += 1
        values = {**_values(row), "byline": row.article.byline, "body": row.article.body}
        yield json.dumps({column: values[column] for column in columns}, ensure_ascii=False) + "\n"
    yield json.dumps({"complete": done == total, "articles": done, "total": total}) + "\n"


def _bib(rows: Rows, total: int, columns: tuple[str, ...]) -> Iterator[str]:
    done = 0
    for row in rows:
        done += 1
        yield bibtex(row.article, row.url, row.note)
    yield f"% {said(done, total)}\n"


def _ris(rows: Rows, total: int, columns: tuple[str, ...]) -> Iterator[str]:
    done = 0
    for row in rows:
        done += 1
        yield ris(row.article, row.url, row.note)
    # Reference managers pass over what stands between records.
    yield f"# {said(done, total)}\r\n"


def said(done: int, total: int) -> str:
    """The last line's words."""
    if done == total:
        return f"complete: {done} of {total} articles"
    return f"incomplete: {done} of {total} articles, the others are no longer shown; export again"


STYLES = {
    "csv": Style("text/csv", _csv),
    "jsonl": Style("application/x-ndjson", _jsonl),
    "bib": Style("application/x-bibtex", _bib),
    "ris": Style("application/x-research-info-systems", _ris),
}
