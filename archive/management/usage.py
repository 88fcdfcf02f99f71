"""What the commands share in reading their arguments."""

import argparse

from archive.ingest import options

WRONG_USAGE = 2
"""Exit status of a command that was called wrongly."""


def positive(text: str) -> int:
    """A number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return number


def field_map(text: str) -> dict[str, str]:
    """`title=Headline,body=content` as {"title": "Headline", "body": "content"}."""
    try:
        return options.field_map(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
