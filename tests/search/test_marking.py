"""What is marked in a text: words anywhere, the words of a phrase only in the phrase."""

import pytest

from archive.search.backends.view import View
from archive.search.backends.whoosh.backend import WhooshBackend
from archive.search.marking import highlighter
from archive.search.query import And, Node, Not, Or, Phrase, TextField, Word
from tests.search.library import document

TARGET = Phrase(("target", "zone"))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> View:
    backend = WhooshBackend(str(tmp_path_factory.mktemp("index")))
    backend.update([document(1, "A target zone. O'Brien in Tokyo 東京.")])
    return View(backend)


@pytest.mark.parametrize(
    ("root", "text", "marked"),
    [
        (TARGET, "The zone is a target; target zones are.", "The zone is a target; [target] [zones] are."),
        (TARGET, "Target the zone.", "Target the zone."),
        (Phrase(("target", "zone"), 1), "Target the zone, not all the zone.", "[Target] the [zone], not all the zone."),
        (And((TARGET, Word("zone"))), "A zone, a target zone.", "A [zone], a [target] [zone]."),
        (Or((TARGET, Phrase(("free", "zone")))), "free zone, target of zone", "[free] [zone], target of zone"),
        (And((Word("tax"), Not(TARGET))), "A tax on the target zone", "A [tax] on the target zone"),
        (Phrase(("the", "the", "end")), "the the the end", "the [the] [the] [end]"),
        (Phrase(("target", "zone"), field=TextField.TITLE), "a target zone", "a target zone"),
        (Phrase(("target", "zone"), field=TextField.SAID), "a target zone", "a [target] [zone]"),
        (Phrase(("peter", "O'Brien")), "O'Brien, Peter O'Brien", "[O]'[Brien], [Peter] [O]'[Brien]"),
        (Phrase(("東京", "都")), "東京都", "[東京][都]"),
        (Phrase(("o", "brien")), "O'Brien", "[O]'[Brien]"),
    ],
)
def test_a_phrase_is_marked_where_it_stands(index: View, root: Node, text: str, marked: str) -> None:
    html = highlighter(index, root).passage([text], "en").html.replace("&#x27;", "'")
    assert html.replace("<mark>", "[").replace("</mark>", "]") == marked


def test_the_snippet_is_the_passage_with_the_phrase(index: View) -> None:
    far = ["A zone. Another zone and a target. " * 9, "At last they agreed on the target zone in Tokyo."]
    assert "<mark>target</mark> <mark>zone</mark> in Tokyo" in highlighter(index, TARGET).passage(far, "en").html


def test_counts_of_a_phrase_are_those_of_the_phrase(index: View) -> None:
    counts = highlighter(index, TARGET).counts(["target target zone", "zone"], "en", "body")
    assert counts == {"target": 1, "zone": 1}
