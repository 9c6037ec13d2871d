"""Reads of people, their roles, sessions and units."""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, TypedDict, TypeGuard

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q, QuerySet

from hamn.core.errors import NotVisible, _
from hamn.core.looks import once

from . import permits
from .models import Person, UnitMembership
from .rules import Role

if TYPE_CHECKING:
    from allauth.usersessions.models import UserSession
    from django_stubs_ext import WithAnnotations

    class _SecondFactors(TypedDict):
        second_factors: int

    CountedPerson = WithAnnotations[Person, _SecondFactors]

RECOVERY_CODES = "recovery_codes"
_OPEN = Q(ended_at__isnull=True)
_WAITING = _OPEN & (Q(granted_at__isnull=True) | Q(suspended_at__isnull=False))
_MEMBERS = _OPEN & Q(granted_at__isnull=False, suspended_at__isnull=True)
# Set by the floor above, which knows what a demonstration is.
_demo: list[Callable[[], bool]] = []
# Set by the room above: ids of memberships that give nothing today, as a cover outside her days.
_resting: list[Callable[[], QuerySet[Any]]] = []
# Set by the rooms above: refuse while a person has something to hand over in units she leaves.
_duties: list[Callable[[Person, Collection[str], Person], None]] = []


def roles_of(person: Person) -> frozenset[Role]:
    """The roles of a person, read once per person object; none for one who is not stored."""
    return person.roles()


def is_person(user: Any) -> TypeGuard[Person]:
    """Whether the request's user is a stored person and not nobody."""
    return isinstance(user, Person) and user.pk is not None


def by_email(email: str) -> Person:
    """The active person with the address.

    Raises NotVisible when there is none.
    """
    person = Person.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise NotVisible(_("Ingen person med adressen {email} finns här."), email=email)
    return person


def with_address(email: str) -> Person | None:
    """Whoever has the address, also one who has left; sign-in then says the same to all."""
    return Person.objects.filter(email=email.strip().lower()).first()


def person_title(thing_id: str) -> str:
    """The title of the person whom the trail calls by that id; empty for anything else."""
    kind, _colon, pk = thing_id.partition(":")
    if kind != "access.person" or not pk.isdecimal():
        return ""
    return Person.objects.filter(pk=int(pk)).values_list("title", flat=True).first() or ""


def is_known(email: str) -> bool:
    """Whether someone has the address."""
    return with_address(email) is not None


def first_administrator() -> Person | None:
    """The person that `hamn setup` added first; acts at the command line when no other is named."""
    return Person.objects.filter(is_active=True).order_by("pk").first()


def people_for(viewer: Person) -> "QuerySet[CountedPerson]":
    """Everyone with an account, with roles, and how many second factors in `second_factors`."""
    permits.require(viewer, "access.see")
    return Person.objects.prefetch_related("role_rows").annotate(
        second_factors=Count("authenticator", filter=~Q(authenticator__type=RECOVERY_CODES))
    )


def person_of(viewer: Person, person_id: int) -> "CountedPerson":
    """The person, as `people_for` reads her.

    Raises NotVisible to others than system administrators, and for one who does not exist.
    """
    person = people_for(viewer).filter(pk=person_id).first()
    if person is None:
        raise NotVisible(_("Personen finns inte. Gå tillbaka till listan över personer."))
    return person


def locked(by: Person, person_id: int) -> Person:
    """The person, locked until the transaction ends, with the roles she has then.

    Raises NotVisible as `person_of` does.
    """
    permits.require(by, "access.see")
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotVisible(_("Personen finns inte. Gå tillbaka till listan över personer."))
    return person


def fresh(person: Person) -> Person:
    """The person as she is now, with her present roles; the same object when she is not stored.

    Under a lock this shows what another has changed since the request began.
    """
    return Person.objects.filter(pk=person.pk).first() or person


def has_second_factor(person: Person) -> bool:
    """Whether she has an app or a key to sign in with; recovery codes alone are none."""
    return person.authenticator_set.exclude(type=RECOVERY_CODES).exists()


