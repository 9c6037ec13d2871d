"""Opening boxes, finding them, and how the keys stand. Permission comes before, in the caller."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.views.decorators.debug import sensitive_variables

from hamn.guards.access import permits
from hamn.guards.access.rules import units as known_units

from . import rules
from .agent import client, wire
from .boxes import Box, person_of
from .models import Grant, IndexEntry, UnitKey
from .rules import IndexKind

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

# As many grants as fit well within one message to the agent.
BATCH = 1000


class UnitStatus(NamedTuple):
    """How a unit's keys stand.

    version: the newest in the database; None where only a key file is. must_rotate: a box was
    erased, or an exchange was cut short, so that an old private key is still in the file or a new
    one not in use yet. agrees: the database's public keys are the file's. has_file and agrees: None
    while no agent answers, who alone reads the files. left: grants and index
    entries of an older version; beside a single key they are those that no key opens.
    """

    unit: str
    version: int | None
    fingerprint: str
    names: tuple[str, ...]
    has_file: bool | None
    is_unsealed: bool
    agrees: bool | None
    left: int
    must_rotate: bool

    @property
    def has_one_passphrase(self) -> bool:
        """Whether one person alone can open it: her illness would close it for everyone."""
        return bool(self.has_file) and len(self.names) < 2


class Status(NamedTuple):
    """Whether the agent answers, and each unit's keys."""

    has_agent: bool
    units: tuple[UnitStatus, ...]


def open_box(box_id: UUID, units: Collection[str]) -> Box:
    """The box, by a grant to one of the units.

    Raises Locked when none of them is unsealed, Unreadable without a grant or with a lost key,
    AgentAway.
    """
    box = open_boxes([box_id], units).get(box_id)
    if box is None:
        raise rules.Unreadable
    return box


@sensitive_variables("found", "answered", "opened")
def open_boxes(box_ids: Collection[UUID], units: Collection[str]) -> dict[UUID, Box]:
    """Those of the boxes that a grant to one of the units opens, in one question to the agent.

    Boxes without such a grant, and those whose key is lost, are left out. Raises Locked when a box
    is left that an unsealing would open, AgentAway.
    """
    rows = Grant.objects.filter(box_id__in=set(box_ids), unit__in=set(units)).order_by("id")
    grants = list(rows.values_list("box_id", "unit", "key_version", "sealed"))
    opened: dict[UUID, tuple[bytes, list[str]]] = {}
    locked: dict[UUID, str] = {}
    for (box_id, unit, _version, _sealed), found in zip(grants, _answers(grants), strict=True):
        if "key" in found:
            _key, through = opened.setdefault(box_id, (wire.raw(found["key"]), []))
            through.append(unit)
        elif found["no"] == rules.Locked.code:
            locked[box_id] = unit
    for box_id, unit in locked.items():
        if box_id not in opened:
            raise rules.Locked(unit)
    return {box_id: Box(box_id, frozenset(by), key) for box_id, (key, by) in opened.items()}


@sensitive_variables("seed", "key")
def person_box(box_id: UUID, sealed: bytes, seed: bytes) -> Box:
    """The box, by the key that was sealed to a person's own pair (`Box.key_for_person`).

    seed: what makes that pair; no agent and no unit's key has a part in it.
    Raises Unreadable when it was sealed to another, or for another box.
    """
    key = rules.open_key(rules.pair_of(seed).private, bytes(sealed), to=person_of(box_id))
    return Box(box_id, frozenset(), key)


def find(units: Collection[str], kind: IndexKind, text: str) -> set[UUID]:
    """The boxes of these units that are found by the text; what is no whole word finds nothing.

    Raises BadInput for a text that cannot be searched for; Locked, AgentAway.
    """
    wanted = rules.wanted(kind, text)
    if not wanted:
        return set()
    return set().union(*(_found(unit, kind, wanted) for unit in sorted(set(units))))


