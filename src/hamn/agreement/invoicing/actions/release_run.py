"""The second half of a run with four eyes: another person lets it go, or someone puts it away."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import InvoiceRun
from ..rules import RunState

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def release_run(*, run_id: int, expected_kr: int, today: date, by: "Person") -> InvoiceRun:
    """A prepared run, let go: the worker issues it with today's date.

    expected_kr: the sum that the person saw.
    Raises SamePerson for the one who prepared it, Changed when the sum or the count is no longer
    what was prepared, WrongRunState unless it is prepared, NotVisible when there is none.
    """
    permits.require(by, "invoicing.release")
    run = queries.run_of(by, run_id)
    _check(run, by)
    prepared = (run.expected_count or 0, run.expected_kr or 0)
    present = queries.totals_now(by, run.year, run.only or None)
    rules.check_unchanged(prepared, (present.count, present.sum_kr))
    rules.check_unchanged((present.count, expected_kr), (present.count, present.sum_kr))
    with transaction.atomic():
        run = queries.locked_run(by, run_id)
        _check(run, by)
        run.state, run.today = RunState.RELEASED, today
        run.released_at, run.released_by = timezone.now(), by
        run.save(update_fields=["state", "today", "released_at", "released_by"])
        audit.record(
            Event.RUN_RELEASED,
            by=by,
            on=run,
            year=run.year,
            count=run.expected_count,
            sum_kr=run.expected_kr,
        )
        _enqueue(run)
    return run


@transaction.atomic
def withdraw_run(*, run_id: int, by: "Person") -> InvoiceRun:
    """A prepared run, put away before anyone released it.

    Raises WrongRunState when it was released, NotVisible when there is none.
    """
    permits.require(by, "invoicing.withdraw_run")
    run = queries.locked_run(by, run_id)
    # Once released it is cancelled, which fewer may.
    rules.check_run_move(RunState(run.state), RunState.RELEASED)
    run.state, run.finished_at = RunState.CANCELLED, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    audit.record(Event.RUN_WITHDRAWN, by=by, on=run, year=run.year)
    return run


@transaction.atomic
def cancel_run(*, run_id: int, by: "Person") -> InvoiceRun:
    """The run stops before its next batch, or at once where no one works on it.

    What is issued stays issued. Raises WrongRunState when it has ended, NotVisible without one.
    """
    permits.require(by, "invoicing.cancel_run")
    run = queries.locked_run(by, run_id)
    rules.check_run_move(RunState(run.state), RunState.CANCELLED)
    run.is_cancel_requested = True
    if run.state != RunState.RUNNING or queries.is_silent(run):
        run.state, run.finished_at = RunState.CANCELLED, timezone.now()
    run.save(update_fields=["state", "finished_at", "is_cancel_requested"])
    audit.record(Event.RUN_CANCELLED, by=by, on=run, year=run.year, issued=run.issued)
    return run


def _check(run: InvoiceRun, by: "Person") -> None:
    rules.check_run_move(RunState(run.state), RunState.RELEASED)
    rules.check_other_person(run.prepared_by_id, by.pk)


def _enqueue(run: InvoiceRun) -> None:
    from ..tasks import issue_run  # the task calls back into these actions

    issue_run.enqueue(run.pk)
