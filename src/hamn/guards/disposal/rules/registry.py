"""What rooms hold: the face a room shows to disposal, and the register of them.

A room registers one `Holding` for each kind of record that dies as a whole, at start-up.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol
from uuid import UUID

from hamn.core.errors import BadInput, _

from .classes import USUAL, rule_class
from .dates import due_on


class Candidate(NamedTuple):
    """A record as disposal knows it: nothing in it says who the person is.

    born_on: for rule classes that count from a child's birth; a room that keeps only the year gives
    31 December of it. box_ids: every box that dies with the
    record. read_by: units beside its own that have ever had a grant to them, so that their keys are
    changed too.
    """

    id: UUID
    unit: str
    last_note_on: date
    rule_class: str = USUAL
    box_ids: tuple[UUID, ...] = ()
    born_on: date | None = None
    read_by: tuple[str, ...] = ()

    @property
    def due_on(self) -> date | None:
        """The day from which it shall be disposed of; None while it is exempt."""
        return due_on(self.last_note_on, rule_class(self.rule_class), self.born_on)


class Destroyed(NamedTuple):
    """What a room has destroyed: how many rows, by kind (`{"note": 12, "attachment": 2}`)."""

    counts: Mapping[str, int]


class Holding(Protocol):
    """One kind of record that a room holds (`cases.case`) and can destroy."""

    kind: str
    name: str  # Swedish, a marked sentence

    def candidates(
        self, *, unit: str | None, due_before: date, after_id: UUID | None, limit: int
    ) -> Sequence[Candidate]:
        """Records due before the day, ordered by id from after_id; `queries.is_due` is the filter.

        Those that a hold keeps are among them: they are shown, never destroyed. No permission is
        asked for.
        """
        ...

    def count(self, *, unit: str | None, due_before: date) -> int:
        """How many `candidates` would give, in one query."""
        ...

    def locked(self, *, ids: Collection[UUID]) -> Sequence[Candidate]:
        """Those of the records that are still there, locked until the transaction ends.

        Whatever would give a record a new note must wait for the lock (a lock on its row).
        """
        ...

    def destroy(self, *, ids: Collection[UUID]) -> Destroyed:
        """Delete the records with all that belongs to them, in the caller's transaction.

        Ciphertext, attachments, drafts, contact details, the log of reads. The identity-free facts
        stay. The boxes are erased by disposal itself.
        """
        ...


_HOLDINGS: dict[str, Holding] = {}


def register_holding(holding: Holding) -> None:
    """Add what a room holds; the same kind again takes the place of the earlier one."""
    _HOLDINGS[holding.kind] = holding


def holdings() -> Mapping[str, Holding]:
    """What the rooms hold, by kind."""
    return dict(_HOLDINGS)


def address_of(kind: str, thing: UUID) -> str:
    """The page of a record, for those who belong to its unit; empty where its room has none.

    A room that has one gives its holding `address(id)`.
    """
    address = getattr(_HOLDINGS.get(kind), "address", None)
    return str(address(thing)) if address else ""


def holding_of(kind: str) -> Holding:
    """What holds records of the kind. Raises BadInput when no room does."""
    found = _HOLDINGS.get(kind)
    if found is None:
        raise BadInput(
            _("Inget rum har uppgifter av slaget {kind}. Kontrollera namnet."), kind=kind
        )
    return found
