"""Posts add up, periods meet or do not, and a unit's lacks follow from its people."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.register.staff import rules
from hamn.register.staff.rules import CoverState, Funding, Lack, Staffing

DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))
ENDS = st.none() | DAYS
COUNTS = st.integers(0, 5)


@dataclass(frozen=True)
class Counted:
    percent: int
    funding: str
    is_management: bool
    person_id: int | None


POSTS = st.lists(
    st.builds(
        Counted,
        st.integers(1, 100),
        st.sampled_from(Funding),
        st.booleans(),
        st.none() | st.integers(1, 9),
    ),
    max_size=12,
)
# Requirements Z18: five financed posts, 6.5 at Mika and KAST without the head, two coordinators.
CENTRE = [
    *(Counted(100, Funding.SHARED, False, n) for n in range(1, 6)),
    *(Counted(100, Funding.PROVIDER, False, n) for n in range(6, 9)),
    Counted(50, Funding.GRANT, False, None),
    Counted(50, Funding.PROVIDER, True, 9),
    Counted(50, Funding.PROVIDER, True, 9),
]


def test_the_centre_finances_five_posts_and_has_eight_and_a_half() -> None:
    found = rules.staffing_of(CENTRE)
    assert found == Staffing(financed=500, actual=850, vacant=50, management=100)
    assert (rules.in_posts(found.financed), rules.in_posts(found.actual)) == ("5", "8,5")


@given(POSTS)
def test_financed_and_vacant_are_parts_of_what_there_is(posts: list[Counted]) -> None:
    found = rules.staffing_of(posts)
    assert 0 <= found.financed <= found.actual
    assert 0 <= found.vacant <= found.actual
    assert found.actual + found.management == sum(post.percent for post in posts)


@given(POSTS, POSTS)
def test_units_together_come_to_the_sum_of_them(one: list[Counted], two: list[Counted]) -> None:
    assert rules.staffing_of(one + two) == rules.staffing_of(one) + rules.staffing_of(two)


@given(st.integers(0, 100_000))
def test_a_number_of_posts_is_the_percent_it_was_made_from(percent: int) -> None:
    written = rules.in_posts(percent)
    assert round(float(written.replace(",", ".")) * 100) == percent
    assert not written.endswith(",")


@given(DAYS, ENDS, DAYS, ENDS)
def test_periods_overlap_exactly_when_some_day_lies_in_both(
    start: date, end: date | None, other: date, other_end: date | None
) -> None:
    # The first day of the later one decides, for periods that have a day at all.
    if end is not None and end < start:
        end = start
    if other_end is not None and other_end < other:
        other_end = other
    later = max(start, other)
    both = rules.holds_on(start, end, later) and rules.holds_on(other, other_end, later)
    assert rules.overlap(start, end, other, other_end) is both
    assert rules.overlap(other, other_end, start, end) is both


@given(DAYS, ENDS, DAYS, st.booleans(), st.booleans())
def test_a_cover_is_in_force_only_accepted_not_ended_and_within_its_days(
    start: date, end: date | None, on: date, accepted: bool, ended: bool
) -> None:
    state = rules.cover_state(
        is_accepted=accepted, is_ended=ended, starts_on=start, ends_on=end, on=on
    )
    holds = accepted and not ended and rules.holds_on(start, end, on)
    assert (state is CoverState.IN_FORCE) is holds
    assert state in rules.COVER_NAMES


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_a_unit_with_one_reader_or_none_always_lacks_something(
    posts: int, readers: int, present: int, covers: int
) -> None:
    found = rules.lacks_of(
        posts=posts, readers=readers, present=min(present, readers), covers=min(covers, readers)
    )
    assert not (readers <= 1 and not found)
    assert (Lack.NOBODY in found) is (readers == 0)
    assert (Lack.ALL_AWAY in found) is (readers > 0 and min(present, readers) == 0)
    assert len(found) == len(set(found))
    if posts > 1 and readers > 1 and present:
        assert found == []


def test_a_one_post_unit_with_an_accepted_cover_lacks_nothing() -> None:
    assert rules.lacks_of(posts=1, readers=2, present=2, covers=1) == []
    assert rules.lacks_of(posts=1, readers=1, present=1, covers=0) == [Lack.NO_COVER]
    assert rules.lacks_of(posts=1, readers=2, present=1, covers=0) == [Lack.NO_STANDING_COVER]


@pytest.mark.parametrize(
    "code", ["", "M", "mika kast", "1mika", "m" * 31, "mika/", "mikå", "mika\n"]
)
def test_a_code_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(BadInput, match="små bokstäver"):
        rules.check_code(code)


@pytest.mark.parametrize("name", ["", "  ", "Mika {title}", "}"])
def test_a_name_that_would_break_a_sentence_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="klammer"):
        rules.check_name(name)


@pytest.mark.parametrize("percent", [0, -1, 101, 10_000])
def test_a_post_is_neither_nothing_nor_more_than_full_time(percent: int) -> None:
    with pytest.raises(BadInput, match="mellan 1 och 100"):
        rules.check_percent(percent)


@given(DAYS)
def test_a_period_of_one_day_is_a_period_and_one_that_ends_before_it_begins_is_not(
    day: date,
) -> None:
    rules.check_period(day, day)
    with pytest.raises(BadInput, match="före den första"):
        rules.check_period(day, day - timedelta(days=1))


def test_a_holder_has_a_qualification_and_a_vacancy_has_none() -> None:
    rules.check_held(is_held=True, qualification="socionom")
    rules.check_held(is_held=False, qualification="")
    with pytest.raises(BadInput, match="SoL 5 kap"):
        rules.check_held(is_held=True, qualification="")
    with pytest.raises(BadInput, match="vakant"):
        rules.check_held(is_held=False, qualification="socionom")


def test_everything_that_is_coded_has_a_name() -> None:
    assert set(rules.FUNDING_NAMES) == set(Funding)
    assert set(rules.QUALIFICATION_NAMES) == set(rules.Qualification)
    assert set(rules.ABSENCE_NAMES) == set(rules.AbsenceKind)
    assert set(rules.COVER_NAMES) == set(CoverState)
    assert set(rules.LACK_SENTENCES) == set(Lack)
