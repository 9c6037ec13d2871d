"""The one writer of exports: typed rows in, CSV, JSON, workbook or terminal table out.

Also the one place where a cell that a spreadsheet would run as a formula is made harmless.
CSV, JSON and workbooks are written row by row: rows may be a generator of any length.
A row is a mapping from column key to text, whole number, Decimal, Fraction, date, moment, truth
value or None (an empty cell); other keys in it are passed over.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Literal

from hamn.core.errors import BadInput, _
from hamn.core.money import decimal_comma, grouped, half_up

Kind = Literal["text", "integer", "kr", "percent", "date"]
Rows = Iterable[Mapping[str, Any]]

# What a spreadsheet may read as a formula: one of OWASP's characters, its wide form, or one that
# starts a command, also after blanks, marks and control characters that it skips.
FORMULA = re.compile(
    "[\\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]*[=+\\-@%|＝＋－＠％｜]|[\t\r\n]"
)
LONGEST_WORKBOOK_CELL = 32_767
_LEFT = ("text", "date")
_FORMATS = {"integer": "#,##0", "kr": "#,##0", "percent": "0.00", "date": "yyyy-mm-dd"}
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NO_WORKBOOK_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key for programs, its title for people (already translated), its kind."""

    key: str
    title: str
    kind: Kind = "text"


class TooLongForWorkbook(BadInput):
    """A text is longer than a workbook's cell; spreadsheets would cut it without a word."""

    code = "papers.too_long_for_workbook"

    def __init__(self, title: str) -> None:
        super().__init__(
            _(
                "En text i kolumnen {title} är längre än {most} tecken, och så lång text får inte "
                "plats i en Excel-fil. Välj csv eller json."
            ),
            title=title,
            most=LONGEST_WORKBOOK_CELL,
        )


def to_csv(columns: Sequence[Column], rows: Rows, stream: IO[str]) -> None:
    """Write the rows as CSV with the keys as header: comma, line feed, plain numbers, ISO dates.

    stream: opened for text in UTF-8 with `newline=""`. A text that a spreadsheet would run as a
    formula gets an apostrophe first.
    """
    stream.write(_csv_line([column.key for column in columns]))
    for row in rows:
        stream.write(_csv_line([_csv_cell(row.get(column.key)) for column in columns]))


def to_json(columns: Sequence[Column], rows: Rows, stream: IO[str]) -> None:
    """Write the rows as a JSON list of objects, one a line, with numbers as numbers."""
    keys = [column.key for column in columns]
    stream.write("[")
    for place, row in enumerate(rows):
        data = {key: _json_value(row.get(key)) for key in keys}
        stream.write((",\n " if place else "\n ") + json.dumps(data, ensure_ascii=False))
    stream.write("\n]\n")


def to_xlsx(columns: Sequence[Column], rows: Rows, out: Path | IO[bytes], title: str) -> None:
    """Write the rows as a workbook of one sheet, titles first; numbers and dates are typed.

    A text is always a text, also when it looks like a formula.
    Raises TooLongForWorkbook, and then writes nothing.
    """
    sheet = _Sheet(columns, title)
    try:
        for row in rows:
            sheet.append(row)
    finally:
        sheet.close()
    sheet.save(out)


