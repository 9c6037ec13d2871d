"""Requests that a viewer may see, and what each says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db.models import QuerySet

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits
from hamn.guards.vault import queries as vaults

from ..models import Request
from ..rules.access import HEAD
from ..rules.requests import WAITING, RequestContent
from ..rules.states import ClosedToYou
from .opened import content_of
from .walls import case_for, units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box

OF_UNIT = "unit"  # why a request about no case opens: it is the whole unit's


@dataclass(slots=True)
class OpenRequest:
    """A request that was opened for a viewer. why: the code of the way by which it opened."""

    row: Request
    box: "Box"
    content: RequestContent
    why: str


def requests_for(viewer: "Person") -> QuerySet[Request]:
    """The requests to her units: that they exist, and when they are due."""
    rows = Request.objects.filter(unit__in=units_of(viewer))
    return rows.select_related("registered_by", "decided_by")


def waiting_requests(viewer: "Person") -> QuerySet[Request]:
    """Those that are not answered yet, the first due first."""
    return requests_for(viewer).filter(state__in=WAITING).order_by("due_on", "received_on", "pk")


def units_with_undecided() -> frozenset[str]:
    """The units to which a request about no case of theirs waits: it may be about anything there.

    For what the system does by itself; tells nobody of a request.
    """
    rows = Request.objects.filter(state__in=WAITING, case__isnull=True)
    return frozenset(rows.values_list("unit", flat=True).distinct())


def due_requests(viewer: "Person", today: date) -> QuerySet[Request]:
    """Those whose day has come, or comes within a week."""
    return waiting_requests(viewer).filter(due_on__lte=date.fromordinal(today.toordinal() + 7))


def request_for(
    viewer: "Person", request_id: UUID, now: datetime, *, lock: bool = False
) -> Request:
    """A request that opens to her: about no case, about one that opens to her, or hers to decide.

    Raises NotVisible outside the unit, ClosedToYou inside it when the case is not hers.
    """
    rows = Request.objects.filter(unit__in=units_of(viewer))
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("case")
    row = rows.filter(pk=request_id).first()
    if row is None:
        raise NotVisible(_("Begäran finns inte för dig. Kontrollera adressen."))
    row.why = _why(viewer, row, now)  # type: ignore[attr-defined]
    return row


def _why(viewer: "Person", row: Request, now: datetime) -> str:
    """The code of the way by which it opens: the case's own, the unit's, or that she decides."""
    if row.case_id is None:
        return OF_UNIT
    try:
        return str(case_for(viewer, row.case_id, now).why)  # type: ignore[attr-defined]
    except ClosedToYou:
        if permits.allows(viewer, "cases.decide_request", row):
            return HEAD
        raise ClosedToYou(
            _("Begäran gäller ett ärende som inte är ditt. Fråga den som är ansvarig eller chefen.")
        ) from None


def opened_request(row: Request, viewer: "Person") -> OpenRequest:
    """The request with what it says. Raises Locked, Unreadable."""
    box = vaults.open_box(row.box, units_of(viewer))
    return OpenRequest(row, box, content_of(row, box, RequestContent), cast(str, row.why))  # type: ignore[attr-defined]
