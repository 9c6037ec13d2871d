"""Who reads when: what the public page promises, on working days, holidays and eves."""

from datetime import date, datetime

import pytest

from hamn.core.errors import BadInput
from hamn.support.door.rules import hours
from hamn.support.door.rules.hours import HERE, Hours

SHIPPED = Hours()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-11-23 08:00", None),  # a Monday, at opening
        ("2026-11-23 15:59", None),
        ("2026-11-23 07:59", "2026-11-23 08:00"),
        ("2026-11-23 16:00", "2026-11-24 08:00"),
        ("2026-11-27 16:30", "2026-11-30 08:00"),  # a Friday evening
        ("2026-11-22 18:00", "2026-11-23 08:00"),  # a Sunday
        ("2026-12-23 17:00", "2026-12-28 08:00"),  # over Christmas Eve and both days after it
        ("2026-12-31 10:00", "2027-01-04 08:00"),  # New Year's Eve, a Thursday
        ("2026-06-19 10:00", "2026-06-22 08:00"),  # Midsummer's Eve
        ("2026-04-02 16:10", "2026-04-07 08:00"),  # Easter
        ("2026-05-14 12:00", "2026-05-15 08:00"),  # Ascension Day
        ("2026-03-28 23:30", "2026-03-30 08:00"),  # over the night when clocks go forward
    ],
)
def test_a_message_is_read_when_somebody_works(sent: str, read: str | None) -> None:
    assert hours.reads_next(SHIPPED, at(sent)) == (at(read) if read else None)


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("2026-11-23 10:00", "2026-11-25"),
        ("2026-11-23 17:00", "2026-11-26"),
        ("2026-11-26 10:00", "2026-11-30"),
        ("2026-11-21 10:00", "2026-11-25"),
        ("2026-12-22 10:00", "2026-12-28"),
        ("2026-12-23 20:00", "2026-12-30"),
    ],
)
def test_an_answer_comes_within_two_days_that_the_unit_works(sent: str, answered: str) -> None:
    assert hours.answer_by(SHIPPED, at(sent)) == date.fromisoformat(answered)


def test_a_unit_that_answers_the_same_day_says_so() -> None:
    assert hours.answer_by(Hours(answer_days=0), at("2026-11-23 10:00")) == date(2026, 11, 23)


def test_a_unit_that_works_on_saturdays_reads_then() -> None:
    both = Hours(days=(0, 1, 2, 3, 4, 5))
    assert hours.reads_next(both, at("2026-11-21 09:00")) is None
    assert hours.answer_by(both, at("2026-11-20 09:00")) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-11-23", "2026-11-23", 0),
        ("2026-11-23", "2026-11-24", 1),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-12-23", "2026-12-28", 1),
        ("2026-11-24", "2026-11-23", 0),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start: str, end: str, days: int) -> None:
    assert hours.working_days(date.fromisoformat(start), date.fromisoformat(end)) == days


@pytest.mark.parametrize(
    "day",
    ["2026-01-06", "2026-06-06", "2026-06-20", "2026-12-24", "2026-12-31", "2027-06-25"],
)
def test_nobody_works_on_holidays_and_the_three_great_eves(day: str) -> None:
    assert not hours.is_working_day(date.fromisoformat(day))


def test_a_centre_says_its_own_hours() -> None:
    table = {"units": {"mika": {"opens": 10, "closes": 20, "days": [1, 3], "answer_days": 1}}}
    assert hours.hours_of(table, "mika") == Hours(10, 20, (1, 3), 1)
    assert hours.hours_of(table, "kast") == SHIPPED
    assert hours.hours_of({}, "mika") == SHIPPED


@pytest.mark.parametrize(
    "given",
    [
        {"opens": 16, "closes": 8},
        {"opens": -1},
        {"closes": 25},
        {"days": []},
        {"days": [7]},
        {"days": 3},
        {"days": ["0"]},
        {"opens": "8"},
        {"opens": True},
        {"answer_days": 31},
        {"answer_days": 1.5},
        {"open": 8},
    ],
    ids=str,
)
def test_what_cannot_be_hours_is_refused_with_the_units_name(given: dict[str, object]) -> None:
    with pytest.raises(BadInput) as refused:
        hours.hours_of({"units": {"mika": given}}, "mika")
    assert "mika" in str(refused.value)
