"""Documents → postings of a Whoosh segment, and the commit that makes them findable."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime

from whoosh.formats import Positions
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from archive.search.backends.whoosh import analysis, schema
from archive.search.documents import IndexDocument
from archive.search.query import Keyword, TextField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_POSITIONS = Positions()


def moment_of(document: IndexDocument) -> int:
    """Microseconds since 1970 that a document is sorted by; a day without a time counts from its midnight UTC."""
    at = document.published_at
    if at is None:
        if document.published_on is None:
            return schema.UNKNOWN_MOMENT
        at = datetime.combine(document.published_on, datetime.min.time(), UTC)
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def day_of(document: IndexDocument) -> date | None:
    """The day a document is found under."""
    if document.published_on is None and document.published_at is not None:
        return document.published_at.astimezone(UTC).date()
    return document.published_on


def keywords_of(document: IndexDocument) -> dict[str, tuple[str, ...]]:
    """The exact values of a document by field, each once; empty values are no values."""
    values = {
        Keyword.SOURCE: (document.source,),
        Keyword.SECTION: (document.section,),
        Keyword.LANGUAGE: (document.language,),
        Keyword.PERSON: document.people,
        Keyword.ORGANISATION: document.organisations,
        Keyword.PLACE: document.places,
        Keyword.SPEAKER: document.speakers,
        Keyword.FLAG: document.flags,
    }
    return {schema.KEYWORDS[field]: tuple(dict.fromkeys(filter(None, found))) for field, found in values.items()}


def update(index: FileIndex, documents: Iterable[IndexDocument], deleted: Iterable[int]) -> None:
    """Replace and delete as one commit; the caller holds the writer's lock."""
    wanted = {document.id: document for document in documents}
    reader = index.reader()
    try:
        old = []
        for number in {*wanted, *deleted}:
            term = str(number).encode()
            if (schema.ID, term) in reader:
                old.extend(reader.postings(schema.ID, term).all_ids())
    finally:
        reader.close()
    if not wanted and not old:
        return
    writer = SegmentWriter(index, compound=False)
    try:
        for docnum in old:
            writer.delete_document(docnum)
        for document in wanted.values():
            add(writer, document)
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def add(writer: SegmentWriter, document: IndexDocument) -> None:
    """One document into the segment being written: what `SegmentWriter.add_document` does, given ready terms."""
    docnum = writer.docnum
    perdoc, post = writer.perdocwriter, writer.pool.add
    perdoc.start_doc(docnum)
    stemmed = analysis.is_stemmed(document.language)
    for place, text in (
        (TextField.TITLE, document.title),
        (TextField.ANYWHERE, document.body),
        (TextField.BYLINE, document.byline),
        (TextField.SAID, document.said),
    ):
        exact: dict[str, list[int]] = defaultdict(list)
        length = 0
        for token in analysis.tokens(text):
            exact[token.term].append(token.position)
            length += not token.extra
        forms = {schema.EXACT[place]: exact}
        if place is not TextField.BYLINE:
            by_form: dict[str, list[int]] = defaultdict(list)
            forms[schema.ANALYSED[place]] = by_form
            for term, positions in exact.items():
                by_form[analysis.analysed(term, stemmed)].extend(positions)
        for field, terms in forms.items():
            for term, positions in terms.items():
                # Two words at one place can share a stem.
                places = sorted(set(positions))
                post((field, term.encode(), docnum, float(len(places)), _POSITIONS.encode(places)))
            perdoc.add_field(field, writer.schema[field], None, length)
    values = keywords_of(document)
    day = day_of(document)
    values[schema.DAY] = (f"{day:%Y%m%d}".rjust(8, "0"),) if day else ()
    values[schema.ID] = (str(document.id),)
    for field, found in values.items():
        for value in found:
            post((field, value.encode(), docnum, 1.0, b""))
    perdoc.add_column_value(schema.MOMENT, writer.schema[schema.MOMENT].column_type, moment_of(document))
    perdoc.add_field(
        "key",
        writer.schema["key"],
        (document.id, document.content_hash, moment_of(document), day, keywords_of(document)),
        0,
    )
    perdoc.finish_doc()
    writer._added = True
    writer.docnum += 1
