"""A person books, moves and cancels. The public process inserts a booking, and takes none away.

A slot is booked once by the database's own constraint, whoever comes first. The booking is written
before the slot is looked at again: staff who withdraw it at that moment then wait for the booking
and see it, or have withdrawn it and the person is told so.
"""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ..models import Booking, Dialogue
from ..queries import booking as queries
from ..rules import booking as rules
from ..rules.words import State
from . import facts
from .dialogues import Gone

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ..models import Slot


@transaction.atomic
def book_time(*, dialogue: Dialogue, slot_id: UUID, wants_reminder: bool, now: datetime) -> Booking:
    """The time is the dialogue's; sent twice it is one booking.

    wants_reminder: by the neutral notice, within the hours that she allows.
    Raises SlotTaken, also for what is of another unit; TooManyBooked; Gone when the
    dialogue is ended or blocked.
    """
    _act(dialogue, now)
    mine = _hers(dialogue, slot_id)
    if mine is not None:
        return mine
    if queries.count_booked(dialogue, now) >= rules.MOST_BOOKED:
        raise rules.TooManyBooked
    booking = _insert(dialogue, slot_id, wants_reminder=wants_reminder, now=now)
    facts.count(facts.Kind.BOOKING, dialogue, now)
    return booking


@transaction.atomic
def move_booking(*, dialogue: Dialogue, booking_id: UUID, slot_id: UUID, now: datetime) -> Booking:
    """The booking at another time: the new one is hers before the old one is let go.

    Raises SlotTaken, BookingGone; then nothing has changed.
    """
    _act(dialogue, now)
    old = queries.booking_of(dialogue, booking_id, now)
    if old.time.id == slot_id:
        return Booking.objects.only("id", "slot_id").get(pk=booking_id)
    moved = _insert(dialogue, slot_id, wants_reminder=old.wants_reminder, now=now)
    _cancel(dialogue, booking_id, now)
    return moved


@transaction.atomic
def cancel_booking(*, dialogue: Dialogue, booking_id: UUID, now: datetime) -> None:
    """The time is free for others again. Raises BookingGone."""
    _act(dialogue, now)
    queries.booking_of(dialogue, booking_id, now)
    _cancel(dialogue, booking_id, now)


@transaction.atomic
def choose_reminder(
    *, dialogue: Dialogue, booking_id: UUID, wants_reminder: bool, now: datetime
) -> None:
    """Whether she is reminded of the time. Raises BookingGone."""
    _act(dialogue, now)
    queries.booking_of(dialogue, booking_id, now)
    _standing(dialogue, booking_id).update(wants_reminder=wants_reminder)


def _hers(dialogue: Dialogue, slot_id: UUID) -> Booking | None:
    """Her booking of that very slot, when it stands already."""
    rows = Booking.objects.filter(slot_id=slot_id, dialogue_id=dialogue.pk)
    return rows.filter(cancelled_at__isnull=True).only("id", "slot_id").first()


def _insert(dialogue: Dialogue, slot_id: UUID, *, wants_reminder: bool, now: datetime) -> Booking:
    """The row, unless the slot is taken, withdrawn, over, or another unit's."""
    if queries.slot_to_book(dialogue, slot_id) is None:
        raise rules.SlotTaken
    booking = Booking(
        slot_id=slot_id,
        dialogue_id=dialogue.pk,
        booked_on=timezone.localdate(now),
        wants_reminder=wants_reminder,
    )
    try:
        with transaction.atomic():
            booking.save(force_insert=True)
    except IntegrityError:
        raise rules.SlotTaken from None
    if not _is_open(queries.slot_to_book(dialogue, slot_id), now):
        raise rules.SlotTaken
    return booking


def _is_open(slot: "Slot | None", now: datetime) -> bool:
    return slot is not None and slot.withdrawn_at is None and slot.starts_at > now + rules.LATEST


def _cancel(dialogue: Dialogue, booking_id: UUID, now: datetime) -> None:
    """Let the time go, once: of two at the same moment the later one meets BookingGone."""
    # A person's own acts are known to the hour, no nearer.
    hour = now.replace(minute=0, second=0, microsecond=0)
    if not _standing(dialogue, booking_id).update(cancelled_at=hour, cancelled_by="person"):
        raise rules.BookingGone


def _standing(dialogue: Dialogue, booking_id: UUID) -> "QuerySet[Booking]":
    rows = Booking.objects.filter(pk=booking_id, dialogue_id=dialogue.pk)
    return rows.filter(cancelled_at__isnull=True)


def _act(dialogue: Dialogue, now: datetime) -> None:
    """Hold the dialogue, while it is open: what it does at one moment comes one after the other.

    The days of an expiry rule count from her last act, a booking too. Raises Gone.
    """
    rows = Dialogue.objects.filter(pk=dialogue.pk, state=State.OPEN)
    if not rows.update(active_on=timezone.localdate(now)):
        raise Gone
    # Another unit may have taken it over since the page was made: then its times are hers.
    dialogue.unit = rows.values_list("unit", flat=True).get()
