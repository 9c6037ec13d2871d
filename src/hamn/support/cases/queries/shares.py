"""What is shared between units: of a case, with a viewer's units, and where it may go."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from hamn.register.staff import queries as staff

from ..models import Case, Share
from ..rules.shares import ShareReason
from .opened import content_of
from .walls import no_such_case, units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from .opened import OpenCase


@dataclass(frozen=True, slots=True)
class OpenShare:
    """A share with its reason. is_open: whether the unit may read the case that day."""

    share: Share
    says: ShareReason
    unit_name: str
    is_open: bool


def shares_of(opened: "OpenCase", on: date) -> list[OpenShare]:
    """The units that the case is and has been shared with, the newest first."""
    rows = opened.case.shares.select_related("shared_by").order_by("-shared_at", "pk")
    names = staff.every_unit_name()
    return [
        OpenShare(
            row,
            content_of(row, opened.box, ShareReason),
            names.get(row.unit, row.unit),
            row.ended_at is None and (row.until is None or row.until >= on),
        )
        for row in rows
    ]


def share_of(opened: "OpenCase", share_id: UUID) -> Share:
    """A share of the case that has not ended. Raises NotVisible for another case's."""
    row = opened.case.shares.filter(pk=share_id, ended_at__isnull=True).first()
    if row is None:
        raise no_such_case()
    return row


def other_units(own: str, on: date) -> dict[str, str]:
    """The units of this centre that a case of that unit may be shared with, name by code."""
    return {one.code: one.name for one in staff.active_units(on) if one.code != own}


def shared_with(viewer: "Person", on: date) -> QuerySet[Case]:
    """The cases of other units that are shared with hers."""
    units = units_of(viewer)
    shares = Share.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), unit__in=units, ended_at__isnull=True
    )
    return Case.objects.filter(pk__in=shares.values("case")).exclude(unit__in=units)


def past_their_day(today: date) -> QuerySet[Share]:
    """Shares whose day has passed and whose grant has still to be taken away."""
    rows = Share.objects.filter(until__lt=today, ended_at__isnull=True)
    return rows.select_related("case", "shared_by").order_by("pk")
