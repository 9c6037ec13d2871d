"""A text sealed under a data key, bound to its place, of a length that says little.

A sealed text is: format (1 byte), version of the data key (1 byte), nonce (12 bytes), and what
AES-256-GCM makes of the padded text with the place as associated data.
"""

import os
import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .refusals import Unreadable

FORMAT = 1
DATA_KEY_VERSION = 1
KEY_BYTES = 32
_NONCE = 12
_HEAD = 2 + _NONCE
_LENGTH = struct.Struct(">I")
# Doubling up to here, then in equal steps: a large file is not padded to twice its size.
_SMALLEST, _LARGEST_DOUBLED, _STEP = 256, 65_536, 16_384


class Place(NamedTuple):
    """What a sealed text is bound to: moved elsewhere it does not open."""

    table: str
    column: str
    row: str


def new_data_key() -> bytes:
    """A random key for one box."""
    return os.urandom(KEY_BYTES)


def subkey(key: bytes, purpose: str) -> bytes:
    """A key for one purpose alone, made from the key; keys of two purposes tell nothing of
    each other.
    """
    made = HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"hamn vault {purpose}".encode()
    )
    return made.derive(key)


def padded_length(length: int) -> int:
    """How long a text of that many bytes becomes before it is sealed, its length included."""
    needed = length + _LENGTH.size
    bucket = _SMALLEST
    while bucket < needed and bucket < _LARGEST_DOUBLED:
        bucket *= 2
    return bucket if needed <= bucket else -(-needed // _STEP) * _STEP


def sealed(key: bytes, place: Place, plain: bytes) -> bytes:
    """The text as only `opened` with the same key and the same place reads it."""
    nonce = os.urandom(_NONCE)
    body = (_LENGTH.pack(len(plain)) + plain).ljust(padded_length(len(plain)), b"\0")
    made = AESGCM(key).encrypt(nonce, body, _bound_to(place, DATA_KEY_VERSION))
    return bytes((FORMAT, DATA_KEY_VERSION)) + nonce + made


def opened(key: bytes, place: Place, text: bytes) -> bytes:
    """What was sealed. Raises Unreadable when it was moved, changed, or sealed with another key."""
    if len(text) <= _HEAD or text[0] != FORMAT:
        raise Unreadable
    try:
        body = AESGCM(key).decrypt(text[2:_HEAD], text[_HEAD:], _bound_to(place, text[1]))
    except InvalidTag:
        raise Unreadable from None
    (length,) = _LENGTH.unpack_from(body)
    return body[_LENGTH.size : _LENGTH.size + length]


def _bound_to(place: Place, version: int) -> bytes:
    if ":" in place.table + place.column:
        raise ValueError("a table or column with a colon would name two places")
    return f"{place.table}:{place.column}:{place.row}:{version}".encode()
