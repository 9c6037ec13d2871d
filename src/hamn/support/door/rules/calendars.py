"""A worker's calendar as other programs read it (iCalendar, RFC 5545), with nobody in it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_bytes

from icalendar import Calendar, Event

from hamn.core.errors import _

KEY_BYTES = 20
BOOKED, FREE = _("Bokad tid"), _("Ledig tid")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A time of the worker's: when, how and where; never with whom."""

    id: str
    starts_at: datetime
    minutes: int
    title: str
    place: str
    is_booked: bool


def new_key() -> str:
    """A key for a calendar program, 160 random bits; shown once."""
    return token_bytes(KEY_BYTES).hex()


def digest_of(key: str) -> bytes:
    """What is kept of the key: with so many random bits a plain hash is enough."""
    return sha256(key.strip().lower().encode()).digest()


def calendar_file(name: str, meetings: Iterable[Meeting], now: datetime) -> bytes:
    """The calendar's file. name: as the calendar program shows it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Hamn//Kalender//SV")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for one in meetings:
        calendar.add_component(_event(one, now))
    return bytes(calendar.to_ical())


def _event(one: Meeting, now: datetime) -> Event:
    begins = one.starts_at.astimezone(UTC)
    event = Event()
    event.add("uid", f"{one.id}@hamn")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=one.minutes))
    event.add("summary", one.title)
    event.add("transp", "OPAQUE" if one.is_booked else "TRANSPARENT")
    event.add("class", "PRIVATE")
    if one.place:
        event.add("location", one.place)
    return event
