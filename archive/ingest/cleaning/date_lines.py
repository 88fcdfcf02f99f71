"""When a story was published, by the lines of it that say nothing but that."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from archive.ingest.cleaning.dates import MAX_LENGTH, parse_date
from archive.ingest.records import PublishedDate


def date_of_lines(lines: Iterable[str], crawled: datetime | None) -> PublishedDate | None:
    """The first date line that says a day; an "updated" only where nothing else does.

    Where none does, the first that is refused ("19 November 2099") or not to be read ("5 days ago" of an unknown day),
    without a value: its string is for people to judge.
    """
    updates: list[PublishedDate] = []
    unsaid: list[PublishedDate] = []
    for line in lines:
        found = parse_date(line, reference=crawled)
        if found is None:
            unsaid.append(PublishedDate(line[:MAX_LENGTH], rule="date line, unread"))
            continue
        found = replace(found, rule=f"date line: {found.rule}")
        if found.value is None:
            unsaid.append(found)
        elif "updated" in line.lower().split("publish")[0]:
            updates.append(found)
        else:
            return found
    return next(iter((*updates, *unsaid)), None)
