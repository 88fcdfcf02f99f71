"""A name that is taken out of one article goes from all others in which it stands in full, and from no namesake's."""

from pathlib import Path

import pytest
from django.test import Client

from archive.audit import AuditEntry
from archive.choices import Act
from archive.ingest.named_elsewhere import named_elsewhere
from archive.models import Article
from archive.search.indexing import drain
from archive.search.run import search
from tests.desk.wolverines import FILLER, dump_of, ingest
from tests.roles import member

TEXTS = {
    "first": "Perpetua Dunwiddie keeps wolverines. Ms Dunwiddie agreed.",
    "second": "The brewer is PERPETUA  DUNWIDDIÉ.",
    "version": "Perpetua Dunwiddie was here.",
    "namesake": "Albert Dunwiddie sells tram tickets.",
}


@pytest.mark.django_db
def test_a_name_goes_from_every_article_that_has_it_in_full(client: Client, data_dir: Path, tmp_path: Path) -> None:
    rows = [{"id": key, "title": key, "body": f"{FILLER}{text}", "source": "Courier"} for key, text in TEXTS.items()]
    ingest(dump_of(tmp_path / "one.jsonl", rows))
    ingest(dump_of(tmp_path / "two.jsonl", [{**rows[2], "body": f"{FILLER}Nobody was here."}]))
    by_id = {one.external_id: one for one in Article.objects.all()}
    names = ["Perpetua Dunwiddie", "Dunwiddie"]
    assert named_elsewhere(by_id["first"], names) == sorted([by_id["second"].pk, by_id["version"].pk])
    assert named_elsewhere(by_id["first"], ["Dunwiddie"]) == []
    client.force_login(member("archivist"))
    url = f"/admin/archive/takedown/restrict/{by_id['first'].pk}/"
    form = {"degree": "anonymise", "reason": "privacy", "names": "\n".join(names), "everywhere": "on"}
    assert "the same in 2: " in client.post(url, {**form, "preview": "1"}).content.decode()
    client.post(url, {**form, "confirm": "1"})
    drain()
    texts = {one.external_id: " ".join(one.body) for one in Article.objects.all()}
    assert [key for key, text in texts.items() if "unwiddi" in text.lower()] == ["namesake"]
    assert "unwiddie" not in str(list(by_id["version"].versions.values_list("body", flat=True)))
    assert search("dunwiddie").total == 1
    assert AuditEntry.objects.filter(act=Act.TAKEDOWN).count() == 3
