"""`hamn vault …`: what each verb does, who may, and that no key and no passphrase gets out."""

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.site import acting

pytestmark = pytest.mark.django_db
PHRASE = "enbart för provningen"  # conftest.PASSPHRASE
OWN = "ersättarens egen fras"
VERBS = {"agent", "status", "unseal", "lock", "rotate", "new-unit"}
VERBS |= {"add-passphrase", "remove-passphrase"}


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that puts lines where the command reads passphrases."""

    def put(*lines: str) -> None:
        text = "".join(f"{line}\n" for line in lines)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return put


@pytest.fixture
def as_proved(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that gives the words of a person who has shown that it is she."""

    def words(person: Any) -> tuple[str, str]:
        monkeypatch.setenv("HAMN_KEY", acting.new_key(person))
        return ("--as", person.email)

    return words


def test_no_verb_opens_what_is_sealed(hamn: Any) -> None:
    usage = hamn("vault", "--help").out
    listed = usage.split("{")[1].split("}")[0] if "{" in usage else usage
    assert all(verb in usage for verb in VERBS)
    assert not [word for word in ("open", "decrypt", "show", "export", "read") if word in listed]


def test_status_tells_of_each_unit_and_fails_where_a_key_is_not_the_files(
    hamn: Any, cast: SimpleNamespace
) -> None:
    told = hamn("--as", cast.administrator.email, "vault", "status", "--format", "json")
    assert told.status == 0
    units = {one["unit"]: one for one in json.loads(told.out)["units"]}
    assert {"mika", "kast", "coordinator_adult", "coordinator_child"} <= set(units)
    assert units["mika"]["is_unsealed"]
    assert "mika_head" in hamn("--as", cast.mika_head.email, "vault", "status").out
    assert hamn("--as", cast.mika_worker.email, "vault", "status").status == 1
    from hamn.guards.vault.models import UnitKey

    UnitKey.objects.filter(unit="mika").update(fingerprint="0000")
    assert hamn("--as", cast.administrator.email, "vault", "status").status == 1


def test_an_agent_that_does_not_answer_has_not_lost_a_key_file(
    hamn: Any, cast: SimpleNamespace, settings: Any, tmp_path: Any
) -> None:
    settings.VAULT = tmp_path / "nobody"
    words = ("--as", cast.administrator.email, "vault", "status")
    told = hamn(*words)
    assert told.status == 1
    assert "Nyckelagenten svarar inte" in told.out
    assert "okänt" in told.out and "filen saknas" not in told.out
    units = json.loads(hamn(*words, "--format", "json").out)["units"]
    assert {(one["has_file"], one["agrees"]) for one in units} == {(None, None)}


def test_the_head_closes_and_opens_her_unit_with_her_passphrase(
    hamn: Any, cast: SimpleNamespace, piped: Any, as_proved: Any
) -> None:
    assert hamn(*as_proved(cast.mika_head), "vault", "lock", "--unit", "mika").status == 0
    piped("fel fras, helt fel")
    wrong = hamn(*as_proved(cast.mika_head), "vault", "unseal", "--unit", "mika")
    assert (wrong.status, "stämmer inte" in wrong.err) == (1, True)
    piped(PHRASE)
    right = hamn(*as_proved(cast.mika_head), "vault", "unseal", "--unit", "mika")
    assert right.status == 0, right.err
    assert PHRASE not in wrong.out + wrong.err + right.out + right.err


@pytest.mark.parametrize("who", ["mika_head", "administrator"])
@pytest.mark.parametrize(
    "words",
    [
        *(("unseal",), ("lock",), ("rotate",), ("add-passphrase", "--name", "x")),
        *(("new-unit", "--name", "x"), ("remove-passphrase", "--name", "x")),
    ],
    ids=lambda words: words[0],
)
def test_typing_anybodys_name_does_nothing_with_a_key(
    words: tuple[str, ...], who: str, hamn: Any, cast: SimpleNamespace, piped: Any
) -> None:
    piped(PHRASE, PHRASE, PHRASE)
    refused = hamn("--as", getattr(cast, who).email, "vault", *words, "--unit", "mika")
    assert (refused.status, refused.out) == (1, "")
    assert {one.unit: (one.version, one.is_unsealed) for one in vaults.status().units}["mika"] == (
        1,
        True,
    )


