"""What the agent keeps: passphrases beside rotations, wrong ones, closing, unfinished files."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from hamn.core.errors import Refusal
from hamn.guards.vault import rules
from hamn.guards.vault.agent.keeper import Busy, Keeper
from hamn.guards.vault.agent.keyfiles import KeyFiles
from hamn.guards.vault.rules import Cost

CHEAP = Cost(passes=1, memory_kib=8, lanes=1)
PHRASE, ADDED = "fyra ord på rad räcker", "ersättarens egen fras"


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    made = Keeper(KeyFiles(tmp_path / "keys"), cost=CHEAP, wait=lambda _seconds: None)
    made.new_unit("mika", 1, "Chefen", PHRASE)
    return made


def test_a_wrong_passphrase_is_answered_ever_more_slowly_and_never_locks_out(
    tmp_path: Path,
) -> None:
    waited: list[float] = []
    keeper = Keeper(KeyFiles(tmp_path / "keys"), cost=CHEAP, wait=waited.append)
    keeper.new_unit("mika", 1, "Chefen", PHRASE)
    for _ in range(12):
        with pytest.raises(rules.WrongPassphrase):
            keeper.unseal("mika", "fel fras, helt fel")
    assert waited == sorted(waited)
    assert (waited[0], waited[-1]) == (0.5, 8.0)
    keeper.unseal("mika", PHRASE)
    with pytest.raises(rules.WrongPassphrase):
        keeper.unseal("mika", "fel igen, helt fel")
    assert waited[-1] == 0.5


def test_endless_tries_at_once_are_not_all_kept_waiting(tmp_path: Path) -> None:
    holding = threading.Event()
    keeper = Keeper(KeyFiles(tmp_path / "keys"), cost=CHEAP, wait=lambda _s: holding.wait(5))
    keeper.new_unit("mika", 1, "Chefen", PHRASE)
    answers: list[type[Exception]] = []

    def attempt() -> None:
        try:
            keeper.unseal("mika", "fel fras, helt fel")
        except Refusal as refusal:
            answers.append(type(refusal))

    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    while len(answers) < 12:
        holding.wait(0.01)
    holding.set()
    for thread in threads:
        thread.join(5)
    assert answers.count(Busy) == 12
    assert answers.count(rules.WrongPassphrase) == 8


@pytest.mark.parametrize("broken", [b"", b"{}", b"\x00" * 50, b'{"format": 1}'])
def test_a_broken_key_file_is_told_of_and_hinders_no_other_unit(
    keeper: Keeper, broken: bytes
) -> None:
    keeper.files.write("kast", broken)
    with pytest.raises(rules.Unreadable):
        keeper.unseal("kast", PHRASE)
    keeper.unseal("mika", PHRASE)
    told = {one["unit"]: one["broken"] for one in keeper.status()}
    assert told == {"kast": True, "mika": False}


def test_a_making_that_was_cut_short_is_gone_on_with_by_its_passphrase_alone(
    keeper: Keeper,
) -> None:
    first = keeper.new_unit("kast", 1, "Chefen", PHRASE)
    assert keeper.new_unit("kast", 1, "Chefen", PHRASE) == first
    for version, phrase in ((1, "en helt annan fras"), (2, PHRASE)):
        with pytest.raises(rules.AlreadyThere):
            keeper.new_unit("kast", version, "Chefen", phrase)


class Slow(Keeper):
    """A keeper for whom things happen while a passphrase is stretched."""

    meanwhile: Callable[[], object] | None = None

    def _tried(self, unit: str, file: bytes, passphrase: str) -> rules.Keyring:
        keyring = super()._tried(unit, file, passphrase)
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        return keyring


@pytest.mark.parametrize(
    "act",
    [
        lambda keeper: keeper.unseal("mika", PHRASE),
        lambda keeper: keeper.add_passphrase("mika", PHRASE, "Ny", "en helt annan fras"),
        lambda keeper: keeper.remove_passphrase("mika", PHRASE, "Ersättaren"),
    ],
    ids=["unseal", "add", "remove"],
)
@pytest.mark.parametrize("rotation", ["begins", "ends", "all"])
def test_a_rotation_beside_a_passphrase_loses_no_new_key_and_no_old_one_comes_back(
    rotation: str, act: Callable[[Keeper], object], tmp_path: Path
) -> None:
    keeper = Slow(KeyFiles(tmp_path / "keys"), cost=CHEAP, wait=lambda _seconds: None)
    keeper.new_unit("mika", 1, "Chefen", PHRASE)
    keeper.add_passphrase("mika", PHRASE, "Ersättaren", ADDED)
    if rotation == "ends":
        keeper.next_version("mika", 1)
    made: list[bytes] = []

    def rotate() -> None:
        made.append(keeper.next_version("mika", 1)[1])
        if rotation != "begins":
            keeper.forget("mika", 2)

    keeper.meanwhile = rotate
    act(keeper)
    alive = {1, 2} if rotation == "begins" else {2}
    in_file = rules.unsealed(keeper.files.read("mika"), "mika", PHRASE)
    assert set(in_file.secrets) == set(keeper._held["mika"].pairs) == alive
    assert keeper._held["mika"].pairs[2].public == made[0]
    assert rules.pairs.pair_of(in_file.secrets[2].seed).public == made[0]


def test_a_passphrase_that_is_taken_away_while_it_is_tried_opens_nothing(tmp_path: Path) -> None:
    keeper = Slow(KeyFiles(tmp_path / "keys"), cost=CHEAP, wait=lambda _seconds: None)
    keeper.new_unit("mika", 1, "Chefen", PHRASE)
    keeper.add_passphrase("mika", PHRASE, "Ersättaren", ADDED)
    keeper.lock("mika")
    keeper.meanwhile = lambda: keeper.remove_passphrase("mika", PHRASE, "Ersättaren")
    with pytest.raises(rules.WrongPassphrase):
        keeper.unseal("mika", ADDED)
    assert not keeper.status()[0]["unsealed"]


def test_a_unit_that_is_closed_stays_closed_when_passphrases_come_and_go(keeper: Keeper) -> None:
    keeper.lock("mika")
    keeper.add_passphrase("mika", PHRASE, "Ersättaren", ADDED)
    assert not keeper.status()[0]["unsealed"]
    keeper.remove_passphrase("mika", ADDED, "Chefen")
    assert not keeper.status()[0]["unsealed"]
    keeper.unseal("mika", ADDED)
    keeper.add_passphrase("mika", ADDED, "Chefen", PHRASE)
    assert keeper.status()[0]["unsealed"]


def test_a_unit_that_is_closed_while_its_key_is_exchanged_stays_closed(keeper: Keeper) -> None:
    write = keeper.files.write
    late = threading.Thread(target=keeper.lock, args=("mika",))

    def slip_in(unit: str, content: bytes) -> None:
        late.start()
        write(unit, content)

    keeper.files.write = slip_in  # type: ignore[method-assign]
    keeper.next_version("mika", 1)
    late.join(5)
    assert not late.is_alive()
    assert not keeper.status()[0]["unsealed"]
