"""Who says what a search found: the quotation in which the words stand that answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.models import Article, Entity, Quotation
from archive.search.snippets import Passage


@dataclass(frozen=True, slots=True)
class Said:
    """The words stand in a direct quotation; `speaker` is None where the article does not say whose it is."""

    speaker: Entity | None


def said(passages: Mapping[int, tuple[Article, Passage]]) -> dict[int, Said]:
    """By article number, for those of which most of the marked words of the passage are quoted; one query for all."""
    quotations = (
        Quotation.objects.filter(
            article__in=[pk for pk, (_, passage) in passages.items() if passage.spans and passage.number]
        )
        .select_related("speaker__merged_into")
        .defer("text")
    )
    best: dict[int, tuple[int, Said]] = {}
    for quotation in quotations:
        article, passage = passages[quotation.article_id]
        begins = paragraph_start(article, passage.number)
        held = sum(begins + start >= quotation.start and begins + end <= quotation.end for start, end in passage.spans)
        if 2 * held > len(passage.spans) and held > best.get(article.pk, (0, None))[0]:
            best[article.pk] = held, Said(_shown(quotation.speaker))
    return {pk: found for pk, (_, found) in best.items()}


def _shown(speaker: Entity | None) -> Entity | None:
    root = speaker and speaker.root
    return None if root is None or root.is_hidden else root


def paragraph_start(article: Article, number: int) -> int:
    """Where a paragraph of the body, counted from 1, begins in `Article.text`, in which quotations are counted."""
    before: Sequence[str] = [part for part in (article.title, *article.body[: number - 1]) if part]
    return sum(len(part) + 2 for part in before)
