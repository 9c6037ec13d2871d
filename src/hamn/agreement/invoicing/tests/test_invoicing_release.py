"""A run with four eyes: prepared by one person, released by another, or put away."""

import sys
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hamn.agreement.invoicing import actions, queries, rules
from hamn.agreement.invoicing.models import InvoiceRun
from hamn.agreement.invoicing.tests import factories
from hamn.agreement.invoicing.tests.factories import CODES, OSTERAKER
from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions as access
from hamn.guards.access.queries import by_email
from hamn.guards.access.rules import Role

pytestmark = pytest.mark.slow

TODAY = date(2026, 1, 15)
State = InvoiceRun.State
Prepare = Callable[..., InvoiceRun]


@pytest.fixture
def prepare(cast: SimpleNamespace, in_force: Callable[..., Any]) -> Prepare:
    """Eleven agreements in force, and a function that prepares their run."""
    factories.sign(in_force, CODES)

    def make(**more: Any) -> InvoiceRun:
        fields = {"year": 2026, "today": TODAY, "by": cast.steward, **more}
        return actions.prepare_run(**fields)

    return make


def release(run: InvoiceRun, by: Any, **more: Any) -> InvoiceRun:
    fields = {"run_id": run.pk, "expected_kr": run.expected_kr, "today": TODAY, **more}
    return actions.release_run(**fields, by=by)


def queued() -> list[Any]:
    return [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]


def test_a_prepared_run_keeps_what_its_preparer_saw_and_issues_nothing(
    prepare: Prepare, cast: SimpleNamespace
) -> None:
    run = prepare()
    plans = [plan for plan in queries.preview(cast.steward, year=2026) if plan.fee]
    assert (run.state, run.only, run.planned) == (State.PREPARED, "", 11)
    assert run.prepared_by == cast.steward and run.prepared_at is not None
    assert run.expected_count == len(plans) == 11
    assert run.expected_kr == sum(plan.fee.amount_kr for plan in plans if plan.fee)
    assert (run.started_at, run.released_at, run.finished_at) == (None, None, None)
    assert (factories.numbers(), queued()) == ([], [])
    assert factories.events("invoicing.run") == ["invoicing.run_prepared"]


@pytest.mark.parametrize("who", ["controller", "head"])
def test_another_person_releases_it_and_the_worker_gets_it(
    who: str, prepare: Prepare, cast: SimpleNamespace
) -> None:
    by = getattr(cast, who)
    run = release(prepare(), by, today=date(2026, 1, 20))
    assert (run.state, run.released_by, run.today) == (State.RELEASED, by, date(2026, 1, 20))
    assert queued() == [[run.pk]]
    assert (factories.numbers(), run.started_at) == ([], None)
    assert factories.events("invoicing.run_released") == ["invoicing.run_released"]


def test_the_one_who_prepared_a_run_cannot_release_it_whatever_her_roles(
    prepare: Prepare, cast: SimpleNamespace
) -> None:
    for person in (cast.controller, cast.first):
        run = prepare(by=person)
        with pytest.raises(rules.SamePerson, match="annan controller eller enhetschefen"):
            release(run, person)
        run.refresh_from_db()
        assert run.state == State.PREPARED and queued() == []
        actions.withdraw_run(run_id=run.pk, by=person)


