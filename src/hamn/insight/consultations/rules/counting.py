"""A year's consultations in counts, added up from identity-free facts alone. Pure.

Source: requirements C2, C6, C7, I8, I24.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hamn.core.errors import _
from hamn.core.figures import if_many
from hamn.support.services.rules import RESIDENCE_CLASSES, ResidenceClass

from .words import NO_MUNICIPALITY, PROFESSIONS, TOPICS, URGENCIES, WAYS, State

QUARTER = 15
# A workplace that is no municipality's is counted by itself, never as unknown.
NOWHERE = "no_municipality"
CLASSES: dict[str, str] = {
    ResidenceClass.PROVIDER: RESIDENCE_CLASSES[ResidenceClass.PROVIDER],
    ResidenceClass.SURROUNDING: RESIDENCE_CLASSES[ResidenceClass.SURROUNDING],
    ResidenceClass.ELSEWHERE: RESIDENCE_CLASSES[ResidenceClass.ELSEWHERE],
    NOWHERE: _("region, myndighet eller förening"),
}
TOTALS: dict[str, str] = {
    "given": _("Konsultationer och handledningar"),
    "supervisions": _("Varav handledningar"),
    "hours": _("Timmar, avrundade till kvartar"),
    "referred": _("Hänvisade vidare (kommunen saknar avtal)"),
}
THROUGH = _("Räknat till och med")
PARTS: dict[str, str] = {
    "municipality_class": _("Från"),
    "municipality": _("Kommun"),
    "profession": _("Verksamhet som frågade"),
    "topic": _("Vad det gällde"),
    "way": _("Hur"),
    "urgency": _("Hur bråttom"),
    "month": _("Månad"),
}
# What each part's codes are called; municipalities and months are told by the page.
NAMES: Mapping[str, Mapping[str, str]] = {
    "municipality_class": CLASSES,
    "profession": PROFESSIONS,
    "topic": TOPICS,
    "way": WAYS,
    "urgency": URGENCIES,
}


class Row(NamedTuple):
    """Facts of one unit that are alike, and their weights together."""

    unit: str
    month: int
    outcome: str
    kind: str
    way: str
    municipality: str
    municipality_class: str
    profession: str
    topic: str
    urgency: str
    minutes: int
    weight: int


@dataclass(slots=True)
class Tally:
    """A unit's year, or the whole centre's. minutes: in whole quarters."""

    given: int = 0
    supervisions: int = 0
    minutes: int = 0
    referred: int = 0
    parts: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in PARTS})

    @property
    def hours(self) -> str:
        """The time in hours as Swedish readers write it: `12,25`."""
        return f"{self.minutes / 60:.2f}".replace(".", ",")

    def add(self, row: Row) -> None:
        """Count the row; a correction weighs -1, so what was taken back is not counted."""
        if row.outcome == State.REFERRED:
            self.referred += row.weight
            return
        self.given += row.weight
        self.supervisions += row.weight if row.kind == "supervision" else 0
        self.minutes += row.minutes * row.weight
        for name, counts in self.parts.items():
            code = str(getattr(row, name))
            counts[code] = counts.get(code, 0) + row.weight
            if not counts[code]:
                del counts[code]


def tallied(rows: Iterable[Row]) -> dict[str, Tally]:
    """Each unit's year."""
    units: dict[str, Tally] = {}
    for row in rows:
        units.setdefault(row.unit, Tally()).add(row)
    return units


def together(rows: Iterable[Row]) -> Tally:
    """The whole centre's year."""
    whole = Tally()
    for row in rows:
        whole.add(row)
    return whole


def municipality_class(code: str, residence: str) -> str:
    """The class that a workplace is counted in. residence: the class of the municipality."""
    return NOWHERE if code in ("", NO_MUNICIPALITY) else residence


def quarters(minutes: int) -> int:
    """The minutes rounded up to whole quarters of an hour: a fact tells no nearer."""
    return -(-minutes // QUARTER) * QUARTER


def protected(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The parts of a total as they may be told outside the unit, the small ones left out.

    With one alone left out it could be worked out from the total: then the next smallest goes too.
    """
    shown: dict[str, int | None] = {code: if_many(count) for code, count in counts.items()}
    kept = [code for code, count in shown.items() if count is not None]
    if len(shown) - len(kept) == 1 and kept:
        shown[min(kept, key=lambda code: (counts[code], code))] = None
    return shown


def protected_within(
    rows: Iterable[Row], by_class: Mapping[str, int | None]
) -> dict[str, int | None]:
    """The counts of the municipalities as they may be told beside those of their classes.

    by_class: as `protected` tells them. Within each class what is left out cannot be worked out
    from the class's total; of a class that is itself left out, no municipality is told.
    """
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.outcome != State.REFERRED:
            of_class = counts.setdefault(row.municipality_class, {})
            of_class[row.municipality] = of_class.get(row.municipality, 0) + row.weight
    told: dict[str, int | None] = {}
    for name, found in counts.items():
        is_told = by_class.get(name) is not None
        for code, count in protected({code: n for code, n in found.items() if n}).items():
            # One that changed class within the year is told in neither.
            told[code] = count if is_told and code not in told else None
    return told
