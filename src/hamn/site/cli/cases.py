"""A year of casework in counts, at the command line: `hamn cases stats`."""

import argparse
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hamn.core.dates import ended_through
from hamn.core.figures import LEAST_SHOWN
from hamn.papers.tables import Column
from hamn.support.cases.queries import stats
from hamn.support.cases.rules.stats import TOTALS
from hamn.ui.words import said

from . import arguments as given

if TYPE_CHECKING:
    from hamn.support.cases.queries.stats import Exact, Totals

FORMATS = ("table", "csv", "json")


def add_to(verbs: Any) -> None:
    """The verb of casework; nothing of a case is told by it."""
    cases = verbs.add_parser("cases", help=_("ärenden: ett år i siffror, utan någon person"))
    kinds = cases.add_subparsers(dest="subverb", metavar="VERB", required=True)
    counts = kinds.add_parser(
        "stats", help=_("antal per enhet; de små visas bara för enhetens egna, med --exact")
    )
    counts.add_argument("--year", required=True, metavar="ÅR")
    counts.add_argument(
        "--exact",
        action="store_true",
        help=_("den egna enhetens siffror, exakta och fördelade; du visar att du är du"),
    )
    counts.add_argument("--format", choices=FORMATS, default="table")
    counts.set_defaults(run=run_stats)


def run_stats(arguments: argparse.Namespace) -> None:
    """Counts of a year by unit, from the facts alone."""
    year, today = given.year(arguments.year), given.today()
    if arguments.exact:
        found = stats.exact_of(given.proved(arguments), year, today=today)
        _show_exact(found, year, arguments.format)
    else:
        totals = stats.totals_of(given.person(arguments), year, today=today)
        _show_totals(totals, ended_through(year, today=today), year, arguments.format)


def _show_totals(found: "list[Totals]", through: str | None, year: int, form: str) -> None:
    if form == "json":
        units = [{"unit": one.unit, "name": one.name, **one.totals} for one in found]
        told = {"year": year, "through": through, "shown_from": LEAST_SHOWN}
        given.show_json({**told, "units": units})
        return
    columns = [Column("name", _("Enhet"), "text")]
    columns += [Column(name, said(text), "integer") for name, text in TOTALS.items()]
    columns += [Column("through", _("Räknat till och med"), "text")]
    rows = ({"name": one.name, **one.totals, "through": through} for one in found)
    given.show(columns, rows, form=form)
    if form == "table":
        given.tell_left_out(LEAST_SHOWN)


def _show_exact(found: "list[Exact]", year: int, form: str) -> None:
    if form == "json":
        given.show_json({"year": year, "units": [_as_data(one) for one in found]})
        return
    columns = [
        Column("unit", _("Enhet"), "text"),
        Column("count", _("Antal"), "integer"),
        Column("base", _("Av"), "integer"),
        Column("what", _("Vad"), "text"),
        Column("part", _("Fördelning"), "text"),
    ]
    lines = (line for one in found for line in stats.lines_of(one))
    rows = (
        {
            "unit": line.unit,
            "count": line.count,
            "base": line.base,
            "what": said(line.what),
            "part": said(line.part),
        }
        for line in lines
    )
    given.show(columns, rows, form=form)


def _as_data(one: "Exact") -> dict[str, Any]:
    outcomes = {
        outcome.measure: {"base": outcome.base, "answers": outcome.answers}
        for outcome in one.tally.outcomes
    }
    parts = {"by": one.tally.parts, "outcomes": outcomes}
    return {"unit": one.unit, "name": one.name, **one.tally.totals, **parts}
