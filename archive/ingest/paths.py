"""Which files a path on the command line means."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.ingest.readers import is_ignorable


@dataclass(frozen=True, slots=True)
class Found:
    """A file to ingest, what to call it, and its size in bytes."""

    path: Path
    name: str
    size: int


def files_below(path: Path) -> list[Found]:
    """The file itself, or every file below a folder, sorted by path; README, hidden and auxiliary files are left out.

    Links to folders are not followed, for they may lead round in a circle. Raises FileNotFoundError with a sentence if
    there is nothing at the path, or nothing in the folder.
    """
    if path.is_file():
        return [Found(path, str(path), path.stat().st_size)]
    if not path.is_dir():
        raise FileNotFoundError(f"{path} does not exist.")
    found = [Found(file, str(file), file.stat().st_size) for file in sorted(_walk(path))]
    if not found:
        raise FileNotFoundError(f"{path} holds no files to ingest.")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for here, _, names in os.walk(folder):
        for name in names:
            file = Path(here, name)
            if file.is_file() and not is_ignorable(file.relative_to(folder)):
                yield file