def can_anyone_prove() -> bool:
    """Whether somebody who is here has a password and an app or a key, and so can sign in."""
    people = Person.objects.filter(is_active=True).exclude(
        password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    factors = Count("authenticator", filter=~Q(authenticator__type=RECOVERY_CODES))
    return people.annotate(second_factors=factors).filter(second_factors__gt=0).exists()


def sessions_of(viewer: Person) -> "list[UserSession]":
    """The viewer's own sessions that still hold, newest first."""
    rows = viewer.usersession_set.order_by("-created_at")
    return [row for row in rows if row.exists()]


def register_resting(source: Callable[[], QuerySet[Any]]) -> None:
    """Tell access how to find the ids of memberships that stand but give nothing today."""
    _resting[:] = [source]


def register_duty(check: Callable[[Person, Collection[str], Person], None]) -> None:
    """Tell access what a person must have handed over before she leaves units.

    check: takes her, the units and who asks; raises a refusal while something is left.
    """
    _duties.append(check)


def check_duties(person: Person, by: Person, units: Collection[str] | None = None) -> None:
    """Pass who has nothing left to hand over in the units; None for all of hers.

    Raises what the rooms above refuse with.
    """
    hers = person.memberships.filter(_OPEN).values_list("unit", flat=True)
    for check in _duties:
        check(person, set(hers) if units is None else units, by)


def in_force() -> Q:
    """The condition of a membership that holds now: granted, not suspended, resting or ended."""
    condition = _MEMBERS
    for source in _resting:
        condition &= ~Q(pk__in=source())
    return condition


def is_member(person: Person, unit: str) -> bool:
    """Whether she belongs to the unit: granted, not suspended, resting or ended, still here."""
    return person.is_active and person.memberships.filter(in_force(), unit=unit).exists()


def is_head(person: Person, unit: str) -> bool:
    """Whether she heads the unit."""
    return permits.acting_heads().filter(person=person, unit=unit).exists()


def member_units(person: Person) -> frozenset[str]:
    """The units that the person belongs to now: granted, not suspended, resting or ended."""
    if person.pk is None or not person.is_active:
        return frozenset()

    def asked() -> frozenset[str]:
        return frozenset(person.memberships.filter(in_force()).values_list("unit", flat=True))

    return once(("member_units", person.pk), asked)


def members_of(units: Collection[str]) -> QuerySet[UnitMembership]:
    """Who belongs to the units now, with their roles; the room above asks for its own permit."""
    rows = UnitMembership.objects.filter(in_force(), unit__in=units, person__is_active=True)
    rows = rows.select_related("person").prefetch_related("person__role_rows")
    return rows.order_by("unit", "person__title", "pk")


def open_memberships(units: Collection[str]) -> QuerySet[UnitMembership]:
    """Members of the units and who is proposed to them, still here; a permit is asked above."""
    rows = UnitMembership.objects.filter(_OPEN, unit__in=units, person__is_active=True)
    return rows.select_related("person").order_by("unit", "person__title", "pk")


def readers(units: Collection[str]) -> set[tuple[str, int]]:
    """Unit and person of everyone who can read what the units have sealed."""
    rows = UnitMembership.objects.filter(
        in_force(),
        unit__in=units,
        person__is_active=True,
        person__role_rows__role=Role.CASEWORKER,
    )
    return set(rows.values_list("unit", "person"))


def headed_units(viewer: Person) -> frozenset[str]:
    """The units that the viewer heads."""

    def asked() -> frozenset[str]:
        heads = permits.acting_heads().filter(person_id=viewer.pk)
        return frozenset(heads.values_list("unit", flat=True))

    return once(("headed_units", viewer.pk), asked)


def memberships(viewer: Person) -> QuerySet[UnitMembership]:
    """Memberships that are not ended: a system administrator sees all, a head her own units'.

    Raises NotVisible to others.
    """
    rows = UnitMembership.objects.filter(_OPEN).select_related("person", "proposed_by")
    if permits.allows(viewer, "access.see"):
        return rows
    permits.require(viewer, "access.grant_member")
    return rows.filter(Q(unit__in=headed_units(viewer)) | Q(person_id=viewer.pk))


def membership(viewer: Person, membership_id: int) -> UnitMembership:
    """The membership, for those who may decide about it, end it, or whose own it is.

    Raises NotVisible to others, and when it is ended or does not exist.
    """
    rows = UnitMembership.objects.filter(_OPEN, pk=membership_id).select_related("person")
    row = rows.first()
    asks = ("access.grant_member", "access.end_member", "access.accept_headship")
    if row is None or not any(permits.allows(viewer, permit, row) for permit in asks):
        raise NotVisible(_("Medlemskapet finns inte längre. Gå tillbaka till enheten."))
    return row


def own_units(viewer: Person) -> QuerySet[UnitMembership]:
    """The memberships that the viewer has now."""
    return UnitMembership.objects.filter(in_force(), person_id=viewer.pk).order_by("unit")


def waiting_grants(viewer: Person) -> QuerySet[UnitMembership]:
    """What waits for this head's decision: her own units', and heads of units that have none.

    Raises NotVisible to others than heads.
    """
    permits.require(viewer, "access.grant_member")
    headed = headed_units(viewer)
    decides = Q(unit__in=headed)
    if headed:
        has_head = permits.acting_heads().values_list("unit", flat=True)
        decides |= Q(is_head=True) & ~Q(unit__in=set(has_head))
    rows = UnitMembership.objects.filter(_WAITING & decides).exclude(person_id=viewer.pk)
    return rows.select_related("person", "proposed_by").order_by("pk")


def may_accept_alone(viewer: Person) -> bool:
    """Whether nobody else heads a unit, so that she becomes head by her own word."""
    return not permits.acting_heads().exclude(person_id=viewer.pk).exists()


def own_proposals(viewer: Person) -> QuerySet[UnitMembership]:
    """The viewer's own memberships that wait for a decision."""
    return UnitMembership.objects.filter(_WAITING, person_id=viewer.pk).order_by("pk")


def register_demo(is_demo: Callable[[], bool]) -> None:
    """Tell access how to know a demonstration's database; the rooms above know."""
    _demo[:] = [is_demo]


def is_demo_centre() -> bool:
    """Whether the database holds the demonstration."""
    return any(is_demo() for is_demo in _demo)


def titles(thing_ids: Iterable[str]) -> dict[str, str]:
    """The titles of the people whom the trail calls by those ids, in one query."""
    kind = "access.person:"
    wanted = {one: one.removeprefix(kind) for one in thing_ids if one.startswith(kind)}
    rows = Person.objects.filter(pk__in=[int(pk) for pk in wanted.values() if pk.isdecimal()])
    return {f"{kind}{pk}": title for pk, title in rows.values_list("pk", "title")}


def by_title(text: str) -> list[str]:
    """The trail's ids of the people whose title or address holds the text."""
    rows = Person.objects.filter(Q(title__icontains=text) | Q(email__icontains=text))
    return [f"access.person:{pk}" for pk in rows.values_list("pk", flat=True)]


def people_counts(viewer: Person) -> dict[str, int]:
    """How many people have an account, and how many of them no second factor yet."""
    active = people_for(viewer).filter(is_active=True)
    return {
        "active": active.count(),
        "without_second_factor": active.filter(second_factors=0).count(),
    }
