"""When a record dies, and what may stand against it. Source: SoL 16:1, 16:2, 16:2 a, 16:4."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.guards.disposal import rules
from hamn.guards.disposal.rules import Base, ListState, Reason, TooLong

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
YEARS = st.integers(0, 60)
USUAL = rules.rule_class("personal_file")
BIRTH = rules.rule_class("child_investigation")


@pytest.mark.parametrize(
    ("last_note_on", "due", "done"),
    [
        (date(2020, 1, 1), date(2025, 1, 1), date(2026, 12, 31)),
        (date(2020, 12, 31), date(2025, 12, 31), date(2026, 12, 31)),
        (date(2020, 2, 29), date(2025, 2, 28), date(2026, 12, 31)),
        (date(2019, 2, 28), date(2024, 2, 28), date(2025, 12, 31)),
    ],
)
def test_five_years_after_the_last_note_and_done_the_calendar_year_after(
    last_note_on: date, due: date, done: date
) -> None:
    assert rules.due_on(last_note_on, USUAL) == due
    assert rules.done_by(due) == done


@given(DAYS, YEARS)
def test_years_after_is_the_same_day_or_the_last_of_february(day: date, years: int) -> None:
    after = rules.years_after(day, years)
    assert after.year == day.year + years
    if (after.month, after.day) != (day.month, day.day):
        assert (day.month, day.day, after.month, after.day) == (2, 29, 2, 28)


@given(DAYS, DAYS)
def test_a_later_note_never_dies_before_an_earlier_one(one: date, other: date) -> None:
    first, second = sorted((one, other))
    early, late = rules.due_on(first, USUAL), rules.due_on(second, USUAL)
    assert early is not None and late is not None and early <= late


@given(DAYS)
def test_what_is_due_may_be_done_for_more_than_a_year_and_at_most_two(due: date) -> None:
    wait = (rules.done_by(due) - due).days
    assert 365 <= wait <= 731
    assert not rules.is_breach(due, rules.done_by(due))
    assert rules.is_breach(due, rules.done_by(due) + timedelta(days=1))


@given(DAYS, DAYS)
def test_a_breach_is_what_was_due_before_last_year_began(due: date, today: date) -> None:
    assert rules.is_breach(due, today) == (due < rules.breach_before(today))


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), DAYS, st.sampled_from([5, 30]))
def test_the_database_compares_with_a_day_that_means_the_same(
    before: date, noted: date, years: int
) -> None:
    is_due = rules.years_after(noted, years) < before
    assert is_due == (noted <= rules.last_day_that_is_due(before, years))


def test_a_childs_investigation_stays_until_the_child_is_thirty() -> None:
    noted = date(2020, 5, 1)
    assert rules.due_on(noted, BIRTH, date(2004, 2, 29)) == date(2034, 2, 28)


def test_a_childs_investigation_without_a_day_of_birth_is_never_due() -> None:
    assert rules.due_on(date(1990, 5, 1), BIRTH) is None


def test_a_late_note_keeps_a_childs_investigation_its_five_years() -> None:
    assert rules.due_on(date(2034, 1, 15), BIRTH, date(2004, 6, 1)) == date(2039, 1, 15)


@pytest.mark.parametrize(
    "code", ["placement", "parenthood", "sample_municipality", "sample_person"]
)
def test_what_is_exempt_is_never_due(code: str) -> None:
    exempt = rules.rule_class(code)
    assert exempt.is_exempt
    assert rules.due_on(date(1950, 1, 1), exempt, date(1940, 1, 1)) is None


def test_every_rule_class_has_a_source_a_clause_and_a_whole_base() -> None:
    classes = rules.rule_classes()
    assert next(iter(classes)) == rules.USUAL
    for one in classes.values():
        assert one.name and one.clause and "SoL (2025:400) 16 kap." in one.source
        assert (one.base is Base.EXEMPT) == (one.years == 0)
    assert {one.source.split("kap. ")[1].split(" §")[0] for one in classes.values()} == {
        *("1", "2", "2 a", "4"),
    }


def test_a_rule_class_that_nobody_wrote_destroys_nothing() -> None:
    with pytest.raises(BadInput, match="secret_class"):
        rules.rule_class("secret_class")


DUE, TODAY = date(2025, 11, 30), date(2026, 3, 2)
LAST = date(2026, 12, 30)  # the law's last day is the day after


@pytest.mark.parametrize("reason", sorted(set(Reason) - rules.LEGAL_REASONS))
def test_needed_still_postpones_until_the_laws_last_day_and_no_longer(reason: Reason) -> None:
    rules.check_until(reason, LAST, today=TODAY, due=DUE)
    with pytest.raises(TooLong, match="2026-12-31"):
        rules.check_until(reason, LAST + timedelta(days=1), today=TODAY, due=DUE)


@pytest.mark.parametrize("reason", sorted(rules.LEGAL_REASONS))
def test_a_legal_reason_stands_against_the_laws_last_day(reason: Reason) -> None:
    rules.check_until(reason, date(2029, 1, 1), today=TODAY, due=DUE)


@pytest.mark.parametrize("until", [TODAY, date(2020, 1, 1), date(2046, 1, 1)])
def test_a_hold_ends_on_a_day_to_come_within_ten_years(until: date) -> None:
    with pytest.raises(BadInput):
        rules.check_until(Reason.COURT, until, today=TODAY, due=DUE)


def line(**more: object) -> rules.Line:
    given = {"kind": "a", "id": "1", "due_on": DUE, "last_note_on": DUE, "rule_class": "x"}
    return rules.Line(**{**given, "is_excluded": False, **more})  # type: ignore[arg-type]


def test_a_fingerprint_is_the_same_in_any_order() -> None:
    one, other = line(id="1"), line(id="2")
    assert rules.fingerprint([one, other]) == rules.fingerprint([other, one])


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "b"},
        {"id": "2"},
        {"due_on": TODAY},
        {"last_note_on": TODAY},
        {"rule_class": "y"},
        {"is_excluded": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_of_a_record_changes_the_fingerprint(change: dict[str, object]) -> None:
    assert rules.fingerprint([line()]) != rules.fingerprint([line(**change)])
    assert rules.fingerprint([line()]) != rules.fingerprint([line(), line(id="9")])


def test_every_state_has_a_name_and_is_reached_and_what_began_is_only_ended() -> None:
    assert set(rules.LIST_NAMES) == set(ListState) == set(rules.LIST_MOVES) - {None}
    assert set().union(*rules.LIST_MOVES.values()) == set(ListState)
    assert rules.LIST_MOVES[ListState.RUNNING] == {ListState.RUNNING, ListState.DONE}
    assert set(rules.REASON_NAMES) == set(Reason)


def test_counts_are_added_by_kind() -> None:
    assert rules.added({"a": 1, "b": 2}, {"b": 3, "c": 4}) == {"a": 1, "b": 5, "c": 4}
