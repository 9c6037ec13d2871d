"""One invoice: `hamn invoice …`, `hamn explain`, `hamn credit`, `hamn validate-einvoice`."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.actions.hand_over import TAKEN_BACK
from hamn.agreement.invoicing.document import Kind
from hamn.agreement.invoicing.peppol.validate import Violation, is_sendable, validate
from hamn.agreement.invoicing.rules import DELIVERY_NAMES, KIND_NAMES, DeliveryState, Reading
from hamn.core import tabular
from hamn.core.dates import parse_date
from hamn.core.errors import BadInput
from hamn.core.errors import _ as marked
from hamn.core.money import kronor
from hamn.guards.audit import actions as audit
from hamn.papers.tables import Column
from hamn.register.organisations.rules import municipality_code

from . import arguments as given
from .fees import print_steps, step_data
from .invoice_run import press


def add_to(verbs: Any) -> None:
    """The verbs of one invoice."""
    invoice = verbs.add_parser("invoice", help=_("en faktura: mottagen, betald, levererad"))
    kinds = invoice.add_subparsers(dest="subverb", metavar="VERB", required=True)
    _add_dated(kinds)
    _add_documents(kinds)
    explain = verbs.add_parser("explain", help=_("varför detta belopp?"))
    explain.add_argument("number", metavar="FAKTURA")
    explain.add_argument("--format", choices=("table", "json"), default="table")
    explain.set_defaults(run=run_explain)
    credit = verbs.add_parser("credit", help=_("kreditera en faktura, helt eller delvis"))
    credit.add_argument("number", metavar="FAKTURA")
    credit.add_argument("--reason", required=True, metavar="TEXT")
    credit.add_argument("--amount-kr", type=given.kronor, metavar="KR")
    credit.add_argument("--out", type=Path, metavar="MAPP")
    credit.set_defaults(run=run_credit)
    check = verbs.add_parser("validate-einvoice", help=_("pröva e-fakturor mot reglerna"))
    check.add_argument("files", type=Path, nargs="+", metavar="FIL")
    check.set_defaults(run=run_validate)


def run_received(arguments: argparse.Namespace) -> None:
    """The day the receiver got it."""
    by = given.person(arguments)
    actions.record_receipt(number=arguments.number, on=arguments.on, today=given.today(), by=by)
    due = queries.real_due_on(queries.invoice(by, arguments.number))
    print(_("Mottagen {day}; ska betalas senast {due}.").format(day=arguments.on, due=due))


def run_paid(arguments: argparse.Namespace) -> None:
    """Money that came."""
    by = given.person(arguments)
    paid = actions.record_payment(
        number=arguments.number,
        on=arguments.on,
        amount_kr=arguments.amount_kr,
        today=given.today(),
        by=by,
    )
    left = queries.left_to_pay_kr(queries.invoice(by, arguments.number))
    print(
        _("{paid} antecknat; {left} kvar.").format(paid=kronor(paid.amount_kr), left=kronor(left))
    )


def run_state(arguments: argparse.Namespace) -> None:
    """What the carrier or the receiver has said."""
    actions.record_delivery(
        number=arguments.number,
        state=DeliveryState(arguments.state),
        adapter="manual",
        detail=arguments.detail,
        by=given.person(arguments),
    )
    print(_("Antecknat: {state}.").format(state=_(DELIVERY_NAMES[DeliveryState(arguments.state)])))


def run_deliver(arguments: argparse.Namespace) -> None:
    """The same bytes handed over again: a replay."""
    by = given.person(arguments)
    row = queries.invoice(by, arguments.number)
    queries.file_of(row, "xml")
    for path in actions.deliver_to_folder(invoices=[row], folder=arguments.out, by=by):
        print(path)


def run_decide(arguments: argparse.Namespace) -> None:
    """What is invoiced for an agreement under notice."""
    actions.decide(
        code=arguments.code,
        year=arguments.year,
        reading=Reading(arguments.reading),
        reason=arguments.reason,
        by=given.person(arguments),
    )
    print(
        _("Beslutet är antecknat. Nästa körning av {year} följer det.").format(year=arguments.year)
    )


def run_reissue(arguments: argparse.Namespace) -> None:
    """A wholly credited invoice issued anew with today's data."""
    by = given.person(arguments)
    given.check_folder(arguments.out)
    row = actions.reissue(number=arguments.number, today=given.today(), by=by, press=press())
    _hand_over_files(row, arguments, by)


