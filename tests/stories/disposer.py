"""What the processes of the disposal's proof do, on a centre of their own with real keys.

Usage: disposer.py build | run POINT | finish | attack KEYS. A run is killed at the point, and the
agent in its process dies with it; finish is a run and then what came of it. An attack tries every
private key in a folder of key files on every grant that the database holds.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

os.environ["DJANGO_SETTINGS_MODULE"] = "hamn.site.desk.settings"
TODAY = date(2026, 3, 2)
PASSPHRASE = "enbart för provningen"
OLD, LIVING = date(2020, 11, 30), date(2025, 1, 1)
DEAD_COUNT, LIVING_COUNT = 7, 4
UNITS = {"mika": ("mika_head", "mika_worker"), "kast": ("kast_head",)}
KIND = "tests.record"
TABLE = (
    "CREATE TABLE tests_record (id varchar(36) PRIMARY KEY, unit varchar(60), "
    "last_note_on varchar(10), box varchar(36), sealed varchar(4000))"
)


class Shelf:
    """A holding whose records are rows, so that a transaction and a backup mean something."""

    kind, name = KIND, "Påhittade uppgifter"

    def candidates(
        self, *, unit: str | None, due_before: date, after_id: UUID | None, limit: int
    ) -> Sequence[Any]:
        rows = sorted(one for one in _rows() if one.due_on < due_before and one.unit == unit)
        return [one for one in rows if after_id is None or one.id > after_id][:limit]

    def count(self, *, unit: str | None, due_before: date) -> int:
        return len(self.candidates(unit=unit, due_before=due_before, after_id=None, limit=1000))

    def locked(self, *, ids: Collection[UUID]) -> Sequence[Any]:
        return [one for one in _rows() if one.id in ids]

    def destroy(self, *, ids: Collection[UUID]) -> Any:
        from hamn.guards.disposal.rules import Destroyed

        for one in ids:
            _sql("DELETE FROM tests_record WHERE id = %s", [str(one)])
        return Destroyed({"note": len(ids)})


def _rows() -> list[Any]:
    from hamn.guards.disposal.rules import Candidate

    return [
        Candidate(UUID(one), unit, date.fromisoformat(noted), box_ids=(UUID(box),))
        for one, unit, noted, box, _sealed in _sql("SELECT * FROM tests_record ORDER BY id")
    ]


def _sql(statement: str, values: Sequence[str] = ()) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if statement.startswith("SELECT") else []


@contextmanager
def agent() -> Iterator[Any]:
    """A key agent in this process, with every unit unsealed whose key file is there."""
    from django.conf import settings

    from hamn.guards.vault.agent.keeper import Keeper
    from hamn.guards.vault.agent.keyfiles import KeyFiles
    from hamn.guards.vault.agent.server import running
    from hamn.guards.vault.rules import Cost

    folder = Path(settings.VAULT)
    keeper = Keeper(KeyFiles(folder / "keys"), cost=Cost(1, 8, 1))
    for unit in keeper.files.units():
        keeper.unseal(unit, PASSPHRASE)
    with running(folder, keeper):
        yield keeper


def build() -> None:
    """Old and living records of mika, some of which kast may read, and an approved list."""
    from hamn.guards.disposal import actions
    from hamn.guards.vault import actions as vault
    from hamn.guards.vault.rules import Place
    from hamn.site.demo.build import DATA
    from hamn.site.setup import set_up

    first = set_up(DATA / "centre.toml", today=date(2021, 1, 1), is_example=True)
    _sql(TABLE)
    with agent():
        staff = _staff(first)
        for place in range(DEAD_COUNT + LIVING_COUNT):
            box = vault.new_box(["mika", "kast"] if place % 2 else ["mika"])
            record, noted = str(uuid4()), OLD if place < DEAD_COUNT else LIVING
            sealed = box.seal(Place("tests_record", "sealed", record), f"Påhittad {place}".encode())
            values = [record, "mika", noted.isoformat(), str(box.id), sealed.hex()]
            _sql("INSERT INTO tests_record VALUES (%s, %s, %s, %s, %s)", values)
        worker, head = staff["mika_worker"], staff["mika_head"]
        row = actions.plan_list(unit="mika", on=TODAY, today=TODAY, by=worker)
        actions.approve_list(list_id=row.pk, seen=row.fingerprint, today=TODAY, by=head)


def _staff(first: Any) -> dict[str, Any]:
    staff: dict[str, Any] = {}
    for unit in UNITS:
        staff |= _staffed(unit, staff.get("mika_head"), first)
    return staff


def _staffed(unit: str, chief: Any, first: Any) -> dict[str, Any]:
    """chief: the centre's first head, once there is one."""
    from hamn.guards.access import actions as access
    from hamn.guards.access.rules import Role
    from hamn.guards.vault import actions as vault

    found: dict[str, Any] = {}
    for name in UNITS[unit]:
        roles = [Role.CASEWORKER, *([] if found else [Role.HEAD_OF_UNIT])]
        one = access.add_person(email=f"{name}@test.example", title=name, roles=roles, by=first)
        row = access.propose_member(person_id=one.pk, unit=unit, is_head=not found, by=first)
        if found or chief:
            access.grant_member(membership_id=row.pk, by=next(iter(found.values()), chief))
        else:
            access.accept_headship(membership_id=row.pk, by=one)
        found[name] = one
    vault.new_unit(unit=unit, name=unit, passphrase=PASSPHRASE, by=first)
    return found


