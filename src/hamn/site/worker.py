"""The worker: what is queued, done outside the request (`hamn worker`).

django-tasks-db's own loop, and beside it a clock of ours for what it lacks: a sign of life for the
task at hand, tasks of workers that died put back in the queue, and the day's routine once a day.
Every task is idempotent, so that one too many does no harm.
Source: docs/adr/0013.
"""

import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from types import FrameType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult, get_date_max

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.invoicing import tasks as invoicing
from hamn.agreement.invoicing.actions.queue import Paused
from hamn.guards.audit import actions as audit
from hamn.guards.audit.actions import via
from hamn.guards.disposal import tasks as disposal
from hamn.guards.vault import actions as vault
from hamn.insight.consultations import actions as consultations
from hamn.support.cases import actions as cases
from hamn.support.door import tasks as door
from hamn.support.door.actions import facts as door_facts
from hamn.support.door.actions import keeping, reaching, times
from hamn.support.services import actions as services

from .cli.invoice_run import conclude

if TYPE_CHECKING:
    from hamn.agreement.invoicing.models import InvoiceRun
    from hamn.guards.access.models import Person
    from hamn.guards.disposal.models import DisposalList

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0  # for something to do
BEAT_EVERY_S = 10.0
REAP_EVERY_S = 60.0
# No sign of life for so long: the worker is gone. Longer than the longest wait for SQLite's lock.
SILENCE = timedelta(minutes=2)
DAYS = uuid.UUID("6d1f2f0e-6f8b-4b8a-9d5b-2d1b6f0a7c11")  # namespace of the days' keys

Say = Callable[[str], None]


class Desk(Worker):
    """The library's loop, that ends between two batches when it is told to."""

    def __init__(self, *, once: bool, say: Say) -> None:
        super().__init__(
            queue_names=["*"],
            interval=LOOK_EVERY_S,
            batch=once,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{socket.gethostname()[:30]}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
            excluded_queue_names=[],
        )
        self.say = say
        self.at_hand: uuid.UUID | None = None

    def shutdown(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002 as inherited
        """Finish the batch at hand; what is left of its task goes on with the next worker."""
        if self.running:
            self.say(_("Arbetaren slutar efter det den håller på med."))
        self.running = False
        if not self.running_task:
            raise SystemExit(0)

    def run_task(self, db_task_result: "DBTaskResult[Any, Any]") -> None:
        """The task, known to the clock while it lasts."""
        self.at_hand = db_task_result.pk
        try:
            super().run_task(db_task_result)
        finally:
            self.at_hand = None

    def progress(self, run: "InvoiceRun") -> None:  # noqa: ARG002 as the room calls it
        """Between two batches of a run: raises Paused when the worker is told to stop."""
        if not self.running:
            raise Paused

    def disposing(self, row: "DisposalList") -> None:  # noqa: ARG002 as the room calls it
        """Between two batches of a disposal: raises its Paused when the worker is to stop."""
        if not self.running:
            raise disposal.Paused


class Clock(threading.Thread):
    """What happens by the clock while the loop is busy: signs of life, the dead, the day."""

    def __init__(self, worker: Desk, *, once: bool) -> None:
        super().__init__(name="clock", daemon=True)
        self.worker, self.once = worker, once
        self.stopped = threading.Event()
        self.reap_in_s = REAP_EVERY_S

    def run(self) -> None:
        """Tick until stopped; a database that is away for a while is waited for."""
        while not self.stopped.wait(BEAT_EVERY_S):
            try:
                self.tick()
            except Exception:
                # Without signs of life the task at hand would be given to another worker.
                logger.exception("clock")
            finally:
                connections.close_all()

    def tick(self) -> None:
        """One beat, and each minute the rest."""
        beat(self.worker.at_hand)
        self.reap_in_s -= BEAT_EVERY_S
        if self.reap_in_s <= 0 and not self.once:
            self.reap_in_s = REAP_EVERY_S
            look_after(timezone.localdate())


def work(*, once: bool = False, say: Say = print, silence: timedelta = SILENCE) -> None:
    """Do what is queued, until told to stop; once: only until nothing is left.

    silence: how long a task may give no sign of life before it is taken from its worker.
    """
    worker = Desk(once=once, say=say)
    clock = Clock(worker, once=once)
    token = via.set("worker")
    try:
        with _told_by_signals(worker), _surroundings(worker):
            look_after(None if once else timezone.localdate(), silence=silence)
            clock.start()
            if not once:
                say(_("Arbetaren är igång. Avsluta med Ctrl+C."))
            worker.run()
    finally:
        clock.stopped.set()
        via.reset(token)
    if once and worker.running:
        say(_("Inget mer ligger i kö."))


def look_after(today: date | None, *, silence: timedelta = SILENCE) -> None:
    """Put the tasks of dead workers back, wake runs that no task is left for, begin the day."""
    if count := reap(silence=silence):
        logger.warning("tasks put back in the queue: %d", count)
    invoicing.wake()
    disposal.wake()
    # Neither a person who wants her words erased nor one who waits for a notice waits for a day,
    # what a protected person has left to be reached by is not kept, and nobody books a time with a
    # worker who has left.
    reaching.forget_protected()
    keeping.erase_asked(now=timezone.now())
    times.withdraw_times_of_leavers(now=timezone.now())
    door.wake_notices(timezone.now())
    if today is not None:
        begin(today)


def beat(task_id: uuid.UUID | None) -> None:
    """A sign of life for the task at hand: the moment its worker was last heard of."""
    if task_id is not None:
        at_hand = DBTaskResult.objects.filter(pk=task_id, status=TaskResultStatus.RUNNING)
        at_hand.update(started_at=timezone.now())


def reap(*, silence: timedelta = SILENCE) -> int:
    """Tasks whose worker has been silent that long are ready again; returns how many."""
    limit = timezone.now() - silence
    dead = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=limit)
    return int(dead.update(status=TaskResultStatus.READY, started_at=None))


