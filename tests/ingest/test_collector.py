"""The search for garbage in cycles is rare while a run is at work, and as before afterwards."""

import gc

from archive.ingest.prepare import Preparation
from archive.ingest.workers import Workers


def test_collections_are_rare_while_workers_are_there_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with Workers(1, Preparation(entities=False)):
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
