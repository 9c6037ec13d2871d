"""The permit table: who may do what. What is not in the table is denied.

A permit is `room.verb`; its value reads aloud as any-of, all-of: a list of lists of facts. A fact
is a pure predicate over the person and the thing. Rooms register their own tables at start-up.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from hamn.core.errors import NotVisible, PermissionDenied, _

from .models import Person, UnitMembership
from .rules import Role

Fact = Callable[[Person, Any], bool]
Table = Mapping[str, Sequence[Sequence[Fact]]]
View = Callable[..., HttpResponseBase]

# What a view says when it needs no role: sign-in and health, and a person's own pages.
EVERYONE = "everyone"
SIGNED_IN = "signed_in"

_TABLE: dict[str, Sequence[Sequence[Fact]]] = {}


def holds(role: Role) -> Fact:
    """The fact that the person is active and holds the role."""

    def fact(person: Person, thing: Any) -> bool:  # noqa: ARG001 the thing does not matter here
        return person.is_active and role in person.roles()

    fact.__name__ = f"is_{role.value}"
    return fact


def register(table: Table) -> None:
    """Add a room's permits to the table."""
    _TABLE.update(table)


def registered() -> Table:
    """The whole table, for the tests and the documentation that walk it."""
    return dict(_TABLE)


def allows(by: Person, permit: str, thing: Any = None) -> bool:
    """Whether the table gives this person this permit on this thing."""
    return any(all(fact(by, thing) for fact in facts) for facts in _TABLE.get(permit, ()))


def require(by: Person, permit: str, thing: Any = None) -> None:
    """Pass only who has the permit.

    Raises NotVisible for a person who may not even see the room's things, PermissionDenied for
    one who may see them but not do this.
    """
    if allows(by, permit, thing):
        return
    room = permit.partition(".")[0]
    if not allows(by, f"{room}.see", thing):
        raise NotVisible(
            _("Det finns inget att visa för dig här. Kontrollera vad du skrev och vem du är.")
        )
    raise PermissionDenied(
        _("Din roll får inte göra detta ({permit}). Be den som har rollen, eller byt person."),
        permit=permit,
    )


def staff(request: HttpRequest) -> Person:
    """Who asks, as a person; only behind `permit` or `signed_in`, which let nobody else in."""
    return request.user  # type: ignore[return-value]


def permit(name: str) -> Callable[[View], View]:
    """The view opens for those who have the permit; others get the refusal of `require`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            require(staff(request), name)
            return view(request, *arguments, **named)

        guarded.permit = name  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_all(view: View) -> View:
    """The view is for everyone, signed in or not."""
    view.permit = EVERYONE  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """The view shows a signed-in person what is her own, whatever her roles."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not (request.user.is_authenticated and request.user.is_active):
            raise NotVisible(_("Logga in för att se sidan."))
        return view(request, *arguments, **named)

    guarded.permit = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def acting_heads() -> QuerySet[UnitMembership]:
    """The heads of units as they are now: granted, not suspended, with the role, still here."""
    return UnitMembership.objects.filter(
        is_head=True,
        granted_at__isnull=False,
        suspended_at__isnull=True,
        ended_at__isnull=True,
        person__is_active=True,
        person__role_rows__role=Role.HEAD_OF_UNIT,
    )


def heads_its_unit(person: Person, thing: UnitMembership | None) -> bool:
    """The fact that the person heads the membership's unit; the page itself needs no unit."""
    return thing is None or acting_heads().filter(person=person, unit=thing.unit).exists()


def decides_for_no_head(person: Person, thing: UnitMembership | None) -> bool:
    """The fact that the person, head elsewhere, decides who heads a unit without a head."""
    if thing is None or not thing.is_head:
        return False
    heads = acting_heads()
    return not heads.filter(unit=thing.unit).exists() and heads.filter(person=person).exists()


def is_proposed_head(person: Person, thing: UnitMembership | None) -> bool:
    """The fact that the membership is the person's own, as head; the page itself needs none."""
    return thing is None or (thing.is_head and thing.person_id == person.pk)


def is_her_session(person: Person, thing: Any) -> bool:
    """The fact that the session, or for None whichever she has, is the person's own."""
    hers = person.pk is not None and person.is_active
    return hers and (thing is None or thing.user_id == person.pk)


_ADMINISTRATORS = [[holds(Role.SYSTEM_ADMINISTRATOR)]]
_REVIEWERS = [[holds(Role.SYSTEM_ADMINISTRATOR)], [holds(Role.CONTROLLER)]]

register(
    {
        "access.see": _ADMINISTRATORS,
        "access.add_person": _ADMINISTRATORS,
        "access.invite": _ADMINISTRATORS,
        "access.change_roles": _ADMINISTRATORS,
        "access.leave": _ADMINISTRATORS,
        "access.come_back": _ADMINISTRATORS,
        "access.reset_second_factor": _ADMINISTRATORS,
        "access.propose_member": _ADMINISTRATORS,
        # Who runs the system never decides who belongs to a unit.
        "access.grant_member": [
            [holds(Role.HEAD_OF_UNIT), heads_its_unit],
            [holds(Role.HEAD_OF_UNIT), decides_for_no_head],
        ],
        "access.accept_headship": [[holds(Role.HEAD_OF_UNIT), is_proposed_head]],
        "access.end_member": [
            [holds(Role.SYSTEM_ADMINISTRATOR)],
            [holds(Role.HEAD_OF_UNIT), heads_its_unit],
        ],
        "access.end_session": [[is_her_session]],
        # The trail knows no people, so its permits stand here.
        "audit.see": _REVIEWERS,
        "audit.verify": _REVIEWERS,
        "audit.export": _REVIEWERS,
    }
)
