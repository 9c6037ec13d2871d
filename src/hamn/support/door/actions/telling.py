"""What is put last in a dialogue: what staff write, and what the system tells the person."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import translation

from hamn.guards.vault import actions as vault
from hamn.ui.words import said

from ..models import Dialogue, Message
from ..rules.content import MessageContent
from ..rules.told import ANOTHER_ANSWERS
from ..rules.words import Author, State, Visibility
from .dialogues import next_place
from .sealing import put

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenDialogue


def add_message(
    opened: "OpenDialogue", text: str, *, visibility: str, by: "Person | None", now: datetime
) -> Message:
    """The text as the locked dialogue's last message, inside the caller's transaction.

    by: None for what the system tells the person.
    """
    dialogue = opened.dialogue
    is_to_person = visibility == Visibility.PERSON
    box = opened.box if is_to_person else vault.new_box([dialogue.unit])
    message = Message(
        dialogue=dialogue,
        place=next_place(dialogue),
        author=Author.STAFF if by else Author.SYSTEM,
        by=by,
        service=dialogue.service if by else None,
        visibility=visibility,
        written_at=now,
        box=box.id,
    )
    put(message, MessageContent(text), box)
    message.save(force_insert=True)
    return message


def tell_of_another(opened: "OpenDialogue", person_id: int | None, *, now: datetime) -> None:
    """Who asked for another worker is told that she has got one, when she has; the caller saves
    the dialogue. Call it before the worker is put in charge, or answers.
    """
    dialogue = opened.dialogue
    if person_id is None or not dialogue.asks_other_worker:
        return
    if person_id in {dialogue.assigned_to_id, _last_writer(dialogue)}:
        return
    dialogue.asks_other_worker = False
    if dialogue.state == State.ENDED:
        return
    with translation.override(dialogue.language):
        told = said(ANOTHER_ANSWERS)
    add_message(opened, told, visibility=Visibility.PERSON, by=None, now=now)


def _last_writer(dialogue: Dialogue) -> int | None:
    """Who of staff wrote to her last; None for nobody yet."""
    rows = dialogue.messages.filter(author=Author.STAFF, visibility=Visibility.PERSON)
    return rows.order_by("-place").values_list("by_id", flat=True).first()
