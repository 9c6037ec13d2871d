"""An opened case or contact: its row, its box, and what it says. The one place that reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import Place

from ..models import Case, Contact, Record
from ..models.sealed import SealedRow
from ..rules.content import CaseContent, ContactContent, from_json
from ..rules.kinds import KINDS, Kind

if TYPE_CHECKING:
    from hamn.guards.vault.boxes import Box

T = TypeVar("T")


@dataclass(slots=True)
class OpenCase:
    """A case that was opened for a viewer. why: the code of the way by which it opened."""

    case: Case
    box: "Box"
    content: CaseContent
    why: str


@dataclass(slots=True)
class OpenContact:
    """A contact that was opened for a viewer. why: its case's way, or its own without one."""

    contact: Contact
    box: "Box"
    content: ContactContent
    why: str

    @property
    def name(self) -> str:
        """The name under which the trail knows it."""
        return self.box.name_of(self.contact.pk)


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """A record with what it says; `kind` says how that reads."""

    record: Record
    kind: Kind
    content: Any


def place_of(row: SealedRow) -> Place:
    """What the row's ciphertext is bound to."""
    return Place(row._meta.db_table, "sealed", str(row.pk))


def content_of(row: SealedRow, box: "Box", kind: type[T]) -> T:
    """What the sealed row says. Raises Unreadable when it is not what was sealed there."""
    return from_json(kind, box.open(place_of(row), bytes(row.sealed)))


def opened_case(case: Case, units: Iterable[str]) -> OpenCase:
    """The case with its box opened through one of the units. Raises Locked, Unreadable."""
    box = vaults.open_box(case.box, frozenset(units))
    return OpenCase(case, box, content_of(case, box, CaseContent), cast(str, case.why))  # type: ignore[attr-defined]


def opened_contact(contact: Contact, units: Iterable[str], *, why: str) -> OpenContact:
    """The contact with its box opened: its own, or its case's."""
    box = vaults.open_box(contact.box, frozenset(units))
    return OpenContact(contact, box, content_of(contact, box, ContactContent), why)


def opened_records(records: Iterable[Record], box: "Box") -> list[OpenRecord]:
    """The records of one case with what they say."""
    return [
        OpenRecord(one, KINDS[one.kind], content_of(one, box, KINDS[one.kind].content))
        for one in records
    ]
