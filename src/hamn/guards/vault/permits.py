"""Who may do what with the keys. Who may read what is sealed stands in the rooms above.

The thing is a unit's code, or None for the page itself. Who runs the system makes and exchanges
keys, but never opens them: that is done by a unit's head, or by a cover that belongs to the unit.
"""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from hamn.guards.access import queries as access
from hamn.guards.access.permits import Fact, holds, register
from hamn.guards.access.rules import Role

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

Covers = Callable[["Person"], Collection[str]]
_covers: list[Covers] = []


def register_covers(covers: Covers) -> None:
    """Tell the vault how to know standing covers; the room above knows.

    covers: the units that the person covers now, and belongs to.
    """
    _covers[:] = [covers]


def heads_unit(person: "Person", unit: str | None) -> bool:
    """The fact that the person heads the unit; the page itself needs none."""
    return unit is None or access.is_head(person, unit)


def covers_unit(person: "Person", unit: str | None) -> bool:
    """The fact that the person belongs to the unit and is its cover; for None, any unit's."""
    units = {one for covers in _covers for one in covers(person)}
    return bool(units) if unit is None else unit in units


_ADMINISTRATORS: list[Fact] = [holds(Role.SYSTEM_ADMINISTRATOR)]
_COVERING: list[Fact] = [holds(Role.CASEWORKER), covers_unit]
_OPENERS = [[holds(Role.HEAD_OF_UNIT), heads_unit], _COVERING]

register(
    {
        "vault.see": [_ADMINISTRATORS, [holds(Role.HEAD_OF_UNIT)], _COVERING],
        # A head who makes the key herself is alone to know its passphrase.
        "vault.new_unit": [_ADMINISTRATORS, [holds(Role.HEAD_OF_UNIT), heads_unit]],
        "vault.rotate": [_ADMINISTRATORS],
        "vault.unseal": _OPENERS,
        "vault.add_passphrase": _OPENERS,
        "vault.remove_passphrase": _OPENERS,
        # To close is always safe.
        "vault.lock": [_ADMINISTRATORS, *_OPENERS],
    }
)
