"""Adapters: the same corpus and the same questions in each engine, every answer 20 hits and the exact count."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path

from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.documents import IndexDocument
from archive.search.query import Keyword, Sort
from bench.questions import PAGE, Question

_SEVERAL = {Keyword.PERSON: "people", Keyword.ORGANISATION: "organisations", Keyword.PLACE: "places"}


class Engine(ABC):
    """`ask` gives back the number of matches."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def index(self, documents: Iterable[IndexDocument]) -> None: ...

    @abstractmethod
    def open(self) -> None:
        """Make a fresh reader, as a new process would."""

    @abstractmethod
    def ask(self, question: Question) -> int: ...

    @abstractmethod
    def update(self, documents: list[IndexDocument]) -> None:
        """Replace these documents as one commit."""

    def size(self) -> int:
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file() and not file.is_symlink())


class Ours(Engine):
    name = "this archive"

    def index(self, documents: Iterable[IndexDocument]) -> None:
        self.open()
        self.backend.rebuild(lambda: documents)

    def open(self) -> None:
        self.backend = WhooshBackend(str(self.folder))
        self.backend.count()

    def ask(self, question: Question) -> int:
        return self.backend.search(
            question.node(), sort=question.sort, offset=question.offset, limit=PAGE, facets=question.facets
        ).total

    def update(self, documents: list[IndexDocument]) -> None:
        self.backend.update(documents)


class StockWhoosh(Engine):
    """Whoosh 2.7.4 as its manual has it: stemmed text, sortable columns, `groupedby`, one segment."""

    name = "stock Whoosh"

    def _schema(self) -> object:
        from whoosh import fields
        from whoosh.analysis import StemmingAnalyzer

        keyword = {name: fields.KEYWORD(commas=True, sortable=True) for name in ("person", "organisation", "place")}
        return fields.Schema(
            id=fields.ID(unique=True, stored=True),
            title=fields.TEXT(analyzer=StemmingAnalyzer(), field_boost=2.0),
            body=fields.TEXT(analyzer=StemmingAnalyzer()),
            source=fields.ID(sortable=True),
            section=fields.ID(sortable=True),
            language=fields.ID(sortable=True),
            year=fields.ID(sortable=True),
            date=fields.DATETIME(sortable=True),
            **keyword,
        )

    @staticmethod
    def _fields(document: IndexDocument) -> dict[str, object]:
        return {
            "id": str(document.id),
            "title": document.title,
            "body": document.body,
            "source": document.source,
            "section": document.section,
            "language": document.language,
            "year": str(document.published_on.year),
            "date": document.published_at.replace(tzinfo=None),
            "person": ",".join(document.people),
            "organisation": ",".join(document.organisations),
            "place": ",".join(document.places),
        }

    def index(self, documents: Iterable[IndexDocument]) -> None:
        from whoosh.index import create_in

        self._index = create_in(str(self.folder), self._schema())
        writer = self._index.writer(limitmb=512)
        for document in documents:
            writer.add_document(**self._fields(document))
        writer.commit()

    def open(self) -> None:
        from whoosh.index import open_dir

        self._index = open_dir(str(self.folder))
        self._searcher = self._index.searcher()

    def ask(self, question: Question) -> int:
        from whoosh import query as wq
        from whoosh.sorting import FieldFacet

        def both(make: object) -> wq.Query:
            return wq.Or([make("title"), make("body")])

        schema = self._searcher.schema
        stem = lambda field, word: next(iter(schema[field].process_text(word)), word)  # noqa: E731 - an adapter's shorthand
        words = question.words
        match question.join:
            case "phrase":
                parts = [both(lambda field: wq.Phrase(field, [stem(field, word) for word in words]))]
            case "prefix":
                parts = [both(lambda field: wq.Prefix(field, words[0]))]
            case "fuzzy":
                parts = [both(lambda field: wq.FuzzyTerm(field, stem(field, words[0]), prefixlength=0))]
            case "or":
                parts = [wq.Or([both(lambda field, word=word: wq.Term(field, stem(field, word))) for word in words])]
            case _:
                parts = [both(lambda field, word=word: wq.Term(field, stem(field, word))) for word in words]
        narrowing = []
        if question.days:
            start, end = (
                datetime.combine(day, edge) for day, edge in zip(question.days, (time.min, time.max), strict=True)
            )
            narrowing.append(wq.DateRange("date", start, end))
        if question.keyword:
            narrowing.append(wq.Term(question.keyword[0].value, question.keyword[1]))
        options: dict[str, object] = {}
        if narrowing:
            options["filter"] = wq.And(narrowing)
        if question.sort is Sort.NEWEST:
            options |= {"sortedby": "date", "reverse": True}
        if question.facets:
            options["groupedby"] = {
                name: FieldFacet(name, allow_overlap=name in ("person", "organisation", "place"))
                for name in question.facets
            }
        results = self._searcher.search(
            parts[0] if len(parts) == 1 else wq.And(parts), limit=question.offset + PAGE, **options
        )
        for name in question.facets:
            groups = results.groups(name)
            sorted(((value, len(docs)) for value, docs in groups.items()), key=lambda pair: -pair[1])[:20]
        for hit in results[question.offset :]:
            hit["id"]
        return len(results)

    def update(self, documents: list[IndexDocument]) -> None:
        writer = self._index.writer()
        for document in documents:
            writer.update_document(**self._fields(document))
        writer.commit()


