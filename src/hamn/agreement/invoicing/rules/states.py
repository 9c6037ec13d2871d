"""Refusals, numbers, dates and the states of a delivery."""

import re
from datetime import date, timedelta
from enum import StrEnum

from hamn.agreement.agreements import rules as agreements
from hamn.core.errors import BadInput, Refusal, _

from ..document import Kind

DAYS_TO_PAY = 30  # after receipt (§ 6, Z13)
LONGEST_NUMBER = 30


class YearNotBegun(Refusal):
    """An invoice for a year that has not begun may be previewed, not issued."""

    code = "invoicing.year_not_begun"


class NotCreditable(Refusal):
    """There is nothing left to credit, or the document cannot be credited here."""

    code = "invoicing.not_creditable"


class NotDeliverable(Refusal):
    """The delivery's states do not allow this step."""

    code = "invoicing.not_deliverable"


class Stopped(Refusal):
    """The e-invoice breaks a rule, so the invoice is not issued; the violations are its facts."""

    code = "invoicing.stopped"


class Origin(StrEnum):
    """Who numbers and sends the invoice."""

    OWN = "own"
    LEDGER = "ledger"  # the provider's own ledger; Hamn hands over a basis
    ELSEWHERE = "elsewhere"  # before the centre took Hamn into use


KIND_NAMES: dict[Kind, str] = {
    Kind.FIRST: _("första"),
    Kind.YEARLY: _("årlig"),
    Kind.CREDIT: _("kredit"),
}


ELSEWHERE = _("Utfärdad innan centret började använda Hamn; uträkningen finns i det gamla systemet")


def check_year_begun(year: int, *, today: date) -> None:
    """Pass only a year that has begun, for issuing.

    Raises YearNotBegun.
    """
    if year > today.year:
        raise YearNotBegun(
            _("Året {year} har inte börjat. Det går att förhandsgranska nu och utfärda i januari."),
            year=year,
        )


def check_reason(reason: str) -> None:
    """Pass only a reason that says something and fits where it is kept.

    Raises BadInput.
    """
    if not reason.strip():
        raise BadInput(_("Ange skälet. Det står i spåret, och på en kreditfaktura."))
    agreements.check_reason(reason)


def check_year(year: int) -> None:
    """Pass only a year that an agreement can be about.

    Raises BadInput.
    """
    if not 2018 <= year <= 2100:
        raise BadInput(_("Året {year} kan inte stämma. Skriv till exempel 2026."), year=year)


def due_on(*, issued_on: date, received_on: date | None) -> date:
    """The due date: 30 days after receipt; until it is known, after sending (H11, Z13)."""
    return (received_on or issued_on) + timedelta(days=DAYS_TO_PAY)


def series_name(prefix: str, issued_on: date) -> str:
    """The number series of a year of issue."""
    return f"{prefix}{issued_on.year}"


def number_in(series: str, place: int) -> str:
    """The invoice number at a place in its series, digits only: `202600001`."""
    return f"{series}{place:05d}"


def check_number(text: str, *, series_prefix: str | None) -> str:
    """A number that another system gave, when it cannot collide with Hamn's own series.

    series_prefix: of Hamn's numbers; None where Hamn numbers nothing.
    Raises BadInput when it is empty, too long, or has the form of Hamn's own.
    """
    if not 1 <= len(text) <= LONGEST_NUMBER:
        raise BadInput(_("Fakturanumret ”{number}” ska ha 1–30 tecken."), number=text)
    # The series of any year: a number of 2030 would stand in the way in 2030.
    if series_prefix is not None and re.fullmatch(rf"{series_prefix}20[0-9]{{7}}", text):
        raise BadInput(
            _(
                "Numret {number} har samma form som Hamns egna. Välj en annan början på "
                "nummerserien i centre.toml och läs in igen."
            ),
            number=text,
        )
    return text


class DeliveryState(StrEnum):
    """How far the document has come; apart from the document, which never changes."""

    SUBMITTED = "submitted"
    TRANSPORTED = "transported"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


DELIVERY_NAMES: dict[DeliveryState, str] = {
    DeliveryState.SUBMITTED: _("inlämnad"),
    DeliveryState.TRANSPORTED: _("överförd"),
    DeliveryState.ACCEPTED: _("godtagen"),
    DeliveryState.REJECTED: _("avvisad"),
}
DELIVERY_MOVES: dict[DeliveryState | None, set[DeliveryState]] = {
    None: {DeliveryState.SUBMITTED},
    DeliveryState.SUBMITTED: set(DeliveryState),
    DeliveryState.TRANSPORTED: {
        DeliveryState.SUBMITTED,
        DeliveryState.ACCEPTED,
        DeliveryState.REJECTED,
    },
    DeliveryState.ACCEPTED: {DeliveryState.SUBMITTED},
    DeliveryState.REJECTED: {DeliveryState.SUBMITTED, DeliveryState.ACCEPTED},
}


def check_delivery(present: DeliveryState | None, wanted: DeliveryState) -> None:
    """Pass only a step that the table has; submitting again is always a replay, never new.

    Raises NotDeliverable.
    """
    if wanted not in DELIVERY_MOVES[present]:
        raise NotDeliverable(
            _("Fakturan är {present} och kan inte bli {wanted}. Lämna in den först."),
            present=DELIVERY_NAMES[present] if present else _("inte inlämnad"),
            wanted=DELIVERY_NAMES[wanted],
        )
