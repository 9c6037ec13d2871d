"""Pages of sign-in, of one's own account, and of the administration of people and units."""

from . import account, keys, own, people, second_factor, units

__all__ = ["account", "keys", "own", "people", "second_factor", "units"]
