"""What of an article meets one condition of a query: the words as they stand there, where, and by which rule."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from archive.models import Article, Entity, Mention, Quotation
from archive.search.backends.view import View
from archive.search.marking import highlighter
from archive.search.query import Everything, Fuzzy, Named, Near, Node, Not, Phrase, Prefix, Word, leaves
from archive.text import fold


@dataclass(frozen=True, slots=True)
class Match:
    field: str
    """"title", "standfirst", "body", "caption", "byline", "quotations"; "text" for names."""
    word: str
    """As it stands in the article."""
    count: int
    how: str
    """In words: "as written", "another form of the word" (a stem), "another spelling" (a variant), "begins so",
    "spelt nearly so" (fuzzy), or whose name it is (an alias)."""


def matches(
    seen: View, article: Article, part: Node, resolved: Node, entities: tuple[Entity, ...]
) -> tuple[Match, ...]:
    """For a condition as typed and as resolved, which the article meets; `entities` are those that it names."""
    if isinstance(part, Not | Everything):
        return ()
    texts = (
        ("title", "title", [article.title]),
        ("standfirst", "body", [article.standfirst]),
        ("body", "body", article.body),
        ("caption", "body", [one["text"] for one in article.captions]),
        ("byline", "byline", article.byline),
    )
    marker = highlighter(seen, resolved)
    words = tuple(
        Match(shown, word, count, _how(seen, article, part, word, field))
        for shown, field, pieces in texts
        for word, count in marker.counts(pieces, article.language, field).items()
    )
    named = any(isinstance(leaf, Named) and not leaf.speaks for leaf in leaves(part))
    spoken = any(isinstance(leaf, Named) and leaf.speaks for leaf in leaves(part))
    return (*words, *(_aliases(article, entities) if named else ()), *(_said(article, entities) if spoken else ()))


def _how(seen: View, article: Article, part: Node, word: str, field: str) -> str:
    typed = list(_typed(part))
    if any(fold(word) == fold(text) for leaf in typed for text in _texts(leaf)):
        return "as written"
    terms = {term for term, _, _ in seen.analyse(word, article.language)}
    for leaf in typed:
        forms = seen.matched_forms(leaf)
        if terms & (forms.get(field, set()) | forms.get("said", set())):
            return {Prefix: "begins so", Fuzzy: "spelt nearly so"}.get(type(leaf), "another form of the word")
    return "another spelling"


def _typed(part: Node) -> Iterator[Word | Phrase | Prefix | Fuzzy]:
    for leaf in leaves(part):
        if isinstance(leaf, Near):
            yield from (leaf.left, leaf.right)
        elif isinstance(leaf, Word | Phrase | Prefix | Fuzzy):
            yield leaf


def _texts(leaf: Word | Phrase | Prefix | Fuzzy) -> tuple[str, ...]:
    return leaf.words if isinstance(leaf, Phrase) else (leaf.text,)


def _aliases(article: Article, entities: tuple[Entity, ...]) -> Iterator[Match]:
    """The names under which the article has these people, organisations or places."""
    of_them = Q(entity__in=entities) | Q(entity__merged_into__in=entities)
    found: Counter[tuple[str, str]] = Counter()
    for mention in Mention.objects.filter(of_them, article=article).select_related("entity__merged_into"):
        if mention.entity is not None:
            found[mention.text, mention.entity.root.name] += 1
    for (text, name), count in found.items():
        yield Match("text", text, count, "as written" if text == name else f"a name of {name}")


def _said(article: Article, entities: tuple[Entity, ...]) -> Iterator[Match]:
    by_them = Q(speaker__in=entities) | Q(speaker__merged_into__in=entities)
    spoken = Quotation.objects.filter(by_them, article=article).select_related("speaker__merged_into")
    speakers = Counter(one.speaker.root.name for one in spoken if one.speaker is not None)
    yield from (Match("quotations", name, count, "as the speaker") for name, count in speakers.items())
