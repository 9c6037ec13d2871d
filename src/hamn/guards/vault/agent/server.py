"""The key agent's socket: who may speak, what they may ask, and that nothing they say ends it."""

import fcntl
import logging
import os
import secrets
import socket
import struct
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from hamn.core.errors import BadInput, Refusal, _

from . import wire
from .keeper import Hidden, Keeper, Sealed
from .keyfiles import KeyFiles

HELLO_S, IDLE_S = 5.0, 300.0
MOST_CONNECTIONS = 256
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid

_log = logging.getLogger("hamn.vault")


class Agent:
    """Listens in a folder until it is stopped.

    peers: the users whose processes may speak, besides the agent's own.
    """

    def __init__(self, folder: Path, keeper: Keeper, *, peers: Collection[int] = ()) -> None:
        self.folder = folder
        self.keeper = keeper
        self._peers = {os.getuid(), *peers}
        self._mode = 0o660 if peers else 0o600
        self._room = threading.Semaphore(MOST_CONNECTIONS)
        self._token = b""
        self._socket: socket.socket | None = None
        self._lock = -1

    def start(self) -> None:
        """Take the folder and listen. Raises BadInput when another agent has it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._take_folder()
        self._token = secrets.token_bytes(wire.TOKEN_BYTES)
        self._lay_token()
        path, handle = wire.reachable(self.folder, wire.SOCKET)
        (self.folder / wire.SOCKET).unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        earlier = os.umask(0o177)
        try:
            self._socket.bind(path)
        finally:
            os.umask(earlier)
            os.close(handle)
        (self.folder / wire.SOCKET).chmod(self._mode)
        self._socket.listen(128)

    def serve(self) -> None:
        """Answer, each connection in a thread of its own, until `stop`."""
        assert self._socket is not None
        while True:
            try:
                sock, _peer = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._welcome, args=(sock,), daemon=True).start()

    def stop(self) -> None:
        """Listen no more, and leave nothing that lets anyone in."""
        for name in (wire.SOCKET, wire.TOKEN):
            (self.folder / name).unlink(missing_ok=True)
        if self._socket is not None:
            # A thread that waits in accept hears only this.
            with_quiet(lambda: self._socket.shutdown(socket.SHUT_RDWR))  # type: ignore[union-attr]
            self._socket.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _take_folder(self) -> None:
        self._lock = os.open(self.folder / "agent.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            self._lock = -1
            raise BadInput(
                _("En nyckelagent kör redan i {folder}. Stoppa den först."), folder=self.folder
            ) from None

    def _lay_token(self) -> None:
        draft = self.folder / f"{wire.TOKEN}.new"
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(self._token)
        draft.chmod(self._mode & 0o640)
        draft.replace(self.folder / wire.TOKEN)

    def _welcome(self, sock: socket.socket) -> None:
        with sock:
            if not self._room.acquire(blocking=False):
                return
            try:
                sock.settimeout(HELLO_S)
                if self._is_known(sock):
                    sock.settimeout(IDLE_S)
                    self._answer_all(sock)
            except (OSError, wire.Garbled):
                return  # gone, silent, or no client of ours
            finally:
                self._room.release()

    def _is_known(self, sock: socket.socket) -> bool:
        """Whether the process runs as a user we know and has been given the token."""
        packed = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        pid, uid, _gid = _CREDENTIALS.unpack(packed)
        nonce = secrets.token_bytes(wire.NONCE_BYTES)
        wire.send(sock, {"nonce": wire.text(nonce)})
        hello = wire.receive(sock, wire.LONGEST_HELLO) or {}
        if uid not in self._peers or not wire.is_proof(
            hello.get("proof"), self._token, "client", nonce
        ):
            _log.warning("refused process %s of user %s", pid, uid)
            wire.send(sock, {"refused": "vault.foreign"})
            return False
        theirs = wire.raw(hello.get("nonce"))
        wire.send(sock, {"proof": wire.proof(self._token, "agent", theirs)})
        return True

    def _answer_all(self, sock: socket.socket) -> None:
        try:
            while (asked := wire.receive(sock)) is not None:
                wire.send(sock, answer(self.keeper, asked))
        except wire.Garbled:
            wire.send(sock, {"refused": "vault.not_understood"})


def answer(keeper: Keeper, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to one message: a result, a refusal, or that it was not understood."""
    try:
        operation = OPERATIONS[asked["do"]]
        return {"result": operation(keeper, asked)}
    except Refusal as refusal:
        facts = {name: str(fact) for name, fact in refusal.facts.items()}
        return {"refused": refusal.code, "sentence": refusal.sentence, "facts": facts}
    except OSError as fault:
        # Its name and number only: nothing of what was asked is repeated in a log.
        _log.error("cannot write the key files: %s", fault.strerror)
        return {"refused": "vault.broken"}
    except Exception as fault:
        _log.warning("a message was not understood: %s", type(fault).__name__)
        return {"refused": "vault.not_understood"}


