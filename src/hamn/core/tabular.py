"""Reading what people send: CSV that may come from a spreadsheet, with every fault named by row.

All or nothing: a file with one fault gives nothing but its list of faults.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeVar

from hamn.core.errors import BadInput, FaultsInFile, _

LARGEST_FILE = 20 * 1024 * 1024
LONGEST_NUMBER = 18  # digits; no count or amount in any list comes near
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009\t")
Row = dict[str, str]
Read = TypeVar("Read")


class RowFault(BadInput):
    """One fault with its place in the file."""

    code = "bad_row"

    def __init__(self, row: int, fault: BadInput) -> None:
        super().__init__(_("Rad {row}: {fault}"), row=row, fault=fault)


def read_text(path: Path) -> str:
    """The file's text without a byte order mark; Windows-1252 is understood (old Excel).

    Raises BadInput when it is missing, a folder, empty, binary or over 20 MB.
    """
    if not path.is_file():
        raise BadInput(_("Filen {name} finns inte. Kontrollera namn och mapp."), name=path)
    if path.stat().st_size > LARGEST_FILE:
        raise BadInput(
            _("Filen {name} är större än 20 MB. Så stor är ingen sådan lista; välj rätt fil."),
            name=path.name,
        )
    data = path.read_bytes()
    if not data.strip():
        raise _empty(path)
    if b"\x00" in data:
        raise _not_text(path)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():  # a byte order mark and nothing after it
            raise _empty(path)
        return text
    raise _not_text(path)


def rows_of(path: Path, *, required: Sequence[str]) -> list[tuple[int, Row]]:
    """The rows, cells stripped, with their numbers as a spreadsheet counts (the header is row 1).

    Comma or semicolon, whichever the header uses. Blank rows are passed over.
    Raises BadInput when a required column is missing or stands twice, or there is no row;
    FaultsInFile when a row has more cells than the header, as `44,831` without quotes gives.
    """
    reader = csv.reader(io.StringIO(text := read_text(path)), delimiter=_delimiter(text))
    try:
        header = [name.strip() for name in next(reader)]
        _require_columns(path, header, required)
        rows = [
            (number, [cell.strip() for cell in cells])
            for number, cells in enumerate(reader, start=2)
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error:
        raise BadInput(
            _("Filen {name} kan inte läsas som CSV. Spara den som CSV (UTF-8) och försök igen."),
            name=path.name,
        ) from None
    if not rows:
        raise BadInput(
            _("Filen {name} har rubriker men inga rader. Lägg till raderna och försök igen."),
            name=path.name,
        )
    _refuse_wide(path, rows, len(header))
    return [(n, dict(zip_longest(header, cells[: len(header)], fillvalue=""))) for n, cells in rows]


def column_like(path: Path, name: str) -> str:
    """The file's column of that name, or the first whose name begins with it and `_`."""
    header = rows_of(path, required=())[0][1]
    return next((own for own in header if own == name or own.startswith(f"{name}_")), name)


def read_all(
    path: Path, *, required: Sequence[str], read: Callable[[Row], Read]
) -> list[tuple[int, Read]]:
    """Every row read by the function, with its row number.

    Raises FaultsInFile with every row's fault when any row is refused.
    """
    good: list[tuple[int, Read]] = []
    faults: list[BadInput] = []
    for number, row in rows_of(path, required=required):
        try:
            good.append((number, read({name: row.get(name, "") for name in (*row, *required)})))
        except BadInput as fault:
            faults.append(RowFault(number, fault))
    if faults:
        raise FaultsInFile(path.name, faults)
    return good


def store_all(
    path: Path, rows: Iterable[tuple[int, Read]], store: Callable[[Read], object]
) -> None:
    """Store every row; the caller holds the transaction, so that a fault undoes all.

    Raises FaultsInFile when a row is refused only as it meets what is already stored.
    """
    faults: list[BadInput] = []
    for number, row in rows:
        try:
            store(row)
        except BadInput as fault:
            faults.append(RowFault(number, fault))
    if faults:
        raise FaultsInFile(path.name, faults)


def refuse_repeats(path: Path, rows: Iterable[tuple[int, Any]], *, what: str) -> None:
    """Raise FaultsInFile when a key stands twice; rows are (row number, key)."""
    seen: dict[Any, int] = {}
    faults: list[BadInput] = []
    for number, key in rows:
        if key in seen:
            fault = BadInput(
                _("{what} {key} står redan på rad {first}. Ta bort den ena raden."),
                what=what,
                key=key,
                first=seen[key],
            )
            faults.append(RowFault(number, fault))
        seen.setdefault(key, number)
    if faults:
        raise FaultsInFile(path.name, faults)


def whole_number(text: str, *, what: str) -> int:
    """A whole number; spaces and no-break spaces between thousands are fine.

    Raises BadInput for words, decimals, points or commas between thousands, signs, and more
    digits than any number here can have.
    """
    digits = text.translate(_SPACES)
    if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER:
        return int(digits)
    raise BadInput(
        _("{what} ”{text}” är inget helt tal. Skriv bara siffror, till exempel 44831."),
        what=what,
        text=text if len(text) <= 40 else f"{text[:40]}…",
    )


def _empty(path: Path) -> BadInput:
    return BadInput(_("Filen {name} är tom. Välj en fil med rader."), name=path.name)


def _not_text(path: Path) -> BadInput:
    return BadInput(
        _("Filen {name} är inte text. Spara kalkylarket som CSV (UTF-8) och försök igen."),
        name=path.name,
    )


def one_of(text: str, words: Iterable[str], *, what: str) -> str:
    """One of the words.

    Raises BadInput that lists them.
    """
    known = list(words)
    if text.strip().lower() not in known:
        raise BadInput(
            _("{what} ”{text}” är okänt. Skriv något av: {known}."),
            what=what,
            text=text,
            known=", ".join(known),
        )
    return text.strip().lower()


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _require_columns(path: Path, header: list[str], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise BadInput(
            _(
                "Filen {name} saknar kolumnen {missing}. Kolumnerna ska heta {required}. "
                "Rätta första raden."
            ),
            name=path.name,
            missing=", ".join(missing),
            required=", ".join(required),
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise BadInput(
            _("Filen {name} har kolumnen {twice} två gånger. Ta bort den ena."),
            name=path.name,
            twice=twice,
        )


def _refuse_wide(path: Path, rows: list[tuple[int, list[str]]], columns: int) -> None:
    faults: list[BadInput] = [
        RowFault(
            number,
            BadInput(
                _(
                    "Raden har {count} celler men rubrikraden har {columns}. Skriv tal utan "
                    "kommatecken och sätt text med kommatecken inom citattecken."
                ),
                count=len(cells),
                columns=columns,
            ),
        )
        for number, cells in rows
        if any(cells[columns:])
    ]
    if faults:
        raise FaultsInFile(path.name, faults)
