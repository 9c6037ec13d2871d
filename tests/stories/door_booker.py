"""What the processes of the booking's story do.

Usage: door_booker.py build SLOTS | serve. A serving process does what each line of its standard
input says, and answers with one line: book NAME | few NAME | move NAME | withdraw | check | reset.
A slot is found by its place in time; the dialogues of a process by its name.
"""

import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = ("a", "b", "c", "d")
WORKER = "worker@test.example"


def build(slots: int) -> None:
    """A unit with one worker, her free times, and the dialogues of every process."""
    from hamn.guards.access import actions as access
    from hamn.guards.access import queries
    from hamn.guards.access.rules import Role
    from hamn.site.demo.build import DATA
    from hamn.site.setup import set_up
    from hamn.support.door.models import Dialogue, Slot

    first = set_up(DATA / "centre.toml", today=NOW.date(), is_example=True)
    roles = [Role.CASEWORKER, Role.HEAD_OF_UNIT]
    worker = access.add_person(email=WORKER, title="Kurator", roles=roles, by=first)
    row = access.propose_member(person_id=worker.pk, unit="mika", is_head=True, by=first)
    assert queries.may_accept_alone(worker)
    access.accept_headship(membership_id=row.pk, by=worker)
    Slot.objects.bulk_create(
        Slot(
            unit="mika",
            worker=worker,
            starts_at=NOW + timedelta(days=1, hours=place),
            minutes=45,
            form="phone",
        )
        for place in range(slots)
    )
    Dialogue.objects.bulk_create(
        _dialogue(dialogue_id(name, place)) for name in NAMES for place in range(slots)
    )


def serve() -> None:
    """Do what is asked, until nothing more is."""
    each: dict[str, Any] = {one.__name__: one for one in (book, few, move, withdraw, check, reset)}
    print("ready", flush=True)
    for line in sys.stdin:
        verb, *rest = line.split()
        print(each[verb](*rest), flush=True)


def dialogue_id(name: str, place: int) -> UUID:
    """The dialogue with which the process tries for the slot of that place."""
    return uuid5(NAMESPACE_URL, f"{name}{place}")


def book(name: str) -> int:
    """Try for every slot, each with another dialogue; how many were granted."""
    return _try_all(name, lambda place: dialogue_id(name, place))


def few(name: str) -> int:
    """Try for every slot in an order of one's own, all with the one dialogue of `a`."""
    return _try_all(name, lambda _place: dialogue_id("a", 0), shuffled=True)


def move(name: str) -> str:
    """Hold a slot of one's own, then move to the one that everybody wants; what came of it."""
    from hamn.support.door.actions import booking
    from hamn.support.door.rules.booking import SlotTaken

    slots = _slots()
    dialogue = _read(dialogue_id(name, 0))
    mine = booking.book_time(
        dialogue=dialogue, slot_id=slots[1 + NAMES.index(name)], wants_reminder=False, now=NOW
    )
    try:
        booking.move_booking(dialogue=dialogue, booking_id=mine.pk, slot_id=slots[0], now=NOW)
    except SlotTaken:
        return "kept"
    return "moved"


def withdraw() -> int:
    """Withdraw every time while others book them; how many somebody had booked."""
    from hamn.guards.access.queries import by_email
    from hamn.support.door.actions import times

    worker = by_email(WORKER)
    return sum(times.withdraw_time(slot_id=slot, by=worker, now=NOW) for slot in _slots())


def reset() -> str:
    """Nothing booked and nothing withdrawn, for the next story."""
    from hamn.support.door.models import Booking, DialogueFact, Slot

    Booking.objects.all().delete()
    DialogueFact.objects.all().delete()
    Slot.objects.update(withdrawn_at=None)
    return "done"


def check() -> str:
    """What stands: bookings by slot, by dialogue, and those of a withdrawn time."""
    from hamn.support.door.models import Booking, DialogueFact

    rows = Booking.objects.filter(cancelled_at__isnull=True)
    slots = list(rows.values_list("slot_id", flat=True))
    found = {
        "standing": len(slots),
        "doubled": len(slots) - len(set(slots)),
        "of_a": rows.filter(dialogue_id=dialogue_id("a", 0)).count(),
        "withdrawn": rows.filter(slot__withdrawn_at__isnull=False).count(),
        "ever": Booking.objects.count(),
        "facts": DialogueFact.objects.count(),
    }
    return json.dumps(found)


def _try_all(name: str, whose: Any, *, shuffled: bool = False) -> int:
    from hamn.support.door.actions import booking
    from hamn.support.door.rules.booking import SlotTaken, TooManyBooked

    places = list(enumerate(_slots()))
    if shuffled:
        random.Random(name).shuffle(places)
    dialogues = {place: _read(whose(place)) for place, _slot in places}
    granted = 0
    for place, slot in places:
        try:
            booking.book_time(
                dialogue=dialogues[place], slot_id=slot, wants_reminder=False, now=NOW
            )
        except (SlotTaken, TooManyBooked):
            continue
        granted += 1
    return granted


def _slots() -> list[UUID]:
    from hamn.support.door.models import Slot

    return list(Slot.objects.order_by("starts_at").values_list("pk", flat=True))


def _read(pk: UUID) -> Any:
    from hamn.support.door.models import Dialogue

    return Dialogue.objects.get(pk=pk)


def _dialogue(pk: UUID) -> Any:
    from hamn.support.door.models import Dialogue

    return Dialogue(
        id=pk,
        unit="mika",
        service="mika",
        box=uuid4(),
        locator=uuid4().bytes,
        public=b"p",
        key_for_person=b"k",
        sealed=b"s",
        state="open",
        origin="web",
        situation="compensation",
        language="sv",
        opened_on=NOW.date(),
        active_on=NOW.date(),
    )


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "build":
        build(int(sys.argv[2]))
    else:
        serve()
