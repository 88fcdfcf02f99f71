"""Any string through the whole path, from the search box to the rendered page, and to all that answers queries.

By hand: FUZZ_EXAMPLES=100000 .venv/bin/python -m pytest tests/search/test_fuzz.py
"""

import os
import time
from html.parser import HTMLParser

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Article
from tests.search.queries import query_texts

_SECONDS = 10
"""Of the processor. Nothing takes a tenth of it."""
_parameters = st.fixed_dictionaries(
    {},
    optional={
        "sort": st.sampled_from(["relevance", "fresh", "newest", "oldest", "x"]),
        "page": st.sampled_from(["1", "2", "999999999", "-1", "x"]),
        "after": st.sampled_from(["-541555200000000.1", "1.1", "x", ""]),
        "copies": st.sampled_from(["1", "x"]),
        "person": st.sampled_from(["james-baker", "<b>", ""]),
        "not-source": st.sampled_from(["times", "\x00"]),
        "month": st.sampled_from(["1987-03", "..1987-03", "x..y", "unknown"]),
    },
)


class _Page(HTMLParser):
    """The tags of a page, and which of them stand where only readers' and articles' text may."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open_marks = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        self.open_marks += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self.open_marks -= tag == "mark"


_TAGS = set(
    "a b body button code details div figcaption figure footer form h1 h2 head header html input label li link main mark meta "
    "nav ol p rect script section span summary svg table tbody td th thead time title tr ul select option".split()
)


@given(text=query_texts, more=_parameters)
@settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@pytest.mark.django_db
def test_every_string_gets_a_page(archive: dict[str, Article], client: Client, text: str, more: dict[str, str]) -> None:
    began = time.thread_time()
    response = client.get("/search/", {"q": text, **more})
    assert response.status_code == 200
    assert time.thread_time() - began < _SECONDS
    page = _Page(response.content.decode())
    assert page.tags <= _TAGS, page.tags - _TAGS
    assert not page.open_marks
    # An article's text holds "<today> & later", and queries hold "<script>".
    assert b"<today>" not in response.content
    assert response.content.count(b"<script") == response.content.count(b"<script src=")


_ADDRESSES = {
    "/search/why/": {200},
    "/search/complete/": {200},
    "/search/export.csv": {200},
    "/search/export.ris": {200},
    "/feeds/search/": {200},
    # What holds a NUL or is too long is refused by the schema.
    "/api/v1/search": {200, 422},
}
_ELSEWHERE = int(os.environ.get("FUZZ_EXAMPLES", "100")) // 4


@given(text=query_texts, more=_parameters, address=st.sampled_from(sorted(_ADDRESSES)), pasted=query_texts)
@settings(max_examples=_ELSEWHERE, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@pytest.mark.django_db
def test_every_string_is_answered_wherever_a_query_is_asked(
    archive: dict[str, Article], client: Client, text: str, more: dict[str, str], address: str, pasted: str
) -> None:
    known = {"sort": more["sort"]} if address.startswith("/api/") and more.get("sort") != "x" and "sort" in more else {}
    asked = {**known, "q": text} if address.startswith("/api/") else {**more, "q": text, "article": pasted}
    began = time.thread_time()
    response = client.get(address, asked)
    assert response.status_code in _ADDRESSES[address], (address, asked)
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]  # of the streaming one
    assert time.thread_time() - began < _SECONDS
    if response["Content-Type"].startswith("text/html"):
        assert b"<today>" not in content
        assert content.count(b"<script") == content.count(b"<script src=")


@given(text=query_texts, more=_parameters)
@settings(max_examples=_ELSEWHERE, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@pytest.mark.django_db
def test_every_string_can_be_pinned_and_opened_again(
    archive: dict[str, Article], client: Client, monkeypatch: pytest.MonkeyPatch, text: str, more: dict[str, str]
) -> None:
    monkeypatch.setattr("archive.guarding.PINS", "1000000/m")
    made = client.post("/search/pins/", {"q": text, **more})
    assert made.status_code == 302
    assert client.get(made["Location"]).status_code == 200
