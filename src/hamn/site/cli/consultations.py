"""A year of consultations in counts, at the command line: `hamn consultations`."""

import argparse
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hamn.core.figures import LEAST_SHOWN
from hamn.insight.consultations.queries import stats
from hamn.papers.tables import Column
from hamn.ui.words import said

from . import arguments as given

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hamn.insight.consultations.queries.stats import Exact, Line

FORMATS = ("table", "csv", "json")


def add_to(verbs: Any) -> None:
    """The verb; nothing of who asked, or what, is told by it."""
    verb = verbs.add_parser(
        "consultations", help=_("konsultationer till yrkesverksamma: ett år i siffror")
    )
    verb.add_argument("--year", required=True, metavar="ÅR")
    verb.add_argument(
        "--exact",
        action="store_true",
        help=_("den egna enhetens siffror, exakta och fördelade; du visar att du är du"),
    )
    verb.add_argument("--format", choices=FORMATS, default="table")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Counts of a year, from the facts alone."""
    year, today = given.year(arguments.year), given.today()
    if arguments.exact:
        exact = stats.exact_of(given.proved(arguments), year, today=today)
        if arguments.format == "json":
            given.show_json({"year": year, "units": [_as_data(one) for one in exact]})
            return
        _show((line for one in exact for line in stats.lines_of(one)), arguments.format)
        return
    whole = stats.whole_of(given.person(arguments), year, today=today)
    if arguments.format == "json":
        given.show_json(
            {
                "year": year,
                "through": whole.through,
                "shown_from": LEAST_SHOWN,
                "given": whole.given,
                "supervisions": whole.supervisions,
                "by_class": whole.by_class,
                "by_municipality": whole.by_municipality,
            }
        )
        return
    _show(stats.whole_lines(whole, _("Hela centret")), arguments.format)
    if arguments.format == "table":
        given.tell_left_out(LEAST_SHOWN)


def _show(lines: "Iterable[Line]", form: str) -> None:
    columns = [
        Column("unit", _("Enhet"), "text"),
        Column("what", _("Vad"), "text"),
        Column("part", _("Fördelning"), "text"),
        Column("count", _("Antal"), "text"),
    ]
    rows = (
        {
            "unit": line.unit,
            "what": said(line.what),
            "part": said(line.part),
            "count": "" if line.count is None else str(line.count),
        }
        for line in lines
    )
    given.show(columns, rows, form=form)


def _as_data(one: "Exact") -> dict[str, Any]:
    tally = one.tally
    return {
        "unit": one.unit,
        "name": one.name,
        "given": tally.given,
        "supervisions": tally.supervisions,
        "referred": tally.referred,
        "minutes": tally.minutes,
        "by": tally.parts,
    }