def run_credit(arguments: argparse.Namespace) -> None:
    """A credit note."""
    by = given.person(arguments)
    given.check_folder(arguments.out)
    row = actions.credit(
        number=arguments.number,
        reason=arguments.reason,
        amount_kr=arguments.amount_kr,
        today=given.today(),
        by=by,
        press=press(),
    )
    _hand_over_files(row, arguments, by)
    left = queries.left_to_pay_kr(queries.invoice(by, arguments.number))
    told = _("Krediterar {number}: {left} kvar att betala.")
    if left < 0:
        told = _("Krediterar {number}: {left} är för mycket betalt och ska betalas tillbaka.")
    print(told.format(number=arguments.number, left=kronor(abs(left))))


def run_import(arguments: argparse.Namespace) -> None:
    """Invoices from elsewhere, or numbers back from the ledger: told apart by their columns."""
    by, today = given.person(arguments), given.today()
    header = tabular.rows_of(arguments.file, required=())[0][1]
    if TAKEN_BACK[0] in header:
        count = actions.take_back(path=arguments.file, today=today, by=by)
        print(_("{count} fakturor fick nummer av ekonomisystemet.").format(count=count))
    else:
        count = actions.import_invoices(path=arguments.file, today=today, by=by)
        print(_("{count} fakturor från annat håll lästes in.").format(count=count))


def run_list(arguments: argparse.Namespace) -> None:
    """The year's invoices."""
    by = given.person(arguments)
    columns = [
        Column("number", _("Faktura"), "text"),
        Column("kind", _("Slag"), "text"),
        Column("municipality_code", _("Kod"), "text"),
        Column("name", _("Kommun"), "text"),
        Column("amount_kr", _("Belopp kr"), "kr"),
        Column("left_kr", _("Kvar kr"), "kr"),
        Column("issued_on", _("Utfärdad"), "date"),
        Column("due_on", _("Förfaller"), "date"),
    ]
    rows: Iterable[dict[str, Any]] = queries.invoice_rows(by, year=arguments.year)
    if arguments.format == "table":
        rows = ({**row, "kind": _(KIND_NAMES[Kind(row["kind"])])} for row in rows)
    given.show(columns, rows, form=arguments.format, out=arguments.out, title=str(arguments.year))


def run_explain(arguments: argparse.Namespace) -> None:
    """Every step from population to amount."""
    row = queries.invoice(given.person(arguments), arguments.number)
    if arguments.format == "json":
        given.show_json(
            {
                "number": row.number,
                "kind": row.kind,
                "municipality_code": row.agreement.party.municipality_id,
                "year": row.year,
                "amount_sek": row.amount_kr,
                "twelfths": row.twelfths,
                "steps": [step_data(step) for step in row.explanation],
            }
        )
        return
    kind = _("Kreditfaktura") if row.kind == Kind.CREDIT else _("Faktura")
    print(f"{kind} {row}  {row.agreement.party.name} {row.year}: {kronor(row.amount_kr)}")
    print_steps(row.explanation)


def run_validate(arguments: argparse.Namespace) -> int:
    """Each file judged; 1 when any may not be sent."""
    folder = Path(settings.PEPPOL_RULES) if settings.PEPPOL_RULES else None
    sendable = True
    for path in arguments.files:
        if not path.is_file():
            raise BadInput(marked("Filen {name} finns inte. Kontrollera namn och mapp."), name=path)
        found = validate(path.read_bytes(), rules_folder=folder)
        sendable &= is_sendable(found)
        verdict = _("godkänd") if is_sendable(found) else _("underkänd")
        print(f"{path}: {verdict}")
        for violation in found:
            print(_told(violation), file=sys.stdout)
    return int(not sendable)


