"""Who reads when: a unit's hours, and the day by which a person has her answer. Pure.

What the public page says of it is a promise: a message that comes after closing, on a holiday or on
an eve that everybody is free is not read before the next working day.
Source: issue 5 (the dialogue, honest hours); the Public Holidays Act (lag 1989:253).
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hamn.core.errors import BadInput, _

HERE = ZoneInfo("Europe/Stockholm")
# Free in practice, and no public holidays: month and day. Midsummer's eve moves.
_EVES = {(12, 24), (12, 31)}
_FRIDAY, _MIDSUMMER = 4, range(19, 26)


class Hours(NamedTuple):
    """When a unit reads, and within how many working days it answers. days: 0 is Monday."""

    opens: int = 8
    closes: int = 16
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    answer_days: int = 2


def hours_of(table: Mapping[str, Any], unit: str) -> Hours:
    """The unit's hours from `[door.units]` of the centre's file; what it leaves out is as shipped.

    Raises BadInput for what cannot be hours.
    """
    given = table.get("units", {}).get(unit, {})
    hours = Hours(**{name: given[name] for name in given if name in Hours._fields})
    if set(given) - set(Hours._fields) or not _can_be(hours):
        raise BadInput(
            _(
                "Tiderna för {unit} i [door.units] går inte att läsa. Skriv hela timmar (opens, "
                "closes), veckodagar 0–6 (days) och högst 30 arbetsdagar (answer_days)."
            ),
            unit=unit,
        )
    return hours._replace(days=tuple(hours.days))


def _can_be(hours: Hours) -> bool:
    if not isinstance(hours.days, list | tuple) or not hours.days:
        return False
    numbers = (hours.opens, hours.closes, hours.answer_days, *hours.days)
    return all(type(one) is int for one in numbers) and (
        0 <= hours.opens < hours.closes <= 24
        and set(hours.days) <= set(range(7))
        and 0 <= hours.answer_days <= 30
    )


def is_working_day(day: date) -> bool:
    """Whether people work on the day: no weekend, no holiday, none of the three great eves."""
    return day.weekday() <= _FRIDAY and not is_free(day)


def is_free(day: date) -> bool:
    """Whether the day is a public holiday, Christmas Eve, New Year's Eve or Midsummer's Eve."""
    is_midsummers_eve = day.month == 6 and day.weekday() == _FRIDAY and day.day in _MIDSUMMER
    return (day.month, day.day) in _EVES or is_midsummers_eve or day in public_holidays(day.year)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Sweden's public holidays of the year (helgdagar), but for its Sundays."""
    # The library reads every country of the world: half a second, for those who ask alone.
    from holidays.countries.sweden import Sweden

    return frozenset(Sweden(years=year, include_sundays=False))


def reads_next(hours: Hours, at: datetime) -> datetime | None:
    """When somebody reads what is sent at the moment; None when somebody reads right then."""
    local = at.astimezone(HERE)
    if _reads_on(hours, local.date()) and hours.opens <= local.hour < hours.closes:
        return None
    day = local.date()
    if not _reads_on(hours, day) or local.hour >= hours.closes:
        day = _next_day(hours, day)
    return datetime.combine(day, time(hours.opens), HERE)


def answer_by(hours: Hours, at: datetime) -> date:
    """The day by which what is sent at the moment has its answer.

    Counted in the unit's own days, from the day on which somebody reads it.
    """
    day = (reads_next(hours, at) or at.astimezone(HERE)).date()
    for _each in range(hours.answer_days):
        day = _next_day(hours, day)
    return day


def working_days(start: date, end: date) -> int:
    """How many working days after the first the last lies; 0 on the same day or before."""
    days = (start + timedelta(days=1 + step) for step in range((end - start).days))
    return sum(is_working_day(day) for day in days)


def _reads_on(hours: Hours, day: date) -> bool:
    return day.weekday() in hours.days and not is_free(day)


def _next_day(hours: Hours, day: date) -> date:
    """The unit's first day after that one; some day of every fortnight is one."""
    day += timedelta(days=1)
    while not _reads_on(hours, day):
        day += timedelta(days=1)
    return day
