"""The worker: what is queued is done, the dead are replaced, the day's routine comes once."""

import signal
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from hamn.agreement.agreements.models import Agreement
from hamn.agreement.invoicing import actions, queries, tasks
from hamn.agreement.invoicing.models import InvoiceRun
from hamn.guards.audit.models import Entry
from hamn.site import worker

TODAY = date(2026, 1, 15)
CODES = ("0114", "0115", "0117")
Say = list[str]


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's loop leaves the test's connection, and so its transaction, open."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HAMN_HOME = tmp_path
    settings.TRAIL_HEADS = tmp_path / "trail-heads.jsonl"
    return tmp_path


@pytest.fixture
def released(
    cast: SimpleNamespace,
    in_force: Callable[..., Any],
    plain_press: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> InvoiceRun:
    """A run of three agreements, released by the head of the unit; documents do not matter."""
    for code in CODES:
        in_force(code, date(2024, 6, 1))
    monkeypatch.setattr(tasks, "configured", lambda folder: plain_press)
    run = actions.prepare_run(year=2026, today=TODAY, by=cast.steward)
    return actions.release_run(
        run_id=run.pk,
        expected_kr=run.expected_kr or 0,
        today=TODAY,
        by=cast.head,
    )


def once(**more: Any) -> Say:
    said: Say = []
    worker.work(once=True, say=said.append, **more)
    return said


def running(silent_for: timedelta) -> Any:
    """A task whose worker was last heard of so long ago."""
    worker.begin(date(2026, 1, 1))
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - silent_for)
    return DBTaskResult.objects.get()


def test_a_released_run_is_issued_delivered_and_told_by_the_worker(
    released: InvoiceRun, home: Path
) -> None:
    assert once() == ["Inget mer ligger i kö."]
    run = queries.latest_run(2026)
    assert (run.pk, run.state, run.issued) == (released.pk, "finished", 3)
    files = {path.name for path in (home / "invoices" / "2026").iterdir()}
    numbers = {f"20260000{place}.{form}" for place in (1, 2, 3) for form in ("xml", "pdf")}
    assert files == {*numbers, "summary.csv"}
    assert (home / "trail-heads.jsonl").exists()
    ways = Entry.objects.filter(event__in=["invoicing.issued", "invoicing.delivered"])
    assert set(ways.values_list("via", flat=True)) == {"worker"}
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_a_run_for_one_municipality_delivers_its_invoice_alone(
    cast: SimpleNamespace,
    in_force: Callable[..., Any],
    home: Path,
    run_year: Any,
    monkeypatch: pytest.MonkeyPatch,
    plain_press: Any,
) -> None:
    for code in CODES:
        in_force(code, date(2024, 6, 1))
    run_year(2026, only="0114")
    monkeypatch.setattr(tasks, "configured", lambda folder: plain_press)
    run = actions.prepare_run(year=2026, today=TODAY, by=cast.steward, only="0117")
    actions.release_run(
        run_id=run.pk, expected_kr=run.expected_kr or 0, today=TODAY, by=cast.controller
    )
    once()
    files = {path.name for path in (home / "invoices" / "2026").iterdir()}
    assert files == {"202600002.xml", "202600002.pdf", "summary.csv"}


def test_the_queue_is_left_as_it_was_when_a_task_of_another_is_alive(
    released: InvoiceRun, home: Path
) -> None:
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    once()
    released.refresh_from_db()
    assert released.state == "released"


def test_the_task_of_a_worker_that_is_gone_is_taken_over(released: InvoiceRun, home: Path) -> None:
    gone = timezone.now() - worker.SILENCE - timedelta(seconds=1)
    DBTaskResult.objects.update(status="RUNNING", started_at=gone)
    once()
    released.refresh_from_db()
    assert (released.state, released.issued) == ("finished", 3)


@pytest.mark.parametrize(("silent_for", "reaped"), [(115, 0), (121, 1), (3600, 1)])
def test_a_task_is_given_to_another_after_two_minutes_of_silence(
    silent_for: int, reaped: int, db: None
) -> None:
    running(timedelta(seconds=silent_for))
    assert worker.reap() == reaped
    row = DBTaskResult.objects.get()
    assert (row.status, row.started_at is None) == (
        ("READY", True) if reaped else ("RUNNING", False)
    )


