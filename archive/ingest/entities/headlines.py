"""Lines set in capitals: what the model reads instead, so that it sees names and not shouting."""

import re
from collections import Counter

from archive.ingest.entities.gazetteer import gazetteer

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’-][^\W\d_]+)*")


def recase(text: str) -> str:
    """The same text, letter for letter as long, with capital lines written as the rest of the text writes their words.

    A text that is in capitals throughout comes back unchanged.
    """
    lines = text.split("\n")
    loud = {number for number, line in enumerate(lines) if _is_loud(line)}
    if not loud or text == text.upper():
        return text
    quiet = " ".join(line for number, line in enumerate(lines) if number not in loud)
    seen = Counter(match.group() for match in _WORD.finditer(quiet))
    for number in loud:
        lines[number] = _WORD.sub(lambda match: _as_in_body(match.group(), seen), lines[number])
    return "\n".join(lines)


def _is_loud(line: str) -> bool:
    if line != line.upper():
        return False
    words = _WORD.findall(line)
    return len(words) > 1 and any(len(word) > 4 for word in words)


def _as_in_body(word: str, seen: Counter[str]) -> str:
    lower, title = word.lower(), word.title()
    if len(lower) != len(word) or len(title) != len(word):
        return word
    ways = [(seen[word], 0, word), (seen[title], 1, title), (seen[lower], 2, lower)]
    count, _, best = max(ways, key=lambda way: (way[0], -way[1]))
    if count:
        return best
    return title if title in gazetteer().sure or "." in word else lower
