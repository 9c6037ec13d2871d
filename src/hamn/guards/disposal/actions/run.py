"""An approved list, destroyed: batch by batch, then the keys, then the certificate.

Each batch is whole or not at all. A kill at any point loses and doubles nothing: what is destroyed
is off the list in the same transaction, and whoever comes next goes on with what is left. Nothing
is destroyed that was not approved: a record that changed since is kept, and counted as moved.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import Refusal, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import actions as vault

from .. import queries, rules
from ..events import Event
from ..models import Certificate, DisposalItem, DisposalList
from ..queries.coming import held_ids
from ..rules import Candidate, ListState
from . import holds, keys

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

BATCH = 50
Progress = Callable[[DisposalList], None]


class Overtaken(Refusal):
    """Someone else has gone on with the run."""

    code = "disposal.overtaken"


def start_run(*, list_id: int, by: "Person") -> DisposalList:
    """An approved list put to work: the worker destroys what stands on it.

    Raises WrongListState unless it is approved, Locked and AgentAway before anything is destroyed.
    """
    from ..tasks import run_disposal  # the task calls back into this module

    permits.require(by, "disposal.run")
    with transaction.atomic():
        row = _begin(list_id, by)
        run_disposal.enqueue(row.pk)
    return row


def run_list(
    *, list_id: int, today: date, by: "Person", progress: Progress = lambda _row: None
) -> DisposalList:
    """An approved list, destroyed here and now; or a run that stopped, gone on with.

    Raises as `start_run`; SamePerson to her who approved it, Overtaken when someone else goes on
    with it meanwhile.
    """
    permits.require(by, "disposal.run")
    rules.check_not_approver(queries.list_of(by, list_id).approved_by_id, by.pk)
    _begin(list_id, by)
    return work_off(list_id, today=today, progress=progress)


def work_off(list_id: int, *, today: date, progress: Progress) -> DisposalList:
    """What is left of a run at work; returned as it stands then. Both ways into a run meet here."""
    token = _take_up(list_id)
    while (row := _destroy_batch(list_id, token, today)) is not None:
        progress(row)
    for unit in _keys_to_exchange(list_id, token):
        version = keys.exchange(unit, lambda: progress(_beat(list_id, token)))
        _note_exchanged(list_id, token, unit, version)
    return _finish(list_id, token, today)


@transaction.atomic
def _begin(list_id: int, by: "Person") -> DisposalList:
    """The list at work, with every unit whose key could open something on it.

    Refused before anything is destroyed when one of those keys cannot be changed now.
    """
    row = queries.locked(by, list_id)
    permits.require(by, "disposal.run", row)
    rules.check_move(ListState(row.state), ListState.RUNNING)
    assert row.approved_by_id not in (None, row.made_by_id)  # the database says so too
    if row.state == ListState.RUNNING:
        keys.refuse_sealed(row.key_versions)
        audit.record(Event.RESUMED, by=by, on=row, destroyed=row.destroyed, planned=row.planned)
        return row
    units = {row.unit} | _readers(row)
    keys.refuse_sealed(units)
    row.state, row.started_by, row.started_at = ListState.RUNNING, by, timezone.now()
    row.progressed_at, row.key_versions = row.started_at, dict.fromkeys(sorted(units), 0)
    row.save(update_fields=["state", "started_by", "started_at", "progressed_at", "key_versions"])
    audit.record(Event.STARTED, by=by, on=row, unit=row.unit, planned=row.planned)
    return row


def _readers(row: DisposalList) -> set[str]:
    """The other units that have ever been able to open something on the list."""
    found: set[str] = set()
    for kind in row.items.order_by("kind").values_list("kind", flat=True).distinct():
        ids = list(row.items.filter(kind=kind, is_excluded=False).values_list("thing", flat=True))
        for at in range(0, len(ids), BATCH):
            candidates = rules.holding_of(kind).locked(ids=ids[at : at + BATCH])
            found |= _units_of(candidates)
    return found


def _units_of(candidates: Collection[Candidate]) -> set[str]:
    named = {unit for one in candidates for unit in (one.unit, *one.read_by)}
    return named | keys.granted([box for one in candidates for box in one.box_ids])


@transaction.atomic
def _take_up(list_id: int) -> uuid.UUID:
    """A token for who works on it from now on; an earlier worker leaves at its next batch."""
    token = uuid.uuid4()
    row = DisposalList.objects.select_for_update().get(pk=list_id)
    row.worker, row.fault = token, {}
    row.save(update_fields=["worker", "fault"])
    return token


def _held(list_id: int, token: uuid.UUID) -> DisposalList:
    """The list, locked. Raises Overtaken when another has it."""
    rows = DisposalList.objects.select_related("made_by", "approved_by", "started_by")
    row = rows.select_for_update(of=("self",)).get(pk=list_id)
    if row.worker != token:
        raise Overtaken(_("Gallringen drivs vidare av en annan process. Läs om sidan."))
    row.progressed_at = timezone.now()
    return row


@transaction.atomic
def _beat(list_id: int, token: uuid.UUID) -> DisposalList:
    """A sign of life while the keys are changed."""
    row = _held(list_id, token)
    row.save(update_fields=["progressed_at"])
    return row


@transaction.atomic
def _destroy_batch(list_id: int, token: uuid.UUID, today: date) -> DisposalList | None:
    """The next records destroyed, with their boxes; None when none is left."""
    row = _held(list_id, token)
    items = list(row.items.filter(is_excluded=False).order_by("pk")[:BATCH])
    if row.state != ListState.RUNNING or not items:
        return None
    done: Counter[tuple[str, str]] = Counter()
    rows: dict[str, int] = {}
    for kind in sorted({item.kind for item in items}):
        same = [item for item in items if item.kind == kind]
        ready = _unchanged(row, kind, same, today)
        rows = rules.added(rows, _destroy(kind, ready))
        done.update((kind, one.rule_class) for one in ready)
    row.items.filter(pk__in=[item.pk for item in items]).delete()
    _note(row, done, rows, len(items) - done.total())
    return row


def _unchanged(
    row: DisposalList, kind: str, items: Collection[DisposalItem], today: date
) -> list[Candidate]:
    """Those of the records, locked, that are still what was approved and still to be destroyed."""
    ids = [item.thing for item in items]
    approved = {one.thing: (one.due_on, one.last_note_on, one.rule_class) for one in items}
    held = held_ids(kind, ids, today=today)
    ready = [
        one
        for one in rules.holding_of(kind).locked(ids=ids)
        if approved.get(one.id) == (one.due_on, one.last_note_on, one.rule_class)
        and one.due_on is not None
        and one.due_on <= today
        and one.unit == row.unit
        and one.id not in held
    ]
    known = set(row.key_versions)
    if _units_of(ready) <= known:
        return ready
    return [one for one in ready if _units_of([one]) <= known]


def _destroy(kind: str, ready: Collection[Candidate]) -> dict[str, int]:
    if not ready:
        return {}
    ids = [one.id for one in ready]
    destroyed = rules.holding_of(kind).destroy(ids=ids)
    vault.erase([box for one in ready for box in one.box_ids])
    holds.forget(kind, ids)
    return dict(destroyed.counts)


def _note(
    row: DisposalList, done: "Counter[tuple[str, str]]", rows: dict[str, int], moved: int
) -> None:
    """What the batch did, on the list and in the trail: counts, and no record."""
    records: dict[str, dict[str, int]] = row.records
    for (kind, code), count in done.items():
        records[kind] = rules.added(records.get(kind, {}), {code: count})
    row.rows = rules.added(row.rows, rows)
    row.destroyed, row.moved = row.destroyed + done.total(), row.moved + moved
    row.save(update_fields=["records", "rows", "destroyed", "moved", "progressed_at"])
    facts = {"count": done.total(), "moved": moved}
    audit.record(Event.DESTROYED, by=row.started_by, on=row, **facts)


@transaction.atomic
def _keys_to_exchange(list_id: int, token: uuid.UUID) -> list[str]:
    """The units whose keys could still open what is gone.

    Their versions are noted when the last record is gone: these are what the certificate names.
    """
    row = _held(list_id, token)
    if row.state != ListState.RUNNING or not row.destroyed:
        return []
    if not any(row.key_versions.values()):
        row.key_versions = keys.newest(row.key_versions)
        row.save(update_fields=["key_versions", "progressed_at"])
    return sorted(row.key_versions.keys() - row.exchanged.keys())


@transaction.atomic
def _note_exchanged(list_id: int, token: uuid.UUID, unit: str, version: int) -> None:
    row = _held(list_id, token)
    row.exchanged = {**row.exchanged, unit: version}
    row.save(update_fields=["exchanged", "progressed_at"])


@transaction.atomic
def _finish(list_id: int, token: uuid.UUID, today: date) -> DisposalList:
    """The certificate, and the list without a record; done once."""
    row = _held(list_id, token)
    if row.state != ListState.RUNNING:
        return row
    row.items.all().delete()
    row.state, row.finished_at = ListState.DONE, timezone.now()
    row.save(update_fields=["state", "finished_at", "progressed_at"])
    certificate = _certificate(row, today)
    facts = {
        "unit": row.unit,
        "destroyed": row.destroyed,
        "moved": row.moved,
        "excluded": row.excluded,
        "key_versions": row.exchanged and row.key_versions,
        "certificate": certificate.pk,
    }
    audit.record(Event.ENDED, by=row.started_by, on=row, **facts)
    return row


def _certificate(row: DisposalList, today: date) -> Certificate:
    # Only such lists end.
    assert row.made_by and row.approved_by and row.approved_at and row.started_by
    gone = row.key_versions if row.exchanged else {}
    return Certificate.objects.create(
        disposal=row,
        unit=row.unit,
        due_before=row.due_before,
        planned_on=timezone.localdate(row.made_at),
        planned_title=row.made_by.title,
        approved_on=timezone.localdate(row.approved_at),
        approved_title=row.approved_by.title,
        finished_on=today,
        run_title=row.started_by.title,
        records=row.records,
        rows=row.rows,
        excluded=row.excluded,
        moved=row.moved,
        key_versions=gone,
        new_key_versions=row.exchanged,
        key_backups_gone_on=today + timedelta(days=keys.backup_days()) if gone else None,
    )
