"""What the worker does for disposal: a started run, worked off outside the request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import OperationalError
from django.utils import timezone
from django_tasks import task

from hamn.core.errors import Refusal

from .actions.run import Overtaken, work_off
from .models import DisposalList
from .queries.lists import SILENCE
from .rules import ListState

AGAIN_AFTER = timedelta(minutes=1)


class Paused(Exception):
    """The worker is told to stop between two batches; raised by its progress."""


@dataclass(slots=True)
class Surroundings:
    """What the worker adds to a run, and this room cannot know; `hamn worker` sets it."""

    # After each batch; raises Paused when the worker is to stop.
    progress: Callable[[DisposalList], None] = lambda _row: None


surroundings = Surroundings()


@task()
def run_disposal(list_id: int) -> str:
    """Work a started run off; returns the state it stands in.

    Delivered twice, or again after a kill, it goes on where it stopped. What hinders it (a sealed
    unit, an agent that is away) stands on its page, and it tries again.
    """
    try:
        row = work_off(list_id, today=timezone.localdate(), progress=surroundings.progress)
    except Paused:
        run_disposal.enqueue(list_id)
        return ListState.RUNNING
    except Overtaken:
        return ListState.RUNNING
    except Refusal as refusal:
        _tell(list_id, refusal)
        _again(list_id)
        return ListState.RUNNING
    except OperationalError:
        _again(list_id)
        raise
    return row.state


def wake() -> int:
    """Runs that nobody works on, and no task is left for, get one again; returns how many."""
    from django_tasks_db.models import DBTaskResult  # the queue's table, known to the worker alone

    path = run_disposal.module_path
    tasks = DBTaskResult.objects.filter(task_path=path, status__in=["READY", "RUNNING"])
    known = {row.args_kwargs["args"][0] for row in tasks}
    silent = DisposalList.objects.filter(
        state=ListState.RUNNING, progressed_at__lt=timezone.now() - SILENCE
    ).exclude(pk__in=known)
    for row in silent:
        run_disposal.enqueue(row.pk)
    return len(silent)


def _again(list_id: int) -> None:
    run_disposal.using(run_after=timezone.now() + AGAIN_AFTER).enqueue(list_id)


def _tell(list_id: int, refusal: Refusal) -> None:
    """Keep the reason why the run waits, for its page."""
    facts = {
        name: fact if isinstance(fact, int | list) else str(fact)
        for name, fact in refusal.facts.items()
    }
    fault = {"sentence": str(refusal.sentence), "facts": facts}
    DisposalList.objects.filter(pk=list_id).update(fault=fault)
