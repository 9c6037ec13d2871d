"""How long people wait for an answer: the classes that are counted, and what a year comes to. Pure.

Source: requirements B7, I24; docs/adr/0024.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hamn.core.errors import _
from hamn.core.figures import LEAST_SHOWN, if_many

LONGEST = 6  # working days and more are one class
DAYS: dict[int, str] = {
    0: _("samma dag"),
    1: _("efter en arbetsdag"),
    2: _("efter två arbetsdagar"),
    3: _("efter tre arbetsdagar"),
    4: _("efter fyra arbetsdagar"),
    5: _("efter fem arbetsdagar"),
    LONGEST: _("efter sex arbetsdagar eller mer"),
}
TOTALS: dict[str, str] = {
    "opened": _("Öppnade dialoger"),
    "messages": _("Meddelanden från personer"),
    "answers": _("Svar"),
    "in_time": _("Svar senast den dag som lovades"),
    "within_two_days": _("Svar inom två arbetsdagar"),
}
# The same in the narrow heads of a table.
HEADS: dict[str, str] = {
    "opened": _("Öppnade"),
    "messages": _("Meddelanden"),
    "answers": _("Svar"),
    "in_time": _("Som lovat"),
    "within_two_days": _("Inom två dagar"),
}


class Row(NamedTuple):
    """Facts that are alike, and how many they are."""

    unit: str
    kind: str
    working_days: int | None
    was_in_time: bool | None
    number: int


@dataclass(slots=True)
class Times:
    """A unit's year. by_days: how many answers by the class of working days."""

    opened: int = 0
    messages: int = 0
    answers: int = 0
    in_time: int = 0
    by_days: dict[int, int] = field(default_factory=lambda: dict.fromkeys(DAYS, 0))

    @property
    def within_two_days(self) -> int:
        """How many answers came within two working days."""
        return sum(count for days, count in self.by_days.items() if days <= 2)

    @property
    def median(self) -> int | None:
        """The class of working days that half of the answers came within; None without any."""
        return median(self.by_days)

    @property
    def totals(self) -> dict[str, int]:
        """The counts in the order in which they are told."""
        return {name: getattr(self, name) for name in TOTALS}


def tallied(rows: Iterable[Row]) -> dict[str, Times]:
    """Each unit's year, from its facts."""
    found: dict[str, Times] = {}
    for row in rows:
        times = found.setdefault(row.unit, Times())
        if row.kind == "opened":
            times.opened += row.number
        elif row.kind == "message":
            times.messages += row.number
        elif row.kind == "answer" and row.working_days is not None:
            times.answers += row.number
            times.in_time += row.number if row.was_in_time else 0
            times.by_days[min(row.working_days, LONGEST)] += row.number
    return found


def median(by_days: Mapping[int, int]) -> int | None:
    """The smallest class within which at least half of them lie; None of none."""
    whole, so_far = sum(by_days.values()), 0
    for days in sorted(by_days):
        so_far += by_days[days]
        if whole and so_far * 2 >= whole:
            return days
    return None


def protected(totals: Mapping[str, int]) -> dict[str, int | None]:
    """The counts as they may be told outside the unit: nothing of the small ones, nor that none.

    What is left of a larger count when a shown part is taken from it is no smaller either.
    """
    shown: dict[str, int | None] = {name: if_many(count) for name, count in totals.items()}
    for part in ("in_time", "within_two_days"):
        rest = totals["answers"] - totals[part]
        if shown[part] is not None and 0 < rest < LEAST_SHOWN:
            shown[part] = None
    return shown
