"""An index as one reader may see it: what pages and commands ask. Hidden sources leave no trace in what it answers."""

from dataclasses import dataclass
from typing import Any

from archive.access import ANYBODY, Reader
from archive.models import Source
from archive.search.backends import get_backend
from archive.search.backends.base import SearchBackend
from archive.search.query import Node
from archive.search.results import ResultPage


@dataclass(frozen=True, slots=True)
class View:
    """See `SearchBackend` for what each method does and raises."""

    backend: SearchBackend
    reader: Reader = ANYBODY
    hidden_sources: frozenset[str] = frozenset()
    """Slugs of the sources whose articles this reader must not notice."""

    def search(self, root: Node, **options: Any) -> ResultPage:
        return self.backend.search(root, hidden_sources=self.hidden_sources, **options)

    def suggest_terms(self, prefix: str, limit: int = 10) -> list[tuple[str, int]]:
        return self.backend.suggest_terms(prefix, limit, hidden_sources=self.hidden_sources)

    def matched_forms(self, root: Node, among: frozenset[int] | None = None) -> dict[str, set[str]]:
        return self.backend.matched_forms(root, among)

    def analyse(self, text: str, language: str = "en") -> list[tuple[str, int, int]]:
        return self.backend.analyse(text, language)

    def generation(self) -> str:
        return self.backend.generation()


def view(reader: Reader = ANYBODY) -> View:
    """The index of the present settings for this reader; told nothing, for one who sees least."""
    hidden = Source.objects.hidden_from(reader).values_list("slug", flat=True)
    return View(get_backend(), reader, frozenset(hidden))
