"""The door at the command line: response times, what has expired, the database's role.

Who is asked for by name and how far she is believed: docs/adr/0010 and 0021.
"""

import argparse
import os
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.dates import ended_through, parse_date
from hamn.core.figures import LEAST_SHOWN
from hamn.papers.tables import Column
from hamn.register.staff.queries import every_unit_name
from hamn.site.door.role import set_role
from hamn.support.door.actions.keeping import expire
from hamn.support.door.queries import response
from hamn.support.door.rules.response import DAYS, TOTALS
from hamn.ui.words import said

from . import arguments as given

if TYPE_CHECKING:
    from hamn.support.door.actions.keeping import Expired

FORMATS = ("table", "csv", "json")


def add_to(verbs: Any) -> None:
    """The verbs of the door; none of them tells what anyone wrote."""
    door = verbs.add_parser("door", help=_("dörren: svarstider, radering enligt beslut, databas"))
    kinds = door.add_subparsers(dest="subverb", metavar="VERB", required=True)
    times = kinds.add_parser(
        "response-times",
        help=_("hur länge personer väntat på svar ett år; små tal bara för de egna, med --exact"),
    )
    times.add_argument("--year", required=True, metavar="ÅR")
    times.add_argument(
        "--exact",
        action="store_true",
        help=_("den egna enhetens siffror, exakta; du visar att du är du"),
    )
    times.add_argument("--format", choices=FORMATS, default="table")
    times.set_defaults(run=run_response_times)
    ends = kinds.add_parser(
        "expire", help=_("radera det vars tid är ute enligt enhetens gallringsbeslut")
    )
    ends.add_argument("--on", required=True, metavar="DATUM", help=_("dagen, år-månad-dag"))
    ends.add_argument("--dry-run", action="store_true", help=_("visa bara vad som skulle raderas"))
    ends.add_argument("--format", choices=FORMATS, default="table")
    ends.set_defaults(run=run_expire)
    role = kinds.add_parser(
        "role", help=_("ge dörrens roll i PostgreSQL de rättigheter den ska ha, inga andra")
    )
    role.add_argument("--name", metavar="ROLL", help=_("rollens namn (annars det vanliga)"))
    role.set_defaults(run=run_role)


def run_response_times(arguments: argparse.Namespace) -> None:
    """A year of response times by unit, from the facts alone."""
    year, today = given.year(arguments.year), given.today()
    if arguments.exact:
        exact = response.exact_of(given.proved(arguments), year, today=today)
        _show_exact(exact, year, arguments.format)
    else:
        totals = response.totals_of(given.person(arguments), year, today=today)
        _show_totals(totals, ended_through(year, today=today), year, arguments.format)


def run_expire(arguments: argparse.Namespace) -> None:
    """What has expired on the day, erased as each unit's decision says, and how much it was.

    As the worker does it every day; a head who is named does it for her own units.
    """
    person, on = given.person(arguments), parse_date(arguments.on)
    is_named = bool(arguments.email or os.environ.get("HAMN_AS"))
    by = person if is_named else None
    found = expire(on=on, now=timezone.now(), dry_run=arguments.dry_run, by=by)
    if arguments.format == "json":
        units = [one._asdict() for one in found]
        is_done = not arguments.dry_run
        given.show_json({"on": on.isoformat(), "is_erased": is_done, "units": units})
        return
    names = every_unit_name()
    given.show(_expired_columns(), (_expired(one, names) for one in found), form=arguments.format)
    if arguments.format == "table":
        print(_told_of(found, is_dry=arguments.dry_run))


def run_role(arguments: argparse.Namespace) -> None:
    """The door's role on PostgreSQL with its rights as the code has them."""
    given.person(arguments)
    name = set_role(arguments.name)
    print(
        _("Rollen {name} har de rättigheter som dörren behöver, och inga andra.").format(name=name)
    )


def _show_totals(found: "list[response.Totals]", through: str | None, year: int, form: str) -> None:
    if form == "json":
        units = [
            {"unit": one.unit, "name": one.name, **one.totals, "median_days": one.median}
            for one in found
        ]
        told = {"year": year, "through": through, "shown_from": LEAST_SHOWN}
        given.show_json({**told, "units": units})
        return
    columns = [Column("name", _("Enhet"), "text")]
    columns += [Column(name, said(text), "integer") for name, text in TOTALS.items()]
    columns += [Column("median", _("Hälften av svaren"), "text")]
    columns += [Column("through", _("Räknat till och med"), "text")]
    rows = (
        {"name": one.name, **one.totals, "median": _days(one.median), "through": through}
        for one in found
    )
    given.show(columns, rows, form=form)
    if form == "table":
        given.tell_left_out(LEAST_SHOWN)


def _show_exact(found: "list[response.Exact]", year: int, form: str) -> None:
    if form == "json":
        given.show_json({"year": year, "units": [_as_data(one) for one in found]})
        return
    columns = [
        Column("unit", _("Enhet"), "text"),
        Column("what", _("Vad"), "text"),
        Column("count", _("Antal"), "integer"),
    ]
    rows = (
        {"unit": one.name, "what": what, "count": count}
        for one in found
        for what, count in _lines(one)
    )
    given.show(columns, rows, form=form)


def _lines(one: "response.Exact") -> list[tuple[str, int]]:
    totals = [(said(TOTALS[name]), count) for name, count in one.times.totals.items()]
    answers = said(TOTALS["answers"])
    by_days = [
        (f"{answers}: {said(DAYS[days])}", count) for days, count in one.times.by_days.items()
    ]
    return totals + by_days


def _as_data(one: "response.Exact") -> dict[str, Any]:
    return {
        "unit": one.unit,
        "name": one.name,
        **one.times.totals,
        "median_days": one.times.median,
        "answers_by_working_days": {str(days): n for days, n in one.times.by_days.items()},
    }


def _days(median: int | None) -> str:
    return said(DAYS[median]) if median is not None else ""


def _expired_columns() -> list[Column]:
    return [
        Column("unit", _("Enhet"), "text"),
        Column("decision", _("Beslut"), "text"),
        Column("contents", _("Dialoger vars innehåll går"), "integer"),
        Column("channels", _("Tomma dialoger som går"), "integer"),
        Column("stopped", _("Som något hindrar"), "integer"),
    ]


def _expired(one: "Expired", names: Any) -> dict[str, Any]:
    return {**one._asdict(), "unit": names.get(one.unit, one.unit)}


def _told_of(found: "list[Expired]", *, is_dry: bool) -> str:
    if not found:
        return _("Ingen enhet har ett gallringsbeslut för dialoger, så ingenting raderas.")
    if is_dry:
        return _("Ingenting är raderat: det här är vad som skulle gå.")
    return _("Raderat. Äldre säkerhetskopior läses inte när enheternas nycklar har bytts.")
