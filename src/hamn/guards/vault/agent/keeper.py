"""What the key agent can do: hold keyrings, open data keys, make digests, exchange keys.

No operation takes or gives a text that is sealed in a box.
"""

import hmac
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple
from uuid import UUID

from hamn.core.errors import BadInput, Refusal, _

from .. import rules
from ..rules.pairs import KeyPair, pair_of
from .keyfiles import KeyFiles

LONGEST_WAIT_S = 8.0
MOST_WAITING = 8


class Sealed(NamedTuple):
    """A data key of a box, sealed to a version of a unit's key."""

    unit: str
    version: int
    box: UUID
    sealed: bytes


class Hidden(NamedTuple):
    """A text of the blind index, sealed under a version of the unit's index key."""

    box: UUID
    kind: str
    version: int
    sealed: bytes


class Held(NamedTuple):
    """A unsealed keyring with its key pairs made."""

    keyring: rules.Keyring
    pairs: dict[int, KeyPair]


class Busy(Refusal):
    """Too many are waiting for an answer about one unit's passphrase."""

    code = "vault.busy"


class Keeper:
    """The unsealed keys of all units, in memory alone."""

    def __init__(
        self,
        files: KeyFiles,
        *,
        cost: rules.Cost | None = None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.files = files
        self._cost = cost or rules.Cost()
        self._wait = wait
        self._held: dict[str, Held] = {}
        self._writing = threading.RLock()
        self._trying: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._queues: defaultdict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(MOST_WAITING)
        )
        self._failures: defaultdict[str, int] = defaultdict(int)

    def status(self) -> list[dict[str, object]]:
        """What each key file says, and whether it is unsealed."""
        return [self._status_of(unit) for unit in self.files.units()]

    def unseal(self, unit: str, passphrase: str) -> None:
        """Hold the unit's keys. Raises NoKey, WrongPassphrase, Unreadable, Busy."""
        self._let_in(unit, passphrase, self._hold)

    def prove(self, unit: str, passphrase: str) -> None:
        """Pass a passphrase of the unit; nothing is opened by it. Raises as `unseal`."""
        self._tried(unit, self.files.read(unit), passphrase)

    def lock(self, unit: str) -> None:
        """Forget the unit's keys until somebody unseals them again."""
        with self._writing:
            self._held.pop(unit, None)

    def new_unit(self, unit: str, version: int, name: str, passphrase: str) -> tuple[int, bytes]:
        """A key file for a unit that has none, held unsealed; its version and public key.

        Where the file is there and the passphrase opens it, it is that one: a making that was cut
        short is gone on with. Raises BadInput, AlreadyThere.
        """
        with self._writing:
            if unit not in self.files.units():
                made = rules.new_keyring(unit, version, name, passphrase, self._cost)
                self._store(made)
                self._hold(made)
                return self._newest(unit)
        return self._taken_up(unit, version, passphrase)

    def add_passphrase(self, unit: str, passphrase: str, name: str, new: str) -> None:
        """One more passphrase for the unit, let in by one that it has; a closed unit stays so."""

        def add(keyring: rules.Keyring) -> None:
            self._store(keyring.with_passphrase(name, new, self._cost))

        self._let_in(unit, passphrase, add)

    def remove_passphrase(self, unit: str, passphrase: str, name: str) -> None:
        """One passphrase less, by one that stays or goes; a closed unit stays so."""

        def remove(keyring: rules.Keyring) -> None:
            self._store(keyring.without_passphrase(name))

        self._let_in(unit, passphrase, remove)

    def open(self, items: Iterable[Sealed]) -> list[bytes | str]:
        """Each box's data key, or the code of why it does not open."""
        return [self._opened(item) for item in items]

    def digests(self, unit: str, kind: str, values: Iterable[str]) -> dict[str, list[bytes]]:
        """Each value's digests under all versions of the unit's index key. Raises Locked."""
        secrets = self._of(unit).keyring.secrets.values()
        return {
            value: [_digest(secret.search, kind, value) for secret in secrets] for value in values
        }

    def entries(
        self, unit: str, version: int, box: UUID, kind: str, values: Iterable[str]
    ) -> list[tuple[bytes, bytes]]:
        """Each value's digest, and the value sealed for the day the key is exchanged."""
        index = self._index(unit, version)
        place = _place(unit, version, box, kind)
        return [(_digest(index, kind, value), _hide(index, place, value)) for value in values]

    def next_version(self, unit: str, after: int) -> tuple[int, bytes]:
        """The version and public key of the unit's keys after that version, made unless made."""
        with self._writing:
            keyring = self._of(unit).keyring
            if keyring.newest <= after:
                self._store(keyring.with_version(after + 1))
            return self._newest(unit)

    def reseal(self, unit: str, version: int, items: Iterable[Sealed]) -> list[bytes | None]:
        """Each data key sealed to that version of the same unit's own key; None if it is lost."""
        pair = self._pair(unit, version)
        return [
            self._resealed(item, version, pair) if item.unit == unit else None for item in items
        ]

    def rekey(
        self, unit: str, version: int, items: Iterable[Hidden]
    ) -> list[tuple[bytes, bytes] | None]:
        """Each index entry under that version of the unit's index key; None if it is lost."""
        return [self._rekeyed(unit, version, item) for item in items]

    def forget(self, unit: str, before: int) -> None:
        """Destroy the unit's keys of versions before that one, in memory and in the file."""
        with self._writing:
            keyring = self._of(unit).keyring
            if min(keyring.secrets) < before <= keyring.newest:
                self._store(keyring.without_before(before))

    def _status_of(self, unit: str) -> dict[str, object]:
        told: dict[str, object] = {"unit": unit, "unsealed": unit in self._held}
        try:
            header = rules.read_header(self.files.read(unit))
        except Refusal:
            return {**told, "broken": True, "names": [], "fingerprints": {}}
        prints = {str(version): one for version, one in header.fingerprints.items()}
        return {**told, "broken": False, "names": list(header.names), "fingerprints": prints}

    def _let_in(self, unit: str, passphrase: str, act: Callable[[rules.Keyring], object]) -> None:
        """Act on the keyring that the passphrase opens, with nobody else at the unit's file.

        A passphrase takes its time to try, and nobody waits for that: a file that was changed
        meanwhile is opened anew, so that no key that a rotation made or destroyed is undone.
        """
        while True:
            file = self.files.read(unit)
            keyring = self._tried(unit, file, passphrase)
            with self._writing:
                if self.files.read(unit) == file:
                    act(keyring)
                    return

    def _tried(self, unit: str, file: bytes, passphrase: str) -> rules.Keyring:
        """The keyring that the passphrase opens; after wrong ones the answer takes its time."""
        if not self._queues[unit].acquire(blocking=False):
            raise Busy(_("Många försök väntar redan på svar. Försök igen om en minut."))
        try:
            with self._trying[unit]:
                return self._judged(unit, file, passphrase)
        finally:
            self._queues[unit].release()

    def _judged(self, unit: str, file: bytes, passphrase: str) -> rules.Keyring:
        try:
            keyring = rules.unsealed(file, unit, passphrase)
        except rules.WrongPassphrase:
            self._failures[unit] += 1
            self._wait(min(0.25 * 2 ** min(self._failures[unit], 10), LONGEST_WAIT_S))
            raise
        self._failures[unit] = 0
        return keyring

    def _taken_up(self, unit: str, version: int, passphrase: str) -> tuple[int, bytes]:
        try:
            self.unseal(unit, passphrase)
        except rules.WrongPassphrase:
            found = None
        else:
            found = self._newest(unit)
        if found is None or found[0] != version:
            raise rules.AlreadyThere(
                _("Enheten {unit} har redan en nyckelfil, med en annan lösenfras."), unit=unit
            )
        return found

    def _newest(self, unit: str) -> tuple[int, bytes]:
        held = self._of(unit)
        return held.keyring.newest, held.pairs[held.keyring.newest].public

    def _store(self, keyring: rules.Keyring) -> None:
        """Write the key file; what was unsealed stays so, and nothing else becomes so."""
        self.files.write(keyring.unit, rules.sealed_keyring(keyring))
        if keyring.unit in self._held:
            self._hold(keyring)

    def _hold(self, keyring: rules.Keyring) -> None:
        pairs = {version: pair_of(secret.seed) for version, secret in keyring.secrets.items()}
        self._held[keyring.unit] = Held(keyring, pairs)

    def _of(self, unit: str) -> Held:
        try:
            return self._held[unit]
        except KeyError:
            self.files.read(unit)  # NoKey where there is nothing to unseal
            raise rules.Locked(unit) from None

    def _pair(self, unit: str, version: int) -> KeyPair:
        try:
            return self._of(unit).pairs[version]
        except KeyError:
            raise rules.Unreadable from None

    def _index(self, unit: str, version: int) -> bytes:
        try:
            return self._of(unit).keyring.secrets[version].search
        except KeyError:
            raise rules.Unreadable from None

    def _opened(self, item: Sealed) -> bytes | str:
        try:
            pair = self._pair(item.unit, item.version)
            return rules.open_key(
                pair.private, item.sealed, to=grant_of(item.box, item.unit, item.version)
            )
        except Refusal as refusal:
            return refusal.code

    def _resealed(self, item: Sealed, version: int, pair: KeyPair) -> bytes | None:
        key = self._opened(item)
        if isinstance(key, str):
            return None
        return rules.seal_key(pair.public, key, to=grant_of(item.box, item.unit, version))

    def _rekeyed(self, unit: str, version: int, item: Hidden) -> tuple[bytes, bytes] | None:
        old = self._index(unit, item.version) if item.version in self._of(unit).pairs else b""
        try:
            key = rules.subkey(old, "index text 1")
            place = _place(unit, item.version, item.box, item.kind)
            value = rules.opened(key, place, item.sealed).decode()
        except rules.Unreadable:
            return None
        (made,) = self.entries(unit, version, item.box, item.kind, [value])
        return made


def grant_of(box: UUID, unit: str, version: int) -> str:
    """What a data key is sealed for: moved to another box, unit or version it does not open."""
    return f"hamn vault grant 1:{box}:{unit}:{version}"


def _digest(index: bytes, kind: str, value: str) -> bytes:
    return hmac.digest(rules.subkey(index, f"index digest 1:{kind}"), value.encode(), "sha256")


def _hide(index: bytes, place: rules.Place, value: str) -> bytes:
    return rules.sealed(rules.subkey(index, "index text 1"), place, value.encode())


def _place(unit: str, version: int, box: UUID, kind: str) -> rules.Place:
    return rules.Place("vault_indexentry", "sealed", f"{box}:{unit}:{kind}:{version}")


def check_unit(unit: object) -> str:
    """The unit's code. Raises BadInput for what is none."""
    if not isinstance(unit, str) or not unit:
        raise BadInput(_("Ange vilken enhet det gäller."))
    return unit