def to_text(columns: Sequence[Column], rows: Rows, *, width: int = 0) -> str:
    """The rows as a table for a terminal: nothing is cut, numbers stand to the right.

    width: of the terminal; a long last column of text is wrapped to it. 0 wraps nothing.
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


def _csv_line(cells: Sequence[str]) -> str:
    """One row, ending in a line feed."""
    line = io.StringIO()
    # The writer quotes line breaks of its own kind only, but a bare carriage return ends a row too.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()[:-2] + "\n"


def _csv_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if FORMULA.match(value) else value
        case bool():
            return "true" if value else "false"
        case Fraction() | Decimal():
            return f"{_decimal(value):f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _json_value(value: Any) -> Any:
    match value:
        case Fraction() | Decimal():
            return float(_decimal(value))
        case date():
            return value.isoformat()
        case _:
            return value


def _decimal(value: Fraction | Decimal) -> Decimal:
    """A fraction, which may have no end, as two decimals rounded half up; a Decimal as it is."""
    return Decimal(half_up(value * 100)).scaleb(-2) if isinstance(value, Fraction) else value


class _Sheet:
    """A workbook of one sheet that is written as it grows, with its header in place."""

    def __init__(self, columns: Sequence[Column], title: str) -> None:
        # Loaded only by those who want a workbook; the library has no types.
        self._library: Any = import_module("openpyxl")
        self._columns = columns
        self._book = self._library.Workbook(write_only=True)
        self._sheet = self._book.create_sheet(_sheet_name(title))
        self._sheet.freeze_panes = "A2"
        for place, column in enumerate(columns, start=1):
            letter = self._library.utils.get_column_letter(place)
            width = max(28 if column.kind == "text" else 14, len(column.title) + 2)
            self._sheet.column_dimensions[letter].width = width
        self._sheet.append([self._title(column) for column in columns])

    def append(self, row: Mapping[str, Any]) -> None:
        """One more row."""
        self._sheet.append([self._cell(column, row.get(column.key)) for column in self._columns])

    def close(self) -> None:
        """No more rows; also after a fault, or the library complains when it is collected."""
        self._sheet.close()

    def save(self, out: Path | IO[bytes]) -> None:
        """The whole workbook, written to a file or stream."""
        self._book.save(out)

    def _title(self, column: Column) -> Any:
        styles = self._library.styles
        cell = self._text(column, column.title)
        cell.font = styles.Font(bold=True)
        cell.alignment = styles.Alignment(horizontal="left" if column.kind in _LEFT else "right")
        return cell

    def _cell(self, column: Column, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(column, value)
        if getattr(value, "tzinfo", None):
            return self._text(column, value.isoformat())  # a workbook knows no time zones
        typed = _decimal(value) if isinstance(value, Fraction) else value
        cell = self._library.cell.WriteOnlyCell(self._sheet, value=typed)
        cell.number_format = _FORMATS.get(column.kind, cell.number_format)
        return cell

    def _text(self, column: Column, text: str) -> Any:
        """A cell that stays text, also when someone opens it for editing and presses Enter."""
        if len(text) > LONGEST_WORKBOOK_CELL:
            raise TooLongForWorkbook(column.title)
        safe = _NO_WORKBOOK_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
        cell = self._library.cell.WriteOnlyCell(self._sheet, value=safe)
        cell.data_type = "s"
        cell.quotePrefix = FORMULA.match(text) is not None
        return cell


def _sheet_name(title: str) -> str:
    """At most 31 characters, without those that spreadsheets forbid in the name of a sheet."""
    return _NO_SHEET_NAME.sub(" ", title)[:31].strip("' ") or "Hamn"


def _wrapped(cells: list[str], width: int) -> list[list[str]]:
    """The row as one or more lines, its last cell wrapped to the width."""
    first, *rest = list(_pieces(cells[-1], width))
    return [[*cells[:-1], first], *([*([""] * (len(cells) - 1)), piece] for piece in rest)]


def _pieces(text: str, width: int) -> Iterator[str]:
    """The text in pieces no wider than the width, broken at spaces where there are any."""
    while _width(text) > width:
        end = _fitting(text, width)
        space = text.rfind(" ", 1, end + 1)
        end = space if space > 0 else end
        yield text[:end].rstrip(" ")
        text = text[end:].lstrip(" ")
    yield text


def _fitting(text: str, width: int) -> int:
    """How many characters from the start fit in the width, at least one."""
    used = 0
    for count, sign in enumerate(text):
        used += _width(sign)
        if used > width:
            return max(count, 1)
    return len(text)


def _line(columns: Sequence[Column], parts: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        part + " " * (width - _width(part))
        if column.kind in _LEFT
        else " " * (width - _width(part)) + part
        for column, part, width in zip(columns, parts, widths, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns on a terminal: wide East Asian signs take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def _shown(column: Column, value: Any) -> str:
    """The value for people; a text's line breaks and escape sequences cannot move the cursor."""
    if value is None:
        return ""
    is_number = isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool)
    if is_number and column.kind not in _LEFT:
        is_whole = column.kind != "percent" and value == int(value)
        return grouped(int(value)) if is_whole else decimal_comma(Fraction(value), 2)
    return "".join(
        sign if _is_harmless(sign) else "\N{REPLACEMENT CHARACTER}" for sign in str(value)
    )


def _is_harmless(sign: str) -> bool:
    return sign.isprintable() or unicodedata.category(sign) == "Zs"
