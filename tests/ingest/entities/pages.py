"""Pages and found names for the tests of single steps, told by their words."""

from archive.choices import EntityKind
from archive.ingest.entities.found import Found
from archive.ingest.entities.model import Labelled
from archive.ingest.entities.page import Page

PERSON, ORGANISATION, PLACE = EntityKind.PERSON, EntityKind.ORGANISATION, EntityKind.PLACE


def find(page: Page, phrase: str, kind: EntityKind | None, *, nth: int = 0, label: str = "") -> Found:
    """The nth place of a phrase on a page as a found name."""
    start = -1
    for _ in range(nth + 1):
        start = page.text.index(phrase, start + 1)
    return Found(*page.between(start, start + len(phrase)), kind, label)


def labelled(text: str, *names: tuple[str, str]) -> list[Labelled]:
    """What the model would say: phrases with its labels, in order."""
    found, start = [], 0
    for phrase, label in names:
        start = text.index(phrase, start)
        found.append(Labelled(start, start + len(phrase), label))
        start += len(phrase)
    return found


def told(page: Page, found: list[Found]) -> list[tuple[str, str | None]]:
    """Found names as (text, kind), readable in an assertion."""
    return [(page.phrase(one.i, one.j), one.kind.value if one.kind else None) for one in found]
