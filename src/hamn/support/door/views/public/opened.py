"""Who has a dialogue open: a sealed cookie of half an hour, renewed while she reads.

The cookie holds what opens the dialogue, and this process forgets it with every answer. Its forms
carry a proof made of the same, so that no other page can write in them.
"""

import base64
import binascii
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from hamn.guards.access.permits import open_to_all

from ...queries.person import Opened, open_by_seed
from ...rules.keys import expanded
from . import asking, sealing

PURPOSE, LIVES = "visit", timedelta(minutes=30)
_NONCE = 16
View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class _Read:
    """What this request's cookie opened."""

    opened: Opened | None


def cookie_name() -> str:
    """What the cookie is called: behind TLS so that no neighbouring site can set or widen it.

    A browser takes the prefix for a secure cookie of this very host alone, never in plain HTTP.
    """
    return "__Host-visit" if settings.IS_SECURE else "visit"


def opened_dialogue(request: HttpRequest) -> Opened | None:
    """The dialogue that this person has open, with a code of her own.

    None without a cookie, with one that is too old, for a dialogue that has ended, and while a
    code that was read out to her has not been changed.
    """
    opened = opened_by_cookie(request)
    return None if opened is None or opened.dialogue.is_one_time else opened


@sensitive_variables("raw")
def opened_by_cookie(request: HttpRequest) -> Opened | None:
    """The dialogue of the request's cookie, whatever code it has; looked up once."""
    read: _Read | None = getattr(request, "_read_dialogue", None)
    if read is None:
        raw = _of_cookie(request)
        read = _Read(open_by_seed(UUID(bytes=raw[:16]), raw[16:]) if raw else None)
        request._read_dialogue = read  # type: ignore[attr-defined]
    return read.opened


def with_opened(view: View) -> View:
    """A view of an open dialogue: `view(request, opened)`; without one the code is asked for."""
    return _guarded(view, is_one_time_let_in=False)


def with_any_opened(view: View) -> View:
    """As `with_opened`, also for a code that was read out and is to be changed."""
    return _guarded(view, is_one_time_let_in=True)


def proof_of(opened: Opened) -> str:
    """What a form of the open dialogue carries: new each time, made by her seed alone."""
    nonce = os.urandom(_NONCE)
    return base64.urlsafe_b64encode(nonce + _proof(opened.seed, nonce)).decode()


def is_proven(request: HttpRequest, opened: Opened) -> bool:
    """Whether the form that was sent was made for who has this dialogue open."""
    try:
        raw = base64.urlsafe_b64decode(request.POST.get("proof", "").encode())
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(raw[_NONCE:], _proof(opened.seed, raw[:_NONCE]))


def token_of_form(request: HttpRequest) -> bytes:
    """What tells this form from any other that was sent."""
    return sealing.token_of(request.POST.get("proof", ""))


def remember(response: HttpResponse, opened: Opened, now: datetime) -> HttpResponse:
    """Let her stay for half an hour more."""
    text = sealing.seal(PURPOSE, opened.dialogue.pk.bytes + opened.seed, now)
    response.set_cookie(
        cookie_name(),
        text,
        secure=settings.IS_SECURE,
        httponly=True,
        samesite="Strict",
        path="/",
    )
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """Nothing of the dialogue is left in her browser."""
    response.delete_cookie(cookie_name(), path="/", samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _guarded(view: View, *, is_one_time_let_in: bool) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        opened = opened_by_cookie(request)
        if opened is None:
            return asking.ask_again(request)
        if opened.dialogue.is_one_time and not is_one_time_let_in:
            return redirect("door:new_code")
        if request.method == "POST" and not is_proven(request, opened):
            return asking.ask_again(request)
        response = view(request, opened, *arguments, **named)
        if cookie_name() not in response.cookies:
            remember(response, opened, timezone.now())
        return response

    open_to_all(guarded)
    return guarded


def _of_cookie(request: HttpRequest) -> bytes | None:
    return sealing.unsealed(PURPOSE, request.COOKIES.get(cookie_name(), ""), timezone.now(), LIVES)


def _proof(seed: bytes, nonce: bytes) -> bytes:
    return hmac.digest(expanded(seed, "form"), nonce, "sha256")
