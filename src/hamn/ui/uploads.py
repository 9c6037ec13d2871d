"""How uploaded files are read: in memory alone for a view that says so, else as Django does.

A file about a person is never laid down on disk in the clear, not for a moment: the view that takes
it in says how large it may be, and what is larger is counted and thrown away as it comes.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])
LONGEST_NAME = 80


def in_memory(most_bytes: int) -> Callable[[View], View]:
    """The view's files, together at most so large, are held in memory and never on disk.

    A larger one reaches the view with its size and without its content.
    """

    def told(view: View) -> View:
        view.most_in_memory = most_bytes  # type: ignore[attr-defined]
        return view

    return told


class InMemory(FileUploadHandler):
    """Holds the files of a view that is `in_memory`; any other view's go to the next handler."""

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002 the signature is Django's
        META: dict[str, Any],  # noqa: ARG002, N803
        content_length: int,  # noqa: ARG002
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """Before the first file: whether they are for us, and how much of them is kept."""
        self.left = _most_for(self.request)

    def new_file(self, *arguments: Any, **more: Any) -> None:
        """A file begins; no other handler hears of it."""
        super().new_file(*arguments, **more)
        if self.left is not None:
            self.kept: io.BytesIO | None = io.BytesIO()
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """A piece of the file, kept while there is room."""
        if self.left is None:
            return raw_data
        if self.kept is not None and start + len(raw_data) <= self.left:
            self.kept.write(raw_data)
        else:
            self.kept = None
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """The file; one that was too large is empty and says its true size."""
        if self.left is None:
            return None
        kept = self.kept or io.BytesIO()
        self.left -= kept.tell()
        kept.seek(0)
        return InMemoryUploadedFile(
            kept,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )


def _most_for(request: "HttpRequest | None") -> int | None:
    """How many bytes its view keeps in memory; none from who is not signed in.

    None for a view that reads files in the usual way.
    """
    if request is None:
        return None
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return None
    most: int | None = getattr(view, "most_in_memory", None)
    user = getattr(request, "user", None)
    return 0 if most is not None and not (user and user.is_authenticated) else most


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