def _status(keeper: Keeper, _asked: dict[str, Any]) -> list[dict[str, object]]:
    return keeper.status()


def _unseal(keeper: Keeper, asked: dict[str, Any]) -> None:
    keeper.unseal(_word(asked, "unit"), _word(asked, "passphrase"))


def _prove(keeper: Keeper, asked: dict[str, Any]) -> None:
    keeper.prove(_word(asked, "unit"), _word(asked, "passphrase"))


def _lock(keeper: Keeper, asked: dict[str, Any]) -> None:
    keeper.lock(_word(asked, "unit"))


def _new_unit(keeper: Keeper, asked: dict[str, Any]) -> list[Any]:
    version, public = keeper.new_unit(
        _word(asked, "unit"),
        int(asked["version"]),
        _word(asked, "name"),
        _word(asked, "passphrase"),
    )
    return [version, wire.text(public)]


def _add_passphrase(keeper: Keeper, asked: dict[str, Any]) -> None:
    words = (_word(asked, name) for name in ("unit", "passphrase", "name", "new"))
    keeper.add_passphrase(*words)


def _remove_passphrase(keeper: Keeper, asked: dict[str, Any]) -> None:
    keeper.remove_passphrase(*(_word(asked, name) for name in ("unit", "passphrase", "name")))


def _open(keeper: Keeper, asked: dict[str, Any]) -> list[dict[str, str]]:
    found = keeper.open(
        Sealed(str(unit), int(version), UUID(box), wire.raw(sealed))
        for unit, version, box, sealed in asked["items"]
    )
    return [{"no": key} if isinstance(key, str) else {"key": wire.text(key)} for key in found]


def _digests(keeper: Keeper, asked: dict[str, Any]) -> dict[str, list[str]]:
    found = keeper.digests(_word(asked, "unit"), _word(asked, "kind"), _words(asked, "values"))
    return {value: [wire.text(one) for one in digests] for value, digests in found.items()}


def _entries(keeper: Keeper, asked: dict[str, Any]) -> list[list[str]]:
    made = keeper.entries(
        _word(asked, "unit"),
        int(asked["version"]),
        UUID(asked["box"]),
        _word(asked, "kind"),
        _words(asked, "values"),
    )
    return [[wire.text(digest), wire.text(hidden)] for digest, hidden in made]


def _next_version(keeper: Keeper, asked: dict[str, Any]) -> list[Any]:
    version, public = keeper.next_version(_word(asked, "unit"), int(asked["after"]))
    return [version, wire.text(public)]


def _reseal(keeper: Keeper, asked: dict[str, Any]) -> list[str | None]:
    unit = _word(asked, "unit")
    items = (
        Sealed(unit, int(version), UUID(box), wire.raw(sealed))
        for box, version, sealed in asked["items"]
    )
    made = keeper.reseal(unit, int(asked["version"]), items)
    return [None if one is None else wire.text(one) for one in made]


def _rekey(keeper: Keeper, asked: dict[str, Any]) -> list[list[str] | None]:
    items = (
        Hidden(UUID(box), str(kind), int(version), wire.raw(sealed))
        for box, kind, version, sealed in asked["items"]
    )
    made = keeper.rekey(_word(asked, "unit"), int(asked["version"]), items)
    return [None if one is None else [wire.text(part) for part in one] for one in made]


def _forget(keeper: Keeper, asked: dict[str, Any]) -> None:
    keeper.forget(_word(asked, "unit"), int(asked["before"]))


# Everything that can be asked; nothing of it reads a sealed text.
OPERATIONS: dict[str, Callable[[Keeper, dict[str, Any]], Any]] = {
    "status": _status,
    "unseal": _unseal,
    "prove": _prove,
    "lock": _lock,
    "new_unit": _new_unit,
    "add_passphrase": _add_passphrase,
    "remove_passphrase": _remove_passphrase,
    "open": _open,
    "digests": _digests,
    "entries": _entries,
    "next_version": _next_version,
    "reseal": _reseal,
    "rekey": _rekey,
    "forget": _forget,
}


@contextmanager
def running(folder: Path, keeper: Keeper | None = None) -> Iterator[Agent]:
    """An agent in a thread of this process: for a demonstration's making, benches and tests."""
    agent = Agent(folder, keeper or Keeper(KeyFiles(folder / "keys")))
    agent.start()
    thread = threading.Thread(target=agent.serve, daemon=True)
    thread.start()
    try:
        yield agent
    finally:
        agent.stop()
        thread.join(timeout=5)


def with_quiet(act: Callable[[], object]) -> None:
    """Do it; that it was done already is no fault."""
    try:
        act()
    except OSError:
        return


def _word(asked: dict[str, Any], name: str) -> str:
    word = asked[name]
    if not isinstance(word, str):
        raise TypeError(name)
    return word


def _words(asked: dict[str, Any], name: str) -> list[str]:
    words = asked[name]
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise TypeError(name)
    return words
