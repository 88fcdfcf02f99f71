"""Any string through the whole path, from the search box to the rendered page. `FUZZ_EXAMPLES=100000` runs it long."""

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
