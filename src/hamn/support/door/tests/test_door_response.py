"""How long people waited: counted from facts, small numbers told to the unit alone."""

import json
import os
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput, NotVisible
from hamn.core.figures import LEAST_SHOWN
from hamn.support.door.models import DialogueFact
from hamn.support.door.queries import response
from hamn.support.door.rules.response import DAYS, Row, median, protected, tallied

TODAY = timezone.localdate()
YEAR = TODAY.year - 1  # of this year only the months that have ended are told outside


def fact(
    days: int | None = None, *, kind: str = "answer", in_time: bool = True, **more: Any
) -> Row:
    given_: dict[str, Any] = {"unit": "mika", "number": 1} | more
    return Row(kind=kind, working_days=days, was_in_time=in_time, **given_)


def test_a_year_is_the_sum_of_its_facts() -> None:
    rows = [fact(0, number=3), fact(2), fact(6, in_time=False), fact(kind="opened", number=4)]
    times = tallied([*rows, fact(kind="message", number=9), fact(0, unit="kast")])["mika"]
    assert times.totals == {
        "opened": 4,
        "messages": 9,
        "answers": 5,
        "in_time": 4,
        "within_two_days": 4,
    }
    assert times.by_days[0] == 3
    assert times.median == 0


@pytest.mark.parametrize(
    ("by_days", "found"),
    [({}, None), ({0: 1}, 0), ({0: 1, 3: 1}, 0), ({0: 1, 3: 2}, 3), ({6: 5}, 6), ({2: 0}, None)],
)
def test_half_of_them_came_within_the_median(by_days: dict[int, int], found: int | None) -> None:
    assert median(by_days) == found


@given(answers=st.integers(0, 40), in_time=st.integers(0, 40), within=st.integers(0, 40))
def test_no_small_number_can_be_read_from_what_is_shown_nor_by_taking_one_from_another(
    answers: int, in_time: int, within: int
) -> None:
    in_time, within = min(in_time, answers), min(within, answers)
    shown = protected({"answers": answers, "in_time": in_time, "within_two_days": within})
    for name, count in shown.items():
        assert count is None or count >= LEAST_SHOWN
        if name != "answers" and count is not None:
            rest = (shown["answers"] or 0) - count
            assert rest == 0 or rest >= LEAST_SHOWN


@pytest.fixture
def counted(db: None) -> None:
    """Six answers at Mika, two at KAST."""
    for unit, days in [("mika", one) for one in (0, 0, 1, 2, 2, 2)] + [("kast", 1), ("kast", 6)]:
        DialogueFact.objects.create(
            unit=unit, year=YEAR, month=1, kind="answer", working_days=days, was_in_time=days < 3
        )


def test_a_worker_sees_her_units_year_exactly_and_the_others_without_the_small(
    cast: SimpleNamespace, counted: None
) -> None:
    [own] = response.exact_of(cast.mika_worker, YEAR, today=TODAY)
    assert (own.unit, own.times.answers, own.times.by_days[2]) == ("mika", 6, 3)
    told = {one.unit: one for one in response.totals_of(cast.controller, YEAR, today=TODAY)}
    assert told["mika"].totals["answers"] == 6
    assert told["mika"].median == 1
    assert (told["kast"].totals["answers"], told["kast"].median) == (None, None)
    assert response.exact_of(cast.controller, YEAR, today=TODAY) == []


def test_who_asks_twice_in_a_month_does_not_learn_what_was_opened_in_between(
    cast: SimpleNamespace, counted: None
) -> None:
    today, later = date(YEAR, 2, 3), date(YEAR, 3, 1)
    before = response.totals_of(cast.controller, YEAR, today=today)
    DialogueFact.objects.create(
        unit="mika", year=YEAR, month=2, kind="answer", working_days=0, was_in_time=True
    )
    assert response.totals_of(cast.controller, YEAR, today=today) == before
    (own,) = response.exact_of(cast.mika_worker, YEAR, today=today)
    assert own.times.answers == 7
    told = {one.unit: one for one in response.totals_of(cast.controller, YEAR, today=later)}
    assert told["mika"].totals["answers"] == 7


