"""What the tests of booking and of notices share: a dialogue as it is stored, and free times."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from hamn.guards.vault import actions as vault
from hamn.support.door.models import Booking, Dialogue, Reach, Slot
from hamn.support.door.queries.dialogues import sealed_place
from hamn.support.door.rules.content import ReachContent

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday, ten o'clock in Sweden


def a_dialogue(unit: str = "mika", **more: Any) -> Dialogue:
    """An open dialogue of the unit, with a box that the unit opens."""
    box = vault.new_box([unit])
    fields: dict[str, Any] = {
        "unit": unit,
        "service": unit,
        "box": box.id,
        "locator": uuid4().bytes,
        "public": b"p",
        "key_for_person": b"k",
        "sealed": b"s",
        "state": "open",
        "origin": "web",
        "situation": "compensation",
        "language": "sv",
        "opened_on": NOW.date(),
        "active_on": NOW.date(),
    }
    return Dialogue.objects.create(**fields | more)


def a_slot(worker: Any, *, unit: str = "mika", days: float = 1, **more: Any) -> Slot:
    """A free time of the worker's, that many days from now."""
    fields = {"minutes": 45, "form": "visit", "place": "Rum 2"} | more
    return Slot.objects.create(
        unit=unit, worker=worker, starts_at=NOW + timedelta(days=days), **fields
    )


def a_notice(dialogue: Dialogue, **says: Any) -> Reach:
    """The address of a neutral notice, sealed for the unit."""
    box = vault.new_box([dialogue.unit])
    row = Reach(
        dialogue=dialogue, kind="notice", box=box.id, key_for_person=b"k", asked_on=NOW.date()
    )
    content = ReachContent(**{"address": "vem@brev.example", "wording": "hello"} | says)
    row.sealed = box.seal(sealed_place(row), _json(content))
    row.save()
    return row


def standing() -> list[Booking]:
    """Every booking that is not cancelled."""
    return list(Booking.objects.filter(cancelled_at__isnull=True).order_by("slot__starts_at"))


def _json(content: ReachContent) -> bytes:
    from hamn.support.cases.rules.content import to_json

    return to_json(content)
