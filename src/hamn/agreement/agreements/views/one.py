"""One agreement: where it stands, what to do, parties, terms, fee and history."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.agreement.tariffs.rules import LABELS, remaining_twelfths
from hamn.core.errors import _ as marked
from hamn.core.identifiers import hyphenated
from hamn.core.money import decimal_comma
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.guards.access.queries import titles
from hamn.guards.audit.events import registered
from hamn.register.organisations import queries as organisations
from hamn.register.organisations.rules import FIELD_NAMES, NEEDED_TO_INVOICE, NEEDED_TO_SIGN
from hamn.ui.lists import Column, Listing, table
from hamn.ui.pages import page
from hamn.ui.words import said

from .. import queries
from ..events import FACTS
from ..queries import YearFee
from ..rules import (
    METHOD_NAMES,
    NEXT_STEPS,
    SIDE_NAMES,
    UNSIGNED,
    NextStep,
    Side,
    SigningMethod,
)
from .lists import tag_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.audit.models import Entry
    from hamn.register.organisations.models import ContactPerson, Party

    from ..models import Agreement

# A party's sheet, in the order of § 1.
SHEET: tuple[tuple[str, tuple[str, ...]], ...] = (
    (marked("Organisationsnummer"), ("organisation_number",)),
    (marked("Avdelning eller enhet"), ("department",)),
    (marked("Kontaktperson"), ("contact",)),
    (marked("Postadress"), ("postal_street", "postal_code", "postal_city")),
    (marked("Faktureringsadress"), ("billing_street", "billing_code", "billing_city")),
    (marked("Peppol-id"), ("participant_id",)),
    (marked("Er referens"), ("buyer_reference",)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a party's sheet. lacks: the fields that are empty though they are needed."""

    label: str
    value: str
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the history, as the timeline shows it."""

    title: str
    when: datetime
    by: str
    text: str


@permit("agreements.see")
def show(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Everything about the agreement, what to do next first."""
    by, on = staff(request), timezone.localdate()
    row = queries.shown(by, agreement_id, on=on)
    return page(
        request,
        "agreements/show.html",
        moves=queries.moves(by, row),
        told=_timeline(by, row),
        may_mend=permits.allows(by, "organisations.save_party"),
        may_see_invoices=permits.allows(by, "invoicing.see"),
        **_next(by, row, on),
        **_content(row, on),
    )


