"""Rules of the vault: how text is sealed, padded, bound to its place, and made findable.

Pure: no clock, no database, no settings; the cryptography is that of the library alone.
Source: docs/adr/0016.
"""

from .indexing import ALL_DIGITS, FEWEST_DIGITS, LONGEST_QUERY, IndexKind, entries_of, wanted
from .keyring import (
    LONGEST_NAME,
    LONGEST_PASSPHRASE,
    SHORTEST_PASSPHRASE,
    Cost,
    Keyring,
    check_new_passphrase,
    new_keyring,
    read_header,
    sealed_keyring,
    unsealed,
)
from .pairs import SEED_BYTES, KeyPair, fingerprint, new_pair, open_key, pair_of, seal_key
from .refusals import (
    AgentAway,
    AlreadyThere,
    Foreign,
    Locked,
    NoKey,
    Unreadable,
    WrongPassphrase,
)
from .sealing import DATA_KEY_VERSION, Place, new_data_key, opened, padded_length, sealed, subkey

__all__ = [
    "ALL_DIGITS",
    "DATA_KEY_VERSION",
    "FEWEST_DIGITS",
    "LONGEST_NAME",
    "LONGEST_PASSPHRASE",
    "LONGEST_QUERY",
    "SEED_BYTES",
    "SHORTEST_PASSPHRASE",
    "AgentAway",
    "AlreadyThere",
    "Cost",
    "Foreign",
    "IndexKind",
    "KeyPair",
    "Keyring",
    "Locked",
    "NoKey",
    "Place",
    "Unreadable",
    "WrongPassphrase",
    "check_new_passphrase",
    "entries_of",
    "fingerprint",
    "new_data_key",
    "new_keyring",
    "new_pair",
    "open_key",
    "opened",
    "padded_length",
    "pair_of",
    "read_header",
    "seal_key",
    "sealed",
    "sealed_keyring",
    "subkey",
    "unsealed",
    "wanted",
]
