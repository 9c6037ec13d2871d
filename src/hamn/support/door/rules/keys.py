"""What a code becomes: one value that finds the dialogue, and one that opens it. Pure.

One slow hash of the code (Argon2id), then two values that tell nothing of each other: the locator
is stored, the seed never is and gives the person's own key pair. Whoever has the database can
neither read with the locator nor try codes cheaply: 80 random bits, each try a slow hash.
Source: design.md (Vault); docs/adr/0024.
"""

from typing import NamedTuple

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hamn.guards.vault.rules import SEED_BYTES

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
LOCATOR_BYTES = 32
_HASH_BYTES = 32


class Derived(NamedTuple):
    """The two values of a code. seed: of the person's key pair; never stored, never shown."""

    locator: bytes
    seed: bytes

    def __repr__(self) -> str:
        return "<Derived>"


def derive(code: str, salt: bytes) -> Derived:
    """What the code makes with the centre's salt: about 20 ms of one core, always the same."""
    made = hash_secret_raw(
        code.encode("ascii"),
        salt,
        time_cost=PASSES,
        memory_cost=MEMORY_KIB,
        parallelism=LANES,
        hash_len=_HASH_BYTES,
        type=Type.ID,
    )
    return Derived(
        expanded(made, "locator", LOCATOR_BYTES),
        expanded(made, "seed", SEED_BYTES),
    )


def expanded(key: bytes, purpose: str, length: int = 32) -> bytes:
    """A value for one purpose alone, made from the key."""
    made = HKDF(
        algorithm=SHA256(), length=length, salt=None, info=f"hamn door {purpose} 1".encode()
    )
    return made.derive(key)
