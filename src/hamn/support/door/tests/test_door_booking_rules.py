"""Which times an offer is, what may stand at them, and when a reminder keeps to safe hours."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.support.cases.rules.safe_contact import HERE, SafeContact, may_contact
from hamn.support.door.rules import booking as rules
from hamn.support.door.rules.content import ReachContent
from hamn.support.door.rules.notices import WORDINGS, wording_of
from hamn.support.door.rules.offers import (
    Offer,
    TimesOverlap,
    check_apart,
    check_place,
    times_of,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STARTS = datetime(2026, 3, 10, 13, 30, tzinfo=UTC)  # a Tuesday, half past two in Sweden


def local(times: list[datetime]) -> list[str]:
    return [f"{at.astimezone(HERE):%m-%d %H.%M}" for at in times]


def test_an_offer_is_one_time_unless_more_is_said() -> None:
    assert local(times_of(Offer(date(2026, 3, 5), "9.15", 45), NOW)) == ["03-05 09.15"]


def test_times_in_a_row_begin_where_the_last_one_ended() -> None:
    times = times_of(Offer(date(2026, 3, 5), "9", 45, in_a_row=3), NOW)
    assert local(times) == ["03-05 09.00", "03-05 09.45", "03-05 10.30"]


def test_a_series_keeps_its_clock_when_summer_begins() -> None:
    times = times_of(Offer(date(2026, 3, 26), "10", 45, weeks=2), NOW)
    assert local(times) == ["03-26 10.00", "04-02 10.00"]
    assert times[1].astimezone(UTC) - times[0].astimezone(UTC) == timedelta(days=7, hours=-1)


def test_a_series_leaves_public_holidays_out_and_a_single_time_does_not() -> None:
    friday = Offer(date(2026, 3, 27), "10", 45, weeks=3)
    assert local(times_of(friday, NOW)) == ["03-27 10.00", "04-10 10.00"]
    good_friday = Offer(date(2026, 4, 3), "10", 45)
    assert local(times_of(good_friday, NOW)) == ["04-03 10.00"]


@pytest.mark.parametrize(
    ("offer", "told"),
    [
        (Offer(date(2026, 3, 2), "9.59", 45), "redan varit"),
        (Offer(date(2027, 3, 5), "9", 45), "mer än ett år"),
        (Offer(date(2026, 3, 5), "25", 45), "inget klockslag"),
        (Offer(date(2026, 3, 5), "9", 9), "från 10 till 240"),
        (Offer(date(2026, 3, 5), "9", 241), "från 10 till 240"),
        (Offer(date(2026, 3, 5), "9", 45, in_a_row=0), "från 1 till 12"),
        (Offer(date(2026, 3, 5), "9", 45, weeks=27), "från 1 till 26"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_with_what_to_do(offer: Offer, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        times_of(offer, NOW)


@pytest.mark.parametrize(
    ("form", "place", "told"),
    [
        ("visit", "", "var ni ses"),
        ("video", "", "https://"),
        ("video", "http://mote.example/1", "https://"),
        ("video", "https://mote.example/1 och mer", "https://"),
        ("letter", "x", "i listan"),
    ],
)
def test_a_place_that_nobody_would_find_is_refused(form: str, place: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        check_place(form, place)


def test_a_telephone_call_needs_no_place() -> None:
    assert check_place("phone", "") == ""


def test_times_may_touch_and_not_overlap() -> None:
    at = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    check_apart([at], 45, [(at + timedelta(minutes=45), 30), (at - timedelta(hours=1), 60)])
    with pytest.raises(TimesOverlap, match=r"2026-03-05 10.44"):
        check_apart([at], 45, [(at + timedelta(minutes=44), 30)])


def test_a_reminder_comes_the_day_before() -> None:
    at = rules.reminder_at(STARTS, SafeContact(), NOW)
    assert at == datetime(2026, 3, 9, 13, 0, tzinfo=UTC)


def test_a_reminder_that_would_come_at_a_wrong_hour_comes_earlier() -> None:
    # Swedish evenings alone: on Sunday from six to nine, the last hour of it.
    at = rules.reminder_at(STARTS, SafeContact(since=18, until=21), NOW)
    assert at == datetime(2026, 3, 8, 19, 0, tzinfo=UTC)


def test_a_reminder_comes_on_the_persons_days_alone() -> None:
    at = rules.reminder_at(STARTS, SafeContact(days=(5,)), NOW)  # Saturdays
    assert at == datetime(2026, 3, 7, 22, 0, tzinfo=UTC)


def test_who_books_late_is_reminded_as_soon_as_she_allows() -> None:
    late = STARTS - timedelta(hours=10)
    assert rules.reminder_at(STARTS, SafeContact(since=9, until=12), late) == datetime(
        2026, 3, 10, 8, 0, tzinfo=UTC
    )


def test_no_reminder_is_better_than_one_at_a_wrong_hour() -> None:
    assert rules.reminder_at(STARTS, SafeContact(days=(3,)), NOW) is None
    # Half an hour before it starts is too late to be of use.
    assert rules.reminder_at(STARTS, SafeContact(), STARTS - timedelta(minutes=30)) is None


@given(
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda two: two[0] != two[1]),
    days=st.sets(st.integers(0, 6)),
    early=st.integers(0, 200),
)
def test_a_reminder_is_never_outside_what_the_person_allows(
    hours: tuple[int, int], days: set[int], early: int
) -> None:
    safe = SafeContact(since=hours[0], until=hours[1], days=tuple(sorted(days)))
    now = STARTS - timedelta(hours=early)
    at = rules.reminder_at(STARTS, safe, now)
    if at is not None:
        assert may_contact(safe, "email", at).allowed
        assert now - timedelta(hours=1) < at <= STARTS - rules.LAST_REMINDER


def test_no_neutral_letter_says_what_it_is_about() -> None:
    telling = ("hamn", "mika", "kast", "kod", "dialog", "bok", "svar", "http", "kommun")
    for wording in WORDINGS.values():
        text = f"{wording.subject} {wording.text}".lower()
        assert not [word for word in telling if word in text]


def test_a_wording_that_is_no_longer_offered_falls_back_to_the_first() -> None:
    assert wording_of(ReachContent("a@b.example", wording="gone")) is WORDINGS["hello"]
