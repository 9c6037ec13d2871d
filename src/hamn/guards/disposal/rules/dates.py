"""When a record dies: from its last note or a child's birth, and the last day to have done it.

Source: SoL (2025:400) 16:1, 16:2, 16:2 a; docs/law.md section 4, rule 8.
"""

from datetime import date, timedelta

from .classes import Base, RuleClass, rule_classes

LAST_DAY = date.max


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 February where there is none.

    Years past the calendar's end give its last day.
    """
    year = day.year + years
    if year > LAST_DAY.year:
        return LAST_DAY
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def day_after(day: date) -> date:
    """The next day; the calendar's last one has none, and stays."""
    return day if day == LAST_DAY else day + timedelta(days=1)


def due_on(last_note_on: date, rule_class: RuleClass, born_on: date | None = None) -> date | None:
    """The day from which the record shall be disposed of; None while it is exempt.

    born_on: for the classes that count from a child's birth. Without it the record stays, since
    nobody can tell when its time has come. Such a record never dies before one of the usual class.
    """
    if rule_class.base is Base.EXEMPT:
        return None
    if rule_class.base is Base.LAST_NOTE:
        return years_after(last_note_on, rule_class.years)
    if born_on is None:
        return None
    return max(years_after(born_on, rule_class.years), years_after(last_note_on, USUAL_YEARS))


def done_by(due: date) -> date:
    """The last day on which the disposal may still be lawful: 31 December of the year after."""
    return date(min(due.year + 1, LAST_DAY.year), 12, 31)


def held_until(due: date) -> date:
    """The last day through which a record may be kept for any reason: then a day is left to act."""
    return done_by(due) - timedelta(days=1)


def is_breach(due: date, today: date) -> bool:
    """Whether the record should have been gone already."""
    return today > done_by(due)


def breach_before(today: date) -> date:
    """Records that were due before this day are a breach today."""
    return date(today.year - 1, 1, 1)


def last_day_that_is_due(before: date, years: int) -> date:
    """The latest day that lies `years` back when what counts from it is due before the other day.

    So a database compares a stored day with one that is computed once: years_after(day) < before
    for exactly the days up to this one.
    """
    if before.year <= years:
        return date.min
    day = date(before.year - years, before.month, min(before.day, 28)) + timedelta(days=3)
    while years_after(day, years) >= before:
        day -= timedelta(days=1)
    return day


USUAL_YEARS = rule_classes()["personal_file"].years
