"""What is true of a line, in plain words, as few shared objects: the same cause gives the same object each time.

A model keeps the sum of the weights of each such object, so that scoring a line puts no name together and looks no
single weight up. Names are read where a cut is explained and in training.
"""

from collections.abc import Iterable


class Traits:
    """Features that are true together; two objects are never equal, the functions that make them remember theirs."""

    __slots__ = ("names",)

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)


def names_of(traits: Iterable[Traits]) -> list[str]:
    """All names in order."""
    return [name for each in traits for name in each.names]


_COUNTS = (
    *("0", "1", "2", "3-4", "3-4", "5-9", "5-9", "5-9", "5-9", "5-9"),
    *["10-19"] * 10,
    *["20-39"] * 20,
)
_SHARES = (
    *((0.0, "none"), (0.03, "< 3 %"), (0.1, "< 10 %"), (0.25, "< 25 %"), (0.5, "< 50 %"), (0.75, "< 75 %")),
    *((0.9, "< 90 %"), (0.97, "< 97 %"), (0.9999, "< 100 %"), (2.0, "all")),
)
_FEW_SHARES = ((0.0, "none"), (0.2, "< 20 %"), (0.4, "< 40 %"), (0.6, "< 60 %"), (0.8, "< 80 %"), (0.999, "< 100 %"))


def count_of(number: int) -> str:
    return _COUNTS[number] if number < 40 else "40 or more"


def share_of(value: float) -> str:
    return next((name for limit, name in _SHARES if value <= limit), "all")


def rough_share_of(value: float) -> str:
    return next((name for limit, name in _FEW_SHARES if value <= limit), "all")
