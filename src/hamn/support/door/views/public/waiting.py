"""When so much comes in that somebody has to wait: said on the page that she wrote on."""

from typing import Any

from django.http import HttpResponse

from ...actions.waiting import waits, within
from ...rules.limits import TooMany

__all__ = ["told_to_wait", "waits", "within"]


def told_to_wait(response: HttpResponse, refusal: Any) -> HttpResponse:
    """The page as an answer that says when it is worth another try."""
    response.status_code = 429 if isinstance(refusal, TooMany) else 503
    response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response
