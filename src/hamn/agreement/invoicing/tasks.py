"""What the worker does for invoicing: a released run, issued outside the request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from django_tasks import task

from hamn.core.errors import Refusal, _

from .actions import queue
from .actions.press import configured
from .models import InvoiceRun
from .rules import RunState

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

AGAIN_AFTER = timedelta(minutes=5)


@dataclass(slots=True)
class Surroundings:
    """What the worker adds to a run, and this room cannot know; `hamn worker` sets it."""

    # After each batch; raises Paused when the worker is to stop.
    progress: Callable[[InvoiceRun], None] = lambda _run: None
    # Files and summary of an ended run; done again, it changes nothing.
    conclude: Callable[[InvoiceRun, "Person"], None] = lambda _run, _by: None


surroundings = Surroundings()


@task()
def issue_run(run_id: int) -> str:
    """Work a released run off and conclude it; returns the state it stands in.

    Delivered twice, or again after a kill, it goes on where it stopped and doubles nothing.
    """
    try:
        run = queue.work(
            run_id=run_id,
            press=configured(settings.PEPPOL_RULES),
            progress=surroundings.progress,
        )
        _conclude(run)
    except queue.Paused:
        issue_run.enqueue(run_id)
        return RunState.RELEASED
    except (OperationalError, OSError):
        issue_run.using(run_after=timezone.now() + AGAIN_AFTER).enqueue(run_id)
        raise
    return run.state


def wake() -> int:
    """Released runs that no task is left for get one again; returns how many. For the clock."""
    from django_tasks_db.models import DBTaskResult  # the queue's table, known to the worker alone

    path = issue_run.module_path
    tasks = DBTaskResult.objects.filter(task_path=path, status__in=["READY", "RUNNING"])
    known = {row.args_kwargs["args"][0] for row in tasks}
    waiting = InvoiceRun.objects.filter(
        state__in=[RunState.RELEASED, RunState.RUNNING], released_at__isnull=False
    ).exclude(pk__in=known)
    for run in waiting:
        issue_run.enqueue(run.pk)
    return len(waiting)


def _conclude(run: InvoiceRun) -> None:
    """The ended run's files; why there are none is told on its page."""
    if run.started_at is None or run.state not in (RunState.FINISHED, RunState.CANCELLED):
        return
    assert run.released_by is not None  # only released runs are worked off here
    try:
        surroundings.conclude(run, run.released_by)
    except OSError as fault:
        sentence = _("Filerna kan inte skrivas till {path}. Ett nytt försök görs om en stund.")
        queue.tell(run_id=run.pk, why=Refusal(sentence, path=fault.filename or "?"))
        raise
    except Refusal as refusal:
        queue.tell(run_id=run.pk, why=refusal)
    else:
        queue.tell(run_id=run.pk, why=None)
