"""A unit's key is made, opened, closed, lost and found; who may, and what the trail says of it."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access.models import UnitMembership
from hamn.guards.audit import queries as audit
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault import rules
from hamn.guards.vault.models import UnitKey
from hamn.guards.vault.rules import Unreadable

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PHRASE = "enbart för provningen"  # conftest.PASSPHRASE


def state() -> dict[str, Any]:
    return {one.unit: one for one in vaults.status().units}


def test_only_the_units_own_head_unseals_it(cast: SimpleNamespace) -> None:
    vault.lock(unit="mika", by=cast.mika_head)
    for who in ("administrator", "first", "kast_head", "head", "mika_worker", "reader"):
        with pytest.raises((NotVisible, PermissionDenied)):
            vault.unseal(unit="mika", passphrase=PHRASE, by=getattr(cast, who))
    with pytest.raises(rules.WrongPassphrase):
        vault.unseal(unit="mika", passphrase="fel fras, helt fel", by=cast.mika_head)
    assert not state()["mika"].is_unsealed
    vault.unseal(unit="mika", passphrase=PHRASE, by=cast.mika_head)
    assert state()["mika"].is_unsealed


def test_a_head_who_no_longer_heads_the_unit_unseals_nothing(cast: SimpleNamespace) -> None:
    row = UnitMembership.objects.filter(person=cast.mika_head)
    row.update(ended_by=cast.first, ended_at=timezone.now())
    with pytest.raises((NotVisible, PermissionDenied)):
        vault.unseal(unit="mika", passphrase=PHRASE, by=cast.mika_head)


def test_a_cover_opens_the_unit_with_her_own_passphrase_until_it_is_taken_back(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.guards.vault import permits

    def covers(person: Any) -> set[str]:
        return {"mika"} if person.pk == cast.mika_worker.pk else set()

    monkeypatch.setattr(permits, "_covers", [covers])
    own = "ersättarens egen fras"
    vault.add_passphrase(
        unit="mika", passphrase=PHRASE, name="Ersättaren", new=own, by=cast.mika_head
    )
    vault.lock(unit="mika", by=cast.mika_worker)
    vault.unseal(unit="mika", passphrase=own, by=cast.mika_worker)
    assert state()["mika"].names == ("mika_head", "Ersättaren")
    vault.remove_passphrase(unit="mika", passphrase=PHRASE, name="Ersättaren", by=cast.mika_head)
    with pytest.raises(rules.WrongPassphrase):
        vault.unseal(unit="mika", passphrase=own, by=cast.mika_worker)
    with pytest.raises((NotVisible, PermissionDenied)):
        vault.unseal(unit="kast", passphrase=PHRASE, by=cast.mika_worker)


def test_a_passphrase_is_not_added_by_who_knows_none(cast: SimpleNamespace) -> None:
    with pytest.raises(rules.WrongPassphrase):
        vault.add_passphrase(
            unit="mika", passphrase="x" * 12, name="Ny", new="en helt annan fras", by=cast.mika_head
        )
    assert state()["mika"].names == ("mika_head",)


def test_a_lost_key_file_is_told_of_and_comes_back_from_its_copy(
    cast: SimpleNamespace, key_agent: Any, tmp_path: Path
) -> None:
    box = vault.new_box(["mika"])
    path = key_agent.keeper.files.folder / "mika.json"
    shutil.copy(path, tmp_path / "copy")
    vault.lock(unit="mika", by=cast.mika_head)
    path.unlink()
    for act in (
        lambda: vaults.open_box(box.id, ["mika"]),
        lambda: vault.unseal(unit="mika", passphrase=PHRASE, by=cast.mika_head),
        lambda: vault.rotate("mika"),
    ):
        with pytest.raises((rules.NoKey, rules.Unreadable)):
            act()
    assert (state()["mika"].has_file, state()["mika"].agrees) == (False, False)
    shutil.copy(tmp_path / "copy", path)
    vault.unseal(unit="mika", passphrase=PHRASE, by=cast.mika_head)
    assert vaults.open_box(box.id, ["mika"])


def test_a_unit_whose_key_is_lost_for_ever_starts_anew(
    cast: SimpleNamespace, key_agent: Any
) -> None:
    lost = vault.new_box(["mika"])
    key_agent.keeper.lock("mika")
    (key_agent.keeper.files.folder / "mika.json").unlink()
    fresh = {
        "unit": "mika",
        "name": "Chefen",
        "passphrase": "en helt ny fras",
        "by": cast.mika_head,
    }
    with pytest.raises(rules.AlreadyThere):
        vault.new_unit(**fresh)
    assert vault.new_unit(**fresh, is_key_lost=True).version == 2
    box = vault.new_box(["mika"])
    assert vaults.open_box(box.id, ["mika"])
    with pytest.raises(Unreadable):
        vaults.open_box(lost.id, ["mika"])


def test_a_public_key_that_was_exchanged_in_the_database_is_found_out(
    cast: SimpleNamespace,
) -> None:
    _seed, foreign = rules.new_pair()
    row = UnitKey.objects.filter(unit="mika")
    row.update(public=foreign.public)
    assert vaults.disagreeing(vaults.status().units) == ["mika"]
    row.update(fingerprint=rules.fingerprint(foreign.public))
    assert vaults.disagreeing(vaults.status().units) == ["mika"]


def test_a_key_is_made_for_units_that_exist_alone(cast: SimpleNamespace) -> None:
    for unit in ("nowhere", "", "../mika"):
        with pytest.raises(BadInput):
            vault.new_unit(unit=unit, name="x", passphrase=PHRASE, by=cast.administrator)


def test_the_trail_knows_what_was_done_with_keys_and_no_secret(cast: SimpleNamespace) -> None:
    box = vault.new_box(["mika"])
    vault.lock(unit="mika", by=cast.mika_head)
    vault.unseal(unit="mika", passphrase=PHRASE, by=cast.mika_head)
    vault.rotate("mika", by=cast.administrator)
    told = [(row.event, str(row.facts)) for row in audit.of_rooms(["vault"])]
    events = [event for event, _facts in told if event.startswith("vault.")]
    assert {"vault.locked", "vault.unsealed", "vault.key_rotated"} <= set(events)
    assert not any(PHRASE in facts or str(box.id) in facts for _event, facts in told)
    assert not any(box.trail_name in facts for _event, facts in told)


@pytest.fixture
def silent_trail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trail that cannot be written to."""

    def fail(*_given: Any, **_more: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("hamn.guards.vault.actions.units.audit.record", fail)


def test_what_the_trail_cannot_tell_of_is_not_done_with_a_key(
    cast: SimpleNamespace, silent_trail: None, key_agent: Any
) -> None:
    given = {"unit": "mika", "passphrase": PHRASE, "by": cast.mika_head}
    file = key_agent.keeper.files.read("mika")
    for act in (
        lambda: vault.lock(unit="mika", by=cast.mika_head),
        lambda: vault.add_passphrase(**given, name="Ny", new="en helt annan fras"),
        lambda: vault.remove_passphrase(**given, name="mika_head"),
    ):
        with pytest.raises(OperationalError):
            act()
    assert key_agent.keeper.files.read("mika") == file
    assert state()["mika"].is_unsealed
    key_agent.keeper.lock("mika")
    with pytest.raises(OperationalError):
        vault.unseal(**given)
    assert not state()["mika"].is_unsealed


def test_a_unit_that_one_passphrase_opens_is_told_of(cast: SimpleNamespace) -> None:
    assert state()["mika"].has_one_passphrase
    vault.add_passphrase(
        unit="mika", passphrase=PHRASE, name="Ny", new="en helt annan fras", by=cast.mika_head
    )
    assert not state()["mika"].has_one_passphrase
