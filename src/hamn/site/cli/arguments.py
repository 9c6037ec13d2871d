"""What several verbs read and write in the same way."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from hamn.agreement.invoicing.rules import REASONS
from hamn.core.errors import BadInput, _, in_words
from hamn.papers.tables import Column, to_csv, to_json, to_text, to_xlsx
from hamn.site.acting import acting_person, person_or_none, proved_person

if TYPE_CHECKING:
    from hamn.agreement.invoicing.rules import Outcome, Plan
    from hamn.guards.access.models import Person

FORMATS = ("table", "csv", "json", "xlsx")


def person(arguments: argparse.Namespace) -> "Person":
    """Who acts; remembered, so that a refusal can be recorded on her."""
    arguments.person = acting_person(arguments.email)
    return arguments.person  # type: ignore[no-any-return]


def proved(arguments: argparse.Namespace) -> "Person":
    """Who acts, by her own authority: named, and shown to be she. Raises NotProved."""
    arguments.person = proved_person(arguments.email)
    return arguments.person  # type: ignore[no-any-return]


def person_or_reference(arguments: argparse.Namespace) -> "Person | None":
    """Who acts; None where there is no centre and the annex of 2018 is computed on instead."""
    if person_or_none() is None and not arguments.email:
        return None
    return person(arguments)


def today() -> date:
    """The date in Stockholm: the only place where the command line reads the clock."""
    return datetime.now(ZoneInfo("Europe/Stockholm")).date()


def tell_left_out(least: int) -> None:
    """What a table of counts for others than the unit's own leaves out."""
    print(gettext("Tomt: färre än {least}. De visas bara för enhetens egna.").format(least=least))
    print(gettext("Den månad som pågår räknas bara för enhetens egna."))


def kronor(text: str) -> int:
    """A whole, positive amount in kronor."""
    digits = text.replace(" ", "").replace("\u00a0", "").removesuffix("kr")
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= 2_000_000_000):
        raise BadInput(
            _("”{text}” är inget belopp i hela kronor. Skriv till exempel 4000000."), text=text
        )
    return int(digits)


def year(text: str) -> int:
    """A calendar year of four digits."""
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadInput(_("”{text}” är inget år. Skriv till exempel 2026."), text=text)
    return int(text)


def year_end(year: int) -> date:
    """31 December of the year."""
    return date(year, 12, 31)


def show(
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    form: str,
    out: Path | None = None,
    title: str = "Hamn",
) -> None:
    """Rows to the terminal or to a file, in the form asked for.

    Raises BadInput when a workbook would land on the screen.
    """
    if form == "xlsx":
        if out is None:
            raise needs_a_name()
        to_xlsx(columns, rows, out, title)
    elif out is not None:
        with out.open("w", encoding="utf-8", newline="") as stream:
            _write(columns, rows, form, stream)
    else:
        _write(columns, rows, form, sys.stdout)


def terminal_width() -> int:
    """The terminal's width in columns; what is piped or has no terminal gets a page's."""
    return shutil.get_terminal_size((110, 40)).columns


def check_folder(folder: Path | None) -> None:
    """The folder exists and can be written, before anything is issued whose files belong there.

    Raises BadInput when a file has its name; OSError when it cannot be written.
    """
    if folder is None:
        return
    if folder.exists() and not folder.is_dir():
        raise BadInput(
            _("{folder} är en fil, inte en mapp. Välj en mapp med --out."), folder=folder
        )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".hamn-"):
        pass


def needs_a_name() -> BadInput:
    """The refusal to write a workbook on the screen."""
    return BadInput(_("En Excel-fil behöver ett namn. Lägg till --out."))


def show_json(data: object) -> None:
    """One thing as JSON."""
    print(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def _write(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], form: str, stream: Any
) -> None:
    if form == "csv":
        to_csv(columns, rows, stream)
    elif form == "json":
        to_json(columns, rows, stream)
    else:
        print(to_text(columns, list(rows), width=terminal_width()), file=stream)


def reason(plan: "Plan") -> str:
    """Why a plan issues nothing, in the language that is active."""
    return reason_of(plan.outcome, plan.facts)


def reason_of(outcome: "Outcome", facts: Mapping[str, Any]) -> str:
    """The sentence of an outcome with its facts, in the language that is active."""
    return in_words(REASONS.get(outcome, ""), facts, lambda text: gettext(text) if text else "")
