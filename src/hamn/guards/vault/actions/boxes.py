"""Boxes are made, shared, made findable, and erased.

Who may, and what the trail says of it, stands in the room whose records are in the boxes.
"""

from collections.abc import Collection
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from hamn.core.errors import _

from .. import rules
from ..agent import client, wire
from ..agent.keeper import grant_of
from ..boxes import Box
from ..models import Grant, IndexEntry, SealedBox, UnitKey
from ..rules import IndexKind


@transaction.atomic
def new_box(units: Collection[str]) -> Box:
    """An empty box that these units may open; no key is unsealed for it.

    Raises NoKey for a unit without a key.
    """
    box = Box(uuid4(), frozenset(units), rules.new_data_key())
    keys = _keys_of(units)
    SealedBox.objects.create(id=box.id)
    Grant.objects.bulk_create(_grant(box, keys[unit]) for unit in sorted(box.units))
    return box


@transaction.atomic
def grant_box(box: Box, unit: str) -> None:
    """One more unit may open the box; nothing happens when it may already. Raises NoKey."""
    if not Grant.objects.filter(box_id=box.id, unit=unit).exists():
        _grant(box, _keys_of([unit])[unit]).save(force_insert=True)


@transaction.atomic
def revoke_grant(box_id: UUID, unit: str) -> None:
    """The unit no longer opens the box, and does not find it.

    Copies of the grant die when the unit's key is exchanged, which `status` asks for from now on.
    """
    IndexEntry.objects.filter(box_id=box_id, unit=unit).delete()
    if Grant.objects.filter(box_id=box_id, unit=unit).delete()[0]:
        _demand_rotation({unit})


@transaction.atomic
def index(box: Box, *, unit: str, kind: IndexKind, values: Collection[str]) -> None:
    """The box is found in the unit by exactly these values of that kind.

    Raises BadInput for what is no personal number; NoKey, Locked, AgentAway.
    """
    wanted = sorted(rules.entries_of(kind, values))
    version = _keys_of([unit])[unit].version
    rows = IndexEntry.objects.filter(box_id=box.id, unit=unit, kind=kind)
    rows.delete()
    if not wanted:
        return
    made = client.ask(
        "entries", unit=unit, version=version, box=str(box.id), kind=kind.value, values=wanted
    )
    IndexEntry.objects.bulk_create(
        IndexEntry(
            box_id=box.id,
            unit=unit,
            kind=kind,
            digest=wire.raw(digest),
            key_version=version,
            sealed=wire.raw(hidden),
        )
        for digest, hidden in made
    )


@transaction.atomic
def erase(box_ids: Collection[UUID]) -> int:
    """Destroy the boxes: every grant and index entry; how many boxes there were.

    Older copies of the database still hold the grants: they die with `rotate` of each unit, which
    `status` asks for from now on.
    """
    boxes = SealedBox.objects.filter(id__in=set(box_ids))
    units = Grant.objects.filter(box__in=boxes).values_list("unit", flat=True)
    _demand_rotation(set(units))
    IndexEntry.objects.filter(box__in=boxes).delete()
    Grant.objects.filter(box__in=boxes).delete()
    return boxes.delete()[0]


@transaction.atomic
def discard(box_ids: Collection[UUID]) -> int:
    """Remove boxes whose content is gone or stands elsewhere by now; how many there were.

    For what was meant to be short-lived, as a draft: the unit's key need not be exchanged for it.
    """
    boxes = SealedBox.objects.filter(id__in=set(box_ids))
    IndexEntry.objects.filter(box__in=boxes).delete()
    Grant.objects.filter(box__in=boxes).delete()
    return boxes.delete()[0]


def _demand_rotation(units: Collection[str]) -> None:
    now = timezone.now()
    keys = UnitKey.objects.filter(unit__in=units, retired_at__isnull=True, erased_at__isnull=True)
    keys.update(erased_at=now)


def _grant(box: Box, key: UnitKey) -> Grant:
    sealed = box.key_for(bytes(key.public), to=grant_of(box.id, key.unit, key.version))
    return Grant(box_id=box.id, unit=key.unit, key_version=key.version, sealed=sealed)


def _keys_of(units: Collection[str]) -> dict[str, UnitKey]:
    """Each unit's newest key, which is not retired before this transaction ends.

    Raises NoKey for a unit without one.
    """
    if not units:
        raise rules.NoKey(_("utan namn"))
    marks = ", ".join(["%s"] * len(set(units)))
    # Shared, so that boxes are made side by side; only the end of a rotation waits for them.
    share = " FOR SHARE" if connection.vendor == "postgresql" else ""
    table = UnitKey._meta.db_table
    rows = UnitKey.objects.raw(
        f"SELECT * FROM {table} WHERE unit IN ({marks}) AND retired_at IS NULL "  # noqa: S608 no value
        f"ORDER BY version{share}",
        sorted(set(units)),
    )
    keys = {key.unit: key for key in rows}
    for unit in sorted(set(units) - keys.keys()):
        raise rules.NoKey(unit)
    return keys
