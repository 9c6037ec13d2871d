"""The plan: goals, what is agreed on, practical support, and the board of what is left to give."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Record
from hamn.support.cases.queries.plans import open_ends, open_support, plan_of
from hamn.support.cases.rules.plans import COUNTERPARTS
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SOON = date(2026, 3, 9)


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case()


def goal(case: Any, by: Any, now: datetime, words: str = "Sova om nätterna") -> Record:
    return actions.write_goal(case_id=case.case.pk, words=words, on=now.date(), by=by, now=now)


def step(case: Any, by: Any, now: datetime, **more: Any) -> Record:
    given = {"text": "Ringa vårdcentralen", "who": "together", "due_on": SOON, "goal": "", **more}
    return actions.write_action(case_id=case.case.pk, by=by, now=now, **given)


def support(case: Any, by: Any, now: datetime, **more: Any) -> Record:
    given = {
        "text": "Följa med till skattekontoret",
        "counterpart": "tax_agency",
        "counterpart_name": "",
        "due_on": SOON,
        **more,
    }
    return actions.write_support(case_id=case.case.pk, by=by, now=now, **given)


def move(case: Any, one: Record, to: str, by: Any, now: datetime, **more: Any) -> Record:
    given = {"came_of_it": "", "seen": one.version, **more}
    return actions.move(
        case_id=case.case.pk, record_id=one.pk, kind=one.kind, to=to, by=by, now=now, **given
    )


def test_a_goal_stands_with_what_was_agreed_on_towards_it(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    by = cast.mika_worker
    first = goal(case, by, now)
    step(case, by, now, goal=str(first.pk))
    step(case, by, now, text="Köpa täcke")
    support(case, by, now)
    found = plan_of(actions.read_case(case_id=case.case.pk, what="plan", by=by, now=now))
    ((one, steps),) = found.goals
    assert one.content.words == "Sova om nätterna"
    assert [a.content.text for a in steps] == ["Ringa vårdcentralen"]
    assert [a.content.text for a in found.loose] == ["Köpa täcke"]
    assert found.support[0].content.counterpart == "tax_agency"


def test_the_case_is_due_by_the_earliest_day_of_what_is_left(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    by = cast.mika_worker
    step(case, by, now, due_on=SOON + timedelta(days=3))
    first = support(case, by, now)
    assert Case.objects.get().due_on == SOON
    first = move(case, first, "confirmed", by, now)
    assert Case.objects.get().due_on == SOON
    move(case, first, "done", by, now, came_of_it="Det ordnade sig")
    assert Case.objects.get().due_on == SOON + timedelta(days=3)


def test_support_goes_from_open_by_confirmed_to_done_and_back_and_nowhere_else(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    by = cast.mika_worker
    one = support(case, by, now)
    for state in ("confirmed", "done", "open", "dropped", "open"):
        one = move(case, one, state, by, now)
        assert one.state == state
    with pytest.raises(WrongState, match="kan inte bli"):
        move(case, one, "open", by, now)
    with pytest.raises(NotVisible):
        actions.move(
            case_id=case.case.pk,
            record_id=one.pk,
            kind="note",
            seen=1,
            to="final",
            came_of_it="",
            by=by,
            now=now,
        )


def test_who_moves_second_is_shown_what_the_first_wrote(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = support(case, cast.mika_worker, now)
    move(case, one, "done", cast.mika_worker, now, came_of_it="Klart")
    with pytest.raises(Changed):
        move(case, one, "dropped", cast.mika_worker, now, came_of_it="Blev inte av")


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (step, {"due_on": date(2026, 3, 1)}),
        (support, {"due_on": date(2026, 3, 1)}),
        (step, {"who": "grannen"}),
        (support, {"counterpart": "grannen"}),
    ],
)
def test_a_day_that_has_been_and_a_code_that_is_not_there_are_refused(
    make: Any, wrong: dict[str, Any], case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(BadInput):
        make(case, cast.mika_worker, now, **wrong)
    assert not Record.objects.exists()


def test_another_cases_goal_is_no_goal_here(
    case: Any, open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    other = goal(open_case(), cast.mika_worker, now)
    with pytest.raises(NotVisible):
        step(case, cast.mika_worker, now, goal=str(other.pk))


ACTS: dict[str, Any] = {
    "goal": goal,
    "action": step,
    "support": support,
    "change_goal": lambda case, by, now: actions.change_goal(
        case_id=case.case.pk, record_id=_of("goal"), seen=1, words="x", by=by, now=now
    ),
    "change_action": lambda case, by, now: actions.change_action(
        case_id=case.case.pk,
        record_id=_of("action"),
        seen=1,
        text="x",
        who="person",
        due_on=None,
        by=by,
        now=now,
    ),
    "change_support": lambda case, by, now: actions.change_support(
        case_id=case.case.pk,
        record_id=_of("practical_support"),
        seen=1,
        text="x",
        counterpart="police",
        counterpart_name="",
        due_on=SOON,
        by=by,
        now=now,
    ),
    "move": lambda case, by, now: move(case, Record.objects.get(kind="goal"), "reached", by, now),
}


def _of(kind: str) -> Any:
    return Record.objects.get(kind=kind).pk


@pytest.fixture
def planned(case: Any, cast: SimpleNamespace, now: datetime) -> Any:
    for make in (goal, step, support):
        make(case, cast.mika_worker, now)
    return case


@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_open_the_case_changes_nothing_in_its_plan(
    act: str, planned: Any, cast: SimpleNamespace, now: datetime
) -> None:
    before = sorted(Record.objects.values_list("pk", "version"))
    for who in ("kast_worker", "administrator", "controller", "stranger"):
        with pytest.raises(NotVisible):
            ACTS[act](planned, getattr(cast, who), now)
    with pytest.raises(ClosedToYou):
        ACTS[act](planned, cast.mika_second, now)
    Case.objects.update(state="closed", closed_on=SOON)
    with pytest.raises(WrongState):
        ACTS[act](planned, cast.mika_worker, now)
    assert sorted(Record.objects.values_list("pk", "version")) == before


@pytest.mark.parametrize("act", ["change_goal", "change_action", "change_support", "move"])
def test_a_thing_of_the_plan_is_found_only_through_its_own_case_and_its_act_is_recorded(
    act: str, planned: Any, open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(NotVisible):
        ACTS[act](open_case(), cast.mika_worker, now)
    ACTS[act](planned, cast.mika_worker, now)
    last = Entry.objects.order_by("-place").first()
    assert last is not None
    assert last.on == planned.box.trail_name
    assert last.event == ("cases.record_moved" if act == "move" else "cases.record_changed")


def test_the_board_holds_what_is_left_in_the_cases_that_open_to_her(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    mine, others, closed = open_case(), open_case(by=cast.mika_second), open_case()
    kept = support(mine, cast.mika_worker, now)
    done = support(mine, cast.mika_worker, now)
    move(mine, done, "done", cast.mika_worker, now)
    support(others, cast.mika_second, now)
    support(closed, cast.mika_worker, now)
    Case.objects.filter(pk=closed.case.pk).update(state="closed", closed_on=SOON)
    assert list(open_support(cast.mika_worker, now)) == [kept]
    assert not open_support(cast.kast_worker, now)
    (row,) = actions.read_support(records=[kept], by=cast.mika_worker)
    assert row.says is not None and row.case is not None
    assert (row.says.text, row.case.number) == (
        "Följa med till skattekontoret",
        mine.content.number,
    )
    listed = Entry.objects.get(event="cases.support_listed")
    assert mine.box.trail_name in listed.facts
    assert mine.content.number not in listed.facts


def test_what_is_left_is_known_before_a_case_is_closed(
    planned: Any, cast: SimpleNamespace, now: datetime
) -> None:
    left = open_ends(
        actions.read_case(case_id=planned.case.pk, what="close_case", by=cast.mika_worker, now=now)
    )
    assert {kind: len(found) for kind, found in left.items()} == {
        "action": 1,
        "practical_support": 1,
    }


# Pages.


def address(name: str, *ids: Any) -> str:
    return reverse(f"cases:{name}", args=[getattr(one, "pk", one) for one in ids])


def day(on: date) -> str:
    return on.isoformat()


def test_the_plan_is_written_moved_and_changed_on_its_pages(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    client, soon = desk(cast.mika_worker), day(timezone.localdate() + timedelta(days=5))
    row = case.case
    plan = address("plan", row)
    sent = client.post(address("write_goal", row), {"words": "Sova om nätterna"})
    assert (sent.status_code, sent.headers["Location"]) == (302, plan)
    first = Record.objects.get(kind="goal")
    given = {"text": "Ringa", "who": "worker", "due_on": soon, "goal": str(first.pk)}
    assert client.post(address("write_action", row), given).status_code == 302
    given = {"text": "Följa med", "counterpart": "police", "due_on": soon}
    assert client.post(address("write_support", row), given).status_code == 302
    one = Record.objects.get(kind="practical_support")
    page = address("move_support", row, one)
    assert "Följa med" in client.get(page).text
    moved = client.post(page, {"to": "confirmed", "came_of_it": "Tid är bokad", "seen": "1"})
    assert moved.status_code == 302
    late = client.post(page, {"to": "done", "came_of_it": "Blev klart", "seen": "1"})
    assert late.status_code == 422
    assert "Tid är bokad" in late.text
    assert ">Blev klart</textarea>" in late.text
    shown = client.get(plan).text
    for word in ("Sova om nätterna", "Ringa", "Följa med", "Tid är bokad", "bekräftad"):
        assert word in shown
    for name, kind in (("change_goal", "goal"), ("change_action", "action")):
        assert client.get(address(name, row, Record.objects.get(kind=kind))).status_code == 200
    assert "Följa med" in client.get(address("change_support", row, one)).text


PAGES = {
    **dict.fromkeys(("plan", "write_goal", "write_action", "write_support")),
    **dict.fromkeys(("follow_up", "close_case", "to_follow_up")),
    **{"change_goal": "goal", "move_goal": "goal"},
    **{"change_action": "action", "move_action": "action"},
    **{"change_support": "practical_support", "move_support": "practical_support"},
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_plan_is_not_there_for_others_and_says_nothing_to_a_colleague(
    name: str, planned: Any, cast: SimpleNamespace, desk: Any
) -> None:
    kind = PAGES[name]
    page = address(name, planned.case, *([_of(kind)] if kind else []))
    for who in ("kast_worker", "administrator", "stranger"):
        assert desk(getattr(cast, who)).get(page).status_code == 404
    answer = desk(cast.mika_second).get(page)
    assert answer.status_code == 403
    assert "Sova om nätterna" not in answer.text
    assert desk(cast.mika_worker).get(page).status_code == 200


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("write_goal", {"words": ""}, "fyll i fältet"),
        ("write_support", {"text": "x", "counterpart": "police"}, "Klart senast: fyll i"),
        (
            "write_support",
            {"text": "x", "counterpart": "police", "due_on": "2020-01-01"},
            "har redan varit",
        ),
        ("write_action", {"text": "x\u202e", "who": "person"}, "RIGHT-TO-LEFT"),
    ],
)
def test_what_is_wrong_in_a_form_of_the_plan_is_told(
    name: str, given: dict[str, str], told: str, case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    answer = desk(cast.mika_worker).post(address(name, case.case), given)
    assert answer.status_code == 422
    assert told in answer.text


def test_the_plan_and_the_board_take_as_many_queries_for_fifty_as_for_five(
    case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    client = desk(cast.mika_worker)
    pages = (address("plan", case.case), reverse("cases:support"))

    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    for _one in range(5):
        support(case, cast.mika_worker, now)
    few = [asked(page) for page in pages]
    for _one in range(43):
        support(case, cast.mika_worker, now)
    assert [asked(page) for page in pages] == few


def test_the_board_marks_what_is_overdue_and_pages_on(
    case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    for place in range(51):
        support(case, cast.mika_worker, now, due_on=SOON + timedelta(days=place))
    client = desk(cast.mika_worker)
    shown = client.get(reverse("cases:support")).text
    assert "2026-03-09, försenat" in shown
    assert "att göra" in shown
    following = shown.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "2026-04-28" in client.get(reverse("cases:support") + following).text


def test_every_counterpart_of_the_requirements_is_there() -> None:
    """B8, B9, B22-B24."""
    wanted = {
        *("police", "health_care", "psychiatry", "social_services", "city_district"),
        *("migration_agency", "tax_agency", "social_insurance", "housing", "court", "other"),
    }
    assert wanted <= set(COUNTERPARTS)
