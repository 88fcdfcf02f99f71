"""Uploads stream to disk; those of strangers, or over the limit, are never written at all."""

from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class StaffUploadHandler(TemporaryFileUploadHandler):
    """Writes uploaded files below the data directory, for signed-in staff only and up to the stated limit.

    A request over the limit gets no file at all and `request.upload_too_large` set, so that the form can say so.
    """

    too_large = False

    def handle_raw_input(  # type: ignore[override]  # the stubs know no handler that returns nothing
        self, input_data: IO[bytes], meta: dict[str, Any], content_length: int, *args: Any, **kwargs: Any
    ) -> None:
        self.too_large = content_length > settings.ARCHIVE_MAX_UPLOAD_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_staff:
            raise SkipFile
        if self.too_large:
            self.request.upload_too_large = True  # type: ignore[union-attr]  # set by Django before this is called
            raise SkipFile
        super().new_file(*args, **kwargs)
