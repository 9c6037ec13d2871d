"""Times that a person books (bokning): which, how many, and when to remind. Pure.

A reminder keeps to the hours that the person allows.
Source: requirements B5, B16; `support/cases/rules/safe_contact.py`.
"""

from datetime import datetime, timedelta

from hamn.core.errors import Refusal, _
from hamn.support.cases.rules.safe_contact import SafeContact, may_contact

# What a person sees at once, and how late she may still take a time.
SHOWN_AHEAD, MOST_SHOWN = timedelta(weeks=8), 120
LATEST = timedelta(hours=1)
# So that nobody empties the list for the others; more than one, since talks go on.
MOST_BOOKED = 3
REMINDED_BEFORE = timedelta(hours=24)
EARLIEST_REMINDER = 48  # hours before that, when she allows none nearer
LAST_REMINDER = timedelta(hours=2)
HOUR = timedelta(hours=1)


class SlotTaken(Refusal):
    """Somebody else has booked the time, or staff have withdrawn it."""

    code = "door.slot_taken"

    def __init__(self) -> None:
        super().__init__(_("Den tiden är inte ledig längre. Välj en annan."))


class TooManyBooked(Refusal):
    """The dialogue has as many times ahead as one may have."""

    code = "door.too_many_booked"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Du har redan {most} bokade tider. Flytta eller avboka en av dem, eller skriv till "
                "oss om du behöver fler."
            ),
            most=MOST_BOOKED,
        )


class BookingGone(Refusal):
    """The booking has been cancelled, or its time has begun."""

    code = "door.booking_gone"

    def __init__(self) -> None:
        super().__init__(_("Bokningen går inte att ändra längre. Se dina tider nedan."))


def reminder_at(
    starts_at: datetime, safe: SafeContact, now: datetime, also: SafeContact | None = None
) -> datetime | None:
    """The whole hour in which to remind, not over yet; None when she allows none in time.

    also: of her case, where there is one; both must allow it.
    A day before; else the nearest hour before that, within two days; else the first after it.
    """
    wished = _whole(starts_at - REMINDED_BEFORE)
    before = [wished - HOUR * step for step in range(EARLIEST_REMINDER + 1)]
    hours = int((starts_at - LAST_REMINDER - wished) / HOUR) + 1
    after = [wished + HOUR * step for step in range(1, hours)]
    bounds = [safe] if also is None else [safe, also]
    for at in [*before, *after]:
        if at + HOUR > now and all(may_contact(one, "email", at).allowed for one in bounds):
            return at
    return None


def _whole(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
