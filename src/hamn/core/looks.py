"""One look: what is asked many times while a page is made is asked once.

A page is made of what was true when it was begun. Only within `one_look` is anything remembered,
and only until it ends: an action asks anew each time.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_LOOK: ContextVar[dict[Hashable, Any] | None] = ContextVar("look", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """While it lasts, what `once` asks for is asked the first time alone."""
    token = _LOOK.set({})
    try:
        yield
    finally:
        _LOOK.reset(token)


def once(key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` gives; within one look, what it gave for the same key."""
    known = _LOOK.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    found: T = known[key]
    return found
