"""Mentions of one text gathered into the names they are mentions of."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from archive.choices import EntityKind
from archive.ingest.entities.found import Found
from archive.ingest.entities.lexicon import SUFFIXES
from archive.ingest.entities.page import Page
from archive.ingest.records import NamedEntity, Span
from archive.text import name_key
from archive.variants import COMPANY_ENDINGS

Key = tuple[EntityKind, str]
Groups = dict[Key, list[Found]]
Homes = dict[Key, Key]


def gather(page: Page, found: Iterable[Found]) -> tuple[NamedEntity, ...]:
    """One NamedEntity for each name of the text, in order of first mention.

    A person's shorter forms belong to the one full name they fit; where several fit, to the one named last before.
    """
    groups: Groups = defaultdict(list)
    for one in found:
        if one.kind is not None:
            groups[one.kind, _key(page, one)].append(one)
    home = {key: key for key in groups}
    _gather_people(groups, home)
    _gather_organisations(page, groups, home)
    merged: Groups = defaultdict(list)
    for key, members in groups.items():
        merged[_root(home, key)] += members
    entities = [_entity(page, key, sorted(members, key=lambda f: f.i)) for key, members in merged.items()]
    return tuple(sorted(entities, key=lambda entity: entity.mentions[0].start))


def _key(page: Page, one: Found) -> str:
    words = [word for word in page.words[one.i : one.j] if word not in SUFFIXES] or page.words[one.i : one.j]
    return name_key(" ".join(words))


def _root(home: Homes, key: Key) -> Key:
    while home[key] != key:
        key = home[key]
    return key


def _gather_people(groups: Groups, home: Homes) -> None:
    bearers: dict[str, list[Key]] = defaultdict(list)
    people = [key for key in groups if key[0] is EntityKind.PERSON]
    for key in people:
        words = key[1].split()
        for word in {words[0], words[-1]} if words else ():
            bearers[word].append(key)
    for short in people:
        words = short[1].split()
        fuller = [long for long in bearers.get(words[-1], ()) if is_short_for(words, long[1].split())] if words else []
        if not fuller:
            continue
        # Of fuller names that are forms of each other the longest stands for all.
        start = groups[short][0].i
        longest = [
            key for key in fuller if not any(is_short_for(key[1].split(), o[1].split()) for o in fuller if o != key)
        ] or fuller
        home[short] = min(longest, key=lambda key: (groups[key][0].i > start, abs(groups[key][0].i - start)))


def is_short_for(short: list[str], long: list[str]) -> bool:
    """Whether `short` can be a form of the full name `long`: "sauytbay", "j baker" of "james a baker"."""
    if (len(short), len("".join(short))) >= (len(long), len("".join(long))):
        return False
    if len(short) == 1:
        return len(long) > 1 and short[0] in (long[-1], long[0]) and len(short[0]) > 1
    if short[-1] != long[-1]:
        return False
    rest = iter(long[:-1])
    return all(
        any(full == part or (min(len(part), len(full)) == 1 and full[0] == part[0]) for full in rest)
        for part in short[:-1]
    )


def _gather_organisations(page: Page, groups: Groups, home: Homes) -> None:
    """ "Arequipa" and "Arequipa Resources Ltd"; "SPLA" right after "… Liberation Army"."""
    organisations = [key for key in groups if key[0] is EntityKind.ORGANISATION]
    ending = {word.casefold().strip(".") for word in COMPANY_ENDINGS}
    bare = {key: tuple(word for word in key[1].split() if word not in ending) for key in organisations}
    by_end = {one.j: key for key in organisations for one in groups[key]}
    for key in organisations:
        words = bare[key]
        longer = [
            o
            for o in organisations
            if o != key
            and words
            and (bare[o][: len(words)] == words)
            and len(o[1]) > len(key[1])
            and (len(bare[o]) == len(words) or len(words) == 1)
        ]
        if len(longer) == 1:
            home[key] = longer[0]
            continue
        if " " in key[1]:
            continue
        for one in groups[key]:
            full = by_end.get(one.i)
            if full and full != key and page.gaps[one.i].strip() in ("(", '("', "(“") and _root(home, full) != key:
                home[key] = full
                break


def _entity(page: Page, key: Key, members: list[Found]) -> NamedEntity:
    spans = tuple(_span(page, one) for one in members)
    names = Counter(span.text for span, one in zip(spans, members, strict=True) if not page.in_capitals[one.i])
    names = names or Counter(span.text.title() for span in spans)
    if key[0] is EntityKind.PLACE:
        # A dateline's capitals are no spelling; "U.S." and "UAE" are.
        names = Counter(_quiet(name) for name in names.elements())
    longest = max(names, key=lambda name: (name_key(name) == key[1], len(name.split()), names[name], len(name), name))
    roles = tuple(dict.fromkeys(role for one in members for role in one.roles))
    return NamedEntity(kind=key[0], name=" ".join(longest.split()), mentions=spans, roles=roles)


def _quiet(name: str) -> str:
    return name.title() if name.isupper() and len(name) > 3 and "." not in name else name


def _span(page: Page, one: Found) -> Span:
    start, end = page.starts[one.i], page.ends[one.j - 1]
    last = page.words[one.j - 1]
    if last.endswith(".") and last in COMPANY_ENDINGS | SUFFIXES:
        end -= 1
    return Span(start, end, page.text[start:end])
