"""Taking a name out: of everything that is stored, and of everything that is made of it later."""

import html
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from archive.audit import AuditEntry
from archive.choices import ContentKind, Degree
from archive.ingest import serialise
from archive.ingest.reclean import reclean
from archive.ingest.records import Locator
from archive.ingest.takedown import preview, take_down
from archive.models import Article, Entity, EntityAlias, Mention, SourceLine
from archive.search.indexing import drain
from archive.search.run import search
from tests.desk.wolverines import FILLER, RECORDS, asked, dump_of, ingest, page


@pytest.mark.django_db
class TestAnonymising:
    NAMES = ("Perpetua Dunwiddie", "P. Dunwiddie", "Dunwiddie")

    def test_a_name_is_gone_from_title_text_versions_raw_record_and_search(self, wolverines: Article) -> None:
        rows = dict(preview(wolverines, asked(Degree.ANONYMISE, names=self.NAMES)))
        assert rows["Text"].startswith("4 times replaced")
        take_down(wolverines.pk, asked(Degree.ANONYMISE, names=self.NAMES), None)
        drain()
        article = Article.objects.get(pk=wolverines.pk)
        assert article.title == "Wolverines of [name removed]"
        assert article.body[0].startswith("[name removed] keeps seven wolverines")
        assert search("dunwiddie").total == 0
        assert search("wolverines").total == 1
        base = f"/articles/{article.pk}/"
        for url in (
            article.get_absolute_url(),
            f"{base}source/",
            f"{base}versions/1/",
            "/search/export.jsonl?q=wolverines",
            "/",
        ):
            response = Client().get(url)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            assert b"unwiddie" not in body, url

    def test_the_same_dump_changes_nothing_and_a_new_text_comes_without_the_name(
        self, wolverines: Article, outside: Path
    ) -> None:
        take_down(wolverines.pk, asked(Degree.ANONYMISE, names=self.NAMES), None)
        again = [*RECORDS, {"id": "d", "title": "Fourth", "body": FILLER + "Fourth."}]
        report = ingest(dump_of(outside / "again.jsonl", again))
        assert (report.counts.stored, report.counts.updated, report.counts.unchanged) == (1, 0, 3)
        changed = [{**RECORDS[1], "body": f"PERPETUA DUNWIDDIE’s wolverines fled. {FILLER}"}]
        assert ingest(dump_of(outside / "new.jsonl", changed)).counts.updated == 1
        article = Article.objects.get(pk=wolverines.pk)
        assert article.body[0].startswith("[name removed]’s wolverines fled.")

    def test_it_is_found_in_html_through_tags_escapes_and_invisible_characters_and_stays_away_when_cleaned_anew(
        self, data_dir: Path, outside: Path
    ) -> None:
        address = "https://courier.example/2020/01/perpetua-dunwiddie-and-her-wolverines"
        forms = (
            *("Perp&eacute;tua Dunwiddie", "<b>Perpetua</b> Dunwiddie", "Perpetua <em>Dun</em>widdie"),
            *(
                "Perpetua Dunw&#105;ddie",
                "Perpetua Dun&shy;widdie",
                "Perpetua Dun\u200bwiddie",
                "Perpe\u0301tua Dunwiddie",
            ),
        )
        said = "".join(f"<p>{form} keeps number {n} of the wolverines. {FILLER}</p>" for n, form in enumerate(forms))
        data = json.dumps({"@type": "NewsArticle", "headline": "Wolverines", "author": "Perp\u00e9tua Dunwiddie"})
        page_of = (
            f'<html><head><title>Wolverines of Dunwiddie</title><link rel="canonical" href="{address}">'
            f'<script type="application/ld+json">{data}</script><meta name="author" content="Perp&#233;tua Dunwiddie"></head>'
            f"<body><article><h1>Wolverines of Dunwiddie</h1>{said}</article></body></html>"
        )
        path = outside / "page.html"
        path.write_text(page_of)
        ingest(path)
        article = Article.objects.get()
        assert (article.canonical_url, len(article.body)) == (address, len(forms))
        assert dict(preview(article, asked(Degree.ANONYMISE, names=self.NAMES)))["Where it was published"]
        take_down(article.pk, asked(Degree.ANONYMISE, names=self.NAMES), None)
        for _ in range(2):
            article.refresh_from_db()
            assert "".join(article.body).count("[name removed]") == len(forms)
            pages = [
                page(url)
                for url in (
                    article.get_absolute_url(),
                    f"/articles/{article.pk}/source/",
                    f"/api/v1/articles/{article.pk}",
                    f"/api/v1/articles/{article.pk}/ledger",
                    f"/api/v1/articles/{article.pk}/provenance",
                )
            ]
            assert {status for status, _ in pages} == {200}
            seen = "".join(body for _, body in pages)
            seen += json.dumps(serialise.loads(bytes(article.raw.payload), Locator(1), ContentKind.HTML_PAGE).text)  # type: ignore[union-attr]  # it came from a dump
            assert not re.search("widdie|perp", html.unescape(seen), re.IGNORECASE)
            reclean(Article.objects.all())
        path.write_text(page_of.replace("</article>", "<p>And more.</p></article>"))
        assert ingest(path).counts.updated == 1
        assert "widdie" not in repr(Article.objects.values_list("title", "body", "canonical_url", "byline"))

    def test_a_name_that_others_bear_keeps_its_entity_without_this_form_and_no_counted_line_holds_it(
        self, wolverines: Article
    ) -> None:
        other = Article.objects.get(external_id="a")
        entity = Entity.objects.create(kind="person", name="Perpetua Dunwiddie", slug="p", sort_name="d")
        for name in ("Perpetua Dunwiddie", "P. Dunwiddie"):
            EntityAlias.objects.create(entity=entity, kind="person", name=name, key=name.lower())
        fields = {"entity": entity, "start": 0, "end": 5, "kind": "person"}
        Mention.objects.create(article=wolverines, text="P. Dunwiddie", key="p. dunwiddie", **fields)
        Mention.objects.create(article=other, text="Perpetua Dunwiddie", key="perpetua dunwiddie", **fields)
        assert SourceLine.objects.filter(key__contains="dunwiddie").exists()
        take_down(wolverines.pk, asked(Degree.ANONYMISE, names=self.NAMES), None)
        assert [alias.name for alias in entity.aliases.all()] == ["Perpetua Dunwiddie"]
        assert not SourceLine.objects.filter(key__contains="dunwiddie").exists()

    def test_the_name_stands_nowhere_in_the_decision_itself(self, wolverines: Article) -> None:
        made = take_down(wolverines.pk, asked(Degree.ANONYMISE, names=self.NAMES), None)
        kept = [f"{row.key} {row.forms} {row.replacement}" for row in made.withheld.all()]
        assert "unwiddie" not in f"{kept} {made} {AuditEntry.objects.values_list('summary', 'details')}"
