"""When so much comes in, or the database is away, that somebody has to wait and send again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError

from hamn.core.errors import Refusal

from ..rules.limits import TooMany
from .hashing import Busy

T = TypeVar("T")


def waits() -> tuple[type[Refusal], ...]:
    """The refusals that only mean: not now."""
    return Busy, TooMany


def within(act: Callable[[], T]) -> T:
    """What the act gives. Raises Busy where the database is away or held for too long."""
    try:
        return act()
    except (OperationalError, InterfaceError):
        raise Busy from None
