"""What the sources published for years before Hamn, entered as published totals (I1-I20)."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from hamn.insight.followup import actions
from hamn.insight.followup.rules import Base, Figure, Measure, Residence, Unit

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

FILE = Path(__file__).parent / "totals.csv"
UNKNOWN = "okänt"
ENTERED_AT = datetime(2026, 1, 12, 9, tzinfo=UTC)


def build_totals(by: "Person") -> int:
    """Enter every published total of the sources; how many they were."""
    count = 0
    for _requirement, figure in read_totals():
        actions.enter_total(figure=figure, now=ENTERED_AT, by=by)
        count += 1
    return count


def read_totals() -> Iterator[tuple[str, Figure]]:
    """Each published total with the requirement that names it."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield row["requirement"], _figure(row)


def _figure(row: dict[str, str]) -> Figure:
    base = row["base"]
    state = {"": Base.NONE, UNKNOWN: Base.UNKNOWN}.get(base, Base.KNOWN)
    return Figure(
        measure=Measure(row["measure"]),
        service=row["service"],
        residence=Residence(row["residence"]),
        from_year=int(row["from_year"]),
        to_year=int(row["to_year"]),
        is_partial=bool(row["is_partial"]),
        unit=Unit(row["unit"]),
        low=Decimal(row["low"]) if row["low"] else None,
        high=Decimal(row["high"]) if row["high"] else None,
        wording=row["wording"],
        base_state=state,
        base=int(base) if state == Base.KNOWN else None,
        source=row["source"],
        note=row["note"],
    )
