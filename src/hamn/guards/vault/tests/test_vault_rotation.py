"""A unit's key is exchanged: living boxes open, erased ones do not, whatever is cut short."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from hamn.core.errors import NotVisible, PermissionDenied
from hamn.guards.audit import queries as audit
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault import rules
from hamn.guards.vault.actions import rotating
from hamn.guards.vault.actions.boxes import _grant
from hamn.guards.vault.models import Grant, IndexEntry, SealedBox, UnitKey
from hamn.guards.vault.rules import IndexKind, Locked, Place, Unreadable

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLACE = Place("cases_note", "sealed", "1")
PHRASE = "enbart för provningen"  # conftest.PASSPHRASE


class Killed(BaseException):
    """As if by kill -9: nothing catches it."""


def named(name: str, *units: str) -> Any:
    box = vault.new_box(units or ["mika"])
    vault.index(box, unit="mika", kind=IndexKind.NAME, values=[name])
    return box


def state() -> dict[str, Any]:
    return {one.unit: one for one in vaults.status().units}


def test_after_a_rotation_boxes_open_are_found_and_stand_under_the_new_key() -> None:
    boxes = [named(f"Namn{number}", "mika", "kast") for number in range(3)]
    made = vault.rotate("mika")
    assert made == ("mika", 2, 3, 3, 0)
    for number, box in enumerate(boxes):
        assert vaults.open_box(box.id, ["mika"]).trail_name == box.trail_name
        assert vaults.open_box(box.id, ["kast"]).trail_name == box.trail_name
        assert vaults.find(["mika"], IndexKind.NAME, f"namn{number}") == {box.id}
    assert set(Grant.objects.filter(unit="mika").values_list("key_version", flat=True)) == {2}
    assert set(Grant.objects.filter(unit="kast").values_list("key_version", flat=True)) == {1}
    assert state()["mika"].version == 2
    assert not state()["mika"].must_rotate


def test_the_old_private_key_is_in_no_key_file_and_no_memory(key_agent: Any) -> None:
    before = key_agent.keeper.files.read("mika")
    vault.rotate("mika")
    file = key_agent.keeper.files.read("mika")
    assert set(rules.read_header(file).fingerprints) == {2}
    assert set(rules.unsealed(file, "mika", PHRASE).secrets) == {2}
    assert set(key_agent.keeper._held["mika"].pairs) == {2}
    assert set(rules.unsealed(before, "mika", PHRASE).secrets) == {1}


def test_what_was_erased_does_not_open_with_older_rows_and_every_key_that_still_exists() -> None:
    """The proof of erasure: an older database beside today's keys."""
    gone, living = named("Gallrad"), named("Kvar")
    sealed = gone.seal(PLACE, b"obviously invented")
    old_grants = list(Grant.objects.filter(box_id=gone.id).values())
    old_entries = list(IndexEntry.objects.filter(box_id=gone.id).values())
    old_keys = list(UnitKey.objects.values())

    assert vault.erase([gone.id]) == 1
    vault.rotate("mika")

    SealedBox.objects.create(id=gone.id)
    Grant.objects.bulk_create(Grant(**row) for row in old_grants)
    IndexEntry.objects.bulk_create(IndexEntry(**row) for row in old_entries)
    for row in old_keys:
        UnitKey.objects.filter(pk=row["id"]).update(**row)
    with pytest.raises(Unreadable):
        vaults.open_box(gone.id, ["mika", "kast", "coordinator_adult", "coordinator_child"])
    assert vaults.find(["mika"], IndexKind.NAME, "Gallrad") == set()
    vault.rotate("mika")
    with pytest.raises(Unreadable):
        vaults.open_box(gone.id, ["mika"])
    with pytest.raises(Unreadable):
        living.open(PLACE, sealed)
    assert vaults.open_box(living.id, ["mika"]).trail_name == living.trail_name
    assert vaults.find(["mika"], IndexKind.NAME, "Kvar") == {living.id}


def test_a_revoked_grant_that_was_copied_dies_with_the_key() -> None:
    box = vault.new_box(["mika", "kast"])
    (copy,) = Grant.objects.filter(box_id=box.id, unit="kast").values()
    vault.revoke_grant(box.id, "kast")
    assert state()["kast"].must_rotate
    vault.rotate("kast")
    Grant.objects.create(**copy)
    with pytest.raises(Unreadable):
        vaults.open_box(box.id, ["kast"])