def status() -> Status:
    """Every unit of the centre, and every other that has a key in the database or in a file."""
    try:
        files = {str(one["unit"]): one for one in client.ask("status")}
    except rules.AgentAway:
        files = {}
        has_agent = False
    else:
        has_agent = True
    keys: defaultdict[str, list[UnitKey]] = defaultdict(list)
    for key in UnitKey.objects.order_by("unit", "version"):
        keys[key.unit].append(key)
    units = sorted(keys.keys() | files.keys() | known_units().keys())
    found = (_status_of(unit, keys[unit], files.get(unit)) for unit in units)
    # Who does not answer has not said that a file is gone.
    told = (one if has_agent else one._replace(has_file=None, agrees=None) for one in found)
    return Status(has_agent, tuple(told))


def status_for(viewer: "Person") -> Status:
    """The status that the viewer may see: a system administrator all, others their own units'.

    Raises NotVisible to those without the permit.
    """
    permits.require(viewer, "vault.see")
    whole = status()
    if permits.allows(viewer, "vault.rotate"):
        return whole
    own = (one for one in whole.units if permits.allows(viewer, "vault.unseal", one.unit))
    return Status(whole.has_agent, tuple(own))


def granted_units(box_ids: Collection[UUID]) -> frozenset[str]:
    """The units that a grant lets open some of the boxes."""
    rows = Grant.objects.filter(box_id__in=set(box_ids))
    return frozenset(rows.values_list("unit", flat=True).distinct())


def has_agent() -> bool:
    """Whether the key agent answers this process."""
    try:
        client.ask("status")
    except rules.AgentAway:
        return False
    return True


def has_key(unit: str) -> bool:
    """Whether boxes can be made for the unit."""
    return UnitKey.objects.filter(unit=unit, retired_at__isnull=True).exists()


def holds_something(unit: str) -> bool:
    """Whether something is sealed to the unit that its key still opens."""
    return Grant.objects.filter(unit=unit).exists()


def disagreeing(units: Iterable[UnitStatus]) -> list[str]:
    """The units whose public key in the database is not the key file's, or whose file is gone.

    What is sealed to another public key is read by whoever laid it there, and not by the unit.
    """
    return [one.unit for one in units if one.version is not None and one.agrees is False]


def _answers(grants: list[tuple[UUID, str, int, Any]]) -> Iterable[dict[str, str]]:
    """The agent's answer to each grant."""
    for start in range(0, len(grants), BATCH):
        yield from client.ask(
            "open",
            items=[
                [unit, version, str(box_id), wire.text(sealed)]
                for box_id, unit, version, sealed in grants[start : start + BATCH]
            ],
        )


def _found(unit: str, kind: IndexKind, wanted: tuple[frozenset[str], ...]) -> set[UUID]:
    values = sorted(set().union(*wanted))
    digests = client.ask("digests", unit=unit, kind=kind.value, values=values)
    found: list[set[UUID]] = []
    for forms in wanted:
        keyed = [wire.raw(digest) for form in forms for digest in digests[form]]
        rows = IndexEntry.objects.filter(unit=unit, kind=kind, digest__in=keyed)
        found.append(set(rows.values_list("box_id", flat=True)))
    return set.intersection(*found)


def _status_of(unit: str, keys: list[UnitKey], file: dict[str, Any] | None) -> UnitStatus:
    live = [key for key in keys if key.retired_at is None]
    newest = live[-1] if live else None
    prints: dict[str, str] = file["fingerprints"] if file else {}
    version = newest.version if newest else 0
    left = sum(
        model.objects.filter(unit=unit, key_version__lt=version).count()
        for model in (Grant, IndexEntry)
    )
    agrees = bool(live) and all(prints.get(str(key.version)) == key.fingerprint for key in live)
    is_cut_short = len(live) > 1 or (agrees and len(prints) > len(live))
    return UnitStatus(
        unit=unit,
        version=newest.version if newest else None,
        fingerprint=newest.fingerprint if newest else "",
        names=tuple(file["names"]) if file else (),
        has_file=file is not None and not file["broken"],
        is_unsealed=bool(file and file["unsealed"]),
        agrees=agrees
        and all(key.fingerprint == rules.fingerprint(bytes(key.public)) for key in live),
        left=left,
        must_rotate=is_cut_short or any(key.erased_at for key in live),
    )