@pytest.mark.parametrize("who", ["administrator", "reader", "stranger"])
def test_others_count_nothing(who: str, cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible):
        response.totals_of(getattr(cast, who), YEAR, today=TODAY)


@pytest.mark.parametrize("year", [1999, TODAY.year + 1])
def test_a_year_that_cannot_be_counted_is_refused(year: int, cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput):
        response.totals_of(cast.controller, year, today=TODAY)


def test_the_page_shows_the_year_to_worker_and_controller(
    cast: SimpleNamespace, desk: Any, counted: None
) -> None:
    own = desk(cast.mika_worker).get("/desk/inkorg/svarstider/").content.decode()
    assert "Svar efter hur länge personen väntade" in own
    all_ = desk(cast.controller).get("/desk/inkorg/svarstider/").content.decode()
    assert "Svar efter hur länge" not in all_
    assert "Alla enheter" in all_ and "Den månad som pågår räknas bara" in all_
    before = desk(cast.controller).get(f"/desk/inkorg/svarstider/?ar={YEAR}").content.decode()
    assert f"Räknat till och med {YEAR}-12." in before
    assert desk(cast.administrator).get("/desk/inkorg/svarstider/").status_code == 404


def test_the_command_tells_a_program_the_year(
    cast: SimpleNamespace, hamn: Any, counted: None
) -> None:
    words = ("door", "response-times", "--year", YEAR, "--format", "json")
    answer = hamn(*words, "--as", "controller@test.example")
    assert answer.status == 0
    told = json.loads(answer.out)
    units = {one["unit"]: one for one in told["units"]}
    assert (told["year"], told["shown_from"]) == (YEAR, LEAST_SHOWN)
    assert told["through"] == f"{YEAR}-12"
    assert (units["mika"]["answers"], units["kast"]["answers"]) == (6, None)


def test_the_command_draws_a_table_and_refuses_in_a_sentence(
    cast: SimpleNamespace, hamn: Any, counted: None
) -> None:
    words = ("door", "response-times", "--as", "controller@test.example")
    assert "Svar inom två arbetsdagar" in hamn(*words, "--year", YEAR).out
    for wrong in ("1999", "20x6"):
        answer = hamn(*words, "--year", wrong)
        assert answer.status == 1
        assert wrong in answer.err
    stranger = hamn("door", "response-times", "--year", YEAR, "--as", "reader@test.example")
    assert (stranger.status, stranger.out) == (1, "")


def test_the_exact_figures_need_a_proof_of_who_asks(hamn: Any, cast: SimpleNamespace) -> None:
    answer = hamn("door", "response-times", "--year", YEAR, "--exact")
    assert answer.status == 1
    assert answer.out == ""


def test_what_would_expire_is_told_and_nothing_goes_without_a_decision(
    hamn: Any, cast: SimpleNamespace
) -> None:
    ahead = TODAY + timedelta(days=400)
    answer = hamn("door", "expire", "--on", ahead, "--dry-run")
    assert answer.status == 0
    assert "Ingen enhet har ett gallringsbeslut" in answer.out
    told = json.loads(hamn("door", "expire", "--on", TODAY, "--format", "json").out)
    assert told == {"on": TODAY.isoformat(), "is_erased": True, "units": []}


@pytest.mark.parametrize("day", ["i går", "2026-02-30"])
def test_a_day_that_is_none_is_refused(day: str, hamn: Any, cast: SimpleNamespace) -> None:
    answer = hamn("door", "expire", "--on", day, "--dry-run")
    assert (answer.status, answer.out) == (1, "")


@pytest.mark.skipif(
    bool(os.environ.get("HAMN_DATABASE")), reason="PostgreSQL has roles: test_door_role"
)
def test_the_embedded_database_has_no_role_to_give(hamn: Any, cast: SimpleNamespace) -> None:
    answer = hamn("door", "role")
    assert answer.status == 1
    assert "inga roller" in answer.err


def test_every_class_of_days_has_a_name() -> None:
    assert list(DAYS) == [0, 1, 2, 3, 4, 5, 6]
