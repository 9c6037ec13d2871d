"""Calendar arithmetic that contracts need."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.dates import (
    days_in_month,
    ended_through,
    is_in_later_half,
    months_ended,
    parse_date,
    same_day_next_month,
    swedish_date,
)
from hamn.core.errors import BadInput

DAYS = st.dates(date(1968, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "next_month"),
    [
        ("2023-01-31", "2023-02-28"),
        ("2024-01-31", "2024-02-29"),
        ("2024-01-30", "2024-02-29"),
        ("2024-01-29", "2024-02-29"),
        ("2024-01-28", "2024-02-28"),
        ("2024-03-31", "2024-04-30"),
        ("2024-02-29", "2024-03-29"),
        ("2024-12-31", "2025-01-31"),
        ("2024-06-01", "2024-07-01"),
    ],
)
def test_the_same_day_next_month_is_clamped_to_its_end(day: str, next_month: str) -> None:
    assert same_day_next_month(date.fromisoformat(day)) == date.fromisoformat(next_month)


@given(DAYS)
def test_the_same_day_next_month_is_the_last_day_of_it_that_is_no_later(day: date) -> None:
    following = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    days = [following + timedelta(days=n) for n in range(31)]
    assert same_day_next_month(day) == max(
        d for d in days if d.month == following.month and d.day <= day.day
    )


@given(DAYS)
def test_a_month_ends_where_the_next_one_begins(day: date) -> None:
    assert (day.replace(day=days_in_month(day)) + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("last_of_first_half", "month"),
    [(15, "2024-01"), (15, "2024-04"), (14, "2023-02"), (14, "2024-02")],
    ids=["31 days", "30 days", "28 days", "29 days"],
)
def test_the_later_half_begins_the_day_after(last_of_first_half: int, month: str) -> None:
    first = date.fromisoformat(f"{month}-01")
    halves = [is_in_later_half(first.replace(day=n + 1)) for n in range(days_in_month(first))]
    assert halves == [n >= last_of_first_half for n in range(days_in_month(first))]


def test_a_date_in_prose_has_its_month_by_name() -> None:
    assert swedish_date(date(2024, 6, 1)) == "1 juni 2024"
    assert swedish_date(date(2026, 12, 31)) == "31 december 2026"


@given(DAYS)
def test_a_date_is_read_as_it_is_written(day: date) -> None:
    assert parse_date(f" {day.isoformat()} ") == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "i dag",
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-6-1",
        "24-06-01",
        "20240601",
        "2024-W22-6",
        "2024-06-01T00:00",
        "2024/06/01",
        "01.06.2024",
        "２０２４-06-01",
        "0000-01-01",
        "12024-06-01",
        "-024-06-01",
        "2024-06-01\x00",
    ],
)
def test_what_is_no_date_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"är inget datum\. Skriv år-månad-dag, till exempel 2024"):
        parse_date(text)


@pytest.mark.parametrize(
    ("year", "today", "months", "through"),
    [
        (2026, date(2026, 1, 31), 0, None),
        (2026, date(2026, 2, 1), 1, "2026-01"),
        (2026, date(2026, 12, 31), 11, "2026-11"),
        (2025, date(2026, 1, 1), 12, "2025-12"),
    ],
)
def test_a_month_has_ended_when_the_next_one_begins(
    year: int, today: date, months: int, through: str | None
) -> None:
    assert months_ended(year, today=today) == months
    assert ended_through(year, today=today) == through
