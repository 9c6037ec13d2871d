"""One invoice on its page: how it stands, why the amount, what has come and gone for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import _ as marked
from hamn.core.identifiers import hyphenated
from hamn.core.money import kronor
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.ui.lists import Column, Listing, Tag, table
from hamn.ui.pages import page
from hamn.ui.words import NONE, long_date, said

from .. import queries
from ..document import Kind
from ..queries import lists
from ..queries.explained import step_label
from ..rules import DELIVERY_NAMES, KIND_NAMES, DeliveryState, InvoiceState, Origin
from .invoices import state_tag

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import Invoice, Payment

DELIVERY_COLOURS = {
    DeliveryState.SUBMITTED: "blue",
    DeliveryState.TRANSPORTED: "turquoise",
    DeliveryState.ACCEPTED: "green",
    DeliveryState.REJECTED: "red",
}
ORIGIN_NAMES: dict[Origin, str] = {
    Origin.OWN: marked("Hamn"),
    Origin.LEDGER: marked("ekonomisystemet, på underlag från Hamn"),
    Origin.ELSEWHERE: marked("ett annat system, före Hamn"),
}
_CLAUSE = re.compile(r"§\s*(\d+)")
_COST = "6"  # the clause that the annex belongs to


@dataclass(frozen=True, slots=True)
class Shown:
    """A step from population to amount, in the reader's language."""

    label: str
    value: str
    clause: str
    number: str  # of the clause


@dataclass(frozen=True, slots=True)
class Entry:
    """A step of the document's way, as the timeline draws it."""

    title: str
    when: object
    by: str
    text: str


