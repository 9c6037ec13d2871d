"""Whole kronor: rounding, splitting and Swedish form."""

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.money import decimal_comma, grouped, half_up, kronor, split

CODES = st.text(alphabet="0123456789", min_size=4, max_size=4)
WEIGHTS = st.dictionaries(CODES, st.integers(1, 1_000_000), min_size=1, max_size=40)
TOTALS = st.integers(0, 2_000_000_000)


@given(TOTALS, WEIGHTS)
def test_the_parts_sum_to_the_total(total: int, weights: dict[str, int]) -> None:
    parts = split(total, weights)
    assert sum(parts.values()) == total
    assert parts.keys() == weights.keys()


@given(TOTALS, WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_the_weights_does_not_matter(
    total: int, weights: dict[str, int], chance: object
) -> None:
    shuffled = list(weights.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert split(total, dict(shuffled)) == split(total, weights)


@given(TOTALS, WEIGHTS)
def test_a_larger_weight_never_gets_less(total: int, weights: dict[str, int]) -> None:
    parts = split(total, weights)
    by_weight = sorted(weights, key=lambda code: (weights[code], parts[code]))
    amounts = [parts[code] for code in by_weight]
    assert amounts == sorted(amounts)


@given(TOTALS, WEIGHTS)
def test_no_part_is_a_whole_krona_from_its_exact_share(total: int, weights: dict[str, int]) -> None:
    everyone = sum(weights.values())
    for code, part in split(total, weights).items():
        assert abs(part - Fraction(total * weights[code], everyone)) < 1


@given(TOTALS, WEIGHTS)
def test_equal_weights_differ_by_a_krona_at_most_and_the_first_code_gets_it(
    total: int, weights: dict[str, int]
) -> None:
    parts = split(total, dict.fromkeys(weights, 7))
    amounts = [parts[code] for code in sorted(parts)]
    assert amounts == sorted(amounts, reverse=True)
    assert max(amounts) - min(amounts) <= 1


def test_a_tie_goes_to_the_lower_code_also_when_it_is_given_last() -> None:
    assert split(1, {"0180": 5, "0114": 5}) == {"0114": 1, "0180": 0}


def test_the_parts_come_in_code_order() -> None:
    assert list(split(10, {"0192": 1, "0114": 2, "0180": 3})) == ["0114", "0180", "0192"]


@pytest.mark.parametrize("weights", [{}, {"0114": 0}], ids=["none", "zero"])
def test_nothing_to_split_by_is_refused(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="more than zero"):
        split(100, weights)


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6))
def test_half_up_is_the_nearest_krona_and_the_higher_of_two_as_near(amount: Fraction) -> None:
    rounded = half_up(amount)
    near = [
        krona for krona in range(rounded - 2, rounded + 3) if abs(krona - amount) <= Fraction(1, 2)
    ]
    assert rounded == max(near)


@given(st.integers(-(10**12), 10**12))
def test_half_up_equals_decimal_arithmetic_on_ore(ore: int) -> None:
    exact = Decimal(ore) / 100 + Decimal("0.5")
    assert half_up(Fraction(ore, 100)) == int(exact.to_integral_value(ROUND_FLOOR))


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", 0), ("-1.5", -1), ("44624.4167", 44624)],
)
def test_a_half_goes_up_and_never_to_even(exact: str, rounded: int) -> None:
    assert half_up(Fraction(exact)) == rounded


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (76_499, "76\u00a0499"),
        (4_000_000, "4\u00a0000\u00a0000"),
        (-1_250, "\u22121\u00a0250"),
    ],
)
def test_thousands_stand_apart_by_a_no_break_space(number: int, text: str) -> None:
    assert grouped(number) == text
    assert kronor(number) == f"{text}\u00a0kr"


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (Fraction(100 * 44_831, 2_344_124), 2, "1,91"),
        (Fraction(4_000_000, 2_344_124), 5, "1,70639"),
        (Fraction(5, 1000), 2, "0,01"),
        (Fraction(-3, 2), 1, "\u22121,5"),
        (Fraction(-1, 1000), 2, "0,00"),
        (Fraction(123_456_789, 100), 2, "1\u00a0234\u00a0567,89"),
        (Fraction(5, 2), 0, "3"),
    ],
)
def test_a_fraction_is_shown_with_a_comma(number: Fraction, decimals: int, text: str) -> None:
    assert decimal_comma(number, decimals) == text
