"""Handing documents to their carrier. The carrier now is a folder; an access point comes later.

The document's bytes never change; where it stands is written beside it, step by step. The same
bytes handed over again are a replay, never a second invoice.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import DeliveryEvent, Invoice, InvoiceFile
from ..rules import DeliveryState

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

FOLDER = "folder"


def deliver_to_folder(*, invoices: Iterable[Invoice], folder: Path, by: "Person") -> list[Path]:
    """Each invoice's XML and PDF as files in the folder; returns the files.

    A file appears whole or not at all. What already lies there with the same bytes is left.
    Raises BadInput when a file of that name has other bytes: an issued document never changes.
    """
    permits.require(by, "invoicing.deliver")
    make(folder)
    paths: list[Path] = []
    for invoice in invoices:
        files = list(InvoiceFile.objects.filter(invoice=invoice).order_by("format"))
        wanted = {folder / f"{invoice.number}.{stored.format}": stored for stored in files}
        is_new = [_place(path, bytes(stored.content)) for path, stored in wanted.items()]
        ubl = next((s for s in files if s.format == InvoiceFile.Format.UBL), None)
        if ubl is not None and (any(is_new) or queries.delivery_state(invoice) is None):
            record_delivery(
                number=str(invoice), state=DeliveryState.SUBMITTED, adapter=FOLDER, detail="", by=by
            )
        paths += wanted
    return paths


@transaction.atomic
def record_delivery(
    *, number: str, state: DeliveryState, adapter: str, detail: str, by: "Person"
) -> DeliveryEvent:
    """One step of the document's way, kept beside its unchanged bytes.

    Raises NotDeliverable for a step that the table does not have.
    """
    permits.require(by, "invoicing.deliver")
    invoice = queries.locked(by, number)
    stored = queries.file_of(invoice, InvoiceFile.Format.UBL)
    rules.check_delivery(queries.delivery_state(invoice), state)
    earlier = DeliveryEvent.objects.filter(invoice=invoice, state=DeliveryState.SUBMITTED)
    event = DeliveryEvent.objects.create(
        invoice=invoice,
        state=state,
        adapter=adapter,
        sha256=stored.sha256,
        is_replay=state == DeliveryState.SUBMITTED and earlier.exists(),
        detail=detail[:300],
    )
    audit.record(
        Event.DELIVERED,
        by=by,
        on=invoice,
        number=invoice.number,
        state=state,
        is_replay=event.is_replay,
        sha256=stored.sha256,
    )
    return event


def make(folder: Path) -> None:
    """The folder, with those above it.

    Raises BadInput when it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise BadInput(
            _("Mappen {folder} kan inte skapas. Kontrollera rättigheterna eller välj en annan."),
            folder=folder,
        ) from fault


def _place(path: Path, content: bytes) -> bool:
    """Write the file whole; False when the same bytes already lie there."""
    if path.exists():
        if path.read_bytes() == content:
            return False
        raise BadInput(
            _("{path} finns redan med annat innehåll. Flytta den och kör igen."), path=path
        )
    # A name of its own: two runs into one folder must not write the same file.
    passing = path.with_name(f".{path.name}.{os.getpid()}.part")
    with passing.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    passing.replace(path)
    return True
