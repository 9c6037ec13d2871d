"""How often somebody may be wrong: by account for strangers, by browser for those it knows."""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.core.cache import cache
from django.http import HttpRequest

from .. import actions
from ..actions.signing_in import Why
from ..models import Person
from .device import device_of

APP, ACTION = "allauth.account", "login_failed"
# A browser that has signed in before: no limit by address, which it may share with an attacker.
KNOWN = {ACTION: "20/5m/key"}
KNOWN_LINK = {"reset_password": "5/h/key"}
UNKNOWN_KEY = {"webauthn_login": "10/m/ip"}
WINDOW = 300


def use_password_try(
    request: HttpRequest, person: Person | None, address: str
) -> RateLimitUsage | None:
    """A right to try a password; None when there is none left. Its `rollback` gives it back."""
    device = device_of(request, person)
    if device:
        return _consume(request, f"device:{device}", KNOWN, person)
    return _consume(request, f"account:{address.strip().lower()}", None, person)


def use_code_try(request: HttpRequest, person: Person) -> RateLimitUsage | None:
    """A right to try a code of the second factor; None when there is none left."""
    device = device_of(request, person)
    if device:
        return _consume(request, f"code:{person.pk}:{device}", KNOWN, person)
    return _consume(request, f"code:{person.pk}", None, person)


def may_have_link(request: HttpRequest, person: Person | None, address: str) -> bool:
    """Whether one more link may be sent to the address, asked for from this browser."""
    device = device_of(request, person)
    key = f"device:{device}" if device else address.strip().lower()
    config = KNOWN_LINK if device else None
    return bool(
        ratelimit.consume(request, app=APP, action="reset_password", key=key, config=config)
    )


def may_try_key(request: HttpRequest, person: Person | None) -> bool:
    """Whether a passkey may be tried; there is nothing to guess, only work to save us."""
    if device_of(request, person):
        return True
    action = "webauthn_login"
    return bool(ratelimit.consume(request, app="allauth.mfa", action=action, config=UNKNOWN_KEY))


def _consume(
    request: HttpRequest, key: str, config: dict[str, str] | None, person: Person | None
) -> RateLimitUsage | None:
    usage = ratelimit.consume(request, app=APP, action=ACTION, key=key, config=config)
    # One entry for each window: the trail is told of the attack and not filled by it.
    if usage is None and cache.add(f"hamn:told:{ratelimit.get_ip(request)}:{key}", 1, WINDOW):
        actions.record_failed_sign_in(person, Why.TOO_MANY)
    return usage
