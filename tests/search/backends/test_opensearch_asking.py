"""How patiently the cluster is asked, by a small server that answers as it is told to."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from archive.errors import DocumentsRefused, IndexUnavailable
from archive.search.backends.opensearch import asking, writing
from archive.search.backends.opensearch.backend import OpenSearchBackend
from archive.search.query import Everything
from tests.search.library import document

WHOLE = {"total": 3, "successful": 3, "failed": 0}
ONE = {
    "timed_out": False, "_shards": WHOLE, "aggregations": {"commit": {"last": {"value": 7}}},
    "hits": {"total": {"value": 1}, "hits": [{"_id": "1", "_index": "a-1", "_score": 1.0, "fields": {"story": [-1]}}]},
}  # fmt: skip
ALIASES = [{"alias": "a", "index": "a-1"}]

Answer = tuple[int, Any]


class Stub:
    """Answers the first of `searches` or `bulks` each time, the last of them for ever; keeps when it was asked."""

    def __init__(self) -> None:
        self.searches: list[Answer] = [(200, ONE)]
        self.bulks: list[Answer] = []
        self.asked: list[tuple[float, str]] = []
        self.delay = 0.0

    def answer(self, path: str) -> Answer:
        self.asked.append((time.monotonic(), path))
        if "/_cat/" in path:
            return 200, ALIASES
        if "/_bulk" in path:
            return self.bulks.pop(0)
        if "/_refresh" in path:
            return 200, {"_shards": WHOLE}
        time.sleep(self.delay)
        return self.searches.pop(0) if len(self.searches) > 1 else self.searches[0]


@pytest.fixture
def stub() -> Iterator[tuple[Stub, OpenSearchBackend]]:
    told = Stub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, body = told.answer(self.path)
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST  # noqa: N815  # the name that http.server asks for

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield told, OpenSearchBackend(f"opensearch://127.0.0.1:{server.server_port}/a")
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PAUSES", (0.01, 0.02, 0.04))
    monkeypatch.setattr(writing, "PAUSES", (0.01, 0.02))


@pytest.mark.parametrize(
    "partial",
    [
        (200, ONE | {"_shards": {"total": 3, "successful": 2, "failed": 1}}),
        (200, ONE | {"_shards": {"total": 3, "successful": 2, "failed": 0}}),
        (200, ONE | {"timed_out": True}),
        (503, {"error": {"type": "search_phase_execution_exception"}, "status": 503}),
        (429, {"error": {"type": "circuit_breaking_exception"}, "status": 429}),
    ],
)
def test_an_answer_that_lacks_a_shard_is_asked_again_and_never_shown(
    stub: tuple[Stub, OpenSearchBackend], partial: Answer
) -> None:
    told, backend = stub
    told.searches = [partial, partial, (200, ONE)]
    assert backend.search(Everything()).total == 1
    moments = [moment for moment, _ in told.asked]
    assert moments[2] - moments[1] > (moments[1] - moments[0]) > 0.01, "each pause is longer"
    assert "allow_partial_search_results=false" in told.asked[0][1]
    told.searches = [partial]
    for act in (lambda: backend.search(Everything()), backend.count):
        with pytest.raises(IndexUnavailable):
            act()


def test_a_cluster_that_failed_is_left_alone_for_some_seconds(
    stub: tuple[Stub, OpenSearchBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, backend = stub
    monkeypatch.setattr(asking, "REST_SECONDS", 0.05)
    told.searches = [(503, {})]
    with pytest.raises(IndexUnavailable):
        backend.count()
    asked = len(told.asked)
    assert asked == 4
    with pytest.raises(IndexUnavailable, match="a moment ago"):
        backend.search(Everything())
    assert len(told.asked) == asked, "nobody waits for it"
    time.sleep(0.06)
    with pytest.raises(IndexUnavailable):
        backend.count()
    assert len(told.asked) == asked + 1, "one try tells that it has not come back"
    time.sleep(0.06)
    told.searches = [(200, ONE)]
    assert backend.count() == 1


def test_a_node_that_does_not_answer_holds_a_reader_for_two_tries(
    stub: tuple[Stub, OpenSearchBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    told, backend = stub
    told.delay = 0.5
    began = time.monotonic()
    with pytest.raises(IndexUnavailable, match="within"):
        backend._cluster.search("answer", 0.1, index="a", body={"query": {"match_all": {}}})
    assert time.monotonic() - began < 0.5
    assert len(told.asked) == 2


def _bulk(*results: tuple[str, int, str]) -> Answer:
    items = [{"index": {"_id": key, "status": status, **({"error": {"type": kind, "reason": "r"}} if kind else {})}}
             for key, status, kind in results]  # fmt: skip
    return 200, {"errors": True, "items": items}


def test_a_busy_cluster_is_sent_a_batch_again_after_a_pause(stub: tuple[Stub, OpenSearchBackend]) -> None:
    told, backend = stub
    told.bulks = [(429, {}), _bulk(("1", 429, "es_rejected"), ("commit", 201, "")), _bulk(("1", 201, ""))]
    backend.update([document(1)])
    assert not told.bulks
    told.bulks = [(503, {})] * 3
    with pytest.raises(IndexUnavailable, match="503"):
        backend.update([document(1)])


def test_a_refused_document_holds_nobody_up(stub: tuple[Stub, OpenSearchBackend]) -> None:
    told, backend = stub
    told.bulks = [
        _bulk(("1", 400, "mapper_parsing_exception"), ("2", 429, "busy"), ("3", 409, "late"), ("commit", 201, "")),
        _bulk(("2", 201, "")),
    ]
    with pytest.raises(DocumentsRefused, match=r"number 1 first.*manage.py reindex") as caught:
        backend.update([document(1), document(2), document(3)])
    assert list(caught.value.reasons) == [1]
    assert not told.bulks, "the rest of the batch was finished"
    assert "/_refresh" in told.asked[-1][1], "and is shown"


def test_a_swap_between_a_look_and_a_write_sends_the_change_to_where_readers_are(
    stub: tuple[Stub, OpenSearchBackend],
) -> None:
    told, backend = stub
    told.bulks = [_bulk(("1", 404, "index_not_found_exception"), ("commit", 404, "index_not_found_exception")),
                  _bulk(("1", 201, ""), ("commit", 201, ""))]  # fmt: skip
    backend.update([document(1)])
    looked = [path for _, path in told.asked if "/_cat/" in path]
    assert len(looked) == 2
    assert all("require_alias=true" in path for _, path in told.asked if "/_bulk" in path)
