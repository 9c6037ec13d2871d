"""Agreements and their moves: `hamn agreement draft|sign|notice|withdraw|show|import`."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from hamn.agreement.agreements import actions, queries
from hamn.agreement.agreements.rules import NAMES, SIDE_NAMES, Side, SigningMethod, Status
from hamn.agreement.invoicing import queries as invoicing
from hamn.agreement.invoicing.rules import Outcome
from hamn.core.dates import parse_date, swedish_date
from hamn.core.errors import _ as marked
from hamn.core.identifiers import hyphenated
from hamn.core.money import kronor
from hamn.guards.access.queries import person_title
from hamn.guards.audit.events import registered
from hamn.papers.tables import Column
from hamn.register.organisations.rules import municipality_code

from . import arguments as given
from .invoice_run import issue_and_show

if TYPE_CHECKING:
    from hamn.agreement.agreements.models import Agreement
    from hamn.guards.access.models import Person


FACTS: dict[str, str] = {
    "signed_on": marked("undertecknat {signed_on}"),
    "starts_on": marked("gäller från {starts_on}"),
    "received": marked("mottagen {received}"),
    "ends_on": marked("sista dag {ends_on}"),
    "reason": marked("skäl: {reason}"),
}


def add_to(verbs: Any) -> None:
    """The verbs of agreements."""
    agreement = verbs.add_parser("agreement", help=_("avtal och deras läge"))
    kinds = agreement.add_subparsers(dest="subverb", metavar="VERB", required=True)
    _add_draft(kinds)
    _add_sign(kinds)
    _add_endings(kinds)
    show = kinds.add_parser("show", help=_("visa ett avtal, vad som saknas och dess händelser"))
    show.add_argument("code", type=municipality_code, metavar="KOD")
    show.add_argument("--format", choices=("table", "json"), default="table")
    show.set_defaults(run=run_show)
    listing = kinds.add_parser("list", help=_("visa alla avtal"))
    listing.add_argument("--format", choices=given.FORMATS, default="table")
    listing.add_argument("--out", type=Path, metavar="FIL")
    listing.set_defaults(run=run_list)
    importing = kinds.add_parser("import", help=_("läs in avtal som började på annat håll"))
    importing.add_argument("file", type=Path, metavar="FIL.csv")
    importing.set_defaults(run=run_import)


def run_draft(arguments: argparse.Namespace) -> None:
    """A draft with a municipality."""
    by = given.person(arguments)
    actions.end_due(today=given.today())
    actions.draft(
        code=arguments.code,
        index_base_year=arguments.index_base,
        agreed_start=arguments.start,
        reference=arguments.reference,
        reason=arguments.reason,
        by=by,
    )
    _show(arguments.code, by)


def run_sign(arguments: argparse.Namespace) -> None:
    """One party's signature, or both; then the first invoice is offered."""
    by, today = given.person(arguments), given.today()
    sides = list(Side) if arguments.side == "both" else [Side(arguments.side)]
    with transaction.atomic():
        agreement = queries.latest(by, arguments.code)
        for side in sides:
            agreement = actions.sign(
                agreement_id=agreement.pk,
                side=side,
                signed_on=arguments.on or today,
                agreed_start=arguments.start,
                title=arguments.title,
                method=SigningMethod(arguments.method),
                today=today,
                reason=arguments.reason,
                by=by,
            )
    _show(arguments.code, by)
    if Status(agreement.status) == Status.IN_FORCE:
        _offer_first_invoice(agreement, arguments, by)


def run_notice(arguments: argparse.Namespace) -> None:
    """Notice received from one of the parties."""
    by = given.person(arguments)
    agreement = actions.give_notice(
        agreement_id=queries.latest(by, arguments.code).pk,
        received=arguments.received or given.today(),
        from_side=Side(arguments.side),
        reason=arguments.reason,
        today=given.today(),
        by=by,
    )
    assert agreement.ends_on is not None
    print(_("Sista dagen är {day}.").format(day=swedish_date(agreement.ends_on)))


