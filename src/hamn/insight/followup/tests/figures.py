"""A figure to vary in the tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hamn.insight.followup.rules import Base, Figure, Measure, Residence, Unit

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def share(number: object = "94", **more: Any) -> Figure:
    """A share in percent whose number of answers is unknown, unless told otherwise."""
    low = Decimal(str(number))
    plain: dict[str, Any] = {
        "measure": Measure.STOPPED_BUYING,
        "service": "kast",
        "residence": Residence.EVERYONE,
        "from_year": 2018,
        "to_year": 2018,
        "is_partial": False,
        "unit": Unit.PERCENT,
        "low": low,
        "high": low,
        "wording": "",
        "base_state": Base.UNKNOWN,
        "base": None,
        "source": "Påhittad rapport, sidan 4",
        "note": "",
    }
    return Figure(**plain | more)


def known(number: object, base: int, year: int, **more: Any) -> Figure:
    """A share of a known number of answers in a year."""
    return share(number, base_state=Base.KNOWN, base=base, from_year=year, to_year=year, **more)


def count(number: object = "106", **more: Any) -> Figure:
    """A count of clients at Mika."""
    plain = {"measure": Measure.CLIENTS, "service": "mika", "unit": Unit.COUNT}
    return share(number, **{**plain, "base_state": Base.NONE, **more})
