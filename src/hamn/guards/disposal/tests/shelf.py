"""A room of the tests' own: records on a shelf, sealed in real boxes of the vault."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from hamn.guards.disposal import actions
from hamn.guards.disposal.rules import Candidate, Destroyed, Reason
from hamn.guards.vault import actions as vault
from hamn.guards.vault.rules import Place

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.disposal.models import Hold

TODAY = date(2026, 3, 2)
OLD = date(2020, 11, 30)  # due 2025-11-30: to be done by 2026-12-31


class Shelf:
    """Holds records of one kind, and their ciphertext."""

    def __init__(self, kind: str = "tests.record", name: str = "Påhittade uppgifter") -> None:
        self.kind, self.name = kind, name
        self.records: dict[UUID, Candidate] = {}
        self.sealed: dict[UUID, bytes] = {}

    def put(self, unit: str = "mika", last_note_on: date = OLD, **more: object) -> UUID:
        """One more record, with a text sealed in a box of its own."""
        box = vault.new_box([unit])
        record = Candidate(uuid4(), unit, last_note_on, box_ids=(box.id,), **more)  # type: ignore[arg-type]
        self.records[record.id] = record
        self.sealed[record.id] = box.seal(place_of(record.id), b"Torsten Exempel")
        return record.id

    def hold(self, record_id: UUID, by: "Person", until: date = date(2028, 1, 1)) -> "Hold":
        """The record kept for a court until the day, as somebody of its unit does it."""
        return actions.place_hold(
            kind=self.kind, thing=record_id, reason=Reason.COURT, until=until, today=TODAY, by=by
        )

    def change(self, record_id: UUID, **more: object) -> None:
        """The record as somebody has changed it."""
        self.records[record_id] = self.records[record_id]._replace(**more)  # type: ignore[arg-type]

    def candidates(
        self, *, unit: str | None, due_before: date, after_id: UUID | None, limit: int
    ) -> Sequence[Candidate]:
        """As the register asks."""
        found = sorted(self._due(unit, due_before))
        return [one for one in found if after_id is None or one.id > after_id][:limit]

    def count(self, *, unit: str | None, due_before: date) -> int:
        """As the register asks."""
        return len(self._due(unit, due_before))

    def locked(self, *, ids: Collection[UUID]) -> Sequence[Candidate]:
        """As the register asks."""
        return [self.records[one] for one in ids if one in self.records]

    def destroy(self, *, ids: Collection[UUID]) -> Destroyed:
        """As the register asks; each record has two notes."""
        for one in ids:
            del self.records[one], self.sealed[one]
        return Destroyed({"note": 2 * len(ids)})

    def _due(self, unit: str | None, due_before: date) -> list[Candidate]:
        return [
            one
            for one in self.records.values()
            if unit in (None, one.unit) and one.due_on is not None and one.due_on < due_before
        ]


def place_of(record_id: UUID) -> Place:
    """Where a record's text belongs."""
    return Place("tests_record", "sealed", str(record_id))