class Fts5(Engine):
    """SQLite FTS5 with the Porter tokenizer; title counts double."""

    name = "SQLite FTS5"

    def open(self) -> None:
        self._db = sqlite3.connect(self.folder / "fts.sqlite3")
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-200000")

    def _put(self, documents: Iterable[IndexDocument]) -> None:
        for document in documents:
            self._db.execute(
                "INSERT INTO text(rowid, title, body) VALUES (?, ?, ?)", (document.id, document.title, document.body)
            )
            self._db.execute(
                "INSERT INTO article VALUES (?, ?, ?, ?)",
                (document.id, document.source, document.published_on.toordinal(), document.published_on.year),
            )
            for kind, attribute in _SEVERAL.items():
                self._db.executemany(
                    "INSERT INTO named VALUES (?, ?, ?)",
                    [(document.id, kind.value, value) for value in dict.fromkeys(getattr(document, attribute))],
                )

    def index(self, documents: Iterable[IndexDocument]) -> None:
        self.open()
        self._db.executescript(
            "CREATE VIRTUAL TABLE text USING fts5(title, body, tokenize='porter unicode61', prefix='2 3 4');"
            "CREATE TABLE article (id INTEGER PRIMARY KEY, source TEXT, day INTEGER, year INTEGER);"
            "CREATE TABLE named (article INTEGER, kind TEXT, value TEXT);"
        )
        self._put(documents)
        self._db.executescript(
            "CREATE INDEX by_day ON article(day); CREATE INDEX by_value ON named(kind, value, article);"
            "CREATE INDEX by_article ON named(article, kind, value); ANALYZE"
        )
        self._db.commit()

    def ask(self, question: Question) -> int:
        words = question.words
        match question.join:
            case "phrase":
                match_text = '"' + " ".join(words) + '"'
            case "prefix":
                match_text = f'"{words[0]}"*'
            case "fuzzy":
                raise NotImplementedError
            case "or":
                match_text = " OR ".join(f'"{word}"' for word in words)
            case _:
                match_text = " AND ".join(f'"{word}"' for word in words)
        where, values = "text MATCH ?", [match_text]
        if question.days:
            where += " AND +article.day BETWEEN ? AND ?"
            values += [day.toordinal() for day in question.days]
        if question.keyword and question.keyword[0] is Keyword.SOURCE:
            where += " AND +article.source = ?"
            values.append(question.keyword[1])
        elif question.keyword:
            where += " AND article.id IN (SELECT article FROM named WHERE kind = ? AND value = ?)"
            values += [question.keyword[0].value, question.keyword[1]]
        tables = "FROM text JOIN article ON article.id = text.rowid"
        order = "article.day DESC" if question.sort is Sort.NEWEST else "bm25(text, 2.0, 1.0)"
        self._db.execute(
            f"SELECT text.rowid {tables} WHERE {where} ORDER BY {order} LIMIT {PAGE} OFFSET {question.offset}", values
        ).fetchall()
        for name in question.facets:
            if name in ("source", "year"):
                sql = f"SELECT article.{name}, count(*) n {tables} WHERE {where} GROUP BY 1 ORDER BY n DESC LIMIT 20"
            else:
                sql = (
                    f"SELECT named.value, count(*) n {tables} JOIN named ON named.article = article.id "
                    f"AND named.kind = '{name}' WHERE {where} GROUP BY 1 ORDER BY n DESC LIMIT 20"
                )
            self._db.execute(sql, values).fetchall()
        count: int = self._db.execute(f"SELECT count(*) {tables} WHERE {where}", values).fetchone()[0]
        return count

    def update(self, documents: list[IndexDocument]) -> None:
        for document in documents:
            for sql in (
                "DELETE FROM text WHERE rowid = ?",
                "DELETE FROM article WHERE id = ?",
                "DELETE FROM named WHERE article = ?",
            ):
                self._db.execute(sql, (document.id,))
        self._put(documents)
        self._db.commit()


