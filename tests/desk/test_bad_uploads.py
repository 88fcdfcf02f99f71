"""Whatever is dropped on the upload page ends as what it should: articles, rejections with a sentence, or a refusal."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from archive.choices import RunStatus
from archive.ingest.pipeline import run_queued
from archive.models import Article, IngestRun
from tests.desk.bad_uploads import BAD, Bad
from tests.roles import member

pytestmark = pytest.mark.django_db
RUNS = "/admin/archive/ingestrun/"
OWN_PLACES = ("worker.lock", "media/dumps/", "locks/", "index/", "search/")
LARGE = 1_000_000


def pages(client: Client, *addresses: str) -> list[str]:
    answers = [client.get(address, follow=True) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    return [answer.content.decode() for answer in answers]


@pytest.mark.parametrize(("kind", "bad"), BAD.items(), ids=BAD)
def test_a_bad_upload_ends_as_it_should(client: Client, tmp_path: Path, settings: Any, kind: str, bad: Bad) -> None:
    settings.DATA_DIR = settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "some" / "where" / "var"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    settings.DATA_DIR.mkdir(parents=True)
    client.force_login(member("archivist"))
    data = bad.data if isinstance(bad.data, bytes) else bad.data()
    file = SimpleUploadedFile("x", data)
    file._name = bad.name  # type: ignore[attr-defined]  # a browser may send a name that Django itself would not give
    form = {"dumps": file, "new_source": "Ouse Times"}
    answer = client.post(f"{RUNS}upload/", {**form, "preview": "1"} if len(data) < LARGE else form)
    if bad.refused:
        assert bad.says in answer.content.decode()
        assert not IngestRun.objects.exists()
        return
    if len(data) < LARGE:
        assert not IngestRun.objects.exists()
        pages(client, answer["Location"])
        client.post(answer["Location"], {"new_source": "Ouse Times"})
    run = IngestRun.objects.get()
    run_queued(run)
    run.refresh_from_db()
    rejections = list(run.rejections.all())
    told = (run.status, run.reason, [(each.code, each.reason) for each in rejections])
    assert run.stored == bad.stored == Article.objects.count(), told
    assert {each.code for each in rejections} == bad.codes, told
    assert (run.status == RunStatus.REJECTED) == bad.turned_down, told
    assert bad.says in run.reason, told
    assert all(len(each.reason) > 20 for each in rejections), told
    first = [f"{RUNS}{run.pk}/rejections/{each.pk}/" for each in rejections[:1]]
    articles = [
        place
        for each in Article.objects.all()[:2]
        for place in (f"/articles/{each.pk}/", f"/articles/{each.pk}/source/")
    ]
    shown = pages(client, f"{RUNS}{run.pk}/change/", f"{RUNS}{run.pk}/rejections/", *first, "/sources/", *articles)
    assert not [
        page for page in shown if "<script>alert" in page or "onerror=alert(1)>" in page or "javascript:alert" in page
    ]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    outside = [path for path in written if not path.is_relative_to(settings.DATA_DIR)]
    below = [str(path.relative_to(settings.DATA_DIR)) for path in written if path not in outside]
    assert not outside
    assert not [path for path in below if not path.startswith(OWN_PLACES)], below


def test_there_are_more_than_forty_kinds() -> None:
    assert len(BAD) > 40
