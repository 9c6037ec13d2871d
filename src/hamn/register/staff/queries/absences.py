"""Who is away, and until when."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits
from hamn.guards.access import queries as access

from ..models import Absence

if TYPE_CHECKING:
    from collections.abc import Collection

    from hamn.guards.access.models import Person


def is_absent(person: "Person", on: date) -> bool:
    """Whether the person is away on the day."""
    return absent_on([person.pk], on).exists()


def absent_on(people: "Collection[int]", on: date) -> QuerySet[Absence]:
    """The absences of some people that hold on the day."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return Absence.objects.filter(still, person__in=people, starts_on__lte=on)


def absent_until(people: "Collection[int]", on: date) -> dict[int, date | None]:
    """Who of some people is away on the day, and her last day away; None has no known end."""
    found: dict[int, date | None] = {}
    for row in absent_on(people, on):
        earlier = found.get(row.person_id, row.ends_on)
        both_end = earlier is not None and row.ends_on is not None
        found[row.person_id] = max(earlier, row.ends_on) if both_end else None  # type: ignore[type-var]
    return found


def may_be_absent(viewer: "Person") -> dict[int, str]:
    """Title by id of those whose absence the viewer registers: herself, and her units' people.

    Raises NotVisible to others than staff of the units.
    """
    permits.require(viewer, "staff.save_absence")
    people = {viewer.pk: viewer.title}
    for row in access.members_of(access.headed_units(viewer)):
        people.setdefault(row.person_id, row.person.title)
    return people


def absences_of(viewer: "Person", *, on: date) -> list[Absence]:
    """Absences that the viewer keeps, now and to come, the nearest first."""
    rows = Absence.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), person__in=may_be_absent(viewer)
    )
    return list(rows.select_related("person").order_by("starts_on", "pk"))


def absence(viewer: "Person", absence_id: int, *, is_locked: bool = False) -> Absence:
    """The absence, locked until the transaction ends when asked for.

    Raises NotVisible to others than the absent one and her heads.
    """
    rows = Absence.objects.filter(pk=absence_id, person__in=may_be_absent(viewer))
    found = (rows.select_for_update() if is_locked else rows.select_related("person")).first()
    if found is None:
        raise NotVisible(_("Frånvaron finns inte längre. Gå tillbaka till Personal."))
    return found


def new_absence(viewer: "Person", person_id: int) -> Absence:
    """An absence of the person that is not stored yet.

    Raises NotVisible for one whose absence the viewer does not register.
    """
    if person_id not in may_be_absent(viewer):
        raise NotVisible(_("Du kan bara registrera frånvaro för dig själv och din enhet."))
    return Absence(person_id=person_id, version=0)
