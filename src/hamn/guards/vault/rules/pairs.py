"""A unit's key pair, and a box's data key sealed to it: HPKE with ML-KEM-768 and X25519.

Hybrid, since what is written today must stay sealed for decades: it holds while either holds.
"""

import hashlib
import os
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from .refusals import Unreadable

SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
FORMAT = b"\x01"
_MLKEM_SEED, _X25519_SEED, _MLKEM_PUBLIC = 64, 32, 1184
SEED_BYTES = _MLKEM_SEED + _X25519_SEED


class KeyPair(NamedTuple):
    """A private key and its public half, as bytes."""

    private: hpke.MLKEM768X25519PrivateKey
    public: bytes

    def __repr__(self) -> str:
        return f"<KeyPair {fingerprint(self.public)}>"


def new_pair() -> tuple[bytes, KeyPair]:
    """A random seed and the key pair that it makes."""
    seed = os.urandom(SEED_BYTES)
    return seed, pair_of(seed)


def pair_of(seed: bytes) -> KeyPair:
    """The key pair that the seed makes, always the same."""
    if len(seed) != SEED_BYTES:
        raise Unreadable
    mlkem = MLKEM768PrivateKey.from_seed_bytes(seed[:_MLKEM_SEED])
    x25519 = X25519PrivateKey.from_private_bytes(seed[_MLKEM_SEED:])
    public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    return KeyPair(hpke.MLKEM768X25519PrivateKey(mlkem, x25519), public)


def fingerprint(public: bytes) -> str:
    """A public key as people compare it: eight groups of four."""
    digest = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digest[place : place + 4] for place in range(0, 32, 4))


def seal_key(public: bytes, key: bytes, *, to: str) -> bytes:
    """The key as only the private half opens it, and only for the same `to`.

    to: what the sealing is for, such as box, unit and version of the unit's key.
    Raises Unreadable for bytes that are no public key.
    """
    return FORMAT + SUITE.encrypt(key, public_key_of(public), info=to.encode())


def open_key(private: hpke.MLKEM768X25519PrivateKey, sealed: bytes, *, to: str) -> bytes:
    """The key that was sealed. Raises Unreadable when it was sealed to another, or changed."""
    if sealed[:1] != FORMAT:
        raise Unreadable
    try:
        return SUITE.decrypt(sealed[1:], private, info=to.encode())
    except (InvalidTag, ValueError):
        raise Unreadable from None


def public_key_of(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    """The public key that the bytes are. Raises Unreadable."""
    try:
        return hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
        )
    except ValueError:
        raise Unreadable from None
