"""Casework before Hamn, 2018-2019: identity-free facts, and certificates of what is disposed of.

Those files are past their time (SoL 16:1), so no case of those years is here. The facts give the
published numbers of clients and relatives (I3, I4, I10, I12): one contact each, since how many
more they had is not published. Months, classes and the certificates are examples.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import TYPE_CHECKING

from hamn.guards.disposal import actions as disposal
from hamn.support.cases.actions.counting import count

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@dataclass(frozen=True, slots=True)
class Year:
    """A unit's year as it was published. files: an example of how many ended that year."""

    unit: str
    year: int
    clients: int
    relatives: int
    files: int


YEARS = (
    Year("mika", 2018, 106, 0, 70),
    Year("mika", 2019, 71, 0, 71),
    Year("kast", 2018, 153, 13, 110),
    Year("kast", 2019, 121, 14, 98),
)
# Of four clients one is anonymous at Mika (I2: 20-30 %); the other classes are examples.
_HOMES = ("provider", "surrounding_municipality", "provider", "unknown")
_AGES = ("adult", "adult", "young_adult")
_CHANNELS = ("visit", "phone", "visit", "phone", "email")


def build_before(by: "Person") -> None:
    """The facts and the certificates of the years before Hamn."""
    for one in YEARS:
        for form, month, classes in _firsts(one):
            count(
                unit=one.unit,
                on=date(one.year, month, 1),
                kind="contact",
                detail="counselling",
                form=form,
                is_first=True,
                **classes,
            )
        _certify(one, by)


def _firsts(one: Year) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Each person's first contact of the year: form, month, classes."""
    homes, ages, channels = cycle(_HOMES), cycle(_AGES), cycle(_CHANNELS)
    months = cycle(range(1, 13))
    forms = ["individual"] * one.clients + ["relative"] * one.relatives
    for form in forms:
        classes = {"residence": next(homes), "age_group": next(ages), "channel": next(channels)}
        yield form, next(months), classes


def _certify(one: Year, by: "Person") -> None:
    """What was disposed of the year after it was due, as a paper archive would have it noted."""
    due, done = one.year + 5, one.year + 6
    disposal.record_earlier(
        unit=one.unit,
        due_before=date(due + 1, 1, 1),
        approved_on=date(done, 2, 10),
        finished_on=date(done, 2, 24),
        approved_title="Enhetschef",
        run_title="Arkivredogörare (exempel)",
        records={"cases.case": {"personal_file": one.files}},
        today=date(2026, 1, 15),
        by=by,
    )
