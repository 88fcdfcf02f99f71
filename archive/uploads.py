"""Uploads stream to disk; those of strangers, or over the limit, are never written at all."""

from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from archive.vitals import LOW_DISK_BYTES, free_bytes

SMALL_BYTES = 10_000_000
"""Lists of names, decisions: what staff send that is no dump."""


class StaffUploadHandler(TemporaryFileUploadHandler):
    """Writes uploaded files below the data directory, for signed-in staff only: dumps of those who may upload them up
    to the stated limit and while there is room on the disk, of all others small files only.

    A request over its limit gets no file at all and `request.upload_too_large` set, so that the form can say so.
    """

    length = 0

    def handle_raw_input(  # type: ignore[override]  # the stubs know no handler that returns nothing
        self, input_data: IO[bytes], meta: dict[str, Any], content_length: int, *args: Any, **kwargs: Any
    ) -> None:
        self.length = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_staff:
            raise SkipFile
        most = settings.ARCHIVE_MAX_UPLOAD_BYTES if user.has_perm("archive.add_ingestrun") else SMALL_BYTES
        if self.length > most or self.length + LOW_DISK_BYTES > free_bytes():
            self.request.upload_too_large = True  # type: ignore[union-attr]  # set by Django before this is called
            raise SkipFile
        super().new_file(*args, **kwargs)
