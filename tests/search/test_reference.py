"""The oracle keeps the contract too, or it could not judge others."""

from pathlib import Path

from archive.search.backends.base import SearchBackend
from tests.search.contract import SearchBackendContract
from tests.search.reference import ReferenceBackend


class TestReference(SearchBackendContract):
    @staticmethod
    def make(folder: Path) -> SearchBackend:
        return ReferenceBackend()
