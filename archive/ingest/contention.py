"""What to do when two processes write about the same things at once: the second one decides again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError

T = TypeVar("T")
_TRIES = 4
_CROSSED = ("40P01", "40001")
"""PostgreSQL's deadlock_detected and serialization_failure."""


def again_if_crossed(work: Callable[[], T]) -> T:
    """Do `work`, a transaction of its own; again if another has just brought the same rows or wants them crosswise."""
    for left in reversed(range(_TRIES)):
        try:
            return work()
        except (IntegrityError, OperationalError) as error:
            is_crossed = isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") in _CROSSED
            if not left or not is_crossed:
                raise
    raise AssertionError("the last try returns or raises")