STEPS = [
    "next_version",  # the agent has the key, the database not
    "reseal",
    "rekey",
    "forget",  # all is resealed, the old private key is still there
]


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("step", STEPS)
def test_a_rotation_killed_anywhere_is_gone_on_with(
    step: str, after: int, monkeypatch: pytest.MonkeyPatch, key_agent: Any
) -> None:
    monkeypatch.setattr(rotating, "BATCH", 2)
    boxes = [named(f"Namn{number}") for number in range(5)]
    ask, seen = rotating.client.ask, []

    def cut(do: str, **more: Any) -> Any:
        told = ask(do, **more)
        seen.append(do)
        if seen.count(step) > after * (step in {"reseal", "rekey"}):
            raise Killed
        return told

    with monkeypatch.context() as patched:
        patched.setattr(rotating.client, "ask", cut)
        with pytest.raises(Killed):
            rotating.rotate("mika")
    new = vault.new_box(["mika"])  # work goes on in between
    for number, box in enumerate(boxes):
        assert vaults.open_box(box.id, ["mika"]).trail_name == box.trail_name
        assert vaults.find(["mika"], IndexKind.NAME, f"namn{number}") == {box.id}
    vault.rotate("mika")
    for number, box in enumerate(boxes):
        assert vaults.open_box(box.id, ["mika"]).trail_name == box.trail_name
        assert vaults.find(["mika"], IndexKind.NAME, f"namn{number}") == {box.id}
    assert vaults.open_box(new.id, ["mika"]).trail_name == new.trail_name
    one = state()["mika"]
    assert (one.left, one.must_rotate, one.agrees) == (0, False, True)
    versions = set(rules.read_header(key_agent.keeper.files.read("mika")).fingerprints)
    assert versions == {one.version}


def test_a_rotation_killed_before_the_old_key_was_destroyed_is_still_due(
    monkeypatch: pytest.MonkeyPatch, key_agent: Any
) -> None:
    vault.erase([vault.new_box(["mika"]).id])
    ask = rotating.client.ask

    def cut(do: str, **more: Any) -> Any:
        if do == "forget":
            raise Killed
        return ask(do, **more)

    with monkeypatch.context() as patched:
        patched.setattr(rotating.client, "ask", cut)
        with pytest.raises(Killed):
            rotating.rotate("mika")
    assert set(rules.read_header(key_agent.keeper.files.read("mika")).fingerprints) == {1, 2}
    assert state()["mika"].must_rotate
    assert [one.unit for one in vault.rotate_due()] == ["mika"]
    assert set(rules.read_header(key_agent.keeper.files.read("mika")).fingerprints) == {3}
    assert not state()["mika"].must_rotate


