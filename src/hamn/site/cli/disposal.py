"""Disposal at the command line: `hamn disposal plan|run`."""

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from hamn.core.dates import parse_date
from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.core.figures import LEAST_SHOWN
from hamn.guards.access.rules import every_unit
from hamn.guards.disposal import actions, queries, rules
from hamn.papers.tables import Column
from hamn.ui.words import said

from . import arguments as given

if TYPE_CHECKING:
    from hamn.guards.disposal.models import DisposalList
    from hamn.guards.disposal.queries import Outlook, Share

FORMATS = ("table", "csv", "json")


def add_to(verbs: Any) -> None:
    """The verbs of disposal."""
    disposal = verbs.add_parser("disposal", help=_("gallring: vad som kommer, och utförande"))
    kinds = disposal.add_subparsers(dest="subverb", metavar="VERB", required=True)
    plan = kinds.add_parser(
        "plan", help=_("vad som är moget, per enhet och regel; antal under 5 visas med --exact")
    )
    plan.add_argument("--on", required=True, metavar="DATUM")
    plan.add_argument("--format", choices=FORMATS, default="table")
    plan.add_argument(
        "--save", metavar="ENHET", help=_("ta fram enhetens lista, som en annan person godkänner")
    )
    plan.add_argument(
        "--exact",
        action="store_true",
        help=_("den egna enhetens antal, exakta den dagen; du visar att du är du"),
    )
    plan.set_defaults(run=run_plan)
    run = kinds.add_parser(
        "run", help=_("utför en lista som en annan person har godkänt; går att köra om")
    )
    run.add_argument("--approval", required=True, metavar="NUMMER")
    run.set_defaults(run=run_run)


def run_plan(arguments: argparse.Namespace) -> None:
    """Counts by unit, kind and rule; exact ones and a list only for who has proved who she is."""
    on = parse_date(arguments.on)
    if arguments.save:
        by = given.proved(arguments)
        row = actions.plan_list(unit=arguments.save, on=on, today=given.today(), by=by)
        print(
            _(
                "Lista {number} är framtagen: {planned} att gallra, {excluded} undantagna. En "
                "annan person godkänner den på sidan Gallring."
            ).format(number=row.pk, planned=row.planned, excluded=row.excluded)
        )
        return
    if arguments.exact:
        _show_exact(queries.forecast(given.proved(arguments), on), on, arguments.format)
    else:
        found = queries.outlook(given.person(arguments), on, given.today())
        _show_outlook(found, on, arguments.format)


def _show_exact(shares: "list[Share]", on: date, form: str) -> None:
    if form == "json":
        given.show_json({"on": on.isoformat(), "due": [_dated(one) for one in shares]})
        return
    done_by = Column("done_by", _("Klart senast"), "date")
    rows = ({**_in_words(one), "done_by": one.done_by} for one in shares)
    given.show([*_columns(), done_by], rows, form=form)
    if on <= given.today():
        _say_breach(shares)


def _show_outlook(found: "list[Outlook]", on: date, form: str) -> None:
    if form == "json":
        due = [_as_data(one) for one in found]
        given.show_json({"by": f"{on.year}-12-31", "shown_from": LEAST_SHOWN, "due": due})
        return
    given.show(_columns(), map(_in_words, found), form=form)
    if form == "table":
        print(
            _(
                "Räknat till och med den 31 december {year}, utan det som skrevs den här månaden. "
                "Tomt: färre än {least}; de visas för enhetens egna, med --exact."
            ).format(year=on.year, least=LEAST_SHOWN)
        )


def run_run(arguments: argparse.Namespace) -> None:
    """An approved list, destroyed; the approval is another person's, recorded when signed in."""
    list_id = _number(arguments.approval)
    by = given.proved(arguments)
    row = actions.run_list(list_id=list_id, today=given.today(), by=by, progress=_progress)
    print(
        _(
            "Gallrat: {destroyed}. Undantagna: {excluded}. Kvar för att de ändrats: {moved}. "
            "Bevis {certificate}."
        ).format(
            destroyed=row.destroyed,
            excluded=row.excluded,
            moved=row.moved,
            certificate=queries.proof_of(row).pk,
        )
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise BadInput(
            marked("”{text}” är inget nummer på en gallringslista. Det står på sidan Gallring."),
            text=text,
        )
    return int(text)


def _dated(one: "Share") -> dict[str, Any]:
    """A unit's own share for programs: also its days, as ISO 8601."""
    return {
        **_as_data(one),
        "first_due_on": one.first_due_on.isoformat(),
        "done_by": one.done_by.isoformat(),
    }


def _as_data(one: "Share | Outlook") -> dict[str, Any]:
    """A share for programs, in codes."""
    return {
        "unit": one.unit,
        "kind": one.kind,
        "rule_class": one.rule_class,
        "source": rules.rule_class(one.rule_class).source,
        "count": one.count,
        "held": one.held,
        "overdue": one.breach,
    }


def _in_words(one: "Share | Outlook") -> dict[str, Any]:
    return {
        **_as_data(one),
        "unit": said(every_unit().get(one.unit, one.unit)),
        "kind": said(rules.holding_of(one.kind).name),
        "rule_class": said(rules.rule_class(one.rule_class).name),
    }


def _columns() -> list[Column]:
    return [
        Column("unit", _("Enhet"), "text"),
        Column("kind", _("Slag"), "text"),
        Column("rule_class", _("Regel"), "text"),
        Column("count", _("Mogna"), "integer"),
        Column("held", _("Undantagna"), "integer"),
        Column("overdue", _("För sent"), "integer"),
    ]


def _say_breach(shares: "list[Share]") -> None:
    late = sum(one.breach for one in shares)
    if late:
        print(
            _("Obs: {count} skulle redan ha gallrats. Ta fram listor och godkänn dem.").format(
                count=late
            ),
            file=sys.stderr,
        )


def _progress(row: "DisposalList") -> None:
    if sys.stderr.isatty():
        done = row.destroyed + row.moved
        print(f"\r{done}/{row.planned}", end="", file=sys.stderr, flush=True)
