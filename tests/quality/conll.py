"""CoNLL-2003's newswire with its names, written out as a newspaper would print it; documents about sport left out.

A document is about sport where its first line opens with a sport in capitals or after Reuters' "RTRS -", followed by
a dash or a colon ("SOCCER - …", "RTRS - Tennis : …"): most of those are tables of results.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from archive.choices import EntityKind

KINDS = {"PER": EntityKind.PERSON, "LOC": EntityKind.PLACE, "ORG": EntityKind.ORGANISATION}
_SPORTS = """AMERICAN FOOTBALL|ATHLETICS|AUSTRALIAN RULES|BADMINTON|BASEBALL|BASKETBALL|BASKETBALLSOCCER|BOXING|CHESS|CRICKET
CYCLING|FOOTBALL|GOLF|GYMNASTICS|HOCKEY|HORSE RACING|ICE HOCKEY|MAJOR LEAGUE|MOTOCROSS|MOTOR RACING|MOTORCYCLING|NBA
BASKETBALL|NFL|NHL|OLYMPICS?|RALLYING|RALLY|ROWING|RUGBY LEAGUE|RUGBY UNION|RUGBY|SAILING|SKIING|SNOOKER|SOCCER|SPORTS?
SQUASH|SWIMMING|TENNIS|VOLLEYBALL|WEIGHTLIFTING|WRESTLING|YACHTING"""
_SPORT = re.compile(rf"(?:RTRS - )?(?:{'|'.join(_SPORTS.split(chr(10)))})\b[^.]*[-:]", re.IGNORECASE)
_GLUED = frozenset(", . ; : ! ? ) ] 's n't % 're 've 'll 'd 'm '".split())

Gold = tuple[int, int, EntityKind]


def documents(folder: Path, part: str) -> Iterator[tuple[str, set[Gold]]]:
    """Text and names (code points) of each document of "testa" or "train" that is not about sport."""
    content = gzip.decompress((folder / "conll2003" / f"eng.{part}.gz").read_bytes()).decode("utf-8")
    for document in content.split("-DOCSTART-")[1:]:
        sentences = []
        for sentence in document.split("\n\n")[1:]:
            rows = [line.split() for line in sentence.splitlines() if line.strip()]
            if rows:
                sentences.append([(row[0], row[3]) for row in rows])
        if sentences and not _SPORT.match(" ".join(word for word, _ in sentences[0])):
            yield _written_out(sentences)


def _written_out(sentences: list[list[tuple[str, str]]]) -> tuple[str, set[Gold]]:
    text, names = "", set()
    for number, sentence in enumerate(sentences):
        text += "\n\n" if number else ""
        before, in_quote, current = "(", False, None
        for word, tag in sentence:
            glued = word in _GLUED or before in ("(", "[", "$", "#")
            if word == '"':
                glued, in_quote = glued or in_quote, not in_quote
            elif before == '"' and in_quote:
                glued = True
            text += "" if glued else " "
            start, kind = len(text), tag[2:]
            text += word
            if current and tag[0] == "I" and kind == current[2]:
                current = (current[0], len(text), kind)
            else:
                names.add(current)
                current = (start, len(text), kind) if tag != "O" else None
            before = word
        names.add(current)
    return text, {(start, end, KINDS[kind]) for start, end, kind in filter(None, names) if kind in KINDS}
