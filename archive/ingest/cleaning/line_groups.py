"""The features of lines in words, group by group: each group depends on few values, and is put into words once.

The lines of a page fall into the same few hundred groups over and over, so that most answers are remembered ones.
"""

from dataclasses import dataclass
from functools import lru_cache

from archive.ingest.cleaning.captions import credit_of
from archive.ingest.cleaning.line_likeness import own_features
from archive.ingest.cleaning.line_shape import shape_of
from archive.ingest.cleaning.stamps import byline_names, is_date_line
from archive.ingest.cleaning.traits import Traits

_LINES = 4096
_GROUPS = 8192
_LONGEST_CREDITED = 75


@dataclass(frozen=True, slots=True)
class OwnTraits:
    """What is true of a line whatever stands around it, and the parts of it that count otherwise where it stands."""

    traits: Traits
    length: str
    ending: str
    is_date: bool
    is_byline: bool


@lru_cache(maxsize=_LINES)
def line_by_itself(plain: str, words: int) -> OwnTraits:
    """`plain` and `words` as in PageLine."""
    found = list(shape_of(plain, words))
    length, ending = found[:2]
    is_date = is_date_line(plain, words)
    if is_date:
        found.append("a date line")
    names = byline_names(plain, words, near_title=True)
    if names is not None:
        found.append("a byline by its shape" if names else "a byline without name")
    if words <= _LONGEST_CREDITED and credit_of(plain) is not None:
        found.append("ends with a credit")
    found.extend(own_features(plain, words))
    return OwnTraits(Traits(found), length, ending, is_date, names is not None)


@lru_cache(maxsize=_GROUPS)
def placed(prose: str, where: str, length: str, ending: str) -> Traits:
    return Traits((prose, f"{prose}, {where}", f"{where}, {length}", f"{where}, {ending}"))


@lru_cache(maxsize=_GROUPS)
def stamped(where: str, *, date: bool, byline: bool) -> Traits:
    found = [f"a date line {where}"] if date else []
    return Traits([*found, f"a byline by its shape {where}"] if byline else found)


@lru_cache(maxsize=_GROUPS)
def between(prose: str, before: str, after: str) -> Traits:
    return Traits(
        (
            f"before it {before}",
            f"{prose}, before it {before}",
            f"after it {after}",
            f"{prose}, after it {after}",
            f"{prose}, between {before} and {after}",
        )
    )


@lru_cache(maxsize=_GROUPS)
def two_off(prose: str, before: str, after: str) -> Traits:
    return Traits((f"{prose}, two before it {before}", f"{prose}, two after it {after}"))


@lru_cache(maxsize=_GROUPS)
def beside(side: str, length: str, ending: str) -> Traits:
    return Traits((f"{side} it {length}", f"{side} it one that {ending}"))


@lru_cache(maxsize=_GROUPS)
def prose_around(prose: str, before: str, after: str) -> Traits:
    return Traits((f"{prose}, prose before it {before}", f"{prose}, prose after it {after}"))


@lru_cache(maxsize=_GROUPS)
def distant(prose: str, where: str, distance: str, above: str, below: str) -> Traits:
    how = "from the story's edge" if where == "in the story" else f"{where} by"
    return Traits(
        (
            f"{prose}, {how} {distance}",
            f"{prose}, prose above it by {above}",
            f"{prose}, prose below it by {below}",
        )
    )


@lru_cache(maxsize=_GROUPS)
def on_page(prose: str, from_title: str, to_end: int) -> Traits:
    """`from_title` is empty far down on a page without title; `to_end` counts the lines behind this one, to three."""
    found = [f"{prose}, {from_title}" if from_title else "page without title"]
    return Traits([*found, f"{prose}, last but {to_end} of the page"] if to_end < 3 else found)


@lru_cache(maxsize=_GROUPS)
def on_odd_page(prose: str, where: str, *, foreign: bool, listy: bool) -> Traits:
    found = [f"{prose}, {where}, page not in English"] if foreign else []
    return Traits([*found, f"{prose}, {where}, story of short lines"] if listy else found)


@lru_cache(maxsize=_GROUPS)
def among(prose: str, near: int, gone: int, *, twice: bool) -> Traits:
    found = [f"{prose}, {near} of eight neighbours are prose", f"{prose}, {gone} of eight neighbours are furniture"]
    return Traits([*found, f"{prose}, stands twice on the page"] if twice else found)


@lru_cache(maxsize=_GROUPS)
def in_block(size: str, place: str) -> Traits:
    return Traits((f"block of {size}", f"{place} of its block") if place else (f"block of {size}",))


@lru_cache(maxsize=_GROUPS)
def in_run(where: str, length: str) -> Traits:
    return Traits((f"in a run of short lines, {length}", f"{where}, in a run of short lines, {length}"))


@lru_cache(maxsize=_GROUPS)
def under(prose: str, heading: str) -> Traits:
    return Traits((f"under {heading}", f"{prose}, under {heading}"))


@lru_cache(maxsize=_GROUPS)
def of_story(prose: str, where: str, share: str) -> Traits:
    return Traits((f"{prose}, {where}, words of the story {share}",))


@lru_cache(maxsize=_GROUPS)
def of_title(share: str) -> Traits:
    return Traits((f"words of the title {share}",))


@lru_cache(maxsize=_GROUPS)
def alike(prose: str, where: str, number: int, *, both: bool) -> Traits:
    how = "two words" if both else "a word"
    return Traits((f"{prose}, begins with {how} as {number} beside it", f"{where}, begins as one beside it"))


@lru_cache(maxsize=_GROUPS)
def under_colon(where: str, distance: str) -> Traits:
    return Traits((f"{where}, {distance} under a colon", f"{where}, under a colon"))


@lru_cache(maxsize=_GROUPS)
def echo(where: str, which: str) -> Traits:
    return Traits((which, f"{where}, {which}"))