def run_withdraw(arguments: argparse.Namespace) -> None:
    """A draft put away."""
    by = given.person(arguments)
    actions.withdraw(
        agreement_id=queries.latest(by, arguments.code).pk, reason=arguments.reason, by=by
    )
    print(_("Utkastet är återkallat."))


def run_import(arguments: argparse.Namespace) -> None:
    """Agreements from a file, all or nothing."""
    saved = actions.import_agreements(
        path=arguments.file, today=given.today(), by=given.person(arguments)
    )
    print(_("{count} avtal lästes in.").format(count=len(saved)))


def run_show(arguments: argparse.Namespace) -> None:
    """One agreement."""
    by = given.person(arguments)
    if arguments.format == "json":
        given.show_json(agreement_data(queries.latest(by, arguments.code), by))
    else:
        _show(arguments.code, by)


def run_list(arguments: argparse.Namespace) -> None:
    """All agreements, in code order."""
    by = given.person(arguments)
    columns = [
        Column("municipality_code", _("Kod"), "text"),
        Column("name", _("Kommun"), "text"),
        Column("status", _("Läge"), "text"),
        Column("starts_on", _("Från"), "date"),
        Column("ends_on", _("Till och med"), "date"),
        Column("index_base_year", _("Basår"), "text"),
    ]
    rows = (
        {
            "municipality_code": row.party.municipality_id,
            "name": row.party.name,
            "status": _(NAMES[Status(row.status)]),
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "index_base_year": str(row.index_base_year),
        }
        for row in queries.agreements_for(by).order_by("party__municipality", "pk")
    )
    given.show(columns, rows, form=arguments.format, out=arguments.out, title=_("Avtal"))


def agreement_data(row: "Agreement", viewer: "Person") -> dict[str, Any]:
    """An agreement as programs read it."""
    return {
        "municipality_code": row.party.municipality_id,
        "name": row.party.name,
        "organisation_number": hyphenated(row.party.organisation_number),
        "status": row.status,
        "tariff": row.tariff.name,
        "services": queries.services(row),
        "index_base_year": row.index_base_year,
        "starts_on": row.starts_on,
        "notice_received_on": row.notice_received_on,
        "ends_on": row.ends_on,
        "signatures": [
            {"side": s.side, "signed_on": s.signed_on, "title": s.title, "method": s.method}
            for s in row.signatures.order_by("signed_on", "pk")
        ],
        "missing_before_invoicing": [
            _(item.name) for item in queries.missing_before_invoicing(row.party)
        ],
        "history": [
            {"at": e.at, "event": e.event, "by": e.by, "facts": json.loads(e.facts)}
            for e in queries.history(viewer, row)
        ],
    }


def _show(code: str, viewer: "Person") -> None:
    row = queries.latest(viewer, code)
    number = hyphenated(row.party.organisation_number)
    print(f"{row.party.name} ({code}, {number})" + _example(row))
    lines: list[tuple[str, str]] = [
        (_("Läge"), _(NAMES[Status(row.status)])),
        (_("Taxa"), row.tariff.name),
        (_("Tjänster"), ", ".join(_(name) for name in queries.services(row))),
        (_("Basår för index"), str(row.index_base_year)),
    ]
    lines += [
        (_("Undertecknat av {side}").format(side=_(SIDE_NAMES[Side(s.side)])), str(s.signed_on))
        for s in row.signatures.order_by("signed_on", "pk")
    ]
    for name, day in ((_("Gäller från"), row.starts_on), (_("Sista dag"), row.ends_on)):
        lines += [(name, swedish_date(day))] if day else []
    lacking = [_(item.name) for item in queries.missing_before_invoicing(row.party)]
    lines.append((_("Saknas före fakturering"), ", ".join(lacking) or _("inget")))
    for name, value in lines:
        print(f"  {name + ':':<28}{value}")
    print("  " + _("Händelser:"))
    for entry in queries.history(viewer, row):
        told = f"{_(registered()[entry.event])} {_why(entry.facts)}".rstrip()
        print(f"    {entry.at[:16].replace('T', ' ')} UTC  {who(entry.by)}: {told}")


def _example(row: "Agreement") -> str:
    return "  " + _("[påhittat exempel]") if row.party.is_example_number else ""


