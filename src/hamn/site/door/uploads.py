"""Files that nobody asked for: read past, and never written anywhere."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class NothingKept(FileUploadHandler):
    """Takes in no file; the form's other fields are read as if none had come."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Let go of the file before its first byte.

        Raises SkipFile, always.
        """
        super().new_file(*args, **kwargs)
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """Nothing is kept."""
        return

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        """No file comes of it."""
        return
