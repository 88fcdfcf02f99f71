"""A text as its words: what all steps after the model look at. No step needs the model's own tokens."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cached_property

from archive.ingest.entities.lexicon import COMPOUND_ENDINGS, PARTICLES, words

_WITH_S = words("Moody Lloyd Sotheby Christie McDonald Sainsbury Macy Kellogg Domino Wendy Kohl")
"""Firms whose names end in a possessive s."""
_WORD = re.compile(
    r"""(?:[^\W\d_]\.){2,}[^\W\d_](?![\w'’])   # U.S (its last full stop is the sentence's)
      | (?:[^\W\d_]\.)+                        # U.S., J., H.W.
      | (?:St|Mt|Ft|Mrs?|Ms|Messrs|Dr|Prof|Rev|Fr|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Cmdr|Sens?|Reps?|Govs?|Jr|Sr|Inc|Corp|Co
          |Ltd|Bros|Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Mo|Mont|Neb|Nev|Okla
          |Ore|Pa|Tenn|Tex|Vt|Va|Wash|Wis|Wisc|Wyo|Ont|Que|Alta)\.
      | [A-Z]{1,5}&[A-Z]{1,3}\b                # AT&T is one word, Smith&Jones is not
      | (?:WITH_S)['’]s\b
      | &
      | (?!(?:PARTICLES)-)[a-z]{3,}(?:-[a-z]+)*(?=-[A-Z])   # pro | Taiwan, arms-to | Iran, but al-Assad, bin-Laden
      | \w+(?:[-'’‑](?!(?:ENDINGS)\b)\w+)*     # al-Assad, O'Neal, Guinea‑Bissau, but Seoul | based
    """.replace("WITH_S", "|".join(sorted(_WITH_S)))
    .replace("PARTICLES", "|".join(sorted(PARTICLES)))
    .replace("ENDINGS", "|".join(sorted(COMPOUND_ENDINGS))),
    re.VERBOSE,
)
SENTENCE_END = re.compile(r"[.!?:;\n\"“”•|*]|--|^- ")


class Page:
    """Words of a text with their places; ranges of words are half-open, as everywhere.

    `gaps[i]` is what stands between word i-1 and word i. A possessive 's is never part of a word.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.gaps: list[str] = []
        before = 0
        for match in _WORD.finditer(text):
            word, start = match.group(), match.start()
            if len(word) > 2 and word[-2] in "'’" and word[-1] in "sS" and word[:-2] not in _WITH_S:
                word = word[:-2]
            self.words.append(word)
            self.starts.append(start)
            self.ends.append(start + len(word))
            self.gaps.append(text[before:start])
            before = start + len(word)
        self.tail = text[before:]

    def __len__(self) -> int:
        return len(self.words)

    def gap(self, i: int) -> str:
        """What stands before word i; for i = len(page), what stands after the last word."""
        return self.gaps[i] if i < len(self.words) else self.tail

    def runs_on(self, i: int) -> bool:
        """Whether words i-1 and i stand side by side in one line, with blanks alone between them."""
        return 0 < i < len(self.words) and not self.gaps[i].strip() and "\n" not in self.gaps[i]

    def begins_sentence(self, i: int) -> bool:
        """Whether word i opens a sentence, a line or a quotation, so that its capital proves nothing."""
        return i == 0 or SENTENCE_END.search(self.gaps[i]) is not None

    def phrase(self, i: int, j: int) -> str:
        """The text of words [i, j)."""
        return self.text[self.starts[i] : self.ends[j - 1]]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The range of words that lie wholly or partly in the code points [start, end)."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    @cached_property
    def where(self) -> dict[str, list[int]]:
        """The places of each word, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self.words):
            found[word].append(i)
        return found

    @cached_property
    def headline_end(self) -> int:
        """Where the first paragraph ends: the headline, if there is one."""
        return max(self.text.find("\n"), 0)

    @cached_property
    def in_capitals(self) -> list[bool]:
        """For each word, whether its line is set in capitals, so that capitals prove nothing there."""
        flags: list[bool] = []
        start = 0
        for line in self.text.split("\n"):
            end = start + len(line)
            i, j = self.between(start, end)
            loud = line == line.upper() and _all_capitals(self.words[i:j])
            flags += [loud] * (j - i)
            start = end + 1
        return flags


def _all_capitals(line: list[str]) -> bool:
    letters = [word for word in line if any(char.isalpha() for char in word)]
    return len(letters) > 1 and all(word == word.upper() for word in letters) and any(len(w) > 4 for w in letters)
