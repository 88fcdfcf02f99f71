"""Where else an article's text appeared: word for word, or nearly the same, counted by the sources that brought it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from archive.access import Reader
from archive.ingest.families import Relative, relatives
from archive.models import Appearance, Article, Source


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """What a reader may know of it."""

    copies: Sequence[Appearance]
    """The same text."""
    relatives: Sequence[Relative]
    """Articles of their own whose text is nearly the same."""
    sources: int
    """How many sources other than the article's own these are in."""

    @property
    def texts(self) -> int:
        return len(self.copies) + len(self.relatives)


def also_in(article: Article, reader: Reader) -> AlsoIn:
    """Copies and relatives of an article, without those of sources that are closed to this reader."""
    copies = list(appearances_for(article, reader))
    near = relatives(article, reader)
    sources = {one.source_id for one in copies} | {one.article.source_id for one in near}
    return AlsoIn(copies, near, len(sources - {article.source_id}))


def appearances_for(article: Article, reader: Reader) -> QuerySet[Appearance]:
    """Where else the very same text appeared, as far as this reader may know."""
    hidden = Source.objects.hidden_from(reader)
    return article.appearances.exclude(source__in=hidden).select_related("source")
