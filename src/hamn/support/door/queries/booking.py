"""Times for the person: those that her unit offers, and her own. Her dialogue is who asks.

Only the columns named in each query are read: the public process may read no others.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from ..models import Booking, Reach, Slot
from ..rules import booking as rules
from ..rules.notices import NOTICE
from ..rules.words import MEETINGS

if TYPE_CHECKING:
    from ..models import Dialogue

_COLUMNS = ("id", "unit", "starts_at", "minutes", "form", "place", "withdrawn_at")


@dataclass(frozen=True, slots=True)
class Time:
    """A time as the person sees it. place: empty for the link of a video meeting not hers yet."""

    id: UUID
    starts_at: datetime
    minutes: int
    form: str
    place: str

    @property
    def form_name(self) -> str:
        """How they meet, as a sentence to translate."""
        return MEETINGS.get(self.form, "")

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Booked:
    """A time of hers. is_cancelled: by staff, so that she is told; what she cancelled is gone."""

    id: UUID
    time: Time
    wants_reminder: bool
    is_cancelled: bool


def free_times(dialogue: "Dialogue", now: datetime) -> list[Time]:
    """The unit's free times of the coming weeks, soonest first; no more than a page holds."""
    ahead = Q(starts_at__gt=now + rules.LATEST, starts_at__lt=now + rules.SHOWN_AHEAD)
    rows = Slot.objects.filter(ahead, unit=dialogue.unit, withdrawn_at__isnull=True)
    rows = rows.exclude(taken()).order_by("starts_at", "id").only(*_COLUMNS)
    return [_time(row, is_hers=False) for row in rows[: rules.MOST_SHOWN]]


def bookings_of(dialogue: "Dialogue", now: datetime) -> list[Booked]:
    """Her times that are not over, soonest first, those that staff have cancelled too."""
    rows = Booking.objects.filter(dialogue_id=dialogue.pk, slot__starts_at__gt=now - rules.HOUR * 4)
    rows = rows.filter(Q(cancelled_at__isnull=True) | Q(cancelled_by="staff"))
    rows = rows.select_related("slot").only(
        *("id", "dialogue_id", "slot_id", "wants_reminder", "cancelled_at"),
        *(f"slot__{name}" for name in _COLUMNS),
    )
    found = [_booked(row) for row in rows.order_by("slot__starts_at", "id")[: rules.MOST_SHOWN]]
    return [one for one in found if one.time.ends_at > now]


def booking_of(dialogue: "Dialogue", booking_id: UUID, now: datetime) -> Booked:
    """A time of hers that she may still change. Raises BookingGone, also for one of another's."""
    for one in bookings_of(dialogue, now):
        if one.id == booking_id and not one.is_cancelled and one.time.starts_at > now:
            return one
    raise rules.BookingGone


def has_booking_ahead(dialogue: "Dialogue", now: datetime) -> bool:
    """Whether a booked time is still to come: its content is kept till then."""
    return _standing(dialogue).filter(slot__starts_at__gt=now).exists()


def count_booked(dialogue: "Dialogue", now: datetime) -> int:
    """How many times she has ahead."""
    return _standing(dialogue).filter(slot__starts_at__gt=now).count()


def asks_for_notice(dialogue: "Dialogue") -> bool:
    """Whether she has left an address for neutral notices; without one nothing can remind her."""
    return Reach.objects.filter(
        dialogue_id=dialogue.pk, kind=NOTICE, removed_at__isnull=True, done_at__isnull=True
    ).exists()


def taken() -> Any:
    """The fact that a slot is booked, for a filter of slots."""
    return Exists(Booking.objects.filter(slot=OuterRef("pk"), cancelled_at__isnull=True))


def slot_to_book(dialogue: "Dialogue", slot_id: UUID) -> Slot | None:
    """The slot of the dialogue's unit, as it stands in this moment."""
    return Slot.objects.filter(pk=slot_id, unit=dialogue.unit).only(*_COLUMNS).first()


def _standing(dialogue: "Dialogue") -> QuerySet[Booking]:
    return Booking.objects.filter(dialogue_id=dialogue.pk, cancelled_at__isnull=True)


def _booked(row: Booking) -> Booked:
    return Booked(
        id=row.pk,
        time=_time(row.slot, is_hers=row.cancelled_at is None),
        wants_reminder=row.wants_reminder,
        is_cancelled=row.cancelled_at is not None,
    )


def _time(row: Slot, *, is_hers: bool) -> Time:
    place = row.place if is_hers or row.form != "video" else ""
    return Time(row.pk, row.starts_at, row.minutes, row.form, place)
