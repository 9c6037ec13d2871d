"""Whole kronor: rounding once, splitting to an exact sum, Swedish form (money, kronor).

Integers and fractions only; a float never carries money.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import floor

NO_BREAK_SPACE = "\u00a0"


def half_up(kronor: Fraction) -> int:
    """The nearest whole krona; an exact half goes up (round() would go to even)."""
    return floor(kronor + Fraction(1, 2))


def split(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """The total in whole units by weight, summing exactly, in key order (largest remainder).

    Every part gets its whole units; the units left go one each to the largest fractions, ties by
    key. Hence the order of the weights never matters and a larger weight never gets less.
    Raises ValueError when the weights do not sum to more than zero.
    """
    whole = sum(weights.values())
    if whole <= 0:
        raise ValueError("weights must sum to more than zero")
    parts = {key: divmod(total * weights[key], whole) for key in sorted(weights)}
    left = total - sum(units for units, _ in parts.values())
    first = frozenset(sorted(parts, key=lambda key: (-parts[key][1], key))[:left])
    return {key: units + (key in first) for key, (units, _) in parts.items()}


def grouped(number: int) -> str:
    """A whole number in Swedish form, thousands apart by a no-break space: `76 499`."""
    return f"{number:,}".replace(",", NO_BREAK_SPACE).replace("-", "\u2212")


def kronor(amount_kr: int) -> str:
    """An amount in Swedish form with its unit: `76 499 kr`."""
    return f"{grouped(amount_kr)}{NO_BREAK_SPACE}kr"


def decimal_comma(number: Fraction, decimals: int) -> str:
    """A fraction with a fixed number of decimals, rounded half up, in Swedish form: `1,91`."""
    scaled = half_up(number * 10**decimals)
    whole, rest = divmod(abs(scaled), 10**decimals)
    sign = "\u2212" if scaled < 0 else ""
    return f"{sign}{grouped(whole)},{rest:0{decimals}d}" if decimals else f"{sign}{grouped(whole)}"
