"""A run destroys what was approved and nothing else, then the keys, and leaves a certificate."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django_tasks_db.models import DBTaskResult

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.guards.disposal import actions, queries, tasks
from hamn.guards.disposal.actions import run as running
from hamn.guards.disposal.models import Certificate, DisposalItem, DisposalList, Hold
from hamn.guards.disposal.rules import ListState, Reason, WrongListState
from hamn.guards.disposal.tests.shelf import TODAY, Shelf, place_of
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault import rules as vault_rules
from hamn.guards.vault.models import Grant, SealedBox

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Make = Callable[..., Any]


class Killed(Exception):
    """The process ended here."""


def run(row: DisposalList, by: Any, **more: Any) -> DisposalList:
    return actions.run_list(list_id=row.pk, today=TODAY, by=by, **more)


def version(unit: str) -> int:
    return next(one.version or 0 for one in vaults.status().units if one.unit == unit)


def test_what_was_approved_is_gone_and_what_lives_still_opens(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    dead = [shelf.put() for _each in range(3)]
    living = shelf.put(last_note_on=date(2025, 1, 1))
    boxes = [box for one in dead for box in shelf.records[one].box_ids]
    was = version("mika")
    row = run(approved(), cast.administrator)
    assert (row.state, row.destroyed, row.moved) == (ListState.DONE, 3, 0)
    assert set(shelf.records) == {living}
    assert not SealedBox.objects.filter(pk__in=boxes).exists()
    assert version("mika") == was + 1
    (box_id,) = shelf.records[living].box_ids
    box = vaults.open_box(box_id, ["mika"])
    assert box.open(place_of(living), shelf.sealed[living]) == b"Torsten Exempel"


def test_the_certificate_tells_counts_days_and_titles_and_no_record(
    shelf: Shelf, approved: Make, cast: SimpleNamespace, settings: Any
) -> None:
    settings.KEY_BACKUP_DAYS = 30
    shelf.put()
    shelf.put(rule_class="no_inquiry")
    shelf.hold(shelf.put(), cast.mika_worker)
    was = version("mika")
    row = run(approved(), cast.administrator)
    made = row.certificate
    assert made.records == {shelf.kind: {"no_inquiry": 1, "personal_file": 1}}
    assert made.rows == {"note": 4}
    assert (made.excluded, made.moved, made.key_versions) == (1, 0, {"mika": was})
    assert (made.planned_title, made.approved_title, made.run_title) == (
        cast.mika_worker.title,
        cast.mika_head.title,
        cast.administrator.title,
    )
    assert made.key_backups_gone_on == TODAY + timedelta(days=30)
    assert not DisposalItem.objects.exists()


def test_a_certificate_is_never_changed(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    run(approved(), cast.administrator)
    for change in (
        lambda: Certificate.objects.update(excluded=9),
        lambda: Certificate.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_list_that_nobody_approved_is_not_run(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = planned()
    with pytest.raises(WrongListState):
        run(row, cast.administrator)
    assert len(shelf.records) == 1


@pytest.mark.parametrize("who", ["mika_worker", "kast_head", "kast_worker", "controller"])
def test_only_the_units_head_and_who_runs_the_system_start_a_run(
    who: str, shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    with pytest.raises((PermissionDenied, NotVisible)):
        run(approved(), getattr(cast, who))
    assert len(shelf.records) == 1


def test_a_sealed_unit_is_told_before_anything_is_destroyed(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = approved()
    vault.lock(unit="mika", by=cast.mika_head)
    with pytest.raises(vault_rules.Locked, match="mika"):
        run(row, cast.administrator)
    row.refresh_from_db()
    assert (row.state, len(shelf.records)) == (ListState.APPROVED, 1)


def test_a_unit_that_could_read_a_record_is_unsealed_and_changes_its_key_too(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    thing = shelf.put()
    (box_id,) = shelf.records[thing].box_ids
    vault.grant_box(vaults.open_box(box_id, ["mika"]), "kast")
    row = approved()
    vault.lock(unit="kast", by=cast.kast_head)
    with pytest.raises(vault_rules.Locked, match="kast"):
        run(row, cast.administrator)
    assert len(shelf.records) == 1
    from conftest import PASSPHRASE

    vault.unseal(unit="kast", passphrase=PASSPHRASE, by=cast.kast_head)
    was = {unit: version(unit) for unit in ("mika", "kast")}
    row = run(row, cast.administrator)
    assert row.certificate.key_versions == was
    assert {unit: version(unit) for unit in was} == {unit: was[unit] + 1 for unit in was}


def test_a_unit_that_once_could_read_it_changes_its_key_too(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put(read_by=("coordinator_adult",))
    row = run(approved(), cast.administrator)
    assert set(row.certificate.key_versions) == {"mika", "coordinator_adult"}


@pytest.mark.parametrize(
    "change",
    [{"last_note_on": date(2026, 3, 1)}, {"rule_class": "placement"}],
    ids=["noted", "exempt"],
)
def test_a_record_that_changed_after_approval_is_kept_and_counted(
    change: dict[str, Any], shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    kept, gone = shelf.put(), shelf.put()
    row = approved()
    shelf.change(kept, **change)
    row = run(row, cast.administrator)
    assert set(shelf.records) == {kept} and gone not in shelf.sealed
    assert (row.destroyed, row.moved, row.certificate.moved) == (1, 1, 1)


def test_a_run_of_which_nothing_is_left_changes_no_key(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    kept = shelf.put()
    row = approved()
    shelf.change(kept, rule_class="placement")
    was = version("mika")
    row = run(row, cast.administrator)
    assert (row.destroyed, version("mika"), row.certificate.key_versions) == (0, was, {})
    assert row.certificate.key_backups_gone_on is None


def test_a_hold_goes_with_its_record(shelf: Shelf, approved: Make, cast: SimpleNamespace) -> None:
    thing = shelf.put()
    hold = actions.place_hold(
        kind=shelf.kind,
        thing=thing,
        reason=Reason.COURT,
        until=date(2026, 12, 1),
        today=TODAY,
        by=cast.mika_worker,
    )
    actions.lift_hold(hold_id=hold.pk, by=cast.mika_worker)
    run(approved(), cast.administrator)
    assert not Hold.objects.exists()


@pytest.mark.parametrize("at", range(5))
def test_a_run_that_stopped_anywhere_goes_on_and_doubles_nothing(
    at: int, shelf: Shelf, approved: Make, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    for _each in range(5):
        shelf.put()
    living = shelf.put(last_note_on=date(2025, 1, 1))
    row = approved()
    seen: list[int] = []

    def progress(row: DisposalList) -> None:
        seen.append(row.destroyed)
        if len(seen) == at:
            raise Killed

    if at:
        with pytest.raises(Killed):
            run(row, cast.administrator, progress=progress)
    row = run(row, cast.administrator)
    assert (row.state, row.destroyed, set(shelf.records)) == (ListState.DONE, 5, {living})
    assert Certificate.objects.count() == 1
    assert row.certificate.rows == {"note": 10}
    assert Grant.objects.count() == 1


def test_a_run_that_is_done_is_not_run_again(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = run(approved(), cast.administrator)
    with pytest.raises(WrongListState):
        run(row, cast.administrator)
    assert Certificate.objects.count() == 1


def test_of_two_who_work_on_a_run_the_later_goes_on(
    shelf: Shelf, approved: Make, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    for _each in range(3):
        shelf.put()
    row = approved()
    others: list[DisposalList] = []

    def progress(row: DisposalList) -> None:
        if not others:
            others.append(row)
            others.append(run(row, cast.administrator))

    with pytest.raises(actions.Overtaken):
        run(row, cast.administrator, progress=progress)
    assert others[1].state == ListState.DONE
    assert Certificate.objects.count() == 1


def test_what_has_begun_is_not_withdrawn_or_thinned(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = approved()
    item = row.items.get()
    actions.start_run(list_id=row.pk, by=cast.mika_head)
    with pytest.raises(WrongListState):
        actions.withdraw_list(list_id=row.pk, by=cast.mika_head)
    with pytest.raises(WrongListState):
        actions.exclude_item(
            list_id=row.pk,
            item_id=item.pk,
            reason=Reason.COURT,
            until=date(2026, 12, 1),
            today=TODAY,
            by=cast.mika_worker,
        )


def test_a_started_run_is_worked_off_by_its_task(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = actions.start_run(list_id=approved().pk, by=cast.administrator)
    assert (row.state, DBTaskResult.objects.count()) == (ListState.RUNNING, 1)
    assert tasks.run_disposal.func(row.pk) == ListState.DONE
    assert tasks.run_disposal.func(row.pk) == ListState.DONE
    assert Certificate.objects.count() == 1


def test_a_task_that_meets_a_sealed_unit_says_so_and_tries_again(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = actions.start_run(list_id=approved().pk, by=cast.mika_head)
    vault.lock(unit="mika", by=cast.mika_head)
    assert tasks.run_disposal.func(row.pk) == ListState.RUNNING
    row.refresh_from_db()
    fault = queries.fault_of(row)
    assert fault is not None and "Valvet för mika är stängt" in str(fault)
    assert DBTaskResult.objects.count() == 2


def test_a_worker_told_to_stop_leaves_the_rest_to_the_next(
    shelf: Shelf, approved: Make, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    shelf.put()
    shelf.put()
    row = actions.start_run(list_id=approved().pk, by=cast.mika_head)

    def stop(_row: DisposalList) -> None:
        raise tasks.Paused

    monkeypatch.setattr(tasks.surroundings, "progress", stop)
    assert tasks.run_disposal.func(row.pk) == ListState.RUNNING
    assert (len(shelf.records), DBTaskResult.objects.count()) == (1, 2)


def test_a_run_that_nobody_works_on_is_woken_once(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = actions.start_run(list_id=approved().pk, by=cast.mika_head)
    DBTaskResult.objects.all().delete()
    assert tasks.wake() == 0
    late = row.progressed_at - queries.lists.SILENCE - timedelta(seconds=1)  # type: ignore[attr-defined, operator]
    DisposalList.objects.update(progressed_at=late)
    assert (tasks.wake(), tasks.wake()) == (1, 0)


def test_the_trail_tells_of_the_run_and_names_no_record(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    things: list[UUID] = [shelf.put() for _each in range(3)]
    run(approved(), cast.administrator)
    told = Entry.objects.filter(event__startswith="disposal.").order_by("place")
    assert [one.event.partition(".")[2] for one in told] == [
        *("planned", "approved", "started", "destroyed", "ended"),
    ]
    text = "".join(one.on + one.facts for one in told)
    assert not [thing for thing in things if str(thing) in text or thing.hex in text]


def earlier(by: Any, **more: Any) -> Certificate:
    given = {
        "unit": "mika",
        "due_before": date(2020, 1, 1),
        "approved_on": date(2020, 2, 1),
        "finished_on": date(2020, 2, 3),
        "approved_title": "Enhetschef",
        "run_title": "Administratör",
        "records": {"tests.record": {"personal_file": 106}},
        "today": TODAY,
        "by": by,
        **more,
    }
    return actions.record_earlier(**given)


def test_a_disposal_before_hamn_is_entered_and_marked(db: None, cast: SimpleNamespace) -> None:
    made = earlier(cast.mika_head)
    assert (made.is_earlier, made.key_versions, made.disposal) == (True, {}, None)
    assert queries.certificate_of(cast.mika_worker, made.pk) == made
    with pytest.raises(NotVisible):
        queries.certificate_of(cast.kast_worker, made.pk)


@pytest.mark.parametrize(
    "more",
    [
        {"unit": "nowhere"},
        {"records": {"tests.record": {"unknown": 1}}},
        {"approved_on": date(2020, 3, 1)},
        {"finished_on": TODAY + timedelta(days=1)},
    ],
    ids=lambda more: next(iter(more)),
)
def test_a_disposal_before_hamn_that_cannot_be_is_refused(
    more: dict[str, Any], cast: SimpleNamespace
) -> None:
    with pytest.raises(BadInput):
        earlier(cast.administrator, **more)
