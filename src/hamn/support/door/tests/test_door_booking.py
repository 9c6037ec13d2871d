"""A person books, moves, cancels and is reminded; staff publish, withdraw and book for a caller."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible
from hamn.core.text import HiddenCharacter
from hamn.guards.audit.models import Entry
from hamn.support.door.actions import booking, times
from hamn.support.door.actions.dialogues import Gone
from hamn.support.door.models import Booking, DialogueFact, ExpiryRule, Slot
from hamn.support.door.queries import booking as queries
from hamn.support.door.queries.times import slots_for
from hamn.support.door.rules.booking import BookingGone, SlotTaken, TooManyBooked
from hamn.support.door.rules.offers import DialogueOver, Offer, TimesOverlap
from hamn.support.door.tests.booked import NOW, a_dialogue, a_slot, standing

pytestmark = pytest.mark.django_db

OFFER = Offer(date(2026, 3, 5), "9", 45)


def book(dialogue: Any, slot: Slot, **more: Any) -> Booking:
    return booking.book_time(
        dialogue=dialogue, slot_id=slot.pk, **{"wants_reminder": False, "now": NOW} | more
    )


def publish(by: Any, **more: Any) -> list[Slot]:
    given = {"unit": "mika", "form": "visit", "place": "Rum 2", "offer": OFFER, "now": NOW}
    return times.publish_times(**given | more, by=by)


def test_a_free_time_is_the_dialogues_once_it_has_booked(cast: SimpleNamespace) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker)
    assert [one.id for one in queries.free_times(dialogue, NOW)] == [slot.pk]
    row = book(dialogue, slot, wants_reminder=True)
    assert (row.booked_on, row.wants_reminder, row.cancelled_at) == (NOW.date(), True, None)
    assert queries.free_times(dialogue, NOW) == []
    hers = queries.bookings_of(dialogue, NOW)
    assert [(one.id, one.time.id, one.is_cancelled) for one in hers] == [(row.pk, slot.pk, False)]
    assert queries.has_booking_ahead(dialogue, NOW)


def test_a_booking_is_counted_without_a_way_back_and_leaves_nothing_in_the_trail(
    cast: SimpleNamespace,
) -> None:
    before = Entry.objects.count()
    book(a_dialogue(), a_slot(cast.mika_worker))
    fact = DialogueFact.objects.get()
    assert (fact.kind, fact.unit, fact.year, fact.month) == ("booking", "mika", 2026, 3)
    assert Entry.objects.count() == before


def test_the_same_form_sent_twice_is_one_booking(cast: SimpleNamespace) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker)
    assert book(dialogue, slot).pk == book(dialogue, slot).pk
    assert len(standing()) == DialogueFact.objects.count() == 1


def test_a_time_that_is_taken_is_refused_and_the_first_one_keeps_it(cast: SimpleNamespace) -> None:
    first, slot = a_dialogue(), a_slot(cast.mika_worker)
    book(first, slot)
    with pytest.raises(SlotTaken):
        book(a_dialogue(), slot)
    assert [row.dialogue_id for row in standing()] == [first.pk]


def test_the_database_itself_refuses_a_second_booking_of_a_slot(cast: SimpleNamespace) -> None:
    slot, fields = a_slot(cast.mika_worker), {"booked_on": NOW.date()}
    Booking.objects.create(slot=slot, dialogue=a_dialogue(), **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(slot=slot, dialogue=a_dialogue(), **fields)


@pytest.mark.parametrize(
    "what", ["another unit's", "withdrawn", "within the hour", "over", "never there"]
)
def test_a_time_that_is_not_offered_to_her_is_as_if_it_was_taken(
    what: str, cast: SimpleNamespace
) -> None:
    slot = {
        "another unit's": lambda: a_slot(cast.kast_worker, unit="kast"),
        "withdrawn": lambda: a_slot(cast.mika_worker, withdrawn_at=NOW),
        "within the hour": lambda: a_slot(cast.mika_worker, days=1 / 24),
        "over": lambda: a_slot(cast.mika_worker, days=-1),
        "never there": lambda: Slot(pk=uuid4()),
    }[what]()
    dialogue = a_dialogue()
    assert queries.free_times(dialogue, NOW) == []
    with pytest.raises(SlotTaken):
        book(dialogue, slot)
    assert standing() == []


def test_a_dialogue_has_three_times_ahead_and_no_more(cast: SimpleNamespace) -> None:
    dialogue = a_dialogue()
    slots = [a_slot(cast.mika_worker, days=day) for day in range(1, 5)]
    for slot in slots[:3]:
        book(dialogue, slot)
    with pytest.raises(TooManyBooked, match="redan 3 bokade tider"):
        book(dialogue, slots[3])
    later = NOW + timedelta(days=1, hours=1)
    assert book(dialogue, slots[3], now=later).pk


@pytest.mark.parametrize("state", ["ended", "blocked"])
def test_a_dialogue_that_is_not_open_books_and_changes_nothing(
    state: str, cast: SimpleNamespace
) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker)
    row = book(dialogue, slot)
    dialogue.state, dialogue.locator = state, None
    dialogue.save()
    for act in (
        lambda: book(dialogue, a_slot(cast.mika_worker, days=2)),
        lambda: booking.cancel_booking(dialogue=dialogue, booking_id=row.pk, now=NOW),
    ):
        with pytest.raises(Gone):
            act()
    assert [one.pk for one in standing()] == [row.pk]


def test_a_booking_is_the_persons_last_act(cast: SimpleNamespace) -> None:
    dialogue = a_dialogue(active_on=date(2026, 1, 1))
    book(dialogue, a_slot(cast.mika_worker))
    dialogue.refresh_from_db()
    assert dialogue.active_on == NOW.date()


def test_a_moved_booking_frees_the_time_it_had(cast: SimpleNamespace) -> None:
    dialogue = a_dialogue()
    old, new = a_slot(cast.mika_worker), a_slot(cast.mika_worker, days=2)
    row = book(dialogue, old, wants_reminder=True)
    moved = booking.move_booking(dialogue=dialogue, booking_id=row.pk, slot_id=new.pk, now=NOW)
    assert [one.pk for one in standing()] == [moved.pk]
    assert moved.wants_reminder
    assert [one.id for one in queries.free_times(dialogue, NOW)] == [old.pk]


def test_a_move_to_a_time_that_is_taken_changes_nothing(cast: SimpleNamespace) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker)
    row, other = book(dialogue, slot), a_slot(cast.mika_worker, days=2)
    book(a_dialogue(), other)
    with pytest.raises(SlotTaken):
        booking.move_booking(dialogue=dialogue, booking_id=row.pk, slot_id=other.pk, now=NOW)
    row.refresh_from_db()
    assert row.cancelled_at is None and len(standing()) == 2


def test_a_cancelled_time_is_free_and_its_hour_is_known_no_nearer(cast: SimpleNamespace) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker)
    row = book(dialogue, slot)
    at = NOW + timedelta(minutes=17)
    booking.cancel_booking(dialogue=dialogue, booking_id=row.pk, now=at)
    row.refresh_from_db()
    assert (row.cancelled_by, row.cancelled_at) == ("person", NOW)
    assert queries.bookings_of(dialogue, NOW) == []
    assert book(a_dialogue(), slot).pk
    with pytest.raises(BookingGone):
        booking.cancel_booking(dialogue=dialogue, booking_id=row.pk, now=at)


def test_nobody_changes_a_booking_of_another_dialogue(cast: SimpleNamespace) -> None:
    row = book(a_dialogue(), a_slot(cast.mika_worker))
    other, free = a_dialogue(), a_slot(cast.mika_worker, days=2)
    her = {"dialogue": other, "booking_id": row.pk, "now": NOW}
    for act, more in (
        (booking.cancel_booking, {}),
        (booking.move_booking, {"slot_id": free.pk}),
        (booking.choose_reminder, {"wants_reminder": True}),
    ):
        with pytest.raises(BookingGone):
            act(**her, **more)  # type: ignore[operator]
    row.refresh_from_db()
    assert (row.cancelled_at, row.wants_reminder) == (None, False)


def test_a_reminder_is_chosen_and_unchosen(cast: SimpleNamespace) -> None:
    dialogue = a_dialogue()
    row = book(dialogue, a_slot(cast.mika_worker))
    for wants in (True, False):
        booking.choose_reminder(dialogue=dialogue, booking_id=row.pk, wants_reminder=wants, now=NOW)
        row.refresh_from_db()
        assert row.wants_reminder is wants


def test_the_link_of_a_video_meeting_is_shown_to_who_has_booked_alone(
    cast: SimpleNamespace,
) -> None:
    link = "https://mote.example/ett-rum"
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker, form="video", place=link)
    assert [one.place for one in queries.free_times(dialogue, NOW)] == [""]
    book(dialogue, slot)
    assert [one.time.place for one in queries.bookings_of(dialogue, NOW)] == [link]
    times.withdraw_time(slot_id=slot.pk, by=cast.mika_worker, now=NOW)
    assert [one.time.place for one in queries.bookings_of(dialogue, NOW)] == [""]


def test_staff_publish_times_in_one_act_that_the_trail_knows(cast: SimpleNamespace) -> None:
    rows = publish(cast.mika_worker, offer=Offer(date(2026, 3, 5), "9", 45, in_a_row=2, weeks=2))
    assert len(rows) == 4 and {row.worker_id for row in rows} == {cast.mika_worker.pk}
    entry = Entry.objects.latest("place")
    assert (entry.event, entry.facts) == ("door.slot_published", '{"count":4,"unit":"mika"}')
    free = queries.free_times(a_dialogue(), NOW)
    assert [one.starts_at for one in free] == sorted(row.starts_at for row in rows)


def test_a_worker_is_not_in_two_meetings_at_once(cast: SimpleNamespace) -> None:
    publish(cast.mika_worker)
    with pytest.raises(TimesOverlap, match=r"2026-03-05 09.00"):
        publish(cast.mika_worker, offer=Offer(date(2026, 3, 5), "9.30", 45))
    publish(cast.mika_second, offer=Offer(date(2026, 3, 5), "9.30", 45))
    assert Slot.objects.count() == 2


def test_a_place_with_a_hidden_character_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(HiddenCharacter):
        publish(cast.mika_worker, place="Rum\u202e 2")
    with pytest.raises(BadInput):
        publish(cast.mika_worker, form="visit", place="  ")
    assert not Slot.objects.exists()


@pytest.mark.parametrize("who", ["kast_worker", "administrator", "controller", "stranger"])
def test_others_neither_publish_nor_see_nor_withdraw_a_units_times(
    who: str, cast: SimpleNamespace
) -> None:
    other, slot = getattr(cast, who), a_slot(cast.mika_worker)
    with pytest.raises(Exception, match=r"roll|visa") as refused:
        publish(other)
    assert refused.value.code in ("permission_denied", "not_visible")
    for act in (times.withdraw_time, times.cancel_for_person):
        with pytest.raises(NotVisible):
            act(slot_id=slot.pk, by=other, now=NOW)
    slot.refresh_from_db()
    assert slot.withdrawn_at is None
    if who == "kast_worker":
        assert not slots_for(other, NOW).exists()


def test_a_withdrawn_time_that_was_booked_is_told_of_where_she_reads(cast: SimpleNamespace) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker)
    row = book(dialogue, slot)
    assert times.withdraw_time(slot_id=slot.pk, by=cast.mika_second, now=NOW)
    row.refresh_from_db()
    dialogue.refresh_from_db()
    assert (row.cancelled_by, dialogue.seen_by_person) == ("staff", False)
    assert [one.is_cancelled for one in queries.bookings_of(dialogue, NOW)] == [True]
    entry = Entry.objects.latest("place")
    assert (entry.event, entry.facts) == (
        "door.slot_withdrawn",
        '{"unit":"mika","was_booked":true}',
    )
    assert str(dialogue.pk) not in f"{entry.on}{entry.facts}"
    with pytest.raises(BookingGone):
        times.withdraw_time(slot_id=slot.pk, by=cast.mika_worker, now=NOW)


def test_the_times_of_who_has_left_the_unit_are_withdrawn_and_who_booked_one_is_told(
    cast: SimpleNamespace,
) -> None:
    dialogue, booked, free = (
        a_dialogue(),
        a_slot(cast.mika_second),
        a_slot(cast.mika_second, days=2),
    )
    past, others = a_slot(cast.mika_second, days=-1), a_slot(cast.mika_worker, days=3)
    row = book(dialogue, booked)
    assert times.withdraw_times_of_leavers(now=NOW) == 0
    leave(cast.mika_second, by=cast.mika_head)
    assert times.withdraw_times_of_leavers(now=NOW) == 2
    row.refresh_from_db()
    dialogue.refresh_from_db()
    assert (row.cancelled_by, dialogue.seen_by_person) == ("staff", False)
    assert [one.id for one in queries.free_times(dialogue, NOW)] == [others.pk]
    with pytest.raises(SlotTaken):
        book(dialogue, free)
    past.refresh_from_db()
    assert past.withdrawn_at is None
    entry = Entry.objects.filter(event="door.slot_withdrawn").latest("place")
    assert (entry.by, entry.facts) == ("system", '{"unit":"mika","was_booked":false}')
    assert times.withdraw_times_of_leavers(now=NOW) == 0


def test_the_times_of_who_rests_today_stay(cast: SimpleNamespace) -> None:
    slot = a_slot(cast.mika_second)
    rows = cast.mika_second.memberships.filter(unit="mika")
    rows.update(suspended_at=NOW, suspended_by=cast.mika_head)
    assert times.withdraw_times_of_leavers(now=NOW) == 0
    slot.refresh_from_db()
    assert slot.withdrawn_at is None


def test_the_worker_withdraws_them_within_minutes(cast: SimpleNamespace) -> None:
    from hamn.site.worker import look_after

    slot = a_slot(cast.mika_second)
    slot.starts_at = timezone.now() + timedelta(days=2)
    slot.save()
    leave(cast.mika_second, by=cast.mika_head)
    look_after(None)
    slot.refresh_from_db()
    assert slot.withdrawn_at is not None


def leave(worker: Any, *, by: Any) -> None:
    """She belongs to the unit no more."""
    worker.memberships.filter(unit="mika").update(ended_at=NOW, ended_by=by)


def test_staff_cancel_for_one_who_calls_and_the_time_is_free(cast: SimpleNamespace) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker)
    with pytest.raises(BookingGone):
        times.cancel_for_person(slot_id=slot.pk, by=cast.mika_worker, now=NOW)
    book(dialogue, slot)
    times.cancel_for_person(slot_id=slot.pk, by=cast.mika_worker, now=NOW)
    assert standing() == []
    assert [one.id for one in queries.free_times(dialogue, NOW)] == [slot.pk]
    assert Entry.objects.latest("place").event == "door.booking_cancelled"


def test_staff_book_for_one_who_calls_in_her_own_units_open_dialogue_alone(
    cast: SimpleNamespace,
) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_worker)
    given = {"dialogue_id": dialogue.pk, "slot_id": slot.pk, "now": NOW}
    with pytest.raises(NotVisible):
        times.book_for_person(**given, by=cast.kast_worker)
    row = times.book_for_person(**given, by=cast.mika_second)
    assert [one.pk for one in standing()] == [row.pk]
    assert Entry.objects.latest("place").event == "door.booked_for"
    dialogue.state = "blocked"
    dialogue.save()
    with pytest.raises(DialogueOver):
        times.book_for_person(**given, by=cast.mika_second)


def test_past_times_that_nobody_booked_are_removed_under_their_units_decision_alone(
    cast: SimpleNamespace,
) -> None:
    kept = [a_slot(cast.mika_worker, days=-89), a_slot(cast.mika_worker, days=5)]
    kept.append(a_slot(cast.kast_worker, unit="kast", days=-400))
    booked = a_slot(cast.mika_worker, days=-200)
    Booking.objects.create(slot=booked, dialogue=a_dialogue(), booked_on=NOW.date())
    past = a_slot(cast.mika_worker, days=-100)
    assert times.forget_past_times(today=NOW.date()) == 0
    ExpiryRule.objects.create(
        unit="mika",
        days=90,
        channel_days=365,
        person_may_erase=True,
        decision_reference="EXEMPEL 2026/1",
        decision_on=NOW.date(),
        valid_from=NOW.date(),
        registered_by=cast.mika_head,
    )
    assert times.forget_past_times(today=NOW.date()) == 1
    left = {row.pk for row in Slot.objects.all()}
    assert left == {booked.pk, *(row.pk for row in kept)} and past.pk not in left


def test_the_free_times_shown_are_those_of_the_coming_weeks_soonest_first(
    cast: SimpleNamespace,
) -> None:
    dialogue = a_dialogue()
    slots = [a_slot(cast.mika_worker, days=days) for days in (55, 3, 57, 2)]
    shown = [one.id for one in queries.free_times(dialogue, datetime(2026, 3, 2, 9, tzinfo=UTC))]
    assert shown == [slots[3].pk, slots[1].pk, slots[0].pk]
