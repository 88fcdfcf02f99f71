"""Whether a text is plainly English, by its commonest words: quick enough for every page, sure enough to go by."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_COMMONEST = frozenset(
    (
        *("the", "of", "and", "to", "is", "was", "that", "for", "with", "on", "are", "he", "she", "it", "his", "her"),
        *(
            "they",
            "have",
            "has",
            "had",
            "be",
            "been",
            "this",
            "from",
            "by",
            "not",
            "which",
            "but",
            "their",
            "who",
            "will",
        ),
        *("would", "said", "were", "there", "after", "about", "more", "when", "than", "its", "we", "you", "what", "an"),
    )
)
_SAMPLE = 150


def is_plainly_english(text: str) -> bool:
    """Whether at least a fifth of the first words, six of them different, are English and nothing else."""
    words = [word.lower() for word in _WORD.findall(text[:2_000])[:_SAMPLE]]
    hits = [word for word in words if word in _COMMONEST]
    return len(words) >= 20 and len(hits) * 5 >= len(words) and len(set(hits)) >= 6
