"""What the rooms above add to the page of the day."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


class DayLine(NamedTuple):
    """A line of the page. url: where what it counts is; is_late: some of it should be done."""

    text: str
    url: str
    is_late: bool


_LINES: "list[Callable[[Person, date], Iterable[DayLine]]]" = []


def register_lines(lines: "Callable[[Person, date], Iterable[DayLine]]") -> None:
    """A room above this one tells what of it waits for a worker on a day."""
    _LINES.append(lines)


def lines_of_day(viewer: "Person", today: date) -> list[DayLine]:
    """What the rooms above have that waits for her."""
    return [one for lines in _LINES for one in lines(viewer, today)]
