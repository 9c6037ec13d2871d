"""Calendar arithmetic that contracts need. No clock: today is always a parameter."""

from calendar import monthrange
from datetime import date

from hamn.core.errors import BadInput, _

MONTHS_SV = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


def days_in_month(day: date) -> int:
    """The number of days in the month of the date, 28-31."""
    return monthrange(day.year, day.month)[1]


def same_day_next_month(day: date) -> date:
    """The same day of the next month, clamped to its end: 31 January gives 28 or 29 February."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def is_in_later_half(day: date) -> bool:
    """Whether the day lies in the later half of its month: day × 2 > days in the month (Z10)."""
    return day.day * 2 > days_in_month(day)


def swedish_date(day: date) -> str:
    """A date as Swedish prose writes it: `1 juni 2024`."""
    return f"{day.day} {MONTHS_SV[day.month - 1]} {day.year}"


def parse_date(text: str) -> date:
    """A date from `2024-06-01`.

    Raises BadInput for anything else, also for days that do not exist.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    # Python also reads 20240601 and the week date 2024-W22-6; people who write those mean to, or
    # have made a slip: better to ask.
    if day is None or day.isoformat() != text.strip():
        raise BadInput(
            _("”{text}” är inget datum. Skriv år-månad-dag, till exempel 2024-06-01."), text=text
        )
    return day


def months_ended(year: int, *, today: date) -> int:
    """How many of the year's months have ended: all of an earlier year, and of this year some."""
    return 12 if year < today.year else today.month - 1


def ended_through(year: int, *, today: date) -> str | None:
    """The last of the year's months that has ended: `2026-10`; none in its January."""
    months = months_ended(year, today=today)
    return f"{year}-{months:02}" if months else None


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month of the date."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
