"""Reuters-21578's stories with the people and places that editors tagged them with.

A person's tag is a slug that ends in the surname ("james-baker", "del-mazo"): found where a person of ours bears that
surname. A place's tag is a country; a few are not spelt as stories spell them, see `PLACES`. Only tags whose name
stands in the story count, and only stories with one to three people.
"""

import gzip
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.text import name_key

PLACES = {
    "usa": ("u s", "united states", "usa"),
    "uk": ("u k", "britain", "united kingdom", "england", "london"),
    "west-germany": ("west germany", "germany"),
    "ussr": ("ussr", "soviet union", "u s s r"),
    "uae": ("uae", "united arab emirates"),
    "south-korea": ("south korea", "korea"),
}


@dataclass(frozen=True, slots=True)
class Story:
    text: str
    surnames: tuple[str, ...]
    """Those of the tags that stand in the text."""
    places: tuple[tuple[str, ...], ...]
    """For each tag that stands in the text the keys of the forms that do."""


def stories(folder: Path, limit: int) -> Iterator[Story]:
    """The first stories with one to three tagged people."""
    number = 0
    for path in sorted((folder / "reuters21578").glob("*.sgm.gz")):
        content = gzip.decompress(path.read_bytes()).decode("latin-1")
        for match in re.finditer(r"<REUTERS.*?</REUTERS>", content, re.DOTALL):
            people, body = _tags(match.group(), "PEOPLE"), _part(match.group(), "BODY")
            if not body or not 1 <= len(people) <= 3:
                continue
            paragraphs = (" ".join(part.split()) for part in re.split(r"\n(?= {4})", body))
            text = "\n\n".join([_part(match.group(), "TITLE"), *(part for part in paragraphs if part)])
            text = re.sub(r"\s*reuter\s*\x03?$", "", text, flags=re.IGNORECASE)
            words = f" {name_key(text)} "
            forms = [PLACES.get(tag, (tag.replace("-", " "),)) for tag in _tags(match.group(), "PLACES")]
            present = [tuple(form for form in each if f" {form} " in words) for each in forms]
            surnames = [name for name in (tag.split("-")[-1] for tag in people) if f" {name} " in words]
            yield Story(text, tuple(surnames), tuple(each for each in present if each))
            number += 1
            if number == limit:
                return


def _part(story: str, name: str) -> str:
    found = re.search(f"<{name}>(.*?)</{name}>", story, re.DOTALL)
    return html.unescape(found.group(1)) if found else ""


def _tags(story: str, name: str) -> list[str]:
    return re.findall("<D>(.*?)</D>", re.search(f"<{name}>(.*?)</{name}>", story, re.DOTALL).group(1))