def test_the_database_holds_the_four_eyes_too(prepare: Prepare, cast: SimpleNamespace) -> None:
    run = prepare()
    rows = InvoiceRun.objects.filter(pk=run.pk)
    now = timezone.now()
    for wrong in (
        {"released_by": cast.steward, "released_at": now},
        {"released_by": cast.controller},
        {"released_at": now},
        {"prepared_by": None},
        {"started_at": now},
        {"state": "thought_of"},
        {
            **{"prepared_by": None, "prepared_at": None},
            **{"released_by": cast.controller, "released_at": now},
        },
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    rows.update(released_by=cast.controller, released_at=now)


def test_what_changed_since_it_was_prepared_must_be_prepared_again(
    prepare: Prepare, cast: SimpleNamespace, in_force: Callable[..., Any]
) -> None:
    run = prepare()
    in_force("0160", date(2024, 6, 1))
    with pytest.raises(rules.Changed, match=r"11 fakturor på .* nu blir det 12 på"):
        release(run, cast.controller)
    assert queued() == []
    actions.withdraw_run(run_id=run.pk, by=cast.steward)
    assert release(prepare(), cast.controller).expected_count == 12


def test_a_sum_that_is_the_same_for_another_count_is_a_change(
    prepare: Prepare, cast: SimpleNamespace
) -> None:
    run = prepare()
    InvoiceRun.objects.filter(pk=run.pk).update(expected_count=10)
    with pytest.raises(rules.Changed, match="10 fakturor"):
        release(run, cast.controller)


def test_a_release_of_another_sum_than_the_person_saw_is_refused(
    prepare: Prepare, cast: SimpleNamespace
) -> None:
    run = prepare()
    with pytest.raises(rules.Changed):
        release(run, cast.controller, expected_kr=run.expected_kr - 1)  # type: ignore[operator]
    assert queued() == []


def test_a_run_is_released_once(prepare: Prepare, cast: SimpleNamespace) -> None:
    run = release(prepare(), cast.controller)
    for by in (cast.controller, cast.head):
        with pytest.raises(rules.WrongRunState, match="godkänd, i kö"):
            release(run, by)
    assert queued() == [[run.pk]]


def test_a_withdrawn_run_is_put_away_and_makes_room(
    prepare: Prepare, cast: SimpleNamespace
) -> None:
    run = actions.withdraw_run(run_id=prepare().pk, by=cast.controller)
    assert (run.state, run.released_at) == (State.CANCELLED, None)
    for undo in (actions.withdraw_run, actions.cancel_run):
        with pytest.raises(rules.WrongRunState, match="avbruten"):
            undo(run_id=run.pk, by=cast.controller)
    with pytest.raises(rules.WrongRunState):
        release(run, cast.controller)
    assert prepare().state == State.PREPARED


def test_a_released_run_is_not_withdrawn_but_cancelled(
    prepare: Prepare, cast: SimpleNamespace
) -> None:
    run = release(prepare(), cast.controller)
    with pytest.raises(rules.WrongRunState):
        actions.withdraw_run(run_id=run.pk, by=cast.steward)
    with pytest.raises(PermissionDenied):
        actions.cancel_run(run_id=run.pk, by=cast.steward)
    assert actions.cancel_run(run_id=run.pk, by=cast.controller).state == State.CANCELLED
    assert prepare().state == State.PREPARED


@pytest.mark.parametrize("go_on", [False, True], ids=["prepared", "released"])
def test_there_is_one_open_run_for_a_year_and_scope(
    go_on: bool, prepare: Prepare, cast: SimpleNamespace
) -> None:
    run = prepare()
    if go_on:
        release(run, cast.controller)
    with pytest.raises(rules.RunUnderWay, match="2026 finns redan"):
        prepare(by=cast.controller)
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceRun.objects.create(
            year=2026, today=TODAY, prepared_by=cast.controller, prepared_at=timezone.now()
        )
    assert prepare(only=OSTERAKER).only == OSTERAKER
    assert prepare(year=2025).year == 2025


def test_two_who_prepare_in_the_same_moment_get_one_run(
    prepare: Prepare, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare()
    # The other's row is not yet seen when this one looks.
    verb = sys.modules["hamn.agreement.invoicing.actions.prepare_run"]
    monkeypatch.setattr(verb, "_refuse_beside", lambda run, by: None)
    with pytest.raises(rules.RunUnderWay, match="förberedd"):
        prepare()
    assert InvoiceRun.objects.count() == 1


def at_work(year: int, silent_for: timedelta, by: Any) -> InvoiceRun:
    """A run of the command line, last heard of so long ago."""
    at = timezone.now() - silent_for
    return InvoiceRun.objects.create(
        year=year,
        today=TODAY,
        state=State.RUNNING,
        started_at=at,
        started_by=by,
        progressed_at=at,
    )


def test_a_run_at_work_stands_in_the_way_until_it_has_been_silent_for_long(
    prepare: Prepare, cast: SimpleNamespace
) -> None:
    other = at_work(2026, timedelta(minutes=9), cast.controller)
    with pytest.raises(rules.RunUnderWay, match="pågår"):
        prepare()
    InvoiceRun.objects.filter(pk=other.pk).update(
        progressed_at=timezone.now() - rules.DEAD_AFTER - timedelta(seconds=1)
    )
    assert prepare().state == State.PREPARED
    other.refresh_from_db()
    assert other.state == State.INTERRUPTED


def test_a_run_that_would_issue_nothing_is_not_prepared(prepare: Prepare, run_year: Any) -> None:
    run_year(2026)
    with pytest.raises(rules.NothingToIssue, match="2026"):
        prepare()
    with pytest.raises(rules.NothingToIssue):
        prepare(only="0980")


def test_a_year_not_begun_an_odd_year_and_an_odd_code_are_not_prepared(prepare: Prepare) -> None:
    with pytest.raises(rules.YearNotBegun, match="2027"):
        prepare(year=2027)
    for wrong in ({"year": 1}, {"only": "4711"}, {"only": "abc"}, {"only": "x" * 500}):
        with pytest.raises(BadInput):
            prepare(**wrong)
    assert not InvoiceRun.objects.exists()


def test_a_code_without_its_zero_finds_its_municipality(prepare: Prepare) -> None:
    assert prepare(only="117").only == OSTERAKER


def test_a_run_that_does_not_exist_is_not_visible(cast: SimpleNamespace) -> None:
    reads: list[Callable[[], object]] = [
        lambda: queries.run_of(cast.controller, 4711),
        lambda: actions.withdraw_run(run_id=4711, by=cast.controller),
        lambda: actions.cancel_run(run_id=4711, by=cast.controller),
        lambda: actions.release_run(run_id=4711, expected_kr=1, today=TODAY, by=cast.controller),
    ]
    for read in reads:
        with pytest.raises(NotVisible, match="Körningen finns inte"):
            read()


def test_runs_are_listed_newest_first_with_their_people(
    prepare: Prepare, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    released = release(prepare(only=OSTERAKER), cast.controller)
    newest = prepare()
    with django_assert_num_queries(2):  # the roles of the viewer, and the rows
        rows = list(queries.runs_for(cast.reader))
        said = [(str(row.prepared_by), str(row.released_by)) for row in rows]
    assert [row.pk for row in rows] == [newest.pk, released.pk]
    assert said == [("agreement_administrator", "None"), ("agreement_administrator", "controller")]


def test_every_run_state_is_in_the_moves_has_a_name_and_is_reached() -> None:
    assert set(rules.RUN_MOVES) - {None} == set(rules.RunState) == set(rules.RUN_NAMES)
    assert set().union(*rules.RUN_MOVES.values()) == set(rules.RunState)
    with pytest.raises(rules.WrongRunState, match="”klar” och kan inte bli ”pågår”"):
        rules.check_run_move(rules.RunState.FINISHED, rules.RunState.RUNNING)


def test_a_new_head_of_unit_may_release_but_not_prepare(
    prepare: Prepare, cast: SimpleNamespace
) -> None:
    access.add_person(email="ny@test.example", title="Ny", roles=[Role.HEAD_OF_UNIT], by=cast.first)
    new = by_email("ny@test.example")
    with pytest.raises(PermissionDenied):
        prepare(by=new)
    assert release(prepare(), new).state == State.RELEASED
