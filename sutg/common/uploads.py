"""Uploads that are too large are let go while they arrive, not after they have filled the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

LARGEST = 50_000_000


class LimitedUpload(FileUploadHandler):
    """Counts the bytes of each file and drops the file past :data:`LARGEST`; ``request.upload_too_large`` then says so.

    The rest of the form is read as usual, so that the page can answer with everything that was typed.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > LARGEST:
            self.request.upload_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