@permit("invoicing.see")
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The invoice: amount, state, dates, documents, the chain behind the amount, what came."""
    viewer = staff(request)
    row = queries.invoice(viewer, number)
    state = lists.state_of(viewer, row, on=timezone.localdate())
    payments = queries.payments_of(viewer, row)
    return page(
        request,
        "invoicing/invoice.html",
        invoice=row,
        heading=title_of(row),
        party=row.agreement.party,
        tags=[state_tag(state), *_delivery_tag(row)],
        is_credit_note=row.kind == Kind.CREDIT,
        has_document=row.document is not None,
        rows=_facts(viewer, row, state),
        money=_money(row),
        # A credit note says what is taken back; how the invoice came about stands on the invoice.
        steps=[_shown(step) for step in (row.explanation[-1:] if row.credits else row.explanation)],
        payments=_payments(payments) if payments else None,
        deliveries=_timeline(viewer, row),
        credit_notes=queries.credit_notes_of(viewer, row),
        rounds=lists.rounds_of(viewer, row) if row.kind != Kind.CREDIT else [],
        acts=_acts(viewer, row, state),
        hindrance=credit_hindrance(row),
    )


def title_of(row: "Invoice") -> str:
    """What the invoice is called on its pages."""
    told = _("Kreditfaktura {number}") if row.kind == Kind.CREDIT else _("Faktura {number}")
    return told.format(number=row)


def deliver_name(row: "Invoice") -> str:
    """What handing the document over is called, the first time and later."""
    is_first = queries.delivery_state(row) is None
    return _("Lämna dokumentet") if is_first else _("Lämna dokumentet igen")


def credit_hindrance(row: "Invoice") -> str:
    """Why the invoice cannot be credited, and what to do instead; empty when it can."""
    if row.kind == Kind.CREDIT:
        return _("En kreditfaktura krediteras inte. Utfärda fakturan på nytt om den behövs.")
    if row.origin == Origin.ELSEWHERE:
        return _("Fakturan är utfärdad i ett annat system. Kreditera den där.")
    if row.number is None:
        return _("Fakturan väntar på nummer av ekonomisystemet. Ta emot numret först.")
    if queries.is_credited(row):
        return _("Fakturan är redan helt krediterad. Den kan utfärdas på nytt.")
    return ""


def _shown(step: Mapping[str, Any]) -> Shown:
    clause = step["clause"]
    found = _CLAUSE.search(clause)
    number = found[1] if found else _COST if clause else ""
    return Shown(step_label(step), step["value"], _(clause) if clause else "", number)


def _delivery_tag(row: "Invoice") -> list[Tag]:
    state = queries.delivery_state(row)
    if state is None:
        return []
    told = _("leverans: {state}").format(state=said(DELIVERY_NAMES[state]))
    return [Tag(told, DELIVERY_COLOURS[state])]


def _facts(viewer: "Person", row: "Invoice", state: InvoiceState) -> list[dict[str, Any]]:
    """Whom, what for, by whom and when, for a summary list."""
    party = row.agreement.party
    parts = [
        _fact(
            _("Kommun"),
            f"{party.name} ({party.municipality_id})",
            link=(_("Visa kommunen"), reverse("organisations:show", args=[party.municipality_id]))
            if permits.allows(viewer, "organisations.see")
            else None,
        ),
        *_receiver(row),
        _fact(
            _("Avser"),
            _period(row),
            link=(_("Visa avtalet"), reverse("agreements:show", args=[row.agreement_id]))
            if permits.allows(viewer, "agreements.see")
            else None,
        ),
        _fact(_("Utfärdad"), long_date(row.issued_on)),
        _fact(_("Utfärdad av"), said(ORIGIN_NAMES[Origin(row.origin)])),
    ]
    if row.kind == Kind.CREDIT:
        return [*parts, _fact(_("Skäl"), row.reason or NONE)]
    return [*parts, *_dates(viewer, row, state)]


def _dates(viewer: "Person", row: "Invoice", state: InvoiceState) -> list[dict[str, Any]]:
    """Receipt and the due date that follows from it."""
    received: date | None = row.received_on  # type: ignore[attr-defined]
    receipt = None
    if row.number and permits.allows(viewer, "invoicing.record_receipt"):
        told = _("Rätta mottagandet") if received else _("Anteckna mottagandet")
        receipt = (told, reverse("invoicing:receipt", args=[row]))
    due = queries.real_due_on(row)
    told = long_date(due)
    if due and not received:
        told = _("{day}, räknat från fakturadagen tills mottagandet är antecknat").format(day=told)
    elif due and due != row.due_on:
        printed = long_date(row.due_on)
        told = _("{day}, 30 dagar efter mottagandet; på fakturan står {printed}").format(
            day=told, printed=printed
        )
    facts = [_fact(_("Mottagen"), long_date(received), link=receipt), _fact(_("Förfaller"), told)]
    if state == InvoiceState.OVERDUE and due:
        days = (timezone.localdate() - due).days
        facts.append(_fact(_("Förfallen sedan"), _("{count} dagar").format(count=days)))
    if row.document:
        facts.append(_fact(_("OCR-nummer"), row.document["payment"]["ocr"]))
    return facts


def _receiver(row: "Invoice") -> list[dict[str, Any]]:
    """To whom the document went, as it stood then."""
    if not row.document:
        return []
    buyer = row.document["buyer"]
    address = buyer["address"]
    code = address["postal_code"]
    where = f"{address['street']}, {code[:3]} {code[3:]} {address['city']}"
    names = [buyer["name"], buyer["department"], where]
    receiver = ", ".join(part for part in names if part)
    facts = [
        _fact(_("Mottagare"), receiver),
        _fact(_("Organisationsnummer"), hyphenated(buyer["organisation_number"])),
    ]
    if buyer["participant_id"]:
        facts.append(_fact(_("Peppol-id"), buyer["participant_id"]))
    return facts


def _period(row: "Invoice") -> str:
    if row.kind == Kind.CREDIT:
        return str(row.year)
    kind = said(KIND_NAMES[Kind(row.kind)])
    if row.twelfths is None:
        return f"{row.year} ({kind})"
    return _("{year}, {twelfths}/12 ({kind})").format(
        year=row.year, twelfths=row.twelfths, kind=kind
    )


def _money(row: "Invoice") -> list[tuple[str, str]]:
    """The amount and what has become of it, each with its name."""
    if row.kind == Kind.CREDIT:
        return [(_("Krediterat belopp"), kronor(row.amount_kr))]
    left = queries.left_to_pay_kr(row)
    paid: int = row.paid_kr  # type: ignore[attr-defined]
    credited: int = row.credited_kr  # type: ignore[attr-defined]
    last = (_("För mycket betalt"), kronor(-left)) if left < 0 else (_("Kvar"), kronor(left))
    parts = [(_("Belopp"), kronor(row.amount_kr)), (_("Betalt"), kronor(paid))]
    return [*parts, *([(_("Krediterat"), kronor(credited))] if credited else []), last]


def _payments(payments: list["Payment"]) -> Listing:
    columns = [
        Column("dag", _("Betald"), lambda payment: payment.paid_on, "date"),
        Column("belopp", _("Belopp"), lambda payment: payment.amount_kr, "kr"),
    ]
    return table(payments, columns, caption=_("Betalningar"))


def _timeline(viewer: "Person", row: "Invoice") -> list[Entry]:
    """The document's way, newest first."""
    found = []
    for event in reversed(queries.deliveries_of(viewer, row)):
        name = said(DELIVERY_NAMES[DeliveryState(event.state)]).capitalize()
        title = _("{state} igen, samma dokument").format(state=name) if event.is_replay else name
        found.append(Entry(title, event.at, "", event.detail))
    return found


def _acts(viewer: "Person", row: "Invoice", state: InvoiceState) -> list[tuple[str, str]]:
    """What this person can do with the invoice now: text and address."""
    is_charge = row.kind != Kind.CREDIT and row.number is not None
    left = queries.left_to_pay_kr(row) if is_charge else 0
    possible = (
        (left > 0, "record_payment", _("Anteckna betalning"), "payment"),
        (row.document is not None, "deliver", _("Anteckna leverans"), "delivery"),
        (row.document is not None, "deliver", deliver_name(row), "deliver"),
        (not credit_hindrance(row), "credit", _("Kreditera"), "credit"),
        (state == InvoiceState.CREDITED, "issue", _("Utfärda på nytt"), "reissue"),
    )
    return [
        (text, reverse(f"invoicing:{name}", args=[row]))
        for is_possible, verb, text, name in possible
        if is_possible and permits.allows(viewer, f"invoicing.{verb}")
    ]


def _fact(key: str, value: str, link: tuple[str, str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"key": {"text": key}, "value": {"text": value}}
    if link:
        found["actions"] = {"items": [{"text": link[0], "href": link[1]}]}
    return found
