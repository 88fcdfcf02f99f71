"""Which forms of persons' names are one person across articles: a pure function of the forms, whatever their order.

The forms are keys (see `archive.text.name_key`) that share their last word. Two full names are one person when their
first and last words agree and nothing between contradicts ("james baker", "james a baker"). A surname alone, or
initials, go to the one person they fit; where several fit they go to nobody.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from archive.ingest.entities.lexicon import PARTICLES

GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})


def family(key: str) -> str:
    """The word by which a person's name is compared with others: the last that is no generation ("jr")."""
    words = key.split()
    while len(words) > 1 and words[-1] in GENERATIONS:
        words.pop()
    return words[-1] if words else ""


def partition(forms: Iterable[str], merged: Mapping[str, object] | None = None) -> dict[str, str | None]:
    """For each form of one family the form that stands for its person, or None where several persons fit.

    `merged` says which forms librarians have declared one person: those with equal values.
    """
    one_person = merged or {}
    keys = sorted(set(forms))
    full = [key for key in keys if is_full(key)]
    stands: dict[str, str | None] = {}
    by_ends: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in full:
        by_ends[spelling(key.split()[0]), family(key)].append(key)
    for alike in by_ends.values():
        for group in _agreeing(alike):
            best = min(group, key=lambda key: (len(key.split()), len(key), key))
            stands.update(dict.fromkeys(group, best))
    _join_endings(full, stands)
    _join_misspelt(stands)
    people = {best for best in stands.values() if best}
    short = [key for key in keys if key not in stands]
    with_initials = sorted((key for key in short if not _is_family_alone(key)), key=lambda key: (-len(key), key))
    for key in with_initials:
        stands[key] = _only([best for best in people if _fits(key, best, stands)], key, one_person)
    people = {best for best in stands.values() if best}
    for key in short:
        if key not in stands:
            stands[key] = _only(_with_particles(key, people, stands), key, one_person)
    return stands


def _with_particles(key: str, people: set[str], stands: Mapping[str, str | None]) -> set[str]:
    """Of these people those whose name ends as the surname does ("de silva"), if it has a particle and any do."""
    if " " not in key:
        return people
    return {best for form, best in stands.items() if best and form.endswith(f" {key}")} or people


def _join_misspelt(stands: dict[str, str | None]) -> None:
    """Two given names that differ as misprints do before one long surname are one person's, if no third is as near.

    "yvegeny kafelnikov", "handrik dreekmann"; the ends must agree, where names of women and men differ.
    """
    people = sorted({best for best in stands.values() if best and len(family(best)) >= LONG_ENOUGH})
    near = {
        best: [other for other in people if other != best and _is_misprint(best, other)] for best in people[:COMPARED]
    }
    for best, others in near.items():
        if len(others) == 1 and near.get(others[0]) == [best] and best < others[0]:
            # More misprints lose a letter than gain one.
            kept = min(best, others[0], key=lambda key: (len(key.split()), -len(key), key))
            stands.update(dict.fromkeys([form for form, stand in stands.items() if stand in (best, others[0])], kept))


LONG_ENOUGH = 6
"""Letters that a given name and a surname need before one that differs is taken for a misprint."""
COMPARED = 300


def _is_misprint(one: str, other: str) -> bool:
    """Whether two full names differ by one letter, or two in each other's place, inside a long given name."""
    (a, *_), (b, *_) = one.split(), other.split()
    if min(len(a), len(b)) < LONG_ENOUGH or a[-1] != b[-1] or not one_letter_apart(a, b):
        return False
    return _compatible(_between(one), _between(other))


def one_letter_apart(one: str, other: str) -> bool:
    """Whether two words begin alike and differ by one letter put in, left out, changed, or by two changed places."""
    if one == other or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) == len(long):
        return short[at + 1 :] == long[at + 1 :] or (
            short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
        )
    return short[at:] == long[at + 1 :]


def _join_endings(full: list[str], stands: dict[str, str | None]) -> None:
    """A name of two words or more that only one longer name ends in is that person's ("suu kyi")."""
    for key in full:
        longer = {stands[other] for other in full if other.endswith(f" {key}")} - {stands[key]}
        if len(longer) == 1:
            (best,) = longer
            stands.update(dict.fromkeys([form for form, stand in stands.items() if stand == stands[key]], best))


def spelling(word: str) -> str:
    """A given name without the letters in which transliterations differ ("jacob", "jakob"; "allan", "alan")."""
    for letters, one in _SOUNDS:
        word = word.replace(letters, one)
    return _TWICE.sub(r"\1", word).removesuffix("h")


_SOUNDS = (("ck", "k"), ("c", "k"), ("ph", "f"), ("th", "t"), ("y", "i"), ("j", "i"), ("w", "v"), ("z", "s"))
_TWICE = re.compile(r"(.)\1+")


def _only(fitting: Iterable[str], key: str, one_person: Mapping[str, object]) -> str | None:
    """The one person of those that fit, the form itself if nobody does, None if several do."""
    people = sorted(fitting)
    if not people:
        return key
    return people[0] if len({one_person.get(best, best) for best in people}) == 1 else None


def is_full(key: str) -> bool:
    """Whether a key has a given name and a family name, not only initials or particles ("van doorn")."""
    words = key.split()
    return len(words) > 1 and len(words[0]) > 1 and words[0] not in PARTICLES and words[1] not in GENERATIONS


def _agreeing(alike: list[str]) -> list[list[str]]:
    """Names with the same first and last word, apart where what stands between contradicts.

    One contradiction keeps all of them apart: "george bush" fits both "george w bush" and "george h w bush".
    """
    between = {key: _between(key) for key in alike}
    given = sorted({tuple(words) for words in between.values() if words})
    if len(given) < 30 and all(_compatible(a, b) for n, a in enumerate(given) for b in given[n + 1 :]):
        return [alike]
    groups: list[list[str]] = []
    for key in sorted(alike, key=lambda key: (-len(key), key)):
        for group in groups:
            if between[key] and all(between[o] and _compatible(between[key], between[o]) for o in group):
                group.append(key)
                break
        else:
            groups.append([key])
    return groups


def _between(key: str) -> tuple[str, ...]:
    """The words of a full name but the first and the family name."""
    words = key.split()[1:]
    words.reverse()
    words.remove(family(key))
    return tuple(reversed(words))


def _compatible(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether one list of middle words can be the other, some left out or cut to initials."""
    generations = [{word for word in words if word in GENERATIONS} for words in (a, b)]
    if generations[0] and generations[1] and generations[0] != generations[1]:
        return False
    short, long = sorted(([w for w in words if w not in GENERATIONS] for words in (a, b)), key=len)
    rest = iter(long)
    return all(any(_same(word, other) for other in rest) for word in short)


def _same(word: str, other: str) -> bool:
    return word == other or (min(len(word), len(other)) == 1 and word[0] == other[0])


def _is_family_alone(key: str) -> bool:
    """Whether nothing but particles and generations stands beside the family name."""
    return all(word in PARTICLES or word in GENERATIONS for word in key.split() if word != family(key))


def _fits(key: str, best: str, stands: dict[str, str | None]) -> bool:
    """Whether initials and surname fit any form of the person that `best` stands for."""
    words = [word for word in key.split() if word not in GENERATIONS and word not in PARTICLES][:-1]
    for form, stand in stands.items():
        if stand == best:
            given = [word for word in form.split() if word not in GENERATIONS][:-1]
            rest = iter(given)
            if (
                given
                and given[0][0] == words[0][0]
                and all(any(_same(word, other) for other in rest) for word in words)
            ):
                return True
    return False
