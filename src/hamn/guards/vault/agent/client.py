"""Asking the key agent: one connection for each thread, made anew when it is gone."""

import os
import secrets
import select
import socket
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import BadInput, Refusal

from .. import rules
from . import wire

ANSWER_S = 10.0
# A passphrase is slow to try, and slower after wrong ones.
SLOW_S = 120.0
_REFUSALS: dict[str, type[Refusal]] = {
    kind.code: kind
    for kind in (
        *(rules.Locked, rules.Unreadable, rules.WrongPassphrase),
        *(rules.NoKey, rules.AlreadyThere, BadInput),
    )
}
_of_thread = threading.local()


def folder() -> Path:
    """Where the key agent lives: beside the centre's home, or where the settings say."""
    return Path(settings.VAULT)


@sensitive_variables("more", "answered")
def ask(do: str, *, slow: bool = False, **more: Any) -> Any:
    """The agent's answer. Raises its refusals, AgentAway when it does not answer, Foreign when it
    does not know this process.
    """
    try:
        sock = _connected()
        sock.settimeout(SLOW_S if slow else ANSWER_S)
        wire.send(sock, {"do": do, **more})
        answered = wire.receive(sock)
    except (OSError, wire.Garbled):
        close()
        raise rules.AgentAway from None
    if answered is None:
        close()
        raise rules.AgentAway
    return _result(answered)


def close() -> None:
    """End this thread's connection."""
    sock = getattr(_of_thread, "sock", None)
    _of_thread.sock = None
    if sock is not None:
        sock.close()


def _result(answered: dict[str, Any]) -> Any:
    if "refused" not in answered:
        return answered.get("result")
    if answered["refused"] == rules.Foreign.code:
        raise rules.Foreign
    if "sentence" not in answered:
        raise rules.AgentAway
    kind = _REFUSALS.get(answered["refused"], Refusal)
    refusal = kind.__new__(kind)
    Refusal.__init__(refusal, answered["sentence"], **answered["facts"])
    raise refusal


def _connected() -> socket.socket:
    """This thread's connection, proven on both sides."""
    sock: socket.socket | None = getattr(_of_thread, "sock", None)
    place = (os.getpid(), str(folder()))
    if sock is not None and _of_thread.place == place and not _is_gone(sock):
        return sock
    close()
    _of_thread.sock, _of_thread.place = _connection(folder()), place
    return _of_thread.sock  # type: ignore[no-any-return]


def _is_gone(sock: socket.socket) -> bool:
    # Nothing is said unasked: what can be read is the end.
    return bool(select.select([sock], [], [], 0)[0])


def _connection(folder: Path) -> socket.socket:
    path, handle = wire.reachable(folder, wire.SOCKET)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(ANSWER_S)
        sock.connect(path)
        _greet(sock, (folder / wire.TOKEN).read_bytes())
    except BaseException:
        sock.close()
        raise
    finally:
        os.close(handle)
    return sock


def _greet(sock: socket.socket, token: bytes) -> None:
    """Prove to the agent that we have its token, and have it prove that it made it."""
    first = wire.receive(sock, wire.LONGEST_HELLO) or {}
    nonce = secrets.token_bytes(wire.NONCE_BYTES)
    proof = wire.proof(token, "client", wire.raw(first.get("nonce")))
    wire.send(sock, {"proof": proof, "nonce": wire.text(nonce)})
    answered = wire.receive(sock, wire.LONGEST_HELLO) or {}
    if answered.get("refused") == rules.Foreign.code:
        raise rules.Foreign
    if not wire.is_proof(answered.get("proof"), token, "agent", nonce):
        raise wire.Garbled