def test_a_task_that_gives_signs_of_life_is_left_alone_however_long_it_takes(db: None) -> None:
    task = running(timedelta(hours=3))
    worker.beat(task.pk)
    assert worker.reap() == 0
    worker.beat(uuid.uuid4())
    worker.beat(None)
    DBTaskResult.objects.update(status="SUCCESSFUL")
    finished_at = DBTaskResult.objects.get().started_at
    worker.beat(task.pk)
    assert DBTaskResult.objects.get().started_at == finished_at


def test_the_days_routine_is_queued_once_however_many_ask(db: None) -> None:
    for _worker in range(3):
        worker.begin(date(2026, 1, 15))
    assert DBTaskResult.objects.count() == 1
    worker.begin(date(2026, 1, 16))
    assert DBTaskResult.objects.count() == 2


def test_the_days_routine_ends_agreements_keeps_the_trails_end_and_sweeps(
    home: Path, in_force: Callable[..., Any], cast: SimpleNamespace
) -> None:
    from hamn.agreement.agreements import actions as agreements
    from hamn.agreement.agreements.rules import Side

    row = in_force("0117", date(2024, 6, 1))
    agreements.give_notice(
        agreement_id=row.pk,
        received=date(2025, 12, 1),
        from_side=Side.MUNICIPALITY,
        reason="test",
        today=date(2025, 12, 1),
        by=cast.steward,
    )
    worker.begin(date(2025, 12, 1))
    old = timezone.now() - timedelta(days=15)
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=old)
    worker.begin(date(2026, 1, 2))
    once()
    assert Agreement.objects.get().status == "ended"
    assert (home / "trail-heads.jsonl").exists()
    assert DBTaskResult.objects.get().return_value == 1  # the old one is swept away
    assert Entry.objects.latest("place").via == "worker"


def test_what_the_worker_looks_after_by_the_clock(released: InvoiceRun, home: Path) -> None:
    DBTaskResult.objects.update(status="FAILED")
    clock = worker.Clock(worker.Desk(once=False, say=print), once=False)
    for _beat in range(5):
        clock.tick()
    assert DBTaskResult.objects.filter(status="READY").count() == 0
    clock.tick()  # a minute has passed
    paths = DBTaskResult.objects.filter(status="READY").values_list("task_path", flat=True)
    assert sorted(paths) == [
        "hamn.agreement.invoicing.tasks.issue_run",
        "hamn.site.worker.daily",
    ]


def test_a_task_that_fails_does_not_stop_the_worker(
    released: InvoiceRun, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*words: object, **more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(worker, "conclude", fail)
    worker.begin(date(2026, 1, 2))
    once()
    states = dict(DBTaskResult.objects.values_list("task_path", "status"))
    assert states == {
        "hamn.agreement.invoicing.tasks.issue_run": "FAILED",
        "hamn.site.worker.daily": "SUCCESSFUL",
    }


def test_a_worker_told_to_stop_says_so_and_ends_when_it_has_nothing_at_hand(db: None) -> None:
    said: Say = []
    idle = worker.Desk(once=False, say=said.append)
    with pytest.raises(SystemExit) as stop:
        idle.shutdown(signal.SIGTERM, None)
    assert stop.value.code == 0
    busy = worker.Desk(once=False, say=said.append)
    busy.running_task = True
    busy.shutdown(signal.SIGTERM, None)
    busy.shutdown(signal.SIGTERM, None)  # asked twice, it still finishes what it is doing
    assert said == ["Arbetaren slutar efter det den håller på med."] * 2
    with pytest.raises(worker.Paused):
        busy.progress(InvoiceRun())


def test_what_the_worker_sets_up_is_as_before_when_it_is_done(
    released: InvoiceRun, home: Path
) -> None:
    handlers = [signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)]
    before = tasks.surroundings.progress, tasks.surroundings.conclude
    once()
    assert (tasks.surroundings.progress, tasks.surroundings.conclude) == before
    assert [signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)] == handlers