def run(point: str) -> None:
    """The approved list, run in batches of two; killed at the point."""
    from hamn.guards.access.queries import first_administrator
    from hamn.guards.disposal import actions
    from hamn.guards.disposal.actions import run as running
    from hamn.guards.disposal.models import DisposalList

    running.BATCH = 2
    if point:
        POINTS[point]()
    with agent():
        row = DisposalList.objects.get()
        by = first_administrator()
        assert by is not None
        actions.run_list(list_id=row.pk, today=TODAY, by=by)


def _die(*_given: Any, **_more: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: Any, name: str, times: int = 1) -> None:
    """Die instead of the call to the function, when it comes for that time."""
    whole: Callable[..., Any] = getattr(owner, name)
    left = [times]

    def called(*given: Any, **more: Any) -> Any:
        left[0] -= 1
        return _die() if left[0] == 0 else whole(*given, **more)

    setattr(owner, name, called)


def _points() -> dict[str, Callable[[], None]]:
    from hamn.guards.disposal.actions import keys, run
    from hamn.guards.vault.agent.keeper import Keeper

    return {
        "rows gone, boxes not, within the batch": lambda: _before(run.vault, "erase"),
        "boxes gone, within the batch": lambda: _before(run.holds, "forget", 2),
        "between batches": lambda: _before(run, "_destroy_batch", 3),
        "before any key is exchanged": lambda: _before(keys, "exchange"),
        "while grants are resealed": lambda: _before(Keeper, "reseal"),
        "before the old key is destroyed": lambda: _before(Keeper, "forget"),
        "one unit's key exchanged, not noted": lambda: _before(run, "_note_exchanged"),
        "between two units' keys": lambda: _before(keys, "exchange", 2),
        "before the certificate": lambda: _before(run, "_finish"),
        "within the last transaction": lambda: _before(run, "_certificate"),
    }


def check() -> None:
    """What there is: records that open, boxes, items, certificates, versions, and the trail."""
    from django.conf import settings

    from hamn.guards.audit import queries as audit
    from hamn.guards.audit.models import Entry
    from hamn.guards.disposal.models import Certificate, DisposalItem, DisposalList
    from hamn.guards.vault import queries as vaults
    from hamn.guards.vault.models import Grant, SealedBox
    from hamn.guards.vault.rules import Place

    opened = []
    with agent() as keeper:
        for record, _unit, _noted, box_id, sealed in _sql("SELECT * FROM tests_record"):
            box = vaults.open_box(UUID(box_id), ["mika"])
            place = Place("tests_record", "sealed", record)
            opened.append(box.open(place, bytes.fromhex(sealed)).decode())
        status = {one.unit: one for one in vaults.status().units}
        versions = {unit: sorted(keeper._held[unit].keyring.secrets) for unit in UNITS}
    row = DisposalList.objects.get()
    told = {
        "opened": sorted(opened),
        "boxes": SealedBox.objects.count(),
        "grants": Grant.objects.count(),
        "items": DisposalItem.objects.count(),
        "list": [row.state, row.destroyed, row.moved, row.rows],
        "certificates": [
            [one.records, one.key_versions, one.new_key_versions]
            for one in Certificate.objects.all()
        ],
        "versions": versions,
        "must_rotate": sorted(unit for unit, one in status.items() if one.must_rotate),
        "ended": Entry.objects.filter(event="disposal.ended").count(),
        "is_trail_sound": audit.verify(settings.TRAIL_HEADS).is_sound,
    }
    print(json.dumps(told))


def attack(keys: str) -> None:
    """Each record of this database that any private key in the folder opens, by brute force."""
    from hamn.guards.vault import rules
    from hamn.guards.vault.agent.keeper import grant_of
    from hamn.guards.vault.boxes import Box
    from hamn.guards.vault.models import Grant
    from hamn.guards.vault.rules import Place
    from hamn.guards.vault.rules.pairs import pair_of

    pairs = [pair_of(secret.seed).private for secret in _secrets(Path(keys))]
    boxes: dict[str, Box] = {}
    for grant in Grant.objects.all():
        to = grant_of(grant.box_id, grant.unit, grant.key_version)
        for private in pairs:
            try:
                key = rules.open_key(private, bytes(grant.sealed), to=to)
            except rules.Unreadable:
                continue
            boxes[str(grant.box_id)] = Box(grant.box_id, frozenset(), key)
    read = [
        boxes[box].open(Place("tests_record", "sealed", record), bytes.fromhex(sealed)).decode()
        for record, _unit, _noted, box, sealed in _sql("SELECT * FROM tests_record")
        if box in boxes
    ]
    print(json.dumps({"keys": len(pairs), "grants": Grant.objects.count(), "read": sorted(read)}))


def _secrets(folder: Path) -> Iterator[Any]:
    """Every version of every unit's keys in the files there are, by the passphrase of them all."""
    from hamn.guards.vault import rules

    for path in sorted(folder.rglob("*")):
        for unit in UNITS:
            if path.is_file() and path.stem == unit:
                yield from rules.unsealed(path.read_bytes(), unit, PASSPHRASE).secrets.values()


if __name__ == "__main__":
    import django

    django.setup()
    from hamn.guards.disposal.rules import register_holding

    register_holding(Shelf())
    match sys.argv[1:]:
        case ["build"]:
            build()
        case ["run", point]:
            POINTS = _points()
            run(point)
        case ["finish"]:
            run("")
            check()
        case ["attack", folder]:
            attack(folder)
