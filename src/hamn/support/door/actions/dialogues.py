"""A dialogue is opened, and a person writes in it.

Her own acts leave nothing in the trail: its exact hours would tell of her (events.py). Hours that
are stored of what she does are whole ones.
"""

import hmac
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import Refusal, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import actions as vault
from hamn.guards.vault.boxes import Box
from hamn.guards.vault.rules import Unreadable, pair_of
from hamn.support.services import queries as catalogue

from ..events import Event
from ..models import Dialogue, Message
from ..queries.dialogues import by_locator, found
from ..queries.person import Opened, box_of
from ..rules.content import DialogueContent, MessageContent, ReachContent
from ..rules.hours import answer_by, hours_of
from ..rules.keys import Derived, expanded
from ..rules.words import Author, State, Visibility
from . import facts
from .hashing import hashed
from .sealing import put, put_reach

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


class Gone(Refusal):
    """The dialogue is ended, or was never there; the person is asked for her code again."""

    code = "door.gone"

    def __init__(self) -> None:
        super().__init__(_("Dialogen är inte öppen längre. Vill du skriva igen: börja en ny."))


@sensitive_variables()
def open_dialogue(
    *,
    code: str,
    text: str,
    situation: str,
    service: str,
    language: str,
    is_child: bool,
    origin: str,
    token: bytes,
    now: datetime,
    by: "Person | None" = None,
    is_one_time: bool = False,
    source: bytes = b"",
    call: ReachContent | None = None,
) -> Dialogue:
    """The dialogue that the code opens, with its first message; the same form sent twice gives one.

    code: as rules.codes has it; hashed here, so never called within a transaction. token: what
    tells this form from any other. by: a worker who opens it for somebody who calls or comes; the
    text is then what she notes for the person to read, and may be empty. source: of hashing.hashed.
    call: the number that the person wants to be called at.
    Raises Busy, NoKey; with `by` also NotVisible and PermissionDenied.
    """
    unit = catalogue.service(service).unit
    if by is not None:
        permits.require(by, "door.write", unit)
    derived = hashed(code, source=source, form=token)
    new = Dialogue(
        unit=unit,
        service=service,
        locator=derived.locator,
        state=State.OPEN,
        is_one_time=is_one_time,
        origin=origin,
        situation=situation,
        language=language,
        is_child=is_child,
        opened_on=timezone.localdate(now),
        active_on=timezone.localdate(now),
    )
    first = _First(derived, text, token, now, by, call)
    try:
        return _begun(new, first)
    except IntegrityError:
        # The same form at the same time, in another process: that one was first.
        return _begun(new, first)


class _First(NamedTuple):
    """What a dialogue begins with."""

    derived: Derived
    text: str
    token: bytes
    now: datetime
    by: "Person | None"
    call: ReachContent | None


@sensitive_variables()
@transaction.atomic
def _begun(new: Dialogue, first: _First) -> Dialogue:
    """The new dialogue stored with its message; the one that is there when the form came before."""
    derived, text, token, now, by, call = first
    mark = mark_of(derived.seed, token, text)
    # Asked before the dialogue: the same form may be stored between the two questions, and the
    # message of a dialogue that was not there a moment ago would be taken for an ended one's.
    is_written = Message.objects.filter(token=mark).exists()
    there = by_locator(derived.locator)
    if there is not None and there.state == State.OPEN:
        opened = Opened(there, box_of(there, derived.seed), derived.seed)
        return add_person_message(opened, text=text, token=token, now=now).dialogue
    if there is not None or is_written:
        raise Gone
    box = vault.new_box([new.unit])
    new.public = pair_of(derived.seed).public
    new.box, new.key_for_person = box.id, box.key_for_person(new.public)
    put(new, DialogueContent(), box)
    if by is None:
        _await_answer(new, now)
    new.save(force_insert=True)
    facts.count(facts.Kind.OPENED, new, now)
    if text:
        author = Author.STAFF if by else Author.PERSON
        _write(new, box, author, text, now, token=mark, by=by)
    if call is not None:
        put_reach(new, "call", call, now)
    if by is None:
        facts.count(facts.Kind.MESSAGE, new, now)
    else:
        audit.record(Event.DIALOGUE_OPENED, by=by, on=box.trail_name, unit=new.unit)
    return new


@sensitive_variables("text", "mark")
@transaction.atomic
def add_person_message(opened: Opened, *, text: str, token: bytes, now: datetime) -> Opened:
    """What the person writes next; the same form sent twice is one message.

    Raises Gone when the dialogue was ended meanwhile.
    """
    mark = mark_of(opened.seed, token, text)
    opened = locked(opened)
    if Message.objects.filter(token=mark).exists():
        return opened
    dialogue = opened.dialogue
    _await_answer(dialogue, now)
    dialogue.active_on = timezone.localdate(now)
    dialogue.save(update_fields=["waits_since", "answer_by", "active_on"])
    _write(dialogue, opened.box, Author.PERSON, text, now, token=mark)
    facts.count(facts.Kind.MESSAGE, dialogue, now)
    return opened


@sensitive_variables("opened")
def locked(opened: Opened) -> Opened:
    """The dialogue as it stands, held until the transaction ends, with the box that it has now.

    Raises Gone when it is no longer open, or has had a new code.
    """
    dialogue = found(opened.dialogue.pk, lock=True)
    if dialogue is None or dialogue.state != State.OPEN:
        raise Gone
    try:
        # Erased meanwhile, it has another box; with another code, another key.
        return Opened(dialogue, box_of(dialogue, opened.seed), opened.seed)
    except Unreadable:
        raise Gone from None


def next_place(dialogue: Dialogue) -> int:
    """The place of the next message of the locked dialogue."""
    rows = Message.objects.filter(dialogue_id=dialogue.pk)
    return (rows.aggregate(last=Max("place"))["last"] or 0) + 1


def to_the_hour(at: datetime) -> datetime:
    """The whole hour before: when somebody writes to the minute may tell who she is."""
    return at.replace(minute=0, second=0, microsecond=0)


def mark_of(seed: bytes, token: bytes, text: str) -> bytes:
    """What tells a message sent twice; keyed, so that no text can be guessed from it."""
    return hmac.digest(expanded(seed, "message"), token + b"\0" + text.encode(), "sha256")


def _await_answer(dialogue: Dialogue, now: datetime) -> None:
    """The person waits; the day first promised stands until she has her answer."""
    if dialogue.waits_since is None:
        dialogue.waits_since = to_the_hour(now)
    if dialogue.answer_by is None:
        dialogue.answer_by = answer_by(hours_of(settings.DOOR, dialogue.unit), now)


def _write(
    dialogue: Dialogue,
    box: Box,
    author: Author,
    text: str,
    now: datetime,
    *,
    token: bytes,
    by: "Person | None" = None,
) -> None:
    row = Message(
        dialogue=dialogue,
        place=next_place(dialogue),
        author=author,
        by=by,
        service=dialogue.service if by else None,
        visibility=Visibility.PERSON,
        written_at=now if by else to_the_hour(now),
        box=box.id,
        token=token,
    )
    put(row, MessageContent(text), box)
    row.save(force_insert=True)
