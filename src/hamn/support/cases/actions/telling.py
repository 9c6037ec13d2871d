"""What is done with a case, told to the trail: its keyed name, and why it was open to whoever did.

Everything that is told of a case, a contact or a request goes through here, so that no entry
lacks the way in: without it nobody sees what was written while the glass was broken. What is of
no one case (a list, a search, a count, workers) goes to the trail itself.
Source: docs/law.md section 4, rule 4.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from hamn.guards.audit import actions as audit

from ..events import Event

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box

    from ..queries.opened import OpenContact


class Opened(Protocol):
    """Something sealed that was opened for somebody."""

    @property
    def box(self) -> "Box":
        """By whose key the trail names it."""

    @property
    def why(self) -> str:
        """The code of the way by which it opened."""


@dataclass(frozen=True, slots=True)
class Way:
    """A box that was opened for one row of a case, or to name it alone; and why."""

    box: "Box"
    why: str


def tell(event: Event, opened: Opened, *, by: "Person | None", **facts: object) -> None:
    """The act in the trail, inside the caller's transaction. by: none for the system's own."""
    audit.record(event, by=by, on=opened.box.trail_name, why=opened.why, **facts)


def tell_record(
    event: Event, opened: Opened, record: UUID, *, by: "Person", **facts: object
) -> None:
    """The same, of one record of it, by the name of its row."""
    tell(event, opened, by=by, record=opened.box.name_of(record), **facts)


def tell_contact(event: Event, one: "OpenContact", *, by: "Person | None", **facts: object) -> None:
    """The same, of a contact: in its case's box, or in its own."""
    tell(event, one, by=by, contact=one.name, **facts)
