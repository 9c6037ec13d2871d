"""How the key agent and its clients talk: framed JSON over a Unix socket, both proven by a token.

A frame is its length in four bytes and as many bytes of JSON; bytes within are base64.
"""

import base64
import hmac
import json
import os
import socket
import struct
from pathlib import Path
from typing import Any

LONGEST_FRAME = 8 * 1024 * 1024
# Before the other has proven itself, only a hello is listened to.
LONGEST_HELLO = 1024
TOKEN_BYTES = NONCE_BYTES = 32
SOCKET, TOKEN = "agent.sock", "agent.token"
_LENGTH = struct.Struct(">I")


class Garbled(Exception):
    """What came is no frame of ours; the connection ends."""


def send(sock: socket.socket, message: dict[str, Any]) -> None:
    """One message."""
    body = json.dumps(message, separators=(",", ":")).encode()
    sock.sendall(_LENGTH.pack(len(body)) + body)


def receive(sock: socket.socket, longest: int = LONGEST_FRAME) -> dict[str, Any] | None:
    """The next message; None when the other has gone. Raises Garbled."""
    head = _exactly(sock, _LENGTH.size)
    if not head:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > longest:
        raise Garbled
    try:
        message = json.loads(_exactly(sock, length))
    except (ValueError, RecursionError):
        raise Garbled from None
    if not isinstance(message, dict):
        raise Garbled
    return message


def proof(token: bytes, side: str, nonce: bytes) -> str:
    """That the side knows the token, without saying it."""
    return text(hmac.digest(token, side.encode() + nonce, "sha256"))


def is_proof(given: object, token: bytes, side: str, nonce: bytes) -> bool:
    """Whether the other side knows the token."""
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(errors="replace"), proof(token, side, nonce).encode()
    )


def text(raw: bytes) -> str:
    """Bytes as they stand in a message."""
    return base64.b64encode(raw).decode()


def raw(text: object) -> bytes:
    """The bytes that stand in a message. Raises Garbled."""
    if not isinstance(text, str):
        raise Garbled
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Garbled from None


def reachable(folder: Path, name: str) -> tuple[str, int]:
    """A path to the socket that is never too long, and the handle to close afterwards."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    return f"/proc/self/fd/{handle}/{name}", handle


def _exactly(sock: socket.socket, length: int) -> bytes:
    parts, left = [], length
    while left:
        part = sock.recv(min(left, 1 << 20))
        if not part:
            if left == length:
                return b""
            raise Garbled
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
