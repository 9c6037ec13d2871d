"""What a person reads with her code: her dialogue, what was written to and by her, what she chose.

Nothing here asks who she is. Her key opens the dialogue's own box and no other: what staff write to
each other lies in boxes that it does not open.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables

from hamn.guards.vault import queries as vault
from hamn.guards.vault.boxes import Box
from hamn.guards.vault.rules import Unreadable

from ..models import Dialogue, Message, Reach
from ..rules.content import DialogueContent, MessageContent, ReachContent
from ..rules.keys import Derived
from ..rules.words import Author, State, Visibility
from .dialogues import (
    PUBLIC_MESSAGE,
    PUBLIC_REACH,
    by_locator,
    content_of,
    found,
    services_before,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A dialogue that the person's code opened. seed: of her key pair; never stored or shown."""

    dialogue: Dialogue
    box: Box
    seed: bytes

    def __repr__(self) -> str:
        return f"<Opened {self.dialogue.pk}>"

    @property
    def called(self) -> str:
        """What she wants to be called; empty while she is anonymous."""
        return content_of(self.dialogue, self.box, DialogueContent).called


@dataclass(frozen=True, slots=True)
class Written:
    """A message as the person sees it. author: person, staff or system, never a name.

    service: what staff wrote for, where that is another than the dialogue's now; else empty.
    """

    place: int
    author: str
    text: str
    written_at: datetime
    service: str

    @property
    def is_hers(self) -> bool:
        """Whether she wrote it herself."""
        return self.author == Author.PERSON


@dataclass(frozen=True, slots=True)
class Chosen:
    """How she has asked to be told or called."""

    reach: Reach
    content: ReachContent


@sensitive_variables("derived")
def open_by_code(derived: Derived) -> Opened | None:
    """The open dialogue that the code's two values find and open.

    None alike for a code that finds none, an ended dialogue and a blocked one: the same query and
    the same answer, so that nobody learns which of them it is.
    """
    return _opened(by_locator(derived.locator, State.OPEN), derived.seed)


@sensitive_variables("seed")
def open_by_seed(dialogue_id: UUID, seed: bytes) -> Opened | None:
    """The dialogue that a reader has open; None once it is ended or blocked, or has a new code."""
    return _opened(found(dialogue_id), seed)


def messages_of(opened: Opened) -> list[Written]:
    """What was written to her and by her, in its order."""
    rows = list(_messages(opened.dialogue).order_by("place").only(*PUBLIC_MESSAGE))
    services = services_before(rows, opened.dialogue)
    return [_written(row, opened.box, services.get(row.service or "", "")) for row in rows]


def has_news_after(dialogue: Dialogue, place: int) -> bool:
    """Whether somebody else has written to her after the place."""
    rows = _messages(dialogue).filter(place__gt=place)
    return rows.exclude(author=Author.PERSON).exists()


def chosen(opened: Opened, kind: str) -> Chosen | None:
    """What she has left of that kind (notice or call), when it stands."""
    reach = standing(opened.dialogue).filter(kind=kind).first()
    if reach is None:
        return None
    return Chosen(reach, content_of(reach, reach_box(reach, opened.seed), ReachContent))


def standing(dialogue: Dialogue) -> QuerySet[Reach]:
    """What she has left and neither revoked nor had fulfilled."""
    rows = Reach.objects.only(*PUBLIC_REACH)
    return rows.filter(dialogue_id=dialogue.pk, removed_at__isnull=True, done_at__isnull=True)


@sensitive_variables("seed")
def reach_box(reach: Reach, seed: bytes) -> Box:
    """The box of what she has left, by her own key."""
    return vault.person_box(reach.box, bytes(reach.key_for_person), seed)


@sensitive_variables("seed")
def box_of(dialogue: Dialogue, seed: bytes) -> Box:
    """The dialogue's box by the person's key. Raises Unreadable for another's seed."""
    return vault.person_box(dialogue.box, bytes(dialogue.key_for_person), seed)


@sensitive_variables("seed")
def _opened(dialogue: Dialogue | None, seed: bytes) -> Opened | None:
    if dialogue is None or dialogue.state != State.OPEN:
        return None
    try:
        return Opened(dialogue, box_of(dialogue, seed), seed)
    except Unreadable:
        return None


def _messages(dialogue: Dialogue) -> QuerySet[Message]:
    return Message.objects.filter(dialogue_id=dialogue.pk, visibility=Visibility.PERSON)


def _written(row: Message, box: Box, service: str) -> Written:
    text = content_of(row, box, MessageContent).text if row.box == box.id else ""
    return Written(row.place, row.author, text, row.written_at, service)
