"""Ages, homes and regimes: what a code stands for, and where the borders go."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.support.services import rules
from hamn.support.services.rules import AgeGroup, ContactKind, Regime, ResidenceClass

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (0, AgeGroup.CHILD),
        (17, AgeGroup.CHILD),
        (18, AgeGroup.YOUNG_ADULT),
        (20, AgeGroup.YOUNG_ADULT),
        (21, AgeGroup.ADULT),
        (120, AgeGroup.ADULT),
    ],
)
def test_a_person_is_a_child_until_18_and_a_young_adult_until_21(age: int, group: AgeGroup) -> None:
    assert rules.age_group_of(age) is group


@pytest.mark.parametrize("age", [-1, 121])
def test_an_age_that_nobody_has_is_refused(age: int) -> None:
    with pytest.raises(BadInput, match="kan inte stämma"):
        rules.age_group_of(age)


@pytest.mark.parametrize(
    ("birth_year", "on", "group"),
    [
        (2008, ON, AgeGroup.CHILD),  # turns 18 this year, perhaps not yet
        (2008, date(2026, 12, 31), AgeGroup.YOUNG_ADULT),
        (2007, ON, AgeGroup.YOUNG_ADULT),
        (2005, ON, AgeGroup.YOUNG_ADULT),
        (2004, ON, AgeGroup.ADULT),
        (2026, ON, AgeGroup.CHILD),
    ],
)
def test_who_may_still_be_under_18_by_the_year_of_birth_counts_as_a_child(
    birth_year: int, on: date, group: AgeGroup
) -> None:
    assert rules.age_group_of_birth_year(birth_year, on=on) is group


@pytest.mark.parametrize("birth_year", [2027, 1905])
def test_a_year_of_birth_ahead_or_too_long_ago_is_refused(birth_year: int) -> None:
    with pytest.raises(BadInput, match=str(birth_year)):
        rules.age_group_of_birth_year(birth_year, on=ON)


@given(birth_year=st.integers(1906, 2026), day=st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_no_child_is_ever_taken_for_grown_by_the_year_of_birth(birth_year: int, day: date) -> None:
    youngest = day.year - birth_year - ((day.month, day.day) != (12, 31))
    group = rules.age_group_of_birth_year(birth_year, on=day)
    assert (group is AgeGroup.CHILD) == (youngest < 18)


@pytest.mark.parametrize(
    ("municipality", "expected"),
    [
        ("0180", ResidenceClass.PROVIDER),
        ("0117", ResidenceClass.SURROUNDING),
        ("0980", ResidenceClass.ELSEWHERE),
        ("1480", ResidenceClass.ELSEWHERE),
        (rules.UNKNOWN, ResidenceClass.UNKNOWN),
        (rules.DECLINED, ResidenceClass.UNKNOWN),
        ("", ResidenceClass.UNKNOWN),
    ],
)
def test_a_home_is_the_providers_a_surrounding_municipality_or_elsewhere(
    municipality: str, expected: ResidenceClass
) -> None:
    assert rules.residence_class(municipality, provider="0180") is expected


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("kind", ContactKind)
def test_counselling_is_always_free_of_identity_and_the_rest_by_the_boards_decision_alone(
    regime: Regime, kind: ContactKind
) -> None:
    service = rules.Documented(regime.value, ON)
    may = rules.may_be_identity_free(service, kind, on=ON)
    assert may == (kind is ContactKind.COUNSELLING or regime is Regime.IDENTITY_EXEMPT)
    if may:
        rules.check_identity_free(service, kind.value, on=ON)
    else:
        with pytest.raises(rules.IdentityNeeded, match="14:5"):
            rules.check_identity_free(service, kind.value, on=ON)


@pytest.mark.parametrize("kind", ContactKind)
def test_the_boards_decision_reaches_no_day_before_it(kind: ContactKind) -> None:
    service = rules.Documented(Regime.IDENTITY_EXEMPT, ON)
    before = ON - timedelta(days=1)
    may = rules.may_be_identity_free(service, kind, on=before)
    assert may == (kind is ContactKind.COUNSELLING)
    without = rules.Documented(Regime.IDENTITY_EXEMPT)
    assert rules.may_be_identity_free(without, kind, on=ON) == may


@pytest.mark.parametrize(("reference", "decided_on"), [("", None), ("EXEMPEL 1", None), ("", ON)])
def test_a_regime_without_identity_is_refused_without_the_whole_decision(
    reference: str, decided_on: date | None
) -> None:
    with pytest.raises(BadInput):
        rules.check_regime(Regime.IDENTITY_EXEMPT, reference=reference, decided_on=decided_on)


def test_a_decision_is_told_whole_and_is_taken_already() -> None:
    rules.check_regime(Regime.IDENTITY_EXEMPT, reference="EXEMPEL 1", decided_on=ON)
    rules.check_regime(Regime.FULL, reference="", decided_on=None)
    with pytest.raises(BadInput, match="både"):
        rules.check_regime(Regime.FULL, reference="EXEMPEL 1", decided_on=None)
    rules.check_decided(ON, today=ON)
    with pytest.raises(BadInput, match="2026-11-23"):
        rules.check_decided(date(2026, 11, 23), today=ON)


def test_every_code_has_a_name() -> None:
    assert set(rules.AGE_GROUPS) == set(AgeGroup)
    assert set(rules.CONTACT_KINDS) == set(ContactKind)
    assert set(rules.RESIDENCE_CLASSES) == set(ResidenceClass)
    assert set(rules.REGIMES) == set(rules.REGIMES_TOLD) == set(Regime)
    assert set(rules.RESULTS) == set(rules.Result)
