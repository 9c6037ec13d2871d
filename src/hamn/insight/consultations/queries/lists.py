"""Lists of consultations and who may see them; none needs an open vault, for no name is shown."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits
from hamn.guards.access.queries import member_units

from ..models import Consultation
from ..rules.words import OPEN

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

WAITING, MINE, OVER = "vantar", "mina", "avslutade"


class Counts(NamedTuple):
    """How many consultations are where."""

    waiting: int
    overdue: int
    mine: int


def units_of(viewer: "Person") -> frozenset[str]:
    """The units whose consultations exist for her."""
    return member_units(viewer) if permits.allows(viewer, "consultations.read") else frozenset()


def consultations_for(viewer: "Person", *, part: str = WAITING) -> QuerySet[Consultation]:
    """Her units' consultations: those that nobody has answered, hers of them, or those over."""
    permits.require(viewer, "consultations.read")
    rows = Consultation.objects.filter(unit__in=units_of(viewer)).select_related("worker")
    if part == OVER:
        return rows.exclude(state__in=OPEN)
    rows = rows.filter(state__in=OPEN)
    return rows.filter(worker=viewer) if part == MINE else rows


def consultation_for(
    viewer: "Person", consultation_id: UUID, *, is_locked: bool = False
) -> Consultation:
    """One of her units' consultations.

    Raises NotVisible for any other, in the same words as for none.
    """
    rows = Consultation.objects.filter(unit__in=units_of(viewer))
    rows = rows.select_for_update() if is_locked else rows.select_related("worker")
    found = rows.filter(pk=consultation_id).first()
    if found is None:
        raise NotVisible(_("Konsultationen finns inte för dig. Kontrollera adressen."))
    return found


def is_same_consultation(consultation_id: UUID, unit: str, box: str) -> bool:
    """Whether the consultation still is the unit's with the content that the box holds; held until
    the transaction ends.
    """
    rows = Consultation.objects.select_for_update()
    return rows.filter(pk=consultation_id, unit=unit, box=UUID(box)).only("id").first() is not None


def counts(viewer: "Person", *, today: date) -> Counts:
    """How many wait, how many of them for too long, and how many she has taken; in one query."""
    rows = consultations_for(viewer)
    return Counts(
        **rows.aggregate(
            waiting=Count("pk"),
            overdue=Count("pk", filter=Q(answer_by__lt=today)),
            mine=Count("pk", filter=Q(worker=viewer)),
        )
    )
