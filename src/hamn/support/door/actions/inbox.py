"""Dialogues read, listed, assigned, blocked; whoever looked stands in the trail."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import queries as vaults

from ..events import Event
from ..models import Dialogue, Reach
from ..queries.dialogues import content_of
from ..queries.inbox import candidates, dialogue_for, reach_of, reading_units, wrote_after
from ..queries.opened import OpenDialogue, Said, messages_of, opened_dialogue, opened_reach
from ..queries.reaching import check_number
from ..rules.content import DialogueContent, ReachContent
from ..rules.hours import working_days
from ..rules.inbox import BLOCKS, NotOpen, Taken, check_open
from ..rules.response import LONGEST
from ..rules.words import State
from . import facts
from .telling import tell_of_another

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

CALL = "call"


@transaction.atomic
def read_dialogue(
    *, dialogue_id: UUID, by: "Person", what: str = "dialogue"
) -> tuple[OpenDialogue, list[Said]]:
    """The dialogue and what she may read of what was written; that she read it is recorded.

    what: code of the page. Raises NotVisible, Locked.
    """
    permits.require(by, "door.read")
    opened = opened_dialogue(dialogue_for(by, dialogue_id))
    said = messages_of(opened, by)
    audit.record(Event.DIALOGUE_READ, by=by, on=opened.box.trail_name, what=what)
    return opened, said


@transaction.atomic
def list_dialogues(*, dialogues: Collection[Dialogue], by: "Person") -> dict[UUID, str]:
    """What each person of a list has said that she is called, by the dialogue's id; often nothing.

    One round trip to the vault for all; a dialogue whose key is lost is left out. Raises Locked.
    """
    permits.require(by, "door.read")
    units = reading_units(by)
    hers = [one for one in dialogues if one.unit in units]
    if not hers:
        return {}
    boxes = vaults.open_boxes([one.box for one in hers], units)
    found = [one for one in hers if one.box in boxes]
    names = sorted(boxes[one.box].trail_name for one in found)
    audit.record(Event.DIALOGUES_LISTED, by=by, dialogues=names)
    return {one.pk: content_of(one, boxes[one.box], DialogueContent).called for one in found}


def dialogue_to_change(*, dialogue_id: UUID, permit: str, by: "Person") -> OpenDialogue:
    """The dialogue, locked and opened for a change, inside the caller's transaction.

    Raises NotVisible, PermissionDenied, Locked.
    """
    permits.require(by, permit)
    return opened_dialogue(dialogue_for(by, dialogue_id, lock=True))


@transaction.atomic
def assign_dialogue(*, dialogue_id: UUID, person_id: int | None, by: "Person") -> Dialogue:
    """Somebody in the unit answers for the dialogue from now on, or nobody yet.

    A person who has asked for another worker than she had is told that she has got one.
    Raises NotVisible, BadInput.
    """
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.assign", by=by)
    dialogue = opened.dialogue
    if person_id is not None and person_id not in candidates(by, dialogue.unit):
        raise BadInput(_("Välj någon som arbetar i enheten."))
    was = dialogue.assigned_to_id
    tell_of_another(opened, person_id, now=timezone.now())
    dialogue.assigned_to_id = person_id
    dialogue.save(update_fields=["assigned_to", "asks_other_worker"])
    audit.record(
        Event.DIALOGUE_ASSIGNED, by=by, on=opened.box.trail_name, person=person_id, was=was
    )
    return dialogue


@transaction.atomic
def block_dialogue(*, dialogue_id: UUID, reason: str, by: "Person", now: datetime) -> Dialogue:
    """The sender meets the same answer as for a code that nobody has; her times are free again.

    reason: code of BLOCKS.

    Raises NotVisible, NotOpen, BadInput.
    """
    if reason not in BLOCKS:
        raise BadInput(_("Välj varför avsändaren spärras."))
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.block", by=by)
    check_open(opened.dialogue.state)
    _move(opened, State.BLOCKED)
    ahead = opened.dialogue.bookings.filter(cancelled_at__isnull=True, slot__starts_at__gt=now)
    ahead.update(cancelled_at=now, cancelled_by="staff")
    audit.record(Event.DIALOGUE_BLOCKED, by=by, on=opened.box.trail_name, reason=reason)
    return opened.dialogue


@transaction.atomic
def unblock_dialogue(*, dialogue_id: UUID, by: "Person") -> Dialogue:
    """The person's code finds the dialogue again. Raises NotVisible, NotOpen."""
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.block", by=by)
    if opened.dialogue.state != State.BLOCKED:
        raise NotOpen(_("Dialogen är inte spärrad. Läs om sidan."))
    _move(opened, State.OPEN)
    audit.record(Event.DIALOGUE_UNBLOCKED, by=by, on=opened.box.trail_name)
    return opened.dialogue


@transaction.atomic
def read_number(
    *, dialogue_id: UUID, by: "Person", now: datetime
) -> tuple[OpenDialogue, ReachContent]:
    """The number that the person wants to be called on, and when; that somebody looked is recorded.

    Raises NotVisible, Taken when there is none any more, UnsafeContact where the dialogue's case
    forbids calls, or at this hour.
    """
    permits.require(by, "door.write")
    opened = opened_dialogue(dialogue_for(by, dialogue_id))
    reach = _call_of(opened.dialogue)
    check_number(opened.dialogue, now)
    content = opened_reach(reach, opened.dialogue.unit)
    audit.record(Event.REACH_READ, by=by, on=opened.box.trail_name, kind=CALL)
    return opened, content


@transaction.atomic
def mark_called_back(
    *,
    dialogue_id: UUID,
    by: "Person",
    now: datetime,
    was_answer: bool = False,
    seen: int | None = None,
) -> Dialogue:
    """The person was called: her number is shown no more, and the worker process erases it where a
    decision lets it.

    was_answer: the call was what she waited for. seen: as write_as_staff has it.
    Raises NotVisible, Taken.
    """
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.write", by=by)
    reach = _call_of(opened.dialogue)
    reach.done_at = now
    reach.save(update_fields=["done_at"])
    opened.dialogue.active_on = timezone.localdate(now)
    opened.dialogue.save(update_fields=["active_on"])
    if was_answer:
        end_waiting(opened.dialogue, now=now, seen=seen)
    audit.record(Event.CALLED_BACK, by=by, on=opened.box.trail_name)
    return opened.dialogue


def end_waiting(dialogue: Dialogue, *, now: datetime, seen: int | None) -> None:
    """The person waits no more, and how long she waited is counted; she waits as before when she
    has written after the message of the place `seen`. None: everything was seen.
    """
    if seen is not None and wrote_after(dialogue, seen):
        return
    if dialogue.waits_since is not None:
        since, today = timezone.localdate(dialogue.waits_since), timezone.localdate(now)
        days = min(working_days(since, today), LONGEST)
        in_time = dialogue.answer_by is None or today <= dialogue.answer_by
        facts.count(facts.Kind.ANSWER, dialogue, now, working_days=days, was_in_time=in_time)
    dialogue.waits_since = dialogue.answer_by = None
    dialogue.save(update_fields=["waits_since", "answer_by"])


def _move(opened: OpenDialogue, state: State) -> None:
    opened.dialogue.state = state
    opened.dialogue.save(update_fields=["state"])


def _call_of(dialogue: Dialogue) -> Reach:
    reach = reach_of(dialogue, CALL)
    if reach is None:
        raise Taken(_("Ingen uppringning väntar. Personen är uppringd, eller har tagit tillbaka."))
    return reach
