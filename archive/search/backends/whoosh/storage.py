"""Whoosh's file storage made safe against power loss: segment files, then the table of contents, then the folder."""

import os
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile


def sync_file(path: str) -> None:
    """Wait until a file's (or a folder's entries') bytes are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SafeStorage(FileStorage):  # type: ignore[misc] # Whoosh has no types
    """A folder of index files. A rename, which publishes a table of contents, first syncs all that was created."""

    def __init__(self, path: str) -> None:
        super().__init__(path, supports_mmap=False)
        self._created: set[str] = set()

    def create_file(self, name: str, *args: Any, **options: Any) -> StructFile:
        self._created.add(name)
        return super().create_file(name, *args, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        self._created.add(oldname)
        for name in sorted(self._created):
            if self.file_exists(name):
                sync_file(self._fpath(name))
        self._created.clear()
        # Whoosh's own `safe` refuses an existing target; a left-over of a killed writer must not stop the next one.
        os.replace(self._fpath(oldname), self._fpath(newname))
        sync_file(self.folder)