def _told(violation: Violation) -> str:
    english = get_language() == "en"
    kind = "" if violation.is_fatal else " (" + _("varning") + ")"
    field = "" if english or not violation.field else f" [{violation.field}]"
    text = violation.text_en if english else violation.text
    return f"  {violation.rule_id}{kind}: {text}{field} {violation.location}".rstrip()


def _hand_over_files(row: Any, arguments: argparse.Namespace, by: Any) -> None:
    if row.document is not None:
        folder = arguments.out or settings.HAMN_HOME / "invoices" / str(row.year)
        actions.deliver_to_folder(invoices=[row], folder=folder, by=by)
        print(folder / f"{row.number}.pdf")
    audit.export_head(settings.TRAIL_HEADS)
    told = _("Faktura {number} är utfärdad: {amount}.")
    if row.number is None:
        told = _("{number} väntar på nummer: {amount}. Lämna över med ”hamn invoice-run --basis”.")
    print(told.format(number=row, amount=kronor(row.amount_kr)))


def _add_dated(kinds: Any) -> None:
    received = kinds.add_parser("received", help=_("anteckna mottagandet"))
    received.add_argument("number", metavar="FAKTURA")
    received.add_argument("--on", type=parse_date, required=True, metavar="DATUM")
    received.set_defaults(run=run_received)
    paid = kinds.add_parser("paid", help=_("anteckna en betalning"))
    paid.add_argument("number", metavar="FAKTURA")
    paid.add_argument("--on", type=parse_date, required=True, metavar="DATUM")
    paid.add_argument("--amount-kr", type=given.kronor, metavar="KR")
    paid.set_defaults(run=run_paid)
    decide = kinds.add_parser("decide", help=_("besluta om ett uppsagt avtals år"))
    decide.add_argument("code", type=municipality_code, metavar="KOD")
    decide.add_argument("year", type=given.year, metavar="ÅR")
    decide.add_argument("--reading", choices=[reading.value for reading in Reading], required=True)
    decide.add_argument("--reason", required=True, metavar="TEXT")
    decide.set_defaults(run=run_decide)


def _add_documents(kinds: Any) -> None:
    state = kinds.add_parser("state", help=_("anteckna vad transportören eller mottagaren sagt"))
    state.add_argument("number", metavar="FAKTURA")
    state.add_argument(
        "state", metavar="LÄGE", choices=[s.value for s in DeliveryState if s != "submitted"]
    )
    state.add_argument("--detail", default="", metavar="TEXT")
    state.set_defaults(run=run_state)
    deliver = kinds.add_parser("deliver", help=_("lämna samma dokument igen"))
    deliver.add_argument("number", metavar="FAKTURA")
    deliver.add_argument("--out", type=Path, required=True, metavar="MAPP")
    deliver.set_defaults(run=run_deliver)
    reissue = kinds.add_parser("reissue", help=_("utfärda på nytt det som krediterats helt"))
    reissue.add_argument("number", metavar="FAKTURA")
    reissue.add_argument("--out", type=Path, metavar="MAPP")
    reissue.set_defaults(run=run_reissue)
    importing = kinds.add_parser("import", help=_("läs in fakturor eller nummer ur en CSV-fil"))
    importing.add_argument("file", type=Path, metavar="FIL.csv")
    importing.set_defaults(run=run_import)
    listing = kinds.add_parser("list", help=_("årets fakturor"))
    listing.add_argument("year", type=given.year, metavar="ÅR")
    listing.add_argument("--format", choices=given.FORMATS, default="table")
    listing.add_argument("--out", type=Path, metavar="FIL")
    listing.set_defaults(run=run_list)
