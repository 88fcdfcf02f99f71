"""In which other articles a name stands that is to be removed from one: in their text or in an earlier version."""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from archive.choices import Visibility
from archive.ingest.anonymising import Anonymiser
from archive.models import Article, ArticleVersion

_WORD = re.compile(r"\w+")
_PLAIN = re.compile(r"[A-Za-z0-9]{3,}")
_AT_A_TIME = 200


def named_elsewhere(article: Article, names: Sequence[str]) -> list[int]:
    """Articles that have one of these names in full. A single word is asked for nowhere: it may be somebody else's."""
    full = [name for name in names if len(_WORD.findall(name)) > 1]
    if not full:
        return []
    anonymiser = Anonymiser.of_names(full)
    found = set(_having(anonymiser, Article.objects.exclude(visibility=Visibility.ERASED), "pk", full))
    found |= set(_having(anonymiser, ArticleVersion.objects.all(), "article_id", full))
    return sorted(found - {article.pk})


def _having(anonymiser: Anonymiser, rows: QuerySet[Any], key: str, full: Sequence[str]) -> Iterator[int]:
    """The database leaves out what has no word of a name; each of the others is read."""
    texts = ("title", "standfirst", "byline", "body")
    wanted = Q()
    for name in full:
        # Only plain letters: others may stand in the column as escapes.
        words = _PLAIN.findall(name)
        for text, word in product(texts, words):
            wanted |= Q(**{f"{text}_text__icontains": word})
        wanted |= Q() if words else ~Q(pk=None)
    as_text = {f"{text}_text": Cast(text, TextField()) for text in texts}
    chosen = rows.order_by().annotate(**as_text).filter(wanted)
    for values in chosen.values_list(key, *texts).iterator(chunk_size=_AT_A_TIME):
        if anonymiser.value(values[1:]) != values[1:]:
            yield values[0]
