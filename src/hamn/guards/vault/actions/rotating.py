"""A unit's key is exchanged: new pair, grants resealed, index rekeyed, the old pair destroyed.

Every step is read from the rows and the key file, so a run that was cut short anywhere is gone on
with by running it again. Content is not touched.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import rules
from ..agent import client, wire
from ..events import Event
from ..models import Grant, IndexEntry, UnitKey
from ..queries import status

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

BATCH = 500
Progress = Callable[[int, int], object]
Step = Callable[[UnitKey, list[Any]], int]


class Rotation(NamedTuple):
    """What an exchange did. lost: grants and entries that no key opened, left as they were."""

    unit: str
    version: int
    grants: int
    entries: int
    lost: int


def rotate(
    unit: str, on_progress: Progress | None = None, *, by: "Person | None" = None
) -> Rotation:
    """The unit's new key, when the old one is destroyed and nothing needs it any more.

    by: None for the system's own act: part of a disposal, or the day's routine. on_progress: told
    how many of how many rows are done. Never within a transaction: the destroyed key would not
    come back with it. Raises NoKey, Locked, AgentAway.
    """
    if by is not None:
        permits.require(by, "vault.rotate", unit)
    told = on_progress or (lambda _done, _of: None)
    live = _live(unit)
    if not live:
        raise rules.NoKey(unit)
    # What an earlier run left is finished first; enough, unless something was erased since.
    is_left = len(live) > 1
    key = live[-1] if is_left else _next_key(unit, live[-1].version)
    grants, entries, lost = _exchange(key, told)
    if is_left and _live(unit)[-1].erased_at is not None:
        return rotate(unit, on_progress, by=by)
    client.ask("forget", unit=unit, before=key.version, slow=True)
    made = Rotation(unit, key.version, grants, entries, lost)
    with transaction.atomic():
        audit.record(Event.KEY_ROTATED, by=by, **made._asdict())
    return made


def rotate_due() -> list[Rotation]:
    """What must be exchanged, exchanged as the system's own act; a closed unit waits for its head.

    For the day's routine, so that what was erased dies also where nobody thinks of it. A unit whose
    key file is not the database's is left to people. Never within a transaction, as `rotate`.
    """
    made = []
    for one in status().units:
        if one.must_rotate and one.agrees and one.is_unsealed:
            # Closed, or the agent gone, since a moment ago: tomorrow is another day.
            with suppress(rules.Locked, rules.AgentAway):
                made.append(rotate(one.unit))
    return made


def _live(unit: str) -> list[UnitKey]:
    return list(UnitKey.objects.filter(unit=unit, retired_at__isnull=True).order_by("version"))


def _next_key(unit: str, after: int) -> UnitKey:
    version, public = client.ask("next_version", unit=unit, after=after, slow=True)
    raw = wire.raw(public)
    with transaction.atomic(durable=True):
        key, _is_new = UnitKey.objects.get_or_create(
            unit=unit,
            version=version,
            defaults={"public": raw, "fingerprint": rules.fingerprint(raw)},
        )
    return key


def _exchange(key: UnitKey, told: Progress) -> tuple[int, int, int]:
    """Everything of the unit under this key, and the earlier ones retired; what was done."""
    steps: tuple[tuple[Any, Step], ...] = ((Grant, _reseal), (IndexEntry, _rekey))
    total = _count_older(key)
    done = [0, 0]
    while True:
        lost = 0
        for place, (model, step) in enumerate(steps):
            passed = 0
            while batch := _batch(model, key, passed):
                count = step(key, batch)
                done[place] += count
                lost += len(batch) - count
                passed = batch[-1].pk
                told(sum(done) + lost, total)
        if _retire_before(key, lost):
            # Fewer than were met, where another run came before this one.
            return done[0], done[1], _count_older(key)


def _count_older(key: UnitKey) -> int:
    return sum(_older(model, key).count() for model in (Grant, IndexEntry))


def _older(model: Any, key: UnitKey) -> Any:
    return model.objects.filter(unit=key.unit, key_version__lt=key.version)


def _batch(model: Any, key: UnitKey, after: int) -> list[Any]:
    return list(_older(model, key).filter(pk__gt=after).order_by("pk")[:BATCH])


@transaction.atomic(durable=True)
def _reseal(key: UnitKey, batch: list[Grant]) -> int:
    items = [[str(row.box_id), row.key_version, wire.text(bytes(row.sealed))] for row in batch]
    made = client.ask("reseal", unit=key.unit, version=key.version, items=items, slow=True)
    fresh = [row for row, sealed in zip(batch, made, strict=True) if _takes_over(row, key, sealed)]
    # Only what is still older: another run may have come further with the row meanwhile.
    _older(Grant, key).bulk_update(fresh, ["key_version", "sealed"])
    return len(fresh)


@transaction.atomic(durable=True)
def _rekey(key: UnitKey, batch: list[IndexEntry]) -> int:
    items = [
        [str(row.box_id), row.kind, row.key_version, wire.text(bytes(row.sealed))] for row in batch
    ]
    made = client.ask("rekey", unit=key.unit, version=key.version, items=items, slow=True)
    fresh = []
    for row, entry in zip(batch, made, strict=True):
        if entry is not None and _takes_over(row, key, entry[1]):
            row.digest = wire.raw(entry[0])
            fresh.append(row)
    _older(IndexEntry, key).bulk_update(fresh, ["digest", "key_version", "sealed"])
    return len(fresh)


def _takes_over(row: Any, key: UnitKey, sealed: str | None) -> bool:
    if sealed is None:
        return False
    row.key_version, row.sealed = key.version, wire.raw(sealed)
    return True


@transaction.atomic(durable=True)
def _retire_before(key: UnitKey, lost: int) -> bool:
    """Whether the earlier keys are retired; not while a box was just made under one of them.

    The lock waits for whoever makes a box now (actions.boxes), so that none is left behind.
    """
    earlier = UnitKey.objects.select_for_update().filter(
        unit=key.unit, version__lt=key.version, retired_at__isnull=True
    )
    list(earlier)
    if _count_older(key) > lost:
        return False
    UnitKey.objects.filter(unit=key.unit, version__lt=key.version).filter(
        retired_at__isnull=True
    ).update(retired_at=timezone.now())
    return True
