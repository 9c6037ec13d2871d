"""Every write of the vault: boxes and their grants, what they are found by, units' keys."""

from .boxes import discard, erase, grant_box, index, new_box, revoke_grant
from .rotating import Rotation, rotate, rotate_due
from .units import add_passphrase, lock, new_unit, remove_passphrase, unseal

__all__ = [
    "Rotation",
    "add_passphrase",
    "discard",
    "erase",
    "grant_box",
    "index",
    "lock",
    "new_box",
    "new_unit",
    "remove_passphrase",
    "revoke_grant",
    "rotate",
    "rotate_due",
    "unseal",
]
