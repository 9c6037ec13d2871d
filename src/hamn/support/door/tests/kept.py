"""A dialogue as a person left it, and a unit's rule, for the tests of keeping and erasing."""

import os
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import new_pair
from hamn.support.cases.rules.content import to_json
from hamn.support.door.models import Booking, Dialogue, ExpiryRule, Message, Reach, Slot
from hamn.support.door.queries.dialogues import content_of, sealed_place
from hamn.support.door.rules.content import DialogueContent, MessageContent, ReachContent

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
TEXT = "påhittad text om ingen"


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def left(*, unit: str = "mika", quiet_days: int = 0, text: str = TEXT, **more: Any) -> Dialogue:
    """A dialogue with one message, in which nobody has done anything for so many days.

    Its `seed` is the person's own: what her code would make.
    """
    seed, pair = new_pair()
    box = vault.new_box([unit])
    on = days_ago(quiet_days)
    told = {"service": unit, "state": "open", "origin": "web", "situation": "sell"}
    told |= {"language": "sv", "opened_on": on, "active_on": on, "locator": os.urandom(32)} | more
    dialogue = Dialogue(unit=unit, box=box.id, public=pair.public, **told)
    dialogue.key_for_person = box.key_for_person(pair.public)
    dialogue.sealed = box.seal(sealed_place(dialogue), to_json(DialogueContent(called="Påhittad")))
    dialogue.save(force_insert=True)
    write(dialogue, box, text)
    dialogue.seed = seed  # type: ignore[attr-defined]
    return dialogue


def write(dialogue: Dialogue, box: Any, text: str = TEXT, **more: Any) -> Message:
    """One more message in the box."""
    told = {"author": "person", "visibility": "person", "written_at": NOW} | more
    place = dialogue.messages.count() + 1
    message = Message(dialogue=dialogue, place=place, box=box.id, **told)
    message.sealed = box.seal(sealed_place(message), to_json(MessageContent(text)))
    message.save(force_insert=True)
    return message


def reach(dialogue: Dialogue, **more: Any) -> Reach:
    """How she wants to be called."""
    box = vault.new_box([dialogue.unit])
    row = Reach(dialogue=dialogue, kind="call", box=box.id, asked_on=TODAY, **more)
    row.key_for_person = box.key_for_person(bytes(dialogue.public))
    row.sealed = box.seal(sealed_place(row), to_json(ReachContent("070-174 06 05")))
    row.save(force_insert=True)
    return row


def booked(dialogue: Dialogue, worker: Any, *, in_days: int) -> Booking:
    """A time that she has booked."""
    at = NOW + timedelta(days=in_days)
    slot = Slot.objects.create(
        unit=dialogue.unit, starts_at=at, minutes=45, form="visit", worker=worker
    )
    return Booking.objects.create(slot=slot, dialogue=dialogue, booked_on=TODAY)


def ruled(by: Any, *, unit: str = "mika", days: int = 90, **more: Any) -> ExpiryRule:
    """A rule that is in force, as if it had been set long ago."""
    told = {"channel_days": 365, "person_may_erase": True, "decision_reference": "SN 2026/17"}
    told |= {"decision_on": days_ago(400), "valid_from": days_ago(390)} | more
    return ExpiryRule.objects.create(unit=unit, days=days, registered_by=by, **told)


def read_by_unit(dialogue: Dialogue) -> DialogueContent:
    """The sealed row as the unit opens it."""
    row = Dialogue.objects.get(pk=dialogue.pk)
    return content_of(row, vaults.open_box(row.box, [row.unit]), DialogueContent)


def read_by_person(dialogue: Dialogue, seed: bytes) -> DialogueContent:
    """The sealed row as the person's code opens it."""
    row = Dialogue.objects.get(pk=dialogue.pk)
    return content_of(
        row, vaults.person_box(row.box, bytes(row.key_for_person), seed), DialogueContent
    )
