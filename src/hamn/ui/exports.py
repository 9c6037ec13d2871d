"""Lists as files that other programs read, and papers to fetch.

The writer of lists is the house's only one (papers.tables).
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from hamn.core.errors import NotVisible, _
from hamn.papers.tables import Column, to_csv, to_xlsx

CHUNK = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PDF, JSON = "application/pdf", "application/json"
# Whatever a browser makes of a file, nothing in it runs and nothing in it reaches out.
HARMLESS = "sandbox; default-src 'none'; frame-ancestors 'none'"


def paper(content: bytes, *, name: str, media_type: str = PDF) -> HttpResponse:
    """The document to save under a name that tells nothing."""
    return HttpResponse(content, content_type=media_type, headers=to_save(name))


def to_save(name: str) -> dict[str, str]:
    """The headers of a file to save: no cache keeps it, and the browser guesses nothing about it.

    name: stays in the browser's list of what was fetched, so it tells nothing about anybody.
    """
    return {
        "Content-Disposition": str(content_disposition_header(True, name)),
        "Content-Security-Policy": HARMLESS,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


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