class Tantivy(Engine):
    """tantivy (Rust, as Lucene), `en_stem`; its facets are terms aggregations over fast fields."""

    name = "tantivy"

    def open(self) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
        for name in ("title", "body"):
            builder.add_text_field(name, tokenizer_name="en_stem")
        for name in ("source", "person", "organisation", "place", "year"):
            builder.add_text_field(name, tokenizer_name="raw", fast=True)
        builder.add_date_field("date", fast=True, indexed=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(self.folder))
        self._index.reload()
        self._searcher = self._index.searcher()

    def _put(self, writer: object, document: IndexDocument) -> None:
        import tantivy

        found = tantivy.Document()
        found.add_unsigned("id", document.id)
        found.add_text("title", document.title)
        found.add_text("body", document.body)
        found.add_text("source", document.source)
        found.add_text("year", str(document.published_on.year))
        for kind, attribute in _SEVERAL.items():
            for value in dict.fromkeys(getattr(document, attribute)):
                found.add_text(kind.value, value)
        found.add_date("date", document.published_at)
        writer.add_document(found)

    def index(self, documents: Iterable[IndexDocument]) -> None:
        self.open()
        writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        for document in documents:
            self._put(writer, document)
        writer.commit()
        writer.wait_merging_threads()

    def ask(self, question: Question) -> int:
        import tantivy

        q, occur = tantivy.Query, tantivy.Occur

        def both(make: object) -> tantivy.Query:
            return q.boolean_query([(occur.Should, q.boost_query(make("title"), 2.0)), (occur.Should, make("body"))])

        words = question.words
        match question.join:
            case "phrase":
                parts = [
                    self._index.parse_query(f'"{" ".join(words)}"', ["title", "body"], field_boosts={"title": 2.0})
                ]
            case "prefix":
                parts = [both(lambda field: q.regex_query(self._schema, field, words[0] + ".*"))]
            case "fuzzy":
                parts = [both(lambda field: q.fuzzy_term_query(self._schema, field, words[0], distance=1))]
            case "or":
                parts = [self._index.parse_query(" ".join(words), ["title", "body"], field_boosts={"title": 2.0})]
            case _:
                parts = [
                    self._index.parse_query(word, ["title", "body"], field_boosts={"title": 2.0}) for word in words
                ]
        clauses = [(occur.Must, part) for part in parts]
        if question.days:
            start, end = (
                datetime.combine(day, edge, UTC) for day, edge in zip(question.days, (time.min, time.max), strict=True)
            )
            clauses.append((occur.Must, q.range_query(self._schema, "date", tantivy.FieldType.Date, start, end)))
        if question.keyword:
            name, value = question.keyword
            clauses.append((occur.Must, q.const_score_query(q.term_query(self._schema, name.value, value), 0.0)))
        whole = clauses[0][1] if len(clauses) == 1 else q.boolean_query(clauses)
        options = {"order_by_field": "date"} if question.sort is Sort.NEWEST else {}
        result = self._searcher.search(whole, PAGE, count=True, offset=question.offset, **options)
        for _, address in result.hits:
            self._searcher.doc(address)["id"]
        if question.facets:
            self._searcher.aggregate(whole, {name: {"terms": {"field": name, "size": 20}} for name in question.facets})
        count: int = result.count
        return count

    def update(self, documents: list[IndexDocument]) -> None:
        writer = self._index.writer(heap_size=50_000_000, num_threads=1)
        for document in documents:
            writer.delete_documents("id", document.id)
            self._put(writer, document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()


ENGINES: tuple[type[Engine], ...] = (Ours, StockWhoosh, Fts5, Tantivy)
