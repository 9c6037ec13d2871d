"""Where an invoice becomes a row: number, rows, bytes and trail in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hamn.core.errors import Refusal, _
from hamn.guards.audit import actions as audit

from ..document import InvoiceDocument, Kind, as_data
from ..events import Event
from ..models import Invoice, InvoiceFile, InvoiceLine, NumberSeries
from ..rules import Origin
from .press import Pressed

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


class Moved(Exception):
    """Something changed since the documents were written: make them again."""


class NumberTaken(Refusal):
    """The next number of the series was given to another system's invoice."""

    code = "invoicing.number_taken"


@dataclass(slots=True)
class Ready:
    """An invoice with its rows and bytes, waiting for its transaction."""

    invoice: Invoice
    lines: list[InvoiceLine]
    pressed: Pressed | None = None  # none when the ledger numbers and sends
    files: list[InvoiceFile] = field(default_factory=list)


def next_place(series: str) -> int:
    """The place that the next invoice of the series would take."""
    last = NumberSeries.objects.filter(name=series).values_list("last", flat=True).first()
    return (last or 0) + 1


def store(ready: Sequence[Ready], *, series: str, first: int, by: "Person") -> None:
    """Take the numbers and store everything; the caller holds the transaction.

    first: the place in the series that the documents were numbered from.
    Raises Moved when the series has gone on meanwhile: then the documents carry wrong numbers.
    """
    _take(series, first, sum(item.pressed is not None for item in ready))
    _refuse_taken([item.invoice.number for item in ready if item.invoice.number])
    Invoice.objects.bulk_create([item.invoice for item in ready])
    for item in ready:
        for line in item.lines:
            line.invoice = item.invoice
        item.files = _files(item)
    InvoiceLine.objects.bulk_create([line for item in ready for line in item.lines])
    InvoiceFile.objects.bulk_create([stored for item in ready for stored in item.files])
    audit.record_many((_happening(item) for item in ready), by=by)


def numbered(invoice: Invoice, pressed: Pressed | None) -> Invoice:
    """The unsaved invoice with what its document says: number, dates, contents."""
    if pressed is None:
        invoice.origin = Origin.LEDGER
        return invoice
    document = pressed.document
    invoice.origin = Origin.OWN
    invoice.number, invoice.issued_on = document.number, document.issued_on
    invoice.due_on, invoice.document = document.due_on, _plain(document)
    return invoice


def ensure_series(series: str) -> None:
    """The series' row exists, so that it can be locked."""
    NumberSeries.objects.bulk_create([NumberSeries(name=series)], ignore_conflicts=True)


def _take(series: str, first: int, count: int) -> None:
    if not count:
        return
    row = NumberSeries.objects.select_for_update().get(name=series)
    if row.last + 1 != first:
        raise Moved
    row.last += count
    row.save(update_fields=["last"])


def _refuse_taken(numbers: Sequence[str]) -> None:
    taken = Invoice.objects.filter(number__in=numbers).values_list("number", flat=True).first()
    if taken is not None:
        raise NumberTaken(
            _(
                "Numret {number} står i tur men finns redan på en faktura från ett annat system. "
                "Välj en annan början på nummerserien (series_prefix) i centre.toml."
            ),
            number=taken,
        )


def _files(item: Ready) -> list[InvoiceFile]:
    if item.pressed is None:
        return []
    contents = {InvoiceFile.Format.UBL: item.pressed.xml, InvoiceFile.Format.PDF: item.pressed.pdf}
    return [
        InvoiceFile(
            invoice=item.invoice,
            format=form,
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
        )
        for form, content in contents.items()
        if content
    ]


def _happening(item: Ready) -> audit.Happening:
    row = item.invoice
    event = Event.CREDITED if row.kind == Kind.CREDIT else Event.ISSUED
    facts = {
        "number": row.number,
        "agreement": row.agreement_id,
        "year": row.year,
        "amount_kr": row.amount_kr,
        "sha256": {stored.format: stored.sha256 for stored in item.files},
    }
    return audit.Happening(Event.HANDED_OVER if item.pressed is None else event, row, facts)


def _plain(document: InvoiceDocument) -> dict[str, object]:
    data = as_data(document)
    for name in ("issued_on", "due_on", "period_from", "period_to"):
        data[name] = data[name].isoformat()
    if data["preceding"]:
        data["preceding"]["issued_on"] = data["preceding"]["issued_on"].isoformat()
    return data
