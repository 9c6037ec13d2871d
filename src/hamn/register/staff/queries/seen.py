"""Units, and which of them a viewer sees."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits
from hamn.guards.access import queries as access
from hamn.guards.access.rules import Role

from ..models import Unit

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def all_units() -> QuerySet[Unit]:
    """Every unit that the centre has or has had; their names are no secret."""
    return Unit.objects.order_by("place", "code")


def active_units(on: date) -> list[Unit]:
    """The units that are open on the day."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return list(all_units().filter(still, starts_on__lte=on))


def unit_names() -> Mapping[str, str]:
    """The units that people can belong to, name by code: those that have not ended."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate())
    return dict(all_units().filter(still).values_list("code", "name"))


def every_unit_name() -> Mapping[str, str]:
    """The units that the centre has or has had, name by code."""
    return dict(all_units().values_list("code", "name"))


def unit_name(code: str) -> str:
    """The unit's name; the code itself for one that is not there."""
    found = Unit.objects.filter(code=code).values_list("name", flat=True).first()
    return found or code


def visible_codes(viewer: "Person") -> frozenset[str]:
    """The codes of the units that the viewer sees: her own, a system administrator all.

    Raises NotVisible to others than staff of the units.
    """
    permits.require(viewer, "staff.see")
    if Role.SYSTEM_ADMINISTRATOR in viewer.roles():
        return frozenset(all_units().values_list("code", flat=True))
    return access.member_units(viewer) | access.headed_units(viewer)


def units(viewer: "Person") -> list[Unit]:
    """The units that the viewer sees."""
    return list(all_units().filter(code__in=visible_codes(viewer)))


def unit(viewer: "Person", code: str) -> Unit:
    """The unit.

    Raises NotVisible for one that the viewer does not see, or that does not exist.
    """
    found = all_units().filter(code=code).first() if code in visible_codes(viewer) else None
    if found is None:
        raise NotVisible(_("Enheten finns inte, eller är inte din. Gå tillbaka till Personal."))
    return found
