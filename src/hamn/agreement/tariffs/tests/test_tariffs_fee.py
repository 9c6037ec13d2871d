"""A year's fee: index, twelfths, rounding once, and steps that chain."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.agreement.tariffs import reference
from hamn.agreement.tariffs.rules import (
    LABELS,
    Basis,
    Fee,
    fee_for,
    first_year_step,
    index_factor,
    remaining_twelfths,
)
from hamn.core.money import decimal_comma, grouped, half_up, kronor

TWO = Decimal(2)


def osteraker() -> Basis:
    found = reference.basis("0117")
    assert found is not None
    return found


def fee(
    start: str, *, year: int | None = None, base: int = 2024, basis: Basis | None = None
) -> Fee:
    day = date.fromisoformat(start)
    return fee_for(
        basis or osteraker(),
        index_percent=TWO,
        base_year=base,
        year=year or day.year,
        in_force=day,
    )


@pytest.mark.parametrize(
    ("start", "twelfths", "amount_kr"),
    [
        ("2024-05-15", 8, 50_999),
        ("2024-05-16", 7, 44_624),
        ("2024-06-01", 7, 44_624),
        ("2024-12-20", 0, 0),
        ("2024-12-15", 1, 6_375),
        ("2024-12-16", 0, 0),
        ("2024-01-01", 12, 76_499),
        ("2024-01-15", 12, 76_499),
        ("2024-01-16", 11, 70_124),
        ("2024-02-14", 11, 70_124),
        ("2024-02-15", 10, 63_749),
        ("2024-04-15", 9, 57_374),
        ("2024-04-16", 8, 50_999),
    ],
)
def test_the_first_year_is_paid_by_its_remaining_twelfths(
    start: str, twelfths: int, amount_kr: int
) -> None:
    paid = fee(start)
    assert (paid.twelfths, paid.amount_kr, paid.annex_amount_kr) == (twelfths, amount_kr, 76_499)


@pytest.mark.parametrize(
    ("base", "amount_kr"), [(2020, 82_805), (2021, 81_181), (2024, 76_499), (2025, 76_499)]
)
def test_the_base_year_of_the_index_decides_what_2024_costs(base: int, amount_kr: int) -> None:
    assert fee("2022-01-01", year=2024, base=base).amount_kr == amount_kr


def later_half_begins(day: date) -> int:
    """Table of the first day of each month's later half, written from the clause by hand."""
    by_length = {31: 16, 30: 16, 29: 15, 28: 15}
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return by_length[(following - timedelta(days=1)).day]


def months_paid(day: date) -> int:
    """The months of the year, counted one by one from the one that is paid first."""
    paid = 0
    for month in range(1, 13):
        if month > day.month or (month == day.month and day.day < later_half_begins(day)):
            paid += 1
    return paid


@pytest.mark.parametrize("year", [2023, 2024], ids=["365 days", "366 days"])
def test_every_signing_date_of_the_year_pays_its_twelfths(year: int) -> None:
    first, days = date(year, 1, 1), 365 + (year == 2024)
    for start in (first + timedelta(days=n) for n in range(days)):
        paid = fee(start.isoformat(), base=year)
        assert paid.twelfths == remaining_twelfths(start) == months_paid(start), start
        # Whole öre of a twelfth times the months, in integers: n/12 rounded half up.
        assert paid.amount_kr == (2 * 76_499 * months_paid(start) + 12) // 24, start
    assert start == date(year, 12, 31)


def test_a_later_year_is_paid_in_full_and_an_earlier_one_not_at_all() -> None:
    assert fee("2024-06-01", year=2025).twelfths == 12
    assert (fee("2024-06-01", year=2023).twelfths, fee("2024-06-01", year=2023).amount_kr) == (0, 0)


def test_rounding_stands_last_and_only_once() -> None:
    paid = fee("2024-05-15", base=2021)
    exact = 76_499 * Fraction(102, 100) ** 3 * Fraction(8, 12)
    assert paid.amount_kr == half_up(exact)
    different = [
        (start, year)
        for year in range(2022, 2032)
        for start in (date(year, month, 1).isoformat() for month in range(1, 13))
        if fee(start, base=2021).amount_kr
        != half_up(
            half_up(76_499 * index_factor(TWO, 2021, year)) * Fraction(fee(start).twelfths, 12)
        )
    ]
    assert different, "rounding the index first would never have shown"


def test_index_compounds_without_rounding_on_the_way() -> None:
    amounts = [fee("2021-01-01", year=year, base=2021).amount_kr for year in range(2021, 2061)]
    stepwise = [76_499]
    for _year in range(2022, 2061):
        stepwise.append(half_up(stepwise[-1] * Fraction(102, 100)))
    assert amounts[:4] == [76_499, 78_029, 79_590, 81_181]
    assert amounts != stepwise


