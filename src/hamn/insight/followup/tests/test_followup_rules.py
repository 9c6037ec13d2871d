"""What a published total may say."""

from decimal import Decimal
from typing import Any

import pytest

from hamn.core.errors import BadInput
from hamn.insight.followup import rules
from hamn.insight.followup.rules import (
    BASE_NAMES,
    MEASURES,
    RESIDENCE_NAMES,
    UNIT_NAMES,
    Base,
    Figure,
    Measure,
    Residence,
    Unit,
)
from hamn.insight.followup.tests.figures import TODAY, count, known, share

SERVICES = {"mika", "kast"}


@pytest.mark.parametrize(
    "figure",
    [
        share("0"),
        share("100"),
        share("12.5"),
        share("20", high=Decimal(25)),
        known("80", 1, 2018),
        count("0"),
        count("95.5", measure=Measure.CLIENTS_AVERAGE),
        count("19", measure=Measure.AFFILIATED, base_state=Base.KNOWN, base=25),
        count(unit=Unit.WORDS, low=None, high=None, wording="hälften"),
        share(from_year=2017, to_year=2019),
        share(service=""),
        share(to_year=2026),
    ],
)
def test_what_can_have_been_published_passes(figure: Figure) -> None:
    rules.check(figure, services=SERVICES, today=TODAY)


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (share("100.01"), "mellan 0 och 100"),
        (share("-1"), "mellan 0 och 100"),
        (share("90", high=Decimal(101)), "mellan 0 och 100"),
        (share("25", high=Decimal(20)), "lägre än det lägre"),
        (share(low=None, high=None), "Skriv siffran"),
        (share(high=None), "Skriv siffran"),
        (share(unit=Unit.COUNT), "anges som en andel"),
        (count(unit=Unit.PERCENT), "anges som ett antal"),
        (count("12.5"), "helt antal"),
        (count("10000001"), "Ett antal ligger"),
        (count(unit=Unit.WORDS, wording="hälften"), "Utan siffra"),
        (count(unit=Unit.WORDS, low=None, high=None, wording="  "), "Utan siffra"),
        (share(base_state=Base.NONE), "andel av något"),
        (share(base_state=Base.KNOWN), "antalet svar bara när det är känt"),
        (share(base=17), "antalet svar bara när det är känt"),
        (known("80", 0, 2018), "minst 1"),
        (share(to_year=2017), "slutar före den börjar"),
        (share(to_year=2027), "till 2026"),
        (share(from_year=1900), "från 1950"),
        (share(service="okand"), "okänd"),
        (share(source=" "), "dokument"),
    ],
)
def test_what_cannot_have_been_published_is_refused_with_what_to_mend(
    figure: Figure, told: str
) -> None:
    with pytest.raises(BadInput, match=told):
        rules.check(figure, services=SERVICES, today=TODAY)


@pytest.mark.parametrize(
    ("text", "number"),
    [("106", "106"), ("12,5", "12.5"), ("76.7 %", "76.7"), ("1 200", "1200"), ("0", "0")],
)
def test_a_number_is_read_as_people_write_it(text: str, number: str) -> None:
    assert rules.read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "94 9%%", "ca 20", "1,234", "-3", "½", "١٢", "NaN", "1e9"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="inget tal"):
        rules.read_number(text)


def test_a_value_is_told_as_it_was_published() -> None:
    assert rules.value_in_words(share("94")) == "94\N{NO-BREAK SPACE}%"
    assert rules.value_in_words(share("12.50")) == "12,5\N{NO-BREAK SPACE}%"
    assert rules.value_in_words(share("20", high=Decimal(30))) == "20–30\N{NO-BREAK SPACE}%"
    assert rules.value_in_words(count("1200")) == "1\N{NO-BREAK SPACE}200"
    words = count(unit=Unit.WORDS, low=None, high=None, wording="hälften av kommunerna")
    assert rules.value_in_words(words) == "hälften av kommunerna"
    assert rules.period_in_words(share(to_year=2020)) == "2018–2020"
    assert rules.period_in_words(share()) == "2018"


def test_shares_with_known_numbers_of_answers_are_weighted_by_them() -> None:
    assert rules.together([known("90", 10, 2018), known("60", 20, 2019)]) == Decimal("70.00")
    assert rules.together([known("33.33", 3, 2018), known("33.34", 3, 2019)]) == Decimal("33.34")


@pytest.mark.parametrize(
    "other",
    [
        share("82", from_year=2019, to_year=2019),
        known("82", 10, 2019, high=Decimal(83)),
        known("82", 10, 2018),
        known("82", 10, 2019, service="mika"),
        known("82", 10, 2019, measure=Measure.STOPPED_PORN),
        known("82", 10, 2019, residence=Residence.PROVIDER),
    ],
    ids=["unknown base", "range", "same year", "other service", "other measure", "other residence"],
)
def test_shares_that_cannot_be_put_together_never_are(other: Figure) -> None:
    with pytest.raises(BadInput, match="räknas inte ihop"):
        rules.together([known("94", 100, 2018), other])


def test_counts_are_never_put_together_as_shares() -> None:
    counted: list[Any] = [
        count("19", base_state=Base.KNOWN, base=25, from_year=year, to_year=year)
        for year in (2018, 2019)
    ]
    with pytest.raises(BadInput, match="räknas inte ihop"):
        rules.together(counted)


def test_every_measure_unit_base_and_residence_has_a_name() -> None:
    assert set(MEASURES) == set(Measure)
    assert len({kind.name for kind in MEASURES.values()}) == len(Measure)
    assert set(UNIT_NAMES) == set(Unit)
    assert set(BASE_NAMES) == set(Base)
    assert set(RESIDENCE_NAMES) == set(Residence) - {Residence.EVERYONE}
