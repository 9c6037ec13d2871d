"""A worker's calendar program reads her times with a key of its own, and meets nobody in them."""

import base64
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from hamn.guards.access.models import PersonRole
from hamn.guards.audit.models import Entry
from hamn.support.door.actions import booking, times
from hamn.support.door.models import CalendarKey
from hamn.support.door.tests.booked import NOW, a_dialogue, a_slot

pytestmark = pytest.mark.django_db

FEED = "/desk/inkorg/kalender.ics"
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def asked(client: Client, email: str, key: str) -> Any:
    told = base64.b64encode(f"{email}:{key}".encode()).decode()
    return client.get(FEED, headers={"authorization": f"Basic {told}"})


def test_a_worker_reads_her_own_times_and_nobody_else(
    cast: SimpleNamespace, client: Client
) -> None:
    dialogue = a_dialogue()
    hers = a_slot(cast.mika_worker)
    a_slot(cast.mika_worker, days=2, form="phone", place="")
    a_slot(cast.mika_second, days=3)
    booking.book_time(dialogue=dialogue, slot_id=hers.pk, wants_reminder=True, now=NOW)
    key = times.make_calendar_key(by=cast.mika_worker, today=DAY)
    response = asked(client, "mika_worker@test.example", key)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    events = Calendar.from_ical(response.content).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in events] == [
        "Bokad tid: besök",
        "Ledig tid: telefonsamtal",
    ]
    assert events[0]["DTSTART"].dt == hers.starts_at
    assert events[0]["DTEND"].dt == hers.starts_at + timedelta(minutes=45)
    assert str(events[0]["LOCATION"]) == "Rum 2"
    text = response.content.decode()
    for secret in (str(dialogue.pk), dialogue.pk.hex, key, "mika"):
        assert secret not in text


def test_the_link_of_a_video_meeting_stays_in_here(cast: SimpleNamespace, client: Client) -> None:
    a_slot(cast.mika_worker, form="video", place="https://mote.example/ett-rum")
    key = times.make_calendar_key(by=cast.mika_worker, today=DAY)
    text = asked(client, cast.mika_worker.email, key).content.decode()
    assert "BEGIN:VEVENT" in text and "mote.example" not in text


def test_a_place_with_line_breaks_of_the_format_stays_one_line(
    cast: SimpleNamespace, client: Client
) -> None:
    a_slot(cast.mika_worker, place="Rum; 2, vänster\nEND:VEVENT")
    key = times.make_calendar_key(by=cast.mika_worker, today=DAY)
    events = Calendar.from_ical(asked(client, cast.mika_worker.email, key).content).walk("VEVENT")
    assert [str(one["LOCATION"]) for one in events] == ["Rum; 2, vänster\nEND:VEVENT"]


@pytest.mark.parametrize(
    "told",
    [
        "",
        "Basic",
        "Basic %%%",
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
        "Basic " + base64.b64encode("mika_worker@test.example:å\0".encode()).decode(),
        "Basic " + base64.b64encode(b"mika_worker@test.example:").decode(),
        "Basic " + base64.b64encode(b"nobody@test.example:" + b"a" * 40).decode(),
        "Bearer abc",
    ],
)
def test_without_the_right_key_nothing_is_told(
    told: str, cast: SimpleNamespace, client: Client
) -> None:
    times.make_calendar_key(by=cast.mika_worker, today=DAY)
    response = client.get(FEED, headers={"authorization": told} if told else {})
    assert (response.status_code, response.content) == (401, b"")
    assert response.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_new_key_ends_the_old_one_and_a_removed_one_ends(
    cast: SimpleNamespace, client: Client
) -> None:
    old = times.make_calendar_key(by=cast.mika_worker, today=DAY)
    new = times.make_calendar_key(by=cast.mika_worker, today=DAY)
    email = cast.mika_worker.email
    assert [asked(client, email, key).status_code for key in (old, new)] == [401, 200]
    times.remove_calendar_key(by=cast.mika_worker)
    assert asked(client, email, new).status_code == 401


def test_who_has_left_or_meets_nobody_any_more_reads_no_calendar(
    cast: SimpleNamespace, client: Client
) -> None:
    first = times.make_calendar_key(by=cast.mika_worker, today=DAY)
    second = times.make_calendar_key(by=cast.mika_second, today=DAY)
    PersonRole.objects.filter(person=cast.mika_second).delete()
    cast.mika_worker.is_active, cast.mika_worker.left_on = False, DAY
    cast.mika_worker.save()
    assert asked(client, cast.mika_worker.email, first).status_code == 401
    assert asked(client, cast.mika_second.email, second).status_code == 401


def test_the_key_is_kept_as_a_digest_alone_and_the_trail_knows_that_it_was_made(
    cast: SimpleNamespace,
) -> None:
    key = times.make_calendar_key(by=cast.mika_worker, today=DAY)
    row = CalendarKey.objects.get()
    assert len(key) == 40 and len(bytes(row.digest)) == 32
    assert bytes.fromhex(key) not in bytes(row.digest)
    entry = Entry.objects.latest("place")
    assert entry.event == "door.calendar_key_made" and key not in entry.facts


def test_the_key_is_shown_once_on_the_page_that_makes_it(cast: SimpleNamespace, desk: Any) -> None:
    browser = desk(cast.mika_worker)
    page = reverse("door:calendar_key")
    made = browser.post(page)
    key = next(word for word in made.content.decode().split("<code>")[3:]).split("<")[0]
    assert asked(Client(headers={"x-forwarded-proto": "https"}), cast.mika_worker.email, key)
    assert key not in browser.get(page).content.decode()
    assert browser.post(reverse("door:remove_calendar_key")).status_code == 302
    assert not CalendarKey.objects.exists()
