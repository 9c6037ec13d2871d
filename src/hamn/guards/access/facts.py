"""Facts about units that the rooms above register their permits with.

A thing is its unit's by its `unit`, or is the unit's code itself; a page that shows no one thing
asks with None, and opens to whoever has any unit.
"""

from typing import Any

from .models import Person
from .permits import Fact, holds
from .queries import headed_units, member_units
from .rules import Role


def belongs_to_its_unit(person: Person, thing: Any) -> bool:
    """The fact that the person belongs to the thing's unit."""
    return is_among(member_units(person), thing)


def heads_its_unit(person: Person, thing: Any) -> bool:
    """The fact that the person heads the thing's unit."""
    return is_among(headed_units(person), thing)


def is_among(units: frozenset[str], thing: Any) -> bool:
    """Whether the thing is one of the units' own; for None, whether there is any unit."""
    return bool(units) if thing is None else getattr(thing, "unit", thing) in units


# Who meets people in a unit: its workers and its head.
MEETING = (Role.CASEWORKER, Role.HEAD_OF_UNIT)
WORKERS: list[list[Fact]] = [[holds(role), belongs_to_its_unit] for role in MEETING]