@permit("agreements.see")
def terms(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The agreement's terms on one page, made to be printed."""
    on = timezone.localdate()
    row = queries.shown(staff(request), agreement_id, on=on)
    return page(request, "agreements/terms.html", today=on, **_content(row, on))


def reading_rows(fees: Sequence[YearFee]) -> Listing:
    """Each year's fee by both base years, the agreement's own first (Z8)."""
    columns = [
        Column("year", _("År"), lambda one: str(one[0])),
        Column("base", _("Basår för index"), lambda one: str(one[1].base_year)),
        Column("factor", _("Uppräkning"), lambda one: decimal_comma(one[1].factor, 4)),
        Column("twelfths", _("Tolftedelar"), lambda one: f"{one[1].fee.twelfths}/12"),
        Column("amount", _("Avgift"), lambda one: one[1].fee.amount_kr, "kr"),
    ]
    rows = [(one.year, reading) for one in fees for reading in one.readings]
    return table(rows, columns, caption=_("Avgiften med de två sätten att räkna index"))


def _content(row: "Agreement", on: date) -> dict[str, Any]:
    """What both pages show."""
    provider = organisations.provider()
    contacts = organisations.contacts_on([provider.pk, row.party_id], on)
    fees = queries.fees_ahead(row, on=on)
    expected = queries.expected_start(row, on=on) if row.status in UNSIGNED else None
    return {
        "row": row,
        "state": tag_of(row),
        "provider": provider,
        "provider_lines": _sheet(provider, contacts.get(provider.pk))[:4],
        "party_lines": _sheet(row.party, contacts.get(row.party_id)),
        "services": queries.services(row),
        "basis": queries.basis(row),
        "expected": expected,
        "first_year": (row.starts_on or expected or on).year,
        "twelfths": remaining_twelfths(row.starts_on) if row.starts_on else None,
        "percent_told": decimal_comma(Fraction(row.tariff.index_percent), 2).removesuffix(",00"),
        "fees": [(one, _steps(one)) for one in fees],
        "readings": reading_rows(fees),
        "has_two_readings": any(len(one.readings) > 1 for one in fees),
        "signatures": _signatures(row),
        "notice_by": SIDE_NAMES[Side(row.notice_by)] if row.notice_by else "",
    }


def _next(by: "Person", row: "Agreement", on: date) -> dict[str, Any]:
    """What to do next, and the way there for who may."""
    step = queries.step_of(row, on=on)
    return {
        "step": step.value,
        "step_told": NEXT_STEPS[step],
        "missing": queries.lacking(row),
        "prepare_url": _prepare_url(by, row) if step == NextStep.FIRST_INVOICE else "",
    }


def _prepare_url(by: "Person", row: "Agreement") -> str:
    """To the preparing of the first invoice; empty for who may not."""
    if row.starts_on is None or not permits.allows(by, "invoicing.prepare"):
        return ""
    path = reverse("invoicing:prepare", args=[row.starts_on.year])
    return f"{path}?kommun={row.party.municipality_id}"


def _sheet(party: "Party", contact: "ContactPerson | None") -> list[Line]:
    needed = set() if party.is_provider else {*NEEDED_TO_SIGN, *NEEDED_TO_INVOICE}
    texts = {
        "organisation_number": hyphenated(party.organisation_number),
        "contact": _reached(contact) if contact else "",
        "postal_street": _address(party, "postal"),
        "billing_street": _address(party, "billing"),
    }
    has = {"contact": contact is not None}
    return [
        Line(
            label=said(label),
            value=texts.get(names[0], str(getattr(party, names[0], ""))),
            lacks=[
                said(FIELD_NAMES[name])
                for name in names
                if name in needed and not has.get(name, getattr(party, name, ""))
            ],
        )
        for label, names in SHEET
    ]


def _address(party: "Party", kind: str) -> str:
    """Street, postal code and town of the postal or the billing address, those that there are."""
    street, code, city = (getattr(party, f"{kind}_{part}") for part in ("street", "code", "city"))
    town = f"{code[:3]} {code[3:]} {city}".strip()
    return ", ".join(part for part in (street, town) if part)


def _reached(contact: "ContactPerson") -> str:
    return ", ".join(part for part in (contact.title, contact.email, contact.phone) if part)


def _steps(one: YearFee) -> list[tuple[str, str, str]]:
    """The chain of the fee: what, how much, by which clause."""
    return [
        (said(LABELS[step.code], **step.facts), step.value, said(step.clause))
        for step in one.fee.steps
    ]


def _signatures(row: "Agreement") -> Listing:
    columns = [
        Column("side", _("Part"), lambda one: said(SIDE_NAMES[Side(one.side)])),
        Column("signed_on", _("Undertecknat"), lambda one: one.signed_on, "date"),
        Column("title", _("Titel"), lambda one: one.title),
        Column("method", _("Hur"), lambda one: said(METHOD_NAMES[SigningMethod(one.method)])),
    ]
    return table(queries.signatures(row), columns, caption=_("Underskrifter"))


def _timeline(by: "Person", row: "Agreement") -> list[Told]:
    """The history in words, newest first; one query for all its people."""
    entries = queries.history(by, row)[::-1]
    people = titles({entry.by for entry in entries})
    return [
        Told(
            title=said(registered()[entry.event]),
            when=datetime.fromisoformat(entry.at),
            by=people.get(entry.by, _("systemet")),
            text=_why(entry),
        )
        for entry in entries
    ]


def _why(entry: "Entry") -> str:
    """What the entry's facts add, in the reader's words."""
    facts = json.loads(entry.facts)
    for name, names in (("side", SIDE_NAMES), ("from_side", SIDE_NAMES), ("method", METHOD_NAMES)):
        if facts.get(name):
            facts[name] = names[facts[name]]
    told = [said(sentence, **facts) for name, sentence in FACTS.items() if facts.get(name)]
    return ", ".join(told)
