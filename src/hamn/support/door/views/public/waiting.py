"""When so much comes in that somebody has to wait: said on the page that she wrote on."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse

from hamn.core.errors import Refusal

from ...actions.hashing import Busy
from ...rules.limits import TooMany

T = TypeVar("T")


def waits() -> tuple[type[Refusal], ...]:
    """The refusals that only mean: not now."""
    return Busy, TooMany


def told_to_wait(response: HttpResponse, refusal: Any) -> HttpResponse:
    """The page as an answer that says when it is worth another try."""
    response.status_code = 429 if isinstance(refusal, TooMany) else 503
    response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def within(act: Callable[[], T]) -> T:
    """What the act gives. Raises Busy where the database is away or held for too long."""
    try:
        return act()
    except (OperationalError, InterfaceError):
        raise Busy from None