@pytest.mark.parametrize(
    ("base", "year", "factor"),
    [
        (2021, 2021, Fraction(1)),
        (2021, 2020, Fraction(1)),
        (2021, 2022, Fraction(102, 100)),
        (2020, 2024, Fraction(108_243_216, 100_000_000)),
    ],
)
def test_the_index_is_exact_and_never_below_one(base: int, year: int, factor: Fraction) -> None:
    assert index_factor(TWO, base, year) == factor


@given(
    st.integers(1, 2_000_000),
    st.integers(2018, 2040),
    st.integers(2018, 2040),
    st.dates(date(2018, 1, 1), date(2040, 12, 31)),
    st.decimals(0, 10, places=2),
)
def test_a_fee_is_the_annex_amount_times_index_times_twelfths_rounded_half_up(
    annex_kr: int, base: int, year: int, start: date, percent: Decimal
) -> None:
    paid = fee_for(
        basis_of(annex_kr), index_percent=percent, base_year=base, year=year, in_force=start
    )
    growth = Fraction(100 + Fraction(percent), 100) ** max(0, year - base)
    share = Fraction(
        0 if year < start.year else 12 if year > start.year else months_paid(start), 12
    )
    assert abs(paid.amount_kr - annex_kr * growth * share) <= Fraction(1, 2)
    assert (paid.amount_kr == 0) >= (share == 0)


def basis_of(annex_kr: int) -> Basis:
    return Basis(
        total_kr=annex_kr * 2,
        population=1,
        all_population=2,
        population_year=2018,
        annex_kr=annex_kr,
        is_addition=False,
    )


def test_the_steps_chain_from_population_to_amount() -> None:
    paid = fee("2024-06-01", base=2021)
    assert [step.code for step in paid.steps] == [
        *["population", "share", "annex_amount"],
        *["index", "twelfths", "amount"],
    ]
    people, share, annex, index, twelfths, amount = (step.value for step in paid.steps)
    factor = Fraction(102, 100) ** 3
    assert people == f"{grouped(44_831)} invånare"
    assert share == f"{grouped(44_831)} / {grouped(2_344_124)} = 1,91248\u00a0%"
    assert annex == kronor(half_up(Fraction(4_000_000 * 44_831, 2_344_124)))
    assert index == f"× 1,061208 = {decimal_comma(76_499 * factor, 2)}\u00a0kr"
    assert twelfths == "7/12"
    assert amount == kronor(half_up(76_499 * factor * Fraction(7, 12))) == kronor(paid.amount_kr)


@pytest.mark.parametrize(
    ("start", "year", "base", "codes"),
    [
        ("2024-06-01", 2024, 2024, ["no_index", "twelfths"]),
        ("2024-06-16", 2024, 2024, ["no_index", "later_half"]),
        ("2024-06-01", 2025, 2024, ["index", "whole_year"]),
        ("2024-06-01", 2024, 2025, ["before_index", "twelfths"]),
    ],
)
def test_the_steps_tell_why(start: str, year: int, base: int, codes: list[str]) -> None:
    assert [step.code for step in fee(start, year=year, base=base).steps][3:5] == codes


def test_gotland_s_steps_go_by_the_rate_per_inhabitant() -> None:
    gotland = reference.basis("0980")
    assert gotland is not None and gotland.is_addition
    paid = fee("2024-01-01", basis=gotland)
    assert paid.amount_kr == 101_102
    assert [step.code for step in paid.steps][:3] == ["population", "rate", "addition"]
    assert paid.steps[1].value == "1,70639\u00a0kr"


def test_a_municipality_outside_the_annex_has_no_basis() -> None:
    assert reference.basis("1480") is None


@pytest.mark.parametrize("code", ["0117", "0980"])
@pytest.mark.parametrize("start", ["2024-06-01", "2024-06-16"])
@pytest.mark.parametrize("year", [2024, 2025])
def test_every_step_has_a_swedish_label_a_value_and_a_clause(
    code: str, start: str, year: int
) -> None:
    for base in (2021, 2024, 2025):
        for step in fee(start, year=year, base=base, basis=reference.basis(code)).steps:
            data = step.as_data()
            assert data["code"] in LABELS and data["value"] and data["clause"].startswith("avtalet")
            assert "{" not in data["label"]


def test_the_later_half_is_told_with_its_date() -> None:
    step = first_year_step(date(2024, 5, 16))
    assert step.label == (
        "Återstående tolftedelar av 2024, i kraft från 16 maj 2024, senare halvan av månaden"
    )
