"""The permit table: who may do what. What is not in the table is denied.

A permit is `room.verb`; its value reads aloud as any-of, all-of: a list of lists of facts. A fact
is a pure predicate over the person and the thing. Rooms register their own tables at start-up.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hamn.core.errors import NotVisible, PermissionDenied, _

from .models import Person
from .queries import roles_of
from .rules import Role

Fact = Callable[[Person, Any], bool]
Table = Mapping[str, Sequence[Sequence[Fact]]]

_TABLE: dict[str, Sequence[Sequence[Fact]]] = {}


def holds(role: Role) -> Fact:
    """The fact that the person is active and holds the role."""

    def fact(person: Person, thing: Any) -> bool:  # noqa: ARG001 the thing does not matter here
        return person.is_active and role in roles_of(person)

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


register(
    {
        "access.see": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
        "access.add_person": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
        # The trail knows no people, so its permits stand here.
        "audit.see": [[holds(Role.SYSTEM_ADMINISTRATOR)], [holds(Role.CONTROLLER)]],
    }
)
