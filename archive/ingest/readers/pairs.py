"""Archives that keep the headline of each article in a file of its own: which file is the headline of which.

Two layouts are common: a folder beside the folder of texts ("Fake/1.txt" and "Fake_titles/1.txt"), and a file beside
the text ("1_title.txt" and "1_body.txt", or "1.txt").
"""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

MAX_TITLE_BYTES = 4_000

_TITLE = re.compile(r"^(?P<rest>.*?)[ _.\-]?(?:titles?|headlines?|heads?)$", re.IGNORECASE)
_BODY = re.compile(r"^(?P<rest>.*?)[ _.\-]?(?:body|bodies|texts?|articles?|content|stories)$", re.IGNORECASE)


def titles_beside(paths: Iterable[str]) -> dict[str, str]:
    """Path of a text → path of the file that holds its headline, for those that have one."""
    texts: dict[tuple[str, ...], str] = {}
    titles: dict[tuple[str, ...], str] = {}
    for path in paths:
        parts = PurePosixPath(path.replace("\\", "/"))
        stem, folders = parts.stem, parts.parts[:-1]
        if (key := _key(folders, stem, _TITLE)) is not None:
            titles[key] = path
        else:
            texts[_key(folders, stem, _BODY) or _plain(folders, stem)] = path
    return {texts[key]: path for key, path in titles.items() if key in texts}


def _plain(folders: tuple[str, ...], stem: str) -> tuple[str, ...]:
    return (*(folder.casefold() for folder in folders), stem.casefold())


def _key(folders: tuple[str, ...], stem: str, marker: "re.Pattern[str]") -> tuple[str, ...] | None:
    """What text and headline have in common: the path without the word that tells them apart; None without the word."""
    if (found := marker.match(stem)) and found["rest"]:
        return _plain(folders, found["rest"])
    if folders and (found := marker.match(folders[-1])):
        return _plain((*folders[:-1], found["rest"]) if found["rest"] else folders[:-1], stem)
    return None
