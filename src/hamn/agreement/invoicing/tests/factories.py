"""What the tests of invoicing start from: terms, presses, and an issued invoice."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.agreements import queries as agreement_queries
from hamn.agreement.agreements.rules import Side
from hamn.agreement.invoicing import queries
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.models import Invoice, InvoiceFile, InvoiceLine, NumberSeries
from hamn.agreement.invoicing.rules import Terms
from hamn.agreement.tariffs.rules import Basis
from hamn.guards.audit.models import Entry
from hamn.register.organisations import actions as organisations
from hamn.register.organisations import queries as registers

OSTERAKER = "0117"
# Signed before 2026, so that the whole of 2026 is to be paid.
CODES = ("0114", "0115", "0117", "0120", "0123", "0125", "0126", "0127", "0128", "0136", "0138")
BASIS = Basis(
    total_kr=4_000_000,
    population=44_831,
    all_population=2_344_124,
    population_year=2018,
    annex_kr=76_499,
    is_addition=False,
)


def terms(**changes: Any) -> Terms:
    """Österåker's own terms: from 1 June 2024, base year 2024, nothing missing."""
    fields: dict[str, Any] = {
        "agreement_id": 1,
        "code": OSTERAKER,
        "name": "Österåkers kommun",
        "starts": date(2024, 6, 1),
        "ends": None,
        "index_base_year": 2024,
        "index_percent": Decimal(2),
        "price_level_year": 2021,
        "basis": BASIS,
        "charged": None,
        "decision": None,
        "missing": (),
    }
    return Terms(**{**fields, **changes})


def sign(in_force: Callable[..., Any], codes: Sequence[str], day: date = date(2024, 6, 1)) -> None:
    """Each of the municipalities has an agreement in force from the day."""
    for code in codes:
        in_force(code, day)


def issued(cast: Any, in_force: Callable[..., Any], run_year: Callable[..., Any]) -> Invoice:
    """Österåker's invoice for 2026: 76 499 kr, five years' index, issued 15 January."""
    in_force(OSTERAKER, date(2024, 6, 1))
    run_year(2026)
    return queries.invoices_for(cast.first).get(agreement__party__municipality=OSTERAKER)


def leave(cast: Any, code: str, received: date) -> Any:
    """The municipality's agreement under notice, received on the day."""
    return agreements.give_notice(
        agreement_id=agreement_queries.latest(cast.steward, code).pk,
        received=received,
        from_side=Side.MUNICIPALITY,
        reason="test",
        today=received,
        by=cast.steward,
    )


def come_back(in_force: Callable[..., Any], code: str, day: date) -> Any:
    """A new agreement of a municipality whose last one has come to its end."""
    agreements.end_due(today=day)
    return in_force(code, day)


def numbers() -> list[str]:
    """Every number that has been taken, in order."""
    taken = Invoice.objects.filter(number__isnull=False).order_by("number")
    return list(taken.values_list("number", flat=True))


def stored() -> dict[str, int]:
    """How many rows there are of each kind that an invoice leaves."""
    kinds = (Invoice, InvoiceLine, InvoiceFile)
    series = sum(NumberSeries.objects.values_list("last", flat=True))
    return {kind.__name__: kind.objects.count() for kind in kinds} | {"series": series}


def events(prefix: str = "invoicing.") -> list[str]:
    """The events of invoicing in the trail, oldest first."""
    rows = Entry.objects.filter(event__startswith=prefix).order_by("place")
    return list(rows.values_list("event", flat=True))


def mend(cast: Any, code: str, **fields: Any) -> None:
    """The party's data as someone with the right to it would save them."""
    party = registers.party(cast.first, code)
    given = {"municipality_id": code, "name": party.name, **fields}
    organisations.save_party(fields=given, contact=None, by=cast.first)


class PowerCut(Exception):
    """What no code of the house catches."""


def failing_press(after: int) -> Press:
    """A press that fails on the document after that many, as at a power cut."""
    drawn = iter(range(after))

    def draw(document: Any, xml: bytes) -> bytes:
        if next(drawn, None) is None:
            raise PowerCut
        return b"%PDF-test"

    return Press(judge=lambda xml: [], draw=draw)
