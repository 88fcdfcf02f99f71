"""The index follows the database, whatever comes between."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from archive.choices import EntityKind, Visibility
from archive.errors import DocumentsRefused, IndexUnavailable
from archive.locks import file_lock
from archive.management.examination import examine
from archive.models import Article, ArticleVersion, Entity, IndexTask, queue_for_index
from archive.search import indexing
from archive.search.backends import get_backend
from archive.search.documents import IndexDocument, build
from archive.search.query import Keyword, KeywordIn
from archive.search.run import search
from tests.search.conftest import article, name


def test_what_is_queued_is_found_after_the_drain_and_not_before(archive: dict[str, Article]) -> None:
    article("Zinc at last", "Zinc rose.")
    assert search("zinc").total == 0
    assert indexing.drain() == 1
    assert search("zinc").total == 1
    assert not IndexTask.objects.exists()


def test_a_hidden_article_leaves_the_index_with_the_next_drain(archive: dict[str, Article]) -> None:
    Article.objects.filter(pk=archive["gas"].pk).update(visibility=Visibility.HIDDEN)
    queue_for_index([archive["gas"].pk])
    indexing.drain()
    assert archive["gas"].pk not in dict(get_backend().fingerprints())


def test_rows_stay_when_the_index_cannot_be_written(
    archive: dict[str, Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise IndexUnavailable("locked")

    article("Zinc", "Zinc rose.")
    monkeypatch.setattr(type(get_backend()), "update", fail)
    with pytest.raises(IndexUnavailable):
        indexing.drain()
    monkeypatch.undo()
    assert IndexTask.objects.count() == 1
    assert indexing.drain() == 1


def test_what_the_index_refuses_is_kept_with_its_reason_and_holds_up_nothing(
    archive: dict[str, Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = article("Zinc", "Zinc rose."), article("Tin", "Tin fell.")
    queue_for_index([good.pk])
    plain = type(get_backend()).update

    def refuse(self: object, documents: Iterable[IndexDocument], *args: object, **kwargs: object) -> None:
        taken = list(documents)
        plain(self, [one for one in taken if one.id != bad.pk], *args, **kwargs)
        if len(taken) != sum(one.id != bad.pk for one in taken):
            raise DocumentsRefused({bad.pk: "status 400, too odd."})

    monkeypatch.setattr(type(get_backend()), "update", refuse)
    monkeypatch.setattr(indexing, "BATCH", 2)
    assert indexing.drain() == 3
    assert search("tin").total == 1
    assert list(IndexTask.objects.values_list("article_id", "refused")) == [(bad.pk, "status 400, too odd.")]
    says = {finding.part: finding.says for finding in examine()}["index"]
    assert f"number {bad.pk} first: status 400, too odd" in says
    assert indexing.drain() == 0
    monkeypatch.undo()
    queue_for_index([bad.pk])
    assert indexing.drain() == 1
    assert (search("zinc").total, IndexTask.objects.count()) == (1, 0)


def test_what_is_queued_while_a_batch_is_written_is_done_in_the_next(
    archive: dict[str, Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second change during the first one's commit must not be swallowed with its outbox row."""
    made = article("First", "Zinc rose.")
    plain = indexing.refresh

    def refresh(ids: set[int]) -> None:
        plain(ids)
        if not Article.objects.filter(pk=made.pk, title="Second").exists():
            Article.objects.filter(pk=made.pk).update(title="Second")
            queue_for_index([made.pk])

    monkeypatch.setattr(indexing, "refresh", refresh)
    assert indexing.drain() == 2
    assert search("title:second").total == 1


def test_a_rebuild_indexes_everything_that_belongs_there(archive: dict[str, Article]) -> None:
    get_backend().update([], deleted=[archive["oil"].pk])
    assert indexing.rebuild() == 5
    assert indexing.verify().is_clean


def test_verify_tells_missing_stale_and_extra_and_repairs_just_these(archive: dict[str, Article]) -> None:
    backend = get_backend()
    (document,) = build([archive["gas"].pk])
    backend.update([], deleted=[archive["oil"].pk])
    Article.objects.filter(pk=archive["gas"].pk).update(title="Changed behind the outbox")
    Article.objects.filter(pk=archive["undated"].pk).delete()
    report = indexing.verify()
    assert (report.missing, report.stale, report.extra) == (1, 1, 1)
    assert set(report.examples) == {archive["oil"].pk, archive["gas"].pk, archive["undated"].pk}
    indexing.verify(repair=True)
    assert indexing.verify().is_clean
    assert dict(backend.fingerprints())[document.id] != document.content_hash


def test_reindex_verify_prints_counts_and_fails_when_they_differ(
    archive: dict[str, Article], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("reindex", "--verify", "--json")
    assert '"missing": 0, "stale": 0, "extra": 0' in capsys.readouterr().out
    get_backend().update([], deleted=[archive["oil"].pk])
    with pytest.raises(SystemExit):
        call_command("reindex", "--verify")
    call_command("reindex", "--verify", "--repair")
    call_command("index", "--drain")
    assert indexing.verify().is_clean


def test_a_document_says_names_as_what_they_became(archive: dict[str, Article]) -> None:
    became = name(EntityKind.PERSON, "James A. Baker")
    Entity.objects.filter(slug="james-baker").update(merged_into=became)
    (document,) = build([archive["oil"].pk])
    assert (document.people, document.speakers) == (("james-a-baker",), ("james-a-baker",))
    Entity.objects.filter(pk=became.pk).update(is_hidden=True)
    (document,) = build([archive["oil"].pk])
    assert (document.people, document.speakers) == ((), ())


def test_flags_say_what_readers_can_ask_for(archive: dict[str, Article]) -> None:
    made = archive["gas"]
    ArticleVersion.objects.create(article=made, number=1, title="Gas stands", text_hash="x")
    queue_for_index([made.pk])
    indexing.drain()
    for flag in ("versions", "changed-headline"):
        page = get_backend().search(KeywordIn(Keyword.FLAG, (flag,)))
        assert [hit.article_id for hit in page.hits] == [made.pk]


def test_documents_take_as_many_queries_for_many_as_for_one(
    archive: dict[str, Article], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        assert len(list(build(one.pk for one in archive.values()))) == 5


def test_two_drainers_take_turns(archive: dict[str, Article], data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article("Zinc", "Zinc rose.")
    monkeypatch.setattr(indexing, "LOCK_SECONDS", 0.1)
    with file_lock(data_dir / "drain.lock"), pytest.raises(IndexUnavailable, match="Another process"):
        indexing.drain()
    assert indexing.drain() == 1
