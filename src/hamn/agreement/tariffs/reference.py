"""The annex of 2018 as it comes with Hamn, for computing before any centre is set up."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from .rules import Basis, annex_fees

DATA = Path(__file__).parent / "data"
ANNEX_2018 = DATA / "stockholm-county-2018.csv"
TOTAL_KR = 4_000_000  # § 6: five posts
PROVIDER_CODE = "0180"
ADDITIONS = {"0980": 59_249}  # Gotland, 31 December 2018 (Z3)


@dataclass(frozen=True, slots=True)
class ReferenceTariff:
    """The terms of the agreement template of 2021."""

    total_kr: int = TOTAL_KR
    population_year: int = 2018
    index_percent: Decimal = Decimal(2)
    price_level_year: int = 2021
    valid_from: date = date(2021, 1, 1)


def populations() -> dict[str, int]:
    """Population 31 December 2018 of the annex's 26 municipalities, by code."""
    with ANNEX_2018.open(encoding="utf-8", newline="") as stream:
        return {
            row["municipality_code"]: int(row["population_2018_12_31"])
            for row in csv.DictReader(stream)
        }


def basis(code: str) -> Basis | None:
    """What the municipality's annex amount is computed from; None when the annex lacks it."""
    sharing = populations()
    fees = annex_fees(TOTAL_KR, sharing, ADDITIONS)
    if code not in fees:
        return None
    return Basis(
        total_kr=TOTAL_KR,
        population={**sharing, **ADDITIONS}[code],
        all_population=sum(sharing.values()),
        population_year=2018,
        annex_kr=fees[code],
        is_addition=code in ADDITIONS,
    )