def who(by: str) -> str:
    """The title of the person that an entry names, or the system."""
    return person_title(by) or _("systemet")


def _why(facts: str) -> str:
    """What the entry's facts say, in the reader's words."""
    data = json.loads(facts)
    told = [_(template).format(**data) for name, template in FACTS.items() if data.get(name)]
    side = [_(SIDE_NAMES[Side(data[n])]) for n in ("side", "from_side") if data.get(n)]
    return "; ".join([*side, *told])


def _offer_first_invoice(
    agreement: "Agreement", arguments: argparse.Namespace, by: "Person"
) -> None:
    assert agreement.starts_on is not None
    year = agreement.starts_on.year
    plans = invoicing.preview(by, year=year, only=arguments.code)
    plan = next(one for one in plans if one.agreement_id == agreement.pk)
    if plan.outcome != Outcome.TO_ISSUE or plan.fee is None:
        print(_("Första fakturan: ingen. {reason}").format(reason=given.reason(plan)))
        return
    amount = f"{kronor(plan.fee.amount_kr)} ({plan.fee.twelfths}/12)"
    print(_("Första fakturan {year}: {amount}.").format(year=year, amount=amount))
    if arguments.invoice or _is_wanted():
        issue_and_show(year, only=arguments.code, out=arguments.out, by=by)
    else:
        print(
            _("Utfärda den med: hamn invoice-run {year} --only {code}").format(
                year=year, code=arguments.code
            )
        )


def _is_wanted() -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return input(_("Utfärda den nu? [j/N] ")).strip().lower() in ("j", "ja", "y", "yes")


def _add_draft(kinds: Any) -> None:
    draft = kinds.add_parser("draft", help=_("lägg upp ett avtalsutkast"))
    draft.add_argument("code", type=municipality_code, metavar="KOD")
    draft.add_argument("--start", type=parse_date, metavar="DATUM", help=_("avtalad start"))
    draft.add_argument("--index-base", type=given.year, metavar="ÅR", help=_("basår för index"))
    draft.add_argument("--reference", default="", metavar="DNR", help=_("diarienummer"))
    draft.add_argument("--reason", default="", metavar="TEXT", help=_("varför; står i spåret"))
    draft.set_defaults(run=run_draft)


def _add_sign(kinds: Any) -> None:
    sign = kinds.add_parser("sign", help=_("anteckna underskrift"))
    sign.add_argument("code", type=municipality_code, metavar="KOD")
    sign.add_argument("--on", type=parse_date, metavar="DATUM", help=_("dagen (annars i dag)"))
    sign.add_argument(
        "--side",
        choices=[*(side.value for side in Side), "both"],
        default="both",
        help=_("vem som skrev under"),
    )
    sign.add_argument("--start", type=parse_date, metavar="DATUM", help=_("avtalad start"))
    sign.add_argument("--title", default="", metavar="TITEL", help=_("undertecknarens titel"))
    sign.add_argument(
        "--method", choices=[method.value for method in SigningMethod], default="paper"
    )
    sign.add_argument("--invoice", action="store_true", help=_("utfärda första fakturan genast"))
    sign.add_argument("--out", type=Path, metavar="MAPP")
    sign.add_argument("--reason", default="", metavar="TEXT", help=_("varför; står i spåret"))
    sign.set_defaults(run=run_sign)


def _add_endings(kinds: Any) -> None:
    notice = kinds.add_parser("notice", help=_("anteckna uppsägning"))
    notice.add_argument("code", type=municipality_code, metavar="KOD")
    notice.add_argument(
        "--received",
        "--on",
        type=parse_date,
        metavar="DATUM",
        help=_("dagen då den kom (annars i dag)"),
    )
    notice.add_argument("--side", choices=[side.value for side in Side], default="municipality")
    notice.add_argument("--reason", default="", metavar="TEXT")
    notice.set_defaults(run=run_notice)
    withdraw = kinds.add_parser("withdraw", help=_("återkalla ett utkast"))
    withdraw.add_argument("code", type=municipality_code, metavar="KOD")
    withdraw.add_argument("--reason", required=True, metavar="TEXT")
    withdraw.set_defaults(run=run_withdraw)