@pytest.mark.parametrize("model", [Grant, IndexEntry])
def test_a_slow_run_takes_nothing_back_that_a_later_one_has_done(
    model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = named("Kvar")
    key = rotating._next_key("mika", 1)
    rows = list(model.objects.filter(box_id=box.id))
    ask = rotating.client.ask

    def overtaken(do: str, **more: Any) -> Any:
        told = ask(do, **more)
        model.objects.update(key_version=3, sealed=b"later")
        return told

    monkeypatch.setattr(rotating.client, "ask", overtaken)
    (rotating._reseal if model is Grant else rotating._rekey)(key, rows)
    assert {(row.key_version, bytes(row.sealed)) for row in model.objects.all()} == {(3, b"later")}


def test_what_is_due_is_exchanged_by_the_system_where_it_can_be(
    cast: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    for unit in ("mika", "kast", "coordinator_adult"):
        vault.erase([vault.new_box([unit]).id])
    vault.lock(unit="kast", by=cast.kast_head)
    UnitKey.objects.filter(unit="coordinator_adult").update(fingerprint="0000")
    assert [one.unit for one in vault.rotate_due()] == ["mika"]
    assert {unit for unit, one in state().items() if one.must_rotate} >= {"kast"}
    assert [row.by for row in audit.of_rooms(["vault"]) if row.event == "vault.key_rotated"] == [
        "system"
    ]
    vault.unseal(unit="kast", passphrase=PHRASE, by=cast.kast_head)
    assert [one.unit for one in vault.rotate_due()] == ["kast"]
    assert vault.rotate_due() == []
    settings.VAULT = tmp_path / "nothing"
    assert vault.rotate_due() == []


def test_what_was_erased_during_a_rotation_that_was_cut_short_demands_another() -> None:
    box = vault.new_box(["mika"])
    key = rotating._next_key("mika", 1)
    rotating._reseal(key, list(Grant.objects.all()))
    (copy,) = Grant.objects.filter(box_id=box.id).values()
    assert copy["key_version"] == 2
    vault.erase([box.id])
    assert vault.rotate("mika").version == 3
    SealedBox.objects.create(id=box.id)
    Grant.objects.create(**copy)
    with pytest.raises(Unreadable):
        vaults.open_box(box.id, ["mika"])
    assert not UnitKey.objects.filter(
        unit="mika", retired_at=None, erased_at__isnull=False
    ).exists()


def test_a_box_made_while_the_key_is_exchanged_is_not_left_under_the_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vault.new_box(["mika"])
    late: list[Any] = []
    reseal = rotating._reseal

    def slip_in(key: UnitKey, batch: list[Grant]) -> int:
        count = reseal(key, batch)
        if not late:
            # As another process that had read the old key just before.
            late.append(vault.new_box(["kast"]))
            old = UnitKey.objects.get(unit="mika", version=1)
            _grant(late[0], old).save()
        return count

    monkeypatch.setattr(rotating, "_reseal", slip_in)
    vault.rotate("mika")
    assert vaults.open_box(late[0].id, ["mika"]).trail_name == late[0].trail_name
    assert state()["mika"].left == 0


def test_a_grant_that_no_key_opens_is_counted_and_hinders_nothing() -> None:
    whole, lost = vault.new_box(["mika"]), vault.new_box(["mika"])
    Grant.objects.filter(box_id=lost.id).update(sealed=b"\x01" + b"x" * 1168)
    assert vault.rotate("mika").lost == 1
    assert vaults.open_box(whole.id, ["mika"])
    # Another exchange would not open it either, so none is asked for.
    assert (state()["mika"].left, state()["mika"].must_rotate) == (1, False)


def test_a_unit_that_is_not_unsealed_is_not_rotated_and_nothing_changes(
    cast: SimpleNamespace,
) -> None:
    box = vault.new_box(["mika"])
    vault.lock(unit="mika", by=cast.administrator)
    with pytest.raises(Locked):
        vault.rotate("mika", by=cast.administrator)
    with pytest.raises(Locked):
        vaults.open_box(box.id, ["mika"])
    with pytest.raises(Locked):
        vaults.open_boxes([box.id], ["mika", "kast"])
    assert UnitKey.objects.filter(unit="mika").count() == 1
    vault.unseal(unit="mika", passphrase=PHRASE, by=cast.mika_head)
    assert vaults.open_box(box.id, ["mika"])


def test_memory_stays_the_same_however_many_boxes_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rotating, "BATCH", 3)
    for _ in range(10):
        vault.new_box(["mika"])
    sizes, told = [], []
    batch = rotating._batch

    def counted(model: Any, key: UnitKey, after: int) -> Any:
        rows = batch(model, key, after)
        sizes.append(len(rows))
        return rows

    monkeypatch.setattr(rotating, "_batch", counted)
    made = vault.rotate("mika", lambda done, of: told.append((done, of)))
    assert made.grants == 10
    assert max(sizes) == 3
    assert told[-1] == (10, 10)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("mika_head", PermissionDenied), ("mika_worker", NotVisible), ("reader", NotVisible)],
)
def test_only_who_runs_the_system_exchanges_keys(
    who: str, refusal: type[Exception], cast: SimpleNamespace
) -> None:
    with pytest.raises(refusal):
        vault.rotate("mika", by=getattr(cast, who))
    assert vault.rotate("mika", by=cast.administrator).version == 2


def test_nothing_is_found_for_boxes_that_never_were() -> None:
    assert vaults.open_boxes([uuid4()], ["mika"]) == {}
    assert vaults.open_boxes([], []) == {}
    assert vault.erase([uuid4()]) == 0
