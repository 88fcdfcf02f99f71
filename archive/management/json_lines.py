"""JSONL files of texts, as the commands that only print take them: {"id": …, "<name of the text>": …} on every line."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from archive.management.usage import WRONG_USAGE


def lines_of(name: str) -> Iterator[str]:
    """The lines of a file (- is standard input), with their ends as they stand: offsets count in them.

    Raises CommandError where the file cannot be read.
    """
    if name == "-":
        yield from sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            yield from file
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror or error}", returncode=WRONG_USAGE) from error


def texts_of(name: str, key: str, skipped: Callable[[str], None]) -> Iterator[tuple[int, Any, str]]:
    """(number of the line, id or None, text) of each line that has a text under this key.

    `skipped` is told a sentence about each other line that is not blank.
    """
    for number, line in enumerate(lines_of(name), 1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            text, identity = given[key], given.get("id")
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            skipped(f'{name}, line {number}: not an object with a text "{key}"; the line was skipped')
            continue
        yield number, identity, text
