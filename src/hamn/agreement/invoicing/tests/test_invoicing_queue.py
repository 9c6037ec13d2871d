"""A released run at the worker: issued once, gone on with, cancelled, and what stops it is told."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from hamn.agreement.invoicing import actions, queries, rules, tasks
from hamn.agreement.invoicing.actions import queue
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.models import InvoiceRun, RunOutcome
from hamn.agreement.invoicing.rules import Outcome
from hamn.agreement.invoicing.tests import factories
from hamn.agreement.invoicing.tests.factories import CODES, PowerCut
from hamn.core.errors import BadInput
from hamn.guards.access import actions as access
from hamn.guards.audit.models import Entry

pytestmark = pytest.mark.slow

TODAY = date(2026, 1, 15)
State = InvoiceRun.State


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, plain_press: Press) -> None:
    """Batches of four, and documents that do not matter."""
    monkeypatch.setattr(queries.in_batches, "__defaults__", (4,))
    monkeypatch.setattr(tasks, "configured", lambda folder: plain_press)


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> tasks.Surroundings:
    fresh = tasks.Surroundings()
    monkeypatch.setattr(tasks, "surroundings", fresh)
    return fresh


@pytest.fixture
def released(cast: SimpleNamespace, in_force: Callable[..., Any]) -> InvoiceRun:
    """A run of eleven agreements, let go by the head of the unit."""
    factories.sign(in_force, CODES)
    run = actions.prepare_run(year=2026, today=TODAY, by=cast.steward)
    return actions.release_run(
        run_id=run.pk,
        expected_kr=run.expected_kr or 0,
        today=TODAY,
        by=cast.head,
    )


def work(run: InvoiceRun) -> InvoiceRun:
    """The task once, as the worker calls it; the run afterwards."""
    tasks.issue_run.call(run.pk)
    return fresh(run)


def fresh(run: InvoiceRun) -> InvoiceRun:
    return InvoiceRun.objects.get(pk=run.pk)


def outcomes(run: InvoiceRun) -> list[str]:
    return sorted(RunOutcome.objects.filter(run=run).values_list("code", flat=True))


def waiting() -> int:
    return DBTaskResult.objects.filter(status="READY").count()


def assert_done(run: InvoiceRun) -> None:
    """Eleven invoices in a row, and each of the other municipalities told once."""
    assert factories.numbers() == [f"2026{place:05d}" for place in range(1, 12)]
    assert (run.state, run.planned, run.looked_at, run.issued) == (State.FINISHED, 11, 11, 11)
    assert len(outcomes(run)) == len(set(outcomes(run))) == 16


def test_a_released_run_is_issued_in_the_name_of_who_released_it(
    released: InvoiceRun, surroundings: tasks.Surroundings
) -> None:
    concluded: list[tuple[int, str]] = []
    surroundings.conclude = lambda run, by: concluded.append((run.pk, str(by)))
    run = work(released)
    assert_done(run)
    assert (run.started_by, run.fault) == (released.released_by, {})
    assert concluded == [(run.pk, "head_of_unit")]
    issued = Entry.objects.filter(event="invoicing.issued").values_list("by", flat=True).distinct()
    assert list(issued) == [f"access.person:{released.released_by_id}"]
    assert factories.events("invoicing.run") == [
        *("invoicing.run_prepared", "invoicing.run_released"),
        *("invoicing.run_started", "invoicing.run_ended"),
    ]


def test_a_second_delivery_of_the_task_issues_nothing_and_concludes_again(
    released: InvoiceRun, surroundings: tasks.Surroundings
) -> None:
    concluded: list[int] = []
    surroundings.conclude = lambda run, by: concluded.append(run.pk)
    work(released)
    before = factories.stored(), factories.events()
    assert_done(work(released))
    assert (factories.stored(), factories.events()) == before
    assert len(concluded) == 2  # the first may have been killed before it was through


@pytest.mark.parametrize("after", [1, 2, 3])
def test_after_a_kill_between_two_batches_it_goes_on_with_the_next(
    after: int, released: InvoiceRun, surroundings: tasks.Surroundings
) -> None:
    left = iter(range(after - 1))

    def pull_the_plug(run: InvoiceRun) -> None:
        if next(left, None) is None:
            raise SystemExit  # what no code of the house catches

    surroundings.progress = pull_the_plug
    with pytest.raises(SystemExit):
        tasks.issue_run.call(released.pk)
    stopped = fresh(released)
    assert (stopped.state, stopped.looked_at) == (State.RUNNING, min(4 * after, 11))
    surroundings.progress = lambda run: None
    assert_done(work(released))
    assert factories.events("invoicing.run_resumed") == ["invoicing.run_resumed"]


def test_a_worker_that_pauses_puts_the_run_back_in_the_queue(
    released: InvoiceRun, surroundings: tasks.Surroundings
) -> None:
    def pause(run: InvoiceRun) -> None:
        raise queue.Paused

    surroundings.progress = pause
    before = waiting()
    run = work(released)
    assert (run.state, run.looked_at, run.issued) == (State.RELEASED, 4, 4)
    assert waiting() == before + 1
    surroundings.progress = lambda run: None
    assert_done(work(released))


def test_of_two_at_work_the_one_left_behind_leaves(
    released: InvoiceRun, surroundings: tasks.Surroundings
) -> None:
    """The second does a batch while the first prints one; the first must not store its own."""
    inner = tasks.Surroundings()

    def a_batch_by_another(run: InvoiceRun) -> None:
        surroundings.progress = inner.progress
        other = InvoiceRun.objects.get(pk=run.pk)
        other.reached += 10_000
        other.save(update_fields=["reached"])

    surroundings.progress = a_batch_by_another
    run = work(released)
    assert (run.state, run.issued) == (State.RUNNING, 4)
    assert len(factories.numbers()) == 4


def cancel_after(batches: int, by: Any) -> Callable[[InvoiceRun], None]:
    left = iter(range(batches - 1))

    def progress(run: InvoiceRun) -> None:
        if next(left, None) is None:
            actions.cancel_run(run_id=run.pk, by=by)

    return progress


@pytest.mark.parametrize(("after", "kept"), [(1, 4), (2, 8), (3, 11)])
def test_a_run_cancelled_at_work_issues_no_further_batch(
    after: int,
    kept: int,
    released: InvoiceRun,
    surroundings: tasks.Surroundings,
    cast: SimpleNamespace,
) -> None:
    concluded: list[int] = []
    surroundings.conclude = lambda run, by: concluded.append(run.issued)
    surroundings.progress = cancel_after(after, cast.controller)
    run = work(released)
    assert (run.state, run.issued, len(factories.numbers())) == (State.CANCELLED, kept, kept)
    assert concluded == [kept]  # what is issued is delivered all the same
    assert work(released).state == State.CANCELLED
    again = actions.prepare_run if kept < 11 else None
    if again:
        assert again(year=2026, today=TODAY, by=cast.steward).expected_count == 11 - kept


def test_a_run_cancelled_while_a_batch_is_printed_issues_nothing_of_it(
    released: InvoiceRun, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(range(100))

    def draw(document: object, xml: bytes) -> bytes:
        if next(drawn) == 5:  # in the second batch
            actions.cancel_run(run_id=released.pk, by=cast.controller)
        return b"%PDF-test"

    press = Press(judge=lambda xml: [], draw=draw)
    monkeypatch.setattr(tasks, "configured", lambda folder: press)
    assert (work(released).state, len(factories.numbers())) == (State.CANCELLED, 4)


def test_a_run_cancelled_in_the_queue_never_starts(
    released: InvoiceRun, cast: SimpleNamespace, surroundings: tasks.Surroundings
) -> None:
    surroundings.conclude = lambda run, by: pytest.fail("nothing was issued")
    assert actions.cancel_run(run_id=released.pk, by=cast.controller).state == State.CANCELLED
    run = work(released)
    assert (run.state, run.started_at, factories.numbers()) == (State.CANCELLED, None, [])


def test_a_run_whose_worker_is_gone_is_cancelled_at_once(
    released: InvoiceRun, cast: SimpleNamespace
) -> None:
    queue.take_up(run_id=released.pk)
    assert actions.cancel_run(run_id=released.pk, by=cast.controller).state == State.RUNNING
    InvoiceRun.objects.update(progressed_at=timezone.now() - timedelta(minutes=11))
    assert actions.cancel_run(run_id=released.pk, by=cast.controller).state == State.CANCELLED
    assert (work(released).state, factories.numbers()) == (State.CANCELLED, [])


def test_what_changed_in_the_queue_stops_the_run_and_its_page_says_why(
    released: InvoiceRun, in_force: Callable[..., Any], cast: SimpleNamespace
) -> None:
    in_force("0160", date(2024, 6, 1))
    run = work(released)
    assert (run.state, factories.numbers()) == (State.INTERRUPTED, [])
    why = queries.fault_of(run)
    assert why is not None
    assert "11 fakturor på" in str(why) and "nu blir det 12" in str(why)
    assert actions.prepare_run(year=2026, today=TODAY, by=cast.steward).expected_count == 12


def test_a_refusal_interrupts_the_run_and_its_page_says_why(
    released: InvoiceRun, cast: SimpleNamespace
) -> None:
    # Who released it has left before the worker came to it.
    access.leave(person_id=cast.head.pk, on=TODAY, today=TODAY, by=cast.administrator)
    run = work(released)
    assert (run.state, factories.numbers()) == (State.INTERRUPTED, [])
    assert queries.fault_of(run) is not None


def test_a_fault_that_nobody_foresaw_interrupts_the_run_and_is_raised(
    released: InvoiceRun, monkeypatch: pytest.MonkeyPatch, cast: SimpleNamespace
) -> None:
    monkeypatch.setattr(tasks, "configured", lambda folder: factories.failing_press(6))
    with pytest.raises(PowerCut):
        tasks.issue_run.call(released.pk)
    run = fresh(released)
    assert (run.state, run.issued, len(factories.numbers())) == (State.INTERRUPTED, 4, 4)
    assert "Ett fel i systemet" in str(queries.fault_of(run))
    rest = actions.prepare_run(year=2026, today=TODAY, by=cast.steward)
    assert rest.expected_count == 7


@pytest.mark.parametrize("fault", [OperationalError("gone"), OSError(28, "full", "/tmp/x")])
def test_a_database_or_disk_that_is_away_is_tried_again_later(
    fault: Exception, released: InvoiceRun, surroundings: tasks.Surroundings
) -> None:
    def fail(run: InvoiceRun) -> None:
        raise fault

    surroundings.progress = fail
    with pytest.raises(type(fault)):
        tasks.issue_run.call(released.pk)
    later = DBTaskResult.objects.filter(run_after__lt=timezone.now() + timedelta(days=1)).get()
    assert later.run_after > timezone.now()
    assert fresh(released).state == State.RUNNING
    surroundings.progress = lambda run: None
    assert_done(work(released))


def test_files_that_cannot_be_written_are_told_and_tried_again(
    released: InvoiceRun, surroundings: tasks.Surroundings
) -> None:
    def fail(run: InvoiceRun, by: Any) -> None:
        raise PermissionError(13, "no", "/srv/invoices")

    surroundings.conclude = fail
    with pytest.raises(PermissionError):
        tasks.issue_run.call(released.pk)
    run = fresh(released)
    assert (run.state, run.issued) == (State.FINISHED, 11)
    assert "/srv/invoices" in str(queries.fault_of(run))
    surroundings.conclude = lambda run, by: None
    assert queries.fault_of(work(released)) is None


def test_a_refused_delivery_is_told_on_the_runs_page(
    released: InvoiceRun, surroundings: tasks.Surroundings
) -> None:
    def refuse(run: InvoiceRun, by: Any) -> None:
        raise BadInput("{path} finns redan.", path="/srv/x")

    surroundings.conclude = refuse
    run = work(released)
    assert (run.state, str(queries.fault_of(run))) == (State.FINISHED, "/srv/x finns redan.")


def test_a_run_that_lost_its_task_is_queued_again_once(
    released: InvoiceRun, cast: SimpleNamespace
) -> None:
    assert tasks.wake() == 0
    DBTaskResult.objects.update(status="FAILED")
    assert (tasks.wake(), tasks.wake()) == (1, 0)
    work(released)
    DBTaskResult.objects.all().delete()
    assert tasks.wake() == 0


def test_a_run_that_is_only_prepared_is_not_worked_off(
    cast: SimpleNamespace, in_force: Callable[..., Any]
) -> None:
    factories.sign(in_force, CODES[:2])
    run = actions.prepare_run(year=2026, today=TODAY, by=cast.steward)
    assert (work(run).state, factories.numbers()) == (State.PREPARED, [])
    assert tasks.wake() == 0


def test_the_command_line_beside_a_released_run_doubles_nothing(
    released: InvoiceRun, run_year: Callable[..., InvoiceRun]
) -> None:
    assert run_year(2026).issued == 11
    run = work(released)
    assert (run.state, len(factories.numbers())) == (State.INTERRUPTED, 11)
    assert "nu blir det 0 på" in str(queries.fault_of(run))


def test_the_command_line_leaves_a_run_of_the_queue_at_work(
    released: InvoiceRun, run_year: Callable[..., InvoiceRun], surroundings: tasks.Surroundings
) -> None:
    surroundings.progress = lambda run: run_year(2026, today=TODAY) and None
    run = work(released)
    assert (run.state, run.issued, len(factories.numbers())) == (State.FINISHED, 4, 11)
    counts = queries.run_counts(run.released_by, run)  # type: ignore[arg-type]
    assert counts[Outcome.ISSUED] == 4 and counts[Outcome.ALREADY_INVOICED] == 7


def test_a_ledger_run_hands_over_a_basis_instead_of_numbers(
    cast: SimpleNamespace, in_force: Callable[..., Any], surroundings: tasks.Surroundings
) -> None:
    factories.sign(in_force, CODES[:2])
    run = actions.prepare_run(year=2026, today=TODAY, by=cast.steward, hands_over=True)
    actions.release_run(
        run_id=run.pk, expected_kr=run.expected_kr or 0, today=TODAY, by=cast.controller
    )
    assert (work(run).issued, factories.numbers()) == (2, [])
    assert queries.awaiting_number(cast.controller, year=2026).count() == 2


def test_every_new_refusal_has_a_code_of_its_own() -> None:
    refusals = [
        *(rules.WrongRunState, rules.RunUnderWay, rules.NothingToIssue, rules.SamePerson),
        *(rules.Changed, rules.Overtaken, queue.Fault),
    ]
    assert len({refusal.code for refusal in refusals}) == len(refusals)
    assert all(refusal.code.startswith("invoicing.") for refusal in refusals)
