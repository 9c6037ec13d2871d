"""Reading dialogues' sealed rows, whoever opened the box; and finding one by its locator.

The public process may read a few columns only (docs/adr/0024), so every read here names them:
what belongs to staff (whose it is, which case it is linked to) is never asked for.
"""

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from hamn.guards.vault.boxes import Box
from hamn.guards.vault.rules import Place
from hamn.support.cases.rules.content import from_json
from hamn.support.services import queries as catalogue

from ..models import Dialogue, Message, Reach

Row = Dialogue | Message | Reach
T = TypeVar("T")
# What the public process reads of a dialogue; the box's unit side and the case are not its matter.
PUBLIC = (
    *("id", "unit", "service", "box", "locator", "public", "key_for_person", "sealed", "version"),
    *("state", "is_one_time", "origin", "situation", "language", "is_child", "opened_on"),
    *("active_on", "waits_since", "answer_by", "seen_by_person", "asks_other_worker"),
    *("erase_asked_at", "erase_stopped_on", "erased_on"),
)
PUBLIC_MESSAGE = (
    *("id", "dialogue_id", "place", "author", "service", "visibility", "written_at"),
    *("box", "sealed"),
)
PUBLIC_REACH = (
    *("id", "dialogue_id", "kind", "box", "key_for_person", "sealed", "asked_on"),
    *("removed_at", "done_at"),
)


def sealed_place(row: Row) -> Place:
    """What the row's sealed field is bound to: moved elsewhere it does not open."""
    return Place(row._meta.db_table, "sealed", str(row.pk))


def content_of(row: Row, box: Box, kind: type[T]) -> T:
    """What the row says. Raises Unreadable for another box, or a row that was moved."""
    return from_json(kind, box.open(sealed_place(row), bytes(row.sealed)))


def services_before(messages: Collection[Message], dialogue: Dialogue) -> dict[str, str]:
    """By code, the names of the services that staff wrote the messages for before the dialogue was
    handed to the one it has now.
    """
    before = {one.service for one in messages} - {None, dialogue.service}
    names = catalogue.names() if before else {}
    return {code: names.get(code, code) for code in before if code}


def by_locator(locator: bytes, *states: str) -> Dialogue | None:
    """The dialogue that a code finds, in one of the states or in any; None when it finds none.

    states: judged by the database, so that one in another state takes no longer than none.
    """
    rows = Dialogue.objects.only(*PUBLIC).filter(locator=locator)
    return (rows.filter(state__in=states) if states else rows).first()


def found(dialogue_id: UUID, *, lock: bool = False) -> Dialogue | None:
    """The dialogue of that id; lock: held until the transaction ends."""
    rows = Dialogue.objects.only(*PUBLIC)
    return (rows.select_for_update() if lock else rows).filter(pk=dialogue_id).first()


def is_same_dialogue(dialogue_id: UUID, unit: str, box: str) -> bool:
    """Whether the dialogue still is the unit's with the content that the box holds; held until the
    transaction ends.
    """
    rows = Dialogue.objects.select_for_update().filter(pk=dialogue_id, unit=unit, box=UUID(box))
    return rows.only("id").first() is not None