def begin(today: date) -> None:
    """The day's routine is queued, once however many workers ask: the day is its key."""
    row: DBTaskResult[Any, Any] = DBTaskResult(
        id=uuid.uuid5(DAYS, today.isoformat()),
        task_path=daily.module_path,
        args_kwargs={"args": [today.isoformat()], "kwargs": {}},
        priority=daily.priority,
        queue_name=daily.queue_name,
        backend_name="default",
        run_after=get_date_max(),
    )
    DBTaskResult.objects.bulk_create([row], ignore_conflicts=True)


@task()
def daily(day: str) -> int:
    """The day's routine as a task; returns how many agreements have ended."""
    return do_routine(date.fromisoformat(day))


def do_routine(today: date) -> int:
    """What each day begins with; returns how many agreements have ended.

    Agreements past their last day are ended. Of casework: drafts past their time are taken away,
    the reads of ended months drawn for review, consents and shares past their day ended, reviews
    past their time taken away, the facts shuffled, so that their order tells nothing. Of the door:
    what a decision lets go is erased, past times that nobody booked with it. The trail's
    end is kept outside the database. What the queue, the sessions and the cache have left behind
    is taken away. Last, since it takes the longest, the keys of units from which something was
    erased are exchanged, where they are open: a closed one waits, and the page of the vault,
    `hamn vault status` and `hamn check` say so.
    """
    ended = agreements.end_due(today=today)
    cases.purge_drafts(now=timezone.now())
    cases.draw_reviews(now=timezone.now())
    cases.expire_consents(today=today)
    cases.end_past_shares(now=timezone.now())
    cases.purge_reviews(now=timezone.now())
    cases.shuffle_facts()
    services.shuffle_facts()
    keeping.expire(on=today, now=timezone.now(), dry_run=False, by=None)
    times.forget_past_times(today=today)
    door_facts.shuffle_facts()
    consultations.shuffle_facts()
    audit.export_head(settings.TRAIL_HEADS)
    call_command("prune_db_task_results", queue_name="*", verbosity=0)
    call_command("clearsessions", verbosity=0)
    forget_expired()
    vault.rotate_due()
    return ended


def forget_expired() -> None:
    """Take away what the shared cache keeps past its time; nothing is ever pushed out of it."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM site_cache WHERE expires < %s", [now])


def deliver(run: "InvoiceRun", by: "Person") -> None:
    """The ended run's documents and summary, in the folder of its year."""
    conclude(run, settings.HAMN_HOME / "invoices" / str(run.year), by, only=run.only or None)


@contextmanager
def _surroundings(worker: Desk) -> Iterator[None]:
    """What invoicing and disposal need of the site while the worker lasts."""
    around, disposing = invoicing.surroundings, disposal.surroundings
    before = around.progress, around.conclude, disposing.progress
    around.progress, around.conclude = worker.progress, deliver
    disposing.progress = worker.disposing
    try:
        yield
    finally:
        around.progress, around.conclude, disposing.progress = before


@contextmanager
def _told_by_signals(worker: Desk) -> Iterator[None]:
    """The worker is told to stop by the system and by Ctrl+C."""
    before: dict[signal.Signals, Any] = {
        name: signal.signal(name, worker.shutdown) for name in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
