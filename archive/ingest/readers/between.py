"""Text between tags, found in linear time: a regular expression would seek each unclosed tag's end to the very end."""

from collections.abc import Iterator


def between(text: str, opening: str, closing: str) -> str | None:
    """What stands between the first `opening` and the `closing` after it; None if there is no such pair."""
    return next(all_between(text, opening, closing), None)


def all_between(text: str, opening: str, closing: str) -> Iterator[str]:
    """Every text between an `opening` and the next `closing`."""
    start = text.find(opening)
    while start >= 0:
        start += len(opening)
        end = text.find(closing, start)
        if end < 0:
            return
        yield text[start:end]
        start = text.find(opening, end + len(closing))


def elements(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Attributes and content of every element with this name (as written, prefix and all) that has an end tag."""
    opening, closing = f"<{name}", f"</{name}>"
    start = text.find(opening)
    while start >= 0:
        start += len(opening)
        tag_end = text.find(">", start)
        if tag_end < 0:
            return
        if text[start : start + 1] not in (">", " ", "\t", "\n", "\r", "/"):
            start = text.find(opening, start)  # the name goes on: <title> is not <titles>
            continue
        if text[tag_end - 1] == "/":
            start = text.find(opening, tag_end)
            continue
        end = text.find(closing, tag_end)
        if end < 0:
            return
        yield text[start:tag_end], text[tag_end + 1 : end]
        start = text.find(opening, end + len(closing))
