"""Standing covers: who has accepted to take over, where and when."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from hamn.core.errors import NotVisible, _
from hamn.core.looks import once
from hamn.guards.access import permits
from hamn.guards.access import queries as access
from hamn.guards.access.rules import Role

from ..models import Cover, Unit
from .posts import held_on, posts_in
from .seen import visible_codes

if TYPE_CHECKING:
    from collections.abc import Collection

    from hamn.guards.access.models import Person, UnitMembership


def in_force(on: date) -> QuerySet[Cover]:
    """The covers that hold on the day: accepted, not ended, within their days."""
    return Cover.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        starts_on__lte=on,
        accepted_at__isnull=False,
        ended_at__isnull=True,
    )


def covers(person: "Person", on: date) -> frozenset[str]:
    """The units in which the person is accepted cover on the day, and still belongs."""
    if not person.is_active:
        return frozenset()

    def asked() -> frozenset[str]:
        rows = in_force(on).filter(
            membership__person=person,
            membership__granted_at__isnull=False,
            membership__suspended_at__isnull=True,
            membership__ended_at__isnull=True,
        )
        return frozenset(rows.values_list("membership__unit", flat=True))

    return once(("covers", person.pk, on), asked)


def resting() -> QuerySet[Cover, int]:
    """The ids of memberships that were given for a cover which does not hold today."""
    holding = in_force(timezone.localdate()).values("membership")
    rows = Cover.objects.exclude(membership__in=holding)
    return rows.values_list("membership", flat=True)


def covers_in(codes: "Collection[str]") -> QuerySet[Cover]:
    """The covers of units that the caller has seen to be visible, the open ones first."""
    rows = Cover.objects.filter(membership__unit__in=codes)
    rows = rows.select_related("membership__person", "offered_by")
    return rows.order_by("membership__unit", "starts_on", "pk")


def covers_of(viewer: "Person", code: str) -> list[Cover]:
    """The unit's covers that are not ended."""
    if code not in visible_codes(viewer):
        return []
    return list(covers_in([code]).filter(ended_at__isnull=True))


def own_offers(viewer: "Person") -> list[Cover]:
    """What the viewer is asked to cover and has not answered."""
    rows = Cover.objects.filter(
        membership__person=viewer,
        membership__ended_at__isnull=True,
        accepted_at__isnull=True,
        ended_at__isnull=True,
    )
    return list(rows.select_related("membership", "offered_by").order_by("pk"))


def cover(viewer: "Person", cover_id: int) -> Cover:
    """The cover that is not ended.

    Raises NotVisible unless it is the viewer's own or in a unit that she sees.
    """
    permits.require(viewer, "staff.see")
    rows = Cover.objects.filter(pk=cover_id, ended_at__isnull=True)
    found = rows.select_related("membership__person", "offered_by").first()
    if found is None or not (
        found.membership.person_id == viewer.pk or found.membership.unit in visible_codes(viewer)
    ):
        raise NotVisible(_("Uppdraget som ersättare finns inte längre. Gå tillbaka till Personal."))
    return found


def locked_cover(viewer: "Person", cover_id: int) -> Cover:
    """The cover, locked until the transaction ends.

    Raises NotVisible as `cover` does.
    """
    list(Cover.objects.select_for_update().filter(pk=cover_id))
    return cover(viewer, cover_id)


def open_membership(unit: Unit, person_id: int) -> "UnitMembership | None":
    """The person's place in the unit, whether or not it is decided yet."""
    return access.open_memberships([unit.code]).filter(person=person_id).first()


def cover_candidates(viewer: "Person", unit: Unit, *, on: date) -> dict[int, str]:
    """Title by id of those who can be asked to cover: no post in the unit, and not its head.

    A system administrator asks any caseworker, a head those who belong to her unit.
    """
    rows = access.open_memberships([unit.code])
    taken = set(rows.filter(is_head=True).values_list("person_id", flat=True))
    posts = held_on(posts_in([unit.code]), on).filter(person__isnull=False)
    taken |= set(posts.values_list("person_id", flat=True))
    taken |= set(
        covers_in([unit.code])
        .filter(ended_at__isnull=True)
        .values_list("membership__person_id", flat=True)
    )
    if Role.SYSTEM_ADMINISTRATOR in viewer.roles():
        people = access.people_for(viewer).filter(is_active=True, role_rows__role=Role.CASEWORKER)
        found = dict(people.order_by("title").values_list("pk", "title"))
    else:
        found = dict(rows.values_list("person_id", "person__title"))
    return {pk: title for pk, title in found.items() if pk not in taken}
