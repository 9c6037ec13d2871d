"""A released run at the worker: taken up, put back, given up. At least once, never doubled.

No person asks for these: the worker does, in the name of who released the run.
"""

from typing import TYPE_CHECKING

from django.db import OperationalError, transaction
from django.utils import timezone

from hamn.core.errors import Refusal, _
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import InvoiceRun
from ..rules import Overtaken, RunState
from .issue import Progress, end, work_off
from .press import Press

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


class Paused(Exception):
    """The worker is told to stop between two batches; raised by its progress."""


class Fault(Refusal):
    """Something that no rule foresees stopped the run."""

    code = "invoicing.fault"


def work(*, run_id: int, press: Press, progress: Progress) -> InvoiceRun:
    """A released run worked off from where it stands; returned as it stands then.

    One that has ended, or that someone else works on, is left alone. A refusal ends the run as
    interrupted, with its sentence for the page.
    Raises Paused after the run is put back, and whatever no rule foresees.
    """
    run = take_up(run_id=run_id)
    if run is None:
        return InvoiceRun.objects.select_related("released_by").get(pk=run_id)
    by = _releaser(run)
    try:
        if not run.looked_at:
            _begin(run, by)
        return work_off(run, press, by, progress)
    except Overtaken:
        return run
    except Paused:
        put_back(run_id=run_id)
        raise
    except Refusal as refusal:
        return give_up(run_id=run_id, why=refusal)
    except (OperationalError, OSError):
        raise  # the database or the disk may be back in a while: the task tries again
    except Exception:
        give_up(
            run_id=run_id,
            why=Fault(
                _(
                    "Ett fel i systemet stoppade körningen. Be den som sköter driften läsa loggen; "
                    "förbered sedan körningen på nytt, så görs det som är kvar."
                )
            ),
        )
        raise


@transaction.atomic
def take_up(*, run_id: int) -> InvoiceRun | None:
    """The released run at work, begun or gone on with; None when it is not for the worker."""
    run = _locked(run_id)
    if run.released_by is None or run.state not in (RunState.RELEASED, RunState.RUNNING):
        return None
    now = timezone.now()
    event = Event.RUN_RESUMED if run.started_at else Event.RUN_STARTED
    run.state, run.progressed_at, run.fault = RunState.RUNNING, now, {}
    if run.started_at is None:
        run.started_at, run.started_by = now, run.released_by
    run.save(update_fields=["state", "progressed_at", "fault", "started_at", "started_by"])
    facts = {"year": run.year, "planned": run.planned, "looked_at": run.looked_at}
    audit.record(event, by=run.released_by, on=run, **facts)
    return run


@transaction.atomic
def put_back(*, run_id: int) -> InvoiceRun:
    """The run back in the queue, as far as it has come; an ended one stays ended."""
    run = _locked(run_id)
    if run.state == RunState.RUNNING:
        run.state = RunState.RELEASED
        run.save(update_fields=["state"])
    return run


@transaction.atomic
def give_up(*, run_id: int, why: Refusal) -> InvoiceRun:
    """The run, ended as interrupted with the reason; a new one does what is left."""
    run = _locked(run_id)
    if run.state == RunState.RUNNING:
        tell(run_id=run_id, why=why)
        run.fault = as_data(why)
        end(run, RunState.INTERRUPTED, _releaser(run))
    return run


def tell(*, run_id: int, why: Refusal | None) -> None:
    """Keep the reason why the run waits or lacks something, for its page; None takes it away."""
    InvoiceRun.objects.filter(pk=run_id).update(fault=as_data(why) if why else {})


def as_data(refusal: Refusal) -> dict[str, object]:
    """A refusal as JSON: its sentence, which is the catalogue's key, and its facts."""
    facts = {
        name: fact if isinstance(fact, int | list) else str(fact)
        for name, fact in refusal.facts.items()
    }
    return {"sentence": str(refusal.sentence), "facts": facts}


def _begin(run: InvoiceRun, by: "Person") -> None:
    """What was released is what is issued, however long it has waited in the queue.

    Raises Changed.
    """
    run.planned = queries.to_look_at(by, only=run.only or None).count()
    run.save(update_fields=["planned"])
    present = queries.totals_now(by, run.year, run.only or None)
    prepared = (run.expected_count or 0, run.expected_kr or 0)
    rules.check_unchanged(prepared, (present.count, present.sum_kr))


def _releaser(run: InvoiceRun) -> "Person":
    assert run.released_by is not None  # only released runs come here
    return run.released_by


def _locked(run_id: int) -> InvoiceRun:
    rows = InvoiceRun.objects.select_related("released_by")
    return rows.select_for_update(of=("self",)).get(pk=run_id)
