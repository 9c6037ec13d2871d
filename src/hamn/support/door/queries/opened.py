"""A dialogue opened for staff: its row, its box, what stands in it. Only here is it read."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hamn.guards.access.queries import titles
from hamn.guards.vault import queries as vaults

from ..models import Dialogue, Message, Reach
from ..rules.content import DialogueContent, MessageContent, ReachContent
from ..rules.words import Author, Visibility
from .dialogues import content_of, services_before

if TYPE_CHECKING:
    from uuid import UUID

    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a worker reads it. by: the title of who wrote it, of staff. text: None where
    its key is lost. service: what staff wrote for, where it is another than the dialogue's now.
    """

    id: "UUID"
    place: int
    author: str
    by: str
    visibility: str
    written_at: datetime
    text: str | None
    service: str

    @property
    def is_persons(self) -> bool:
        """Whether the person wrote it: it stands folded until somebody wants to see it."""
        return self.author == Author.PERSON

    @property
    def words(self) -> int:
        """How many words it is."""
        return len((self.text or "").split())


@dataclass(slots=True)
class OpenDialogue:
    """A dialogue that was opened for a worker of its unit."""

    dialogue: Dialogue
    box: "Box"
    content: DialogueContent


def opened_dialogue(dialogue: Dialogue) -> OpenDialogue:
    """The dialogue with its box opened by its unit's key. Raises Locked, Unreadable, AgentAway."""
    box = vaults.open_box(dialogue.box, {dialogue.unit})
    return OpenDialogue(dialogue, box, content_of(dialogue, box, DialogueContent))


def messages_of(opened: OpenDialogue, viewer: "Person") -> list[Said]:
    """What was written, in its order: to and from the person, to the unit, and her own notes.

    A colleague's own note is not there. Notes lie in boxes of their own, which the person's key
    never opens; all are opened in one question to the vault.
    """
    rows = list(seen_by(opened.dialogue, viewer).order_by("place"))
    boxes = {opened.box.id: opened.box}
    if others := {row.box for row in rows} - boxes.keys():
        boxes |= vaults.open_boxes(others, {opened.dialogue.unit})
    people = titles({f"access.person:{row.by_id}" for row in rows if row.by_id})
    services = services_before(rows, opened.dialogue)
    return [_said(row, boxes, people, services) for row in rows]


def seen_by(dialogue: Dialogue, viewer: "Person") -> QuerySet[Message]:
    """The rows of the dialogue that she may read: all but others' own notes."""
    return dialogue.messages.filter(~Q(visibility=Visibility.OWN) | Q(by=viewer))


def opened_reach(reach: Reach, unit: str) -> ReachContent:
    """How the person wants to be told or called. Raises Locked, Unreadable."""
    return content_of(reach, vaults.open_box(reach.box, {unit}), ReachContent)


def _said(
    row: Message, boxes: "dict[UUID, Box]", people: dict[str, str], services: dict[str, str]
) -> Said:
    box = boxes.get(row.box)
    text = None if box is None else content_of(row, box, MessageContent).text
    return Said(
        row.pk,
        row.place,
        row.author,
        people.get(f"access.person:{row.by_id}", ""),
        row.visibility,
        row.written_at,
        text,
        services.get(row.service or "", ""),
    )
