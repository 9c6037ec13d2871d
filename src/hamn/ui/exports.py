"""Lists as files that other programs read; the writer is the house's only one (papers.tables)."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from hamn.core.errors import NotVisible, _
from hamn.papers.tables import Column, to_csv, to_xlsx

CHUNK = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    form: str,
    name: str,
    title: str,
) -> HttpResponseBase:
    """The rows as `name.csv`, streamed, or as `name.xlsx`.

    Raises NotVisible for any other form.
    """
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            _csv(columns, rows), content_type="text/csv; charset=utf-8"
        )
    elif form == "xlsx":
        book = io.BytesIO()
        to_xlsx(columns, rows, book, title)
        book.seek(0)
        response = FileResponse(book, content_type=XLSX)
    else:
        raise NotVisible(_("Filen finns inte. Välj csv eller xlsx."))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _csv(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The lines, some hundreds at a time, so that memory stays flat."""
    # A mark that makes spreadsheets read the file as UTF-8.
    yield b"\xef\xbb\xbf"
    part: list[Mapping[str, Any]] = []
    is_first = True
    for row in rows:
        part.append(row)
        if len(part) == CHUNK:
            yield _text(columns, part, with_header=is_first)
            part, is_first = [], False
    if part or is_first:
        yield _text(columns, part, with_header=is_first)


def _text(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], *, with_header: bool
) -> bytes:
    stream = io.StringIO(newline="")
    to_csv(columns, rows, stream)
    text = stream.getvalue()
    return (text if with_header else text.partition("\n")[2]).encode()
