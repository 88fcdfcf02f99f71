"""What the commands share in reading their arguments."""

import argparse

WRONG_USAGE = 2
"""Exit status of a command that was called wrongly."""
FIELDS = (*("id", "title", "standfirst", "body", "byline", "date", "source", "url", "section", "tags", "language"),)


def positive(text: str) -> int:
    """A number from 1 on."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 on")
    return number


def field_map(text: str) -> dict[str, str]:
    """`title=Headline,body=content` as {"title": "Headline", "body": "content"}."""
    fields: dict[str, str] = {}
    for part in text.split(","):
        field, separator, name = part.partition("=")
        field, name = field.strip().lower(), name.strip()
        if not separator or not name:
            raise argparse.ArgumentTypeError(f"{part!r} is not of the form title=Headline")
        if field not in FIELDS:
            raise argparse.ArgumentTypeError(f"{field!r} is none of {', '.join(FIELDS)}")
        fields[field] = name
    return fields
