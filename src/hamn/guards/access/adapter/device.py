"""Browsers that have signed in to an account before, by a signed cookie.

Failed sign-ins are counted by account only for browsers that the account has never met. One that
it has met is counted by itself, so that nobody who knows a colleague's address can shut her out
(docs/security.md). Who steals the cookie gains no more than a count of her own.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from ..models import Person

COOKIE = "hamn_device"
LIVES = 180 * 24 * 3600
# A browser that several people share remembers this many of them.
MOST = 8
_SALT = "hamn.guards.access.device"


def device_of(request: HttpRequest, person: Person | None) -> str:
    """The id under which this browser has signed in to the person's account; empty when never."""
    return _known(request).get(str(person.pk), "") if person else ""


def remember(request: HttpRequest, response: HttpResponseBase, person: Person) -> None:
    """Have the browser know that it has signed in to the person's account."""
    known = _known(request)
    mine = known.pop(str(person.pk), "") or secrets.token_urlsafe(12)
    kept = dict([*known.items()][-(MOST - 1) :])
    response.set_cookie(
        COOKIE,
        signing.dumps({**kept, str(person.pk): mine}, salt=_SALT, compress=True),
        max_age=LIVES,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    """Device ids by person; empty for a cookie that is not ours or too old."""
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIVES)
    except signing.BadSignature:
        return {}
    return known if isinstance(known, dict) else {}
