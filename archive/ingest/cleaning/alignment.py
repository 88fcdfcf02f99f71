"""Which lines of a page an extractor's text is made of: words are matched in order, in linear time."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

_WORD = re.compile(r"\w+")
_ANCHOR_WORDS = 5
_GAP = 200  # words after an anchor in which a short line is sought
_PLACES = 8  # where a repeated line could stand in the text; more are not tried


def words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def aligned(lines: Sequence[str], text: str) -> list[bool]:
    """For each line, whether its words stand in `text` at the place that the order of lines gives it.

    Lines of five words and more are anchors where half of their word 5-grams stand in the text, in order; shorter ones
    must match whole between the anchors around them.
    """
    line_words = [words(line) for line in lines]
    text_words = words(text)
    spans = _anchors(line_words, text_words)
    kept = [span is not None for span in spans]
    _fill_short(line_words, text_words, spans, kept)
    return kept


def _anchors(line_words: Sequence[list[str]], text_words: list[str]) -> list[tuple[int, int] | None]:
    """The [start, end) word span in the text of each long line, None where it has none.

    Of all places where lines could stand, the heaviest chain (in words) in which both lines and places go forward: a
    teaser at the top of the page that repeats the story's end does not push the story out.
    """
    size = _ANCHOR_WORDS
    positions: dict[tuple[str, ...], list[int]] = {}
    for start in range(len(text_words) - size + 1):
        positions.setdefault(tuple(text_words[start : start + size]), []).append(start)
    candidates: list[tuple[int, int, int]] = []  # (line, start, end)
    for index, line in enumerate(line_words):
        if len(line) < size:
            continue
        grams = [tuple(line[i : i + size]) for i in range(len(line) - size + 1)]
        hits = [(i, positions[gram]) for i, gram in enumerate(grams) if gram in positions]
        if len(hits) * 2 > len(grams):
            length = hits[-1][0] - hits[0][0] + size
            # Later places first: one line must not follow itself in the chain.
            candidates.extend((index, start, start + length) for start in reversed(hits[0][1][:_PLACES]))
    spans: list[tuple[int, int] | None] = [None] * len(line_words)
    taken = bytearray(len(text_words))
    for _ in range(2):  # a second time for what the extractor moved: a list before the paragraph that introduces it
        for index, start, end in _heaviest_chain(candidates, len(text_words)):
            spans[index] = (start, end)
            taken[start:end] = b"\1" * (end - start)
        candidates = [(i, start, end) for i, start, end in candidates if spans[i] is None and not any(taken[start:end])]
    return spans


def _heaviest_chain(candidates: Sequence[tuple[int, int, int]], size: int) -> list[tuple[int, int, int]]:
    """The candidates, in their order, with rising starts and the greatest sum of lengths (a Fenwick tree of maxima)."""
    best_at: list[tuple[int, int]] = [(0, -1)] * (size + 2)  # (weight, candidate)
    before: list[int] = []
    for number, (_, start, end) in enumerate(candidates):
        weight, last = 0, -1
        place = start  # starts below this one
        while place > 0:
            if best_at[place][0] > weight:
                weight, last = best_at[place]
            place -= place & -place
        before.append(last)
        entry = (weight + end - start, number)
        place = start + 1
        while place <= size + 1:
            if best_at[place][0] < entry[0]:
                best_at[place] = entry
            place += place & -place
    weight, last = 0, -1
    place = size + 1
    while place > 0:
        if best_at[place][0] > weight:
            weight, last = best_at[place]
        place -= place & -place
    chain = []
    while last >= 0:
        chain.append(candidates[last])
        last = before[last]
    return chain[::-1]


def _fill_short(
    line_words: Sequence[list[str]],
    text_words: list[str],
    spans: Sequence[tuple[int, int] | None],
    kept: list[bool],
) -> None:
    """Keep short lines whose words stand in the gap of the text between the anchors before and after them."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(text_words):
        places.setdefault(word, []).append(place)
    following: list[int] = [len(text_words)] * len(spans)
    nearest = len(text_words)
    for index in range(len(spans) - 1, -1, -1):
        following[index] = nearest
        span = spans[index]
        if span is not None:
            nearest = span[0]
    here = 0
    for index, span in enumerate(spans):
        if span is not None:
            here = span[1]
            continue
        line = line_words[index]
        if not line or len(line) >= _ANCHOR_WORDS:
            continue
        end = min(following[index], here + _GAP) if following[index] >= here else here + len(line)
        starts = places.get(line[0], [])
        for start in starts[bisect_left(starts, here) : bisect_right(starts, end - len(line))]:
            if text_words[start : start + len(line)] == line:
                kept[index] = True
                here = start + len(line)
                break


def same_words(one: str, other: str) -> bool:
    """Whether two short texts say the same: four fifths of the longer one's different words are in both."""
    if not 0.5 < (len(one) + 1) / (len(other) + 1) < 2:
        return False
    first, second = set(words(one)), set(words(other))
    return bool(first) and len(first & second) >= 0.8 * max(len(first), len(second))


def share_within(part: str, whole: str) -> float:
    """How much of `part` stands in `whole`, 0–1, by word 5-grams."""
    size = _ANCHOR_WORDS
    part_words, whole_words = words(part), words(whole)
    grams = {tuple(whole_words[i : i + size]) for i in range(len(whole_words) - size + 1)}
    own = [tuple(part_words[i : i + size]) for i in range(len(part_words) - size + 1)]
    return sum(gram in grams for gram in own) / len(own) if own else 0.0
