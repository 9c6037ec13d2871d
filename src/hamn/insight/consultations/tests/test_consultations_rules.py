"""Routing, promised days, and how a year's counts are protected."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.core.figures import LEAST_SHOWN
from hamn.insight.consultations.rules import counting, words
from hamn.insight.consultations.rules.days import WITHIN, answer_by, check_given
from hamn.insight.consultations.rules.words import Topic, Urgency, routed
from hamn.support.door.rules.hours import Hours

OFFERED = ["mika", "kast", "coordinator_adult", "coordinator_child"]


def test_every_code_has_a_name_and_every_topic_a_service() -> None:
    assert set(words.KINDS) == set(words.Kind)
    assert set(words.STATES) == set(words.MOVES) == set(words.State)
    assert set(words.URGENCIES) == set(words.Urgency) == set(WITHIN)
    assert set(words.TOPICS) == set(words.Topic) == set(words.ROUTES)
    assert set().union(*words.MOVES.values()) == set(words.State)
    assert not any(words.MOVES[state] for state in set(words.State) - words.OPEN)


@pytest.mark.parametrize(
    ("topic", "service"),
    [
        (Topic.SEX_FOR_COMPENSATION, "mika"),
        (Topic.BUYERS, "kast"),
        (Topic.TRAFFICKING, "coordinator_adult"),
        (Topic.CHILDREN, "coordinator_child"),
    ],
)
def test_each_topic_goes_to_its_own_service(topic: Topic, service: str) -> None:
    assert routed(topic, offered=OFFERED, given={}) == service


def test_a_centre_may_route_otherwise_and_one_without_the_service_falls_back_on_its_first() -> None:
    assert routed(Topic.METHOD, offered=OFFERED, given={"method": "kast"}) == "kast"
    assert routed(Topic.BUYERS, offered=["other"], given={}) == "other"
    assert routed(Topic.BUYERS, offered=OFFERED, given={"buyers": "gone"}) == "mika"
    with pytest.raises(BadInput, match="tar inte emot"):
        routed(Topic.BUYERS, offered=[], given={})


@pytest.mark.parametrize(
    ("at", "urgency", "day"),
    [
        # Wednesday morning: the next working day, three and seven days on.
        (datetime(2026, 3, 4, 9, tzinfo=UTC), Urgency.TODAY, date(2026, 3, 5)),
        (datetime(2026, 3, 4, 9, tzinfo=UTC), Urgency.SOON, date(2026, 3, 9)),
        (datetime(2026, 3, 4, 9, tzinfo=UTC), Urgency.LATER, date(2026, 3, 13)),
        # Friday evening is read on Monday.
        (datetime(2026, 3, 6, 19, tzinfo=UTC), Urgency.TODAY, date(2026, 3, 10)),
        # Before Easter: Good Friday and Easter Monday are free.
        (datetime(2026, 4, 2, 9, tzinfo=UTC), Urgency.TODAY, date(2026, 4, 7)),
    ],
)
def test_the_promised_day_is_one_on_which_somebody_works(
    at: datetime, urgency: str, day: date
) -> None:
    assert answer_by(Hours(), at, urgency) == day


def test_what_has_not_happened_or_happened_long_ago_is_refused() -> None:
    today = date(2026, 3, 4)
    check_given(date(2024, 1, 1), today=today)
    with pytest.raises(BadInput, match="inte varit än"):
        check_given(date(2026, 3, 5), today=today)
    with pytest.raises(BadInput, match="för länge sedan"):
        check_given(date(2023, 12, 31), today=today)


@pytest.mark.parametrize(("minutes", "quarters"), [(1, 15), (15, 15), (16, 30), (0, 0), (600, 600)])
def test_a_fact_tells_no_nearer_than_quarters(minutes: int, quarters: int) -> None:
    assert counting.quarters(minutes) == quarters


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 30), max_size=6))
def test_no_small_count_is_shown_or_can_be_taken_from_the_total(counts: dict[str, int]) -> None:
    shown = counting.protected(counts)
    hidden = [code for code, count in shown.items() if count is None]
    assert all(count >= LEAST_SHOWN for count in shown.values() if count is not None)
    assert {code: counts[code] for code in shown if shown[code] is not None} == {
        code: count for code, count in shown.items() if count is not None
    }
    assert len(hidden) != 1 or len(counts) == 1


def row(**more: object) -> counting.Row:
    plain: dict[str, object] = dict.fromkeys(counting.Row._fields, "")
    numbers = {"month": 3, "minutes": 15, "weight": 1}
    return counting.Row(**{**plain, "outcome": "answered", "kind": "advice", **numbers, **more})  # type: ignore[arg-type]


def test_a_correction_leaves_no_trace_in_the_counts() -> None:
    rows = [row(municipality="0117"), row(municipality="0117", weight=-1), row(municipality="0180")]
    tally = counting.together(rows)
    assert (tally.given, tally.minutes) == (1, 15)
    assert tally.parts["municipality"] == {"0180": 1}


def test_who_was_pointed_elsewhere_is_no_consultation_that_was_given() -> None:
    tally = counting.together([row(), row(outcome="referred"), row(kind="supervision", weight=2)])
    assert (tally.given, tally.supervisions, tally.referred) == (3, 2, 1)
    assert tally.hours == "0,75"


def facts(counts: dict[tuple[str, str], int]) -> list[counting.Row]:
    """Answered questions by class and municipality."""
    return [
        row(municipality_class=of_class, municipality=code, weight=count)
        for (of_class, code), count in counts.items()
    ]


def test_a_small_count_cannot_be_worked_out_from_its_class() -> None:
    counts = {("near", "A"): 10, ("near", "B"): 2, ("far", "C"): 3, ("far", "D"): 8}
    shown = counting.protected_within(facts(counts), {"near": 12, "far": 11})
    assert shown == dict.fromkeys("ABCD")


def test_of_a_class_that_is_left_out_no_municipality_is_told() -> None:
    shown = counting.protected_within(facts({("near", "A"): 9, ("near", "B"): 7}), {"near": None})
    assert shown == dict.fromkeys("AB")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["near", "far", "other"]), st.sampled_from("ABCDEFGH")),
        st.integers(1, 12),
        max_size=20,
    )
)
def test_within_a_class_one_municipality_is_never_left_out_alone(
    counts: dict[tuple[str, str], int],
) -> None:
    counts = {(of_class, of_class + code): n for (of_class, code), n in counts.items()}
    by_class: dict[str, int] = {}
    for (of_class, _code), n in counts.items():
        by_class[of_class] = by_class.get(of_class, 0) + n
    classes = counting.protected(by_class)
    shown = counting.protected_within(facts(counts), classes)
    assert not [code for code, n in shown.items() if n is not None and n < LEAST_SHOWN]
    for of_class in by_class:
        left_out = [one for one in facts(counts) if one.municipality_class == of_class]
        hidden = [one for one in left_out if shown[one.municipality] is None]
        assert len(hidden) != 1 or len(left_out) == 1 or classes[of_class] is None
