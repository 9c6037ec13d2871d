"""An uploaded file as a file on disk, for actions that read files from the command line too."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LONGEST_NAME = 80


@contextmanager
def on_disk(upload: "UploadedFile[Any]") -> Iterator[Path]:
    """The file in a folder of its own, gone afterwards; named as faults will tell it."""
    # Django leaves only the last part of a path in the name; what cannot be printed goes too.
    name = "".join(sign for sign in upload.name or "" if sign.isprintable() and sign not in "/\\")
    with TemporaryDirectory(prefix="hamn-") as folder:
        path = Path(folder) / (name[-LONGEST_NAME:].strip(".") or "fil.csv")
        with path.open("wb") as stream:
            stream.writelines(upload.chunks())
        yield path
