"""Disclosures that wait for a second person, and who may be that person."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from hamn.guards.access.queries import headed_units

from ..models import Record
from .walls import no_such_case, open_to, units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def waiting_disclosures(viewer: "Person", now: datetime) -> QuerySet[Record]:
    """Those that she may decide: in cases that open to her, and as head in her unit's; not hers.

    Another unit that a case is shared with decides nothing in it.
    """
    units = units_of(viewer)
    hers = Q(case__in=open_to(viewer, now)) | Q(case__unit__in=headed_units(viewer))
    rows = Record.objects.filter(hers, kind="disclosure", state="waits", case__unit__in=units)
    return rows.exclude(written_by=viewer).select_related("case").order_by("written_at", "pk")


def disclosure_row(
    viewer: "Person", case_id: UUID, record_id: UUID, now: datetime, *, lock: bool = False
) -> Record:
    """A disclosure that she may read: to decide it, decided since, or her own.

    Only through the case it belongs to. Raises NotVisible for any other.
    """
    hers = Q(case__in=open_to(viewer, now)) | Q(case__unit__in=headed_units(viewer))
    rows = Record.objects.filter(hers, kind="disclosure", case__unit__in=units_of(viewer))
    rows = rows.select_for_update(of=("self",)) if lock else rows
    row = rows.select_related("case").filter(case_id=case_id, pk=record_id).first()
    if row is None:
        raise no_such_case()
    return row
