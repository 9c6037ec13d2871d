"""Invoices as a list: found, filtered and summed; and the others of the same charge."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet, Sum

from hamn.register.organisations import queries as organisations

from ..document import Kind
from ..models import Invoice, Payment
from ..rules import InvoiceState
from .invoices import invoices_for, invoices_list

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the list somebody wants to see; empty parts limit nothing.

    number: the beginning of an invoice number, or a ledger reference. municipality: part of a name,
    or a code.
    """

    number: str = ""
    municipality: str = ""
    year: int | None = None
    state: InvoiceState | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The chosen invoices together, in kronor; count has credit notes too."""

    count: int
    invoiced_kr: int
    credited_kr: int
    paid_kr: int
    left_kr: int


_COUNTED = {
    "count": Count("pk"),
    "invoiced": Sum("amount_kr", filter=~Q(kind=Kind.CREDIT), default=0),
    "credit_notes": Sum("amount_kr", filter=Q(kind=Kind.CREDIT), default=0),
}


def chosen(viewer: "Person", asked: Asked, *, on: date) -> QuerySet[Invoice]:
    """The invoices that were asked for, as `invoices_list` gives them."""
    return invoices_list(viewer, on=on, state=asked.state).filter(_wanted(asked))


def sums(viewer: "Person", asked: Asked, *, on: date) -> Sums:
    """What the invoices of `chosen` come to; what is credited counts once, at its invoice."""
    rows = chosen(viewer, asked, on=on)
    if asked.number or asked.kind or asked.state:
        found = rows.order_by().aggregate(
            **_COUNTED, credited=Sum("credited_kr", default=0), paid=Sum("paid_kr", default=0)
        )
    else:
        # The usual way, ten times as fast: a credit note has its invoice's agreement and year.
        found = Invoice.objects.filter(_wanted(asked)).aggregate(**_COUNTED)
        found |= {"credited": found["credit_notes"], "paid": _paid_kr(asked)}
    return Sums(
        count=found["count"],
        invoiced_kr=found["invoiced"],
        # Credit notes alone, without their invoices, are still what was credited.
        credited_kr=found["credited"] if found["invoiced"] else found["credit_notes"],
        paid_kr=found["paid"],
        left_kr=found["invoiced"] - found["credited"] - found["paid"] if found["invoiced"] else 0,
    )


def state_of(viewer: "Person", row: Invoice, *, on: date) -> InvoiceState:
    """How the invoice stands on the day."""
    rows = invoices_list(viewer, on=on).filter(pk=row.pk)
    return InvoiceState(rows.values_list("state", flat=True).get())  # type: ignore[misc]


def rounds_of(viewer: "Person", row: Invoice) -> list[Invoice]:
    """The agreement's other invoices for the same year, oldest first: issued anew, or credited."""
    rows = invoices_for(viewer).filter(agreement=row.agreement_id, year=row.year)
    return list(rows.exclude(kind=Kind.CREDIT).exclude(pk=row.pk).order_by("round"))


def _wanted(asked: Asked, at: str = "") -> Q:
    """What was asked for, apart from the state. at: the way from the rows to the invoice."""
    found = Q()
    if asked.number:
        rows = Invoice.objects.filter(_numbered(asked.number))
        found &= Q(**{f"{at}pk__in": rows.values("pk")})
    if asked.municipality:
        codes = _codes(asked.municipality)
        found &= Q(**{f"{at}agreement__party__municipality__in": codes})
    if asked.year:
        found &= Q(**{f"{at}year": asked.year})
    return found & Q(**{f"{at}kind": asked.kind}) if asked.kind else found


def _paid_kr(asked: Asked) -> int:
    rows = Payment.objects.filter(_wanted(asked, "invoice__"))
    return int(rows.aggregate(sum=Sum("amount_kr", default=0))["sum"])


def _numbered(text: str) -> Q:
    found = Q(number__startswith=text)
    if text.isascii() and text.isdecimal():
        found &= Q(number__gte=text)
        if digits := text.rstrip("9"):
            # Also as a range, since SQLite looks at every row for a prefix alone.
            found &= Q(number__lt=f"{digits[:-1]}{int(digits[-1]) + 1}")
    elif text[:1] in "Hh" and text[1:].isascii() and text[1:].isdecimal() and len(text) < 18:
        found |= Q(pk=int(text[1:]), number__isnull=True)
    return found


def _codes(text: str) -> list[str]:
    """The codes of the municipalities whose name has the text, or whose code it is."""
    # SQLite's LIKE knows no Å, Ä and Ö in two sizes, so names are matched here.
    folded = text.casefold()
    names = organisations.known_municipalities().items()
    return [text, *(code for code, name in names if folded in name.casefold())]