def test_a_passphrase_is_added_and_taken_back(
    hamn: Any, cast: SimpleNamespace, piped: Any, as_proved: Any
) -> None:
    named = ("--unit", "mika", "--name", "Ersättaren")
    piped(PHRASE, OWN)
    added = hamn(*as_proved(cast.mika_head), "vault", "add-passphrase", *named)
    assert added.status == 0, added.err
    vault.unseal(unit="mika", passphrase=OWN, by=cast.mika_head)
    piped(OWN)
    gone = hamn(*as_proved(cast.mika_head), "vault", "remove-passphrase", *named)
    assert gone.status == 0, gone.err
    assert {one.unit: one.names for one in vaults.status().units}["mika"] == ("mika_head",)


def test_rotate_exchanges_what_must_be_and_says_so(
    hamn: Any, cast: SimpleNamespace, as_proved: Any, settings: Any
) -> None:
    box, kept = vault.new_box(["mika"]), vault.new_box(["mika"])
    vault.erase([box.id])
    settings.KEY_BACKUP_DAYS = 17
    first = hamn(*as_proved(cast.administrator), "vault", "rotate")
    assert (first.status, "mika: version 2" in first.out) == (0, True), first.err
    assert "kast" not in first.out
    assert "högst 17 dagar" in first.out
    assert "Ingen nyckel" in hamn(*as_proved(cast.administrator), "vault", "rotate").out
    named = ("vault", "rotate", "--unit", "kast")
    assert "kast: version 2" in hamn(*as_proved(cast.administrator), *named).out
    assert vaults.open_box(kept.id, ["mika"])
    assert hamn(*as_proved(cast.kast_head), *named).status == 1


def test_the_days_routine_exchanges_what_is_due_and_leaves_a_closed_unit(
    hamn: Any, cast: SimpleNamespace
) -> None:
    for unit in ("mika", "kast"):
        vault.erase([vault.new_box([unit]).id])
    vault.lock(unit="kast", by=cast.kast_head)
    assert hamn("daily").status == 0
    due = {one.unit: one.must_rotate for one in vaults.status().units}
    assert (due["mika"], due["kast"]) == (False, True)
    told = hamn("--as", cast.administrator.email, "vault", "status").out
    assert "kast: nyckeln byts när enheten är öppen." in told
    assert "kast: bara en lösenfras öppnar enheten." in told


def test_a_short_passphrase_makes_no_key_and_an_unknown_unit_has_none(
    hamn: Any, cast: SimpleNamespace, piped: Any, as_proved: Any
) -> None:
    for unit, phrase in (("nowhere", OWN), ("mika", OWN), ("mika", "kort")):
        piped(phrase)
        who = as_proved(cast.administrator)
        refused = hamn(*who, "vault", "new-unit", "--unit", unit, "--name", "Chefen")
        assert refused.status == 1
        assert phrase not in refused.err


def test_the_check_before_others_are_let_in_compares_the_keys(
    hamn: Any, cast: SimpleNamespace, settings: Any, key_agent: Any, tmp_path: Any
) -> None:
    from hamn.guards.vault.models import UnitKey
    from hamn.site.checks import check_keys

    def found() -> set[str]:
        ids = {str(one.id) for one in check_keys(None)}
        return ids & {"hamn.E010", "hamn.I011", "hamn.W012", "hamn.E013"}

    assert found() == set()
    box = vault.new_box(["mika"])
    vault.erase([box.id])
    assert found() == {"hamn.W012"}
    vault.rotate("mika")
    UnitKey.objects.filter(unit="mika", retired_at=None).update(fingerprint="0000")
    (key_agent.folder / "keys" / "kast.json").chmod(0o644)
    assert found() == {"hamn.E010", "hamn.E013"}
    (key_agent.folder / "keys" / "kast.json").chmod(0o600)
    settings.VAULT = tmp_path
    assert found() == {"hamn.I011"}


def test_an_accepted_cover_opens_the_unit_from_her_first_day(cast: SimpleNamespace) -> None:
    """The wiring: the vault hears of covers from the staff register."""
    from hamn.guards.access.permits import allows
    from hamn.register.staff import actions as staff

    today = timezone.localdate()
    assert not allows(cast.mika_second, "vault.unseal", "mika")
    cover = staff.offer_cover(
        unit="mika",
        person_id=cast.mika_second.pk,
        starts_on=today,
        ends_on=None,
        today=today,
        by=cast.mika_head,
    )
    assert not allows(cast.mika_second, "vault.unseal", "mika")
    staff.accept_cover(cover_id=cover.pk, today=today, by=cast.mika_second)
    assert allows(cast.mika_second, "vault.unseal", "mika")
    assert allows(cast.mika_second, "vault.see")
    assert not allows(cast.mika_second, "vault.unseal", "kast")
