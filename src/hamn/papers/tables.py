"""The one writer of exports: typed rows in, CSV, JSON, workbook or terminal table out.

Also the one place where a cell that a spreadsheet would run as a formula is made harmless.
"""

import csv
import json
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Literal

from hamn.core.money import decimal_comma, grouped

Kind = Literal["text", "integer", "kr", "percent", "date"]
Rows = Iterable[Mapping[str, Any]]
# OWASP's list of first characters that make Excel and LibreOffice read a cell as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key for programs, its title for people (already translated), its kind."""

    key: str
    title: str
    kind: Kind = "text"


def to_csv(columns: Sequence[Column], rows: Rows, stream: IO[str]) -> None:
    """Write the rows as CSV with the keys as header: UTF-8, comma, line feed, plain numbers."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.key for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(row.get(column.key)) for column in columns])


def to_json(columns: Sequence[Column], rows: Rows, stream: IO[str]) -> None:
    """Write the rows as a JSON list of objects, one at a time."""
    keys = [column.key for column in columns]
    stream.write("[")
    for place, row in enumerate(rows):
        data = {key: _json_value(row.get(key)) for key in keys}
        stream.write((",\n " if place else "\n ") + json.dumps(data, ensure_ascii=False))
    stream.write("\n]\n")


def to_xlsx(columns: Sequence[Column], rows: Rows, out: Path | IO[bytes], title: str) -> None:
    """Write the rows as a workbook of one sheet with the titles as header; numbers are numbers."""
    from openpyxl import Workbook  # loaded only by those who want a workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns):
        sheet.column_dimensions[chr(ord("A") + place)].width = 28 if column.kind == "text" else 14
    header = [WriteOnlyCell(sheet, value=column.title) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    for row in rows:
        sheet.append([_workbook_cell(sheet, column, row.get(column.key)) for column in columns])
    book.save(out)


def to_text(columns: Sequence[Column], rows: Rows, *, width: int = 0) -> str:
    """The rows as a table for a terminal: nothing is cut, numbers stand to the right.

    width: of the terminal; a long last column is wrapped to it. 0 wraps nothing.
    """
    titles = [column.title for column in columns]
    cells = [[_shown(column, row.get(column.key)) for column in columns] for row in rows]
    widths = [max(map(_width, parts)) for parts in zip(titles, *cells, strict=True)]
    if width and columns[-1].kind == "text":
        others = sum(widths[:-1]) + 2 * len(widths) - 2
        widths[-1] = max(min(widths[-1], width - others), _width(titles[-1]), 20)
    rule = ["─" * one for one in widths]
    lines = [titles, rule, *(part for row in cells for part in _wrapped(row, widths[-1]))]
    return "\n".join(_line(columns, parts, widths) for parts in lines)


def _wrapped(cells: list[str], width: int) -> list[list[str]]:
    """The row as one or more lines, its last cell wrapped to the width."""
    parts = textwrap.wrap(cells[-1], width, break_on_hyphens=False) or [""]
    blank = [""] * (len(cells) - 1)
    return [[*cells[:-1], parts[0]], *([*blank, part] for part in parts[1:])]


def _line(columns: Sequence[Column], parts: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        part + " " * (width - _width(part))
        if column.kind in ("text", "date")
        else " " * (width - _width(part)) + part
        for column, part, width in zip(columns, parts, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns on a terminal: wide East Asian signs take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def _shown(column: Column, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.kind in ("integer", "kr"):
        return grouped(int(value))
    if column.kind == "percent":
        return decimal_comma(Fraction(value), 2)
    # A line break or an escape sequence in a text must not reshape the table or the terminal.
    return "".join(
        sign if _is_harmless(sign) else "\N{REPLACEMENT CHARACTER}" for sign in str(value)
    )


def _is_harmless(sign: str) -> bool:
    return sign.isprintable() or unicodedata.category(sign) == "Zs"


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value.isoformat() if isinstance(value, date) else value


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _workbook_cell(sheet: Any, column: Column, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, str):
        text = "".join(sign for sign in value if sign >= " " or sign == "\n")
        cell = WriteOnlyCell(sheet, value=text)
        cell.data_type = "s"  # a text stays a text, whatever it begins with
        return cell
    cell = WriteOnlyCell(sheet, value=value)
    formats = {"integer": "#,##0", "kr": "#,##0", "percent": "0.00", "date": "yyyy-mm-dd"}
    cell.number_format = formats.get(column.kind, "General")
    return cell


def _sheet_title(title: str) -> str:
    """At most 31 characters, without those that Excel forbids."""
    return "".join(sign for sign in title if sign not in r"[]:*?/\\")[:31] or "Hamn"
