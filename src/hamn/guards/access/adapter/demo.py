"""The demonstration's open secret: the present code of a person who was prepared for it."""

import time
from dataclasses import dataclass

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

from ..actions.sealing import unseal
from ..models import Person


@dataclass(frozen=True, slots=True)
class DemoCode:
    """The code that an authenticator app would show now, and for how long."""

    code: str
    seconds_left: int


def demo_code(person: Person) -> DemoCode | None:
    """The code, in the demonstration and for a person prepared for it; None everywhere else."""
    if not (settings.DEMO and person.is_demo):
        return None
    app = person.authenticator_set.filter(type="totp").first()
    if app is None:
        return None
    period = app_settings.TOTP_PERIOD
    counter, gone = divmod(int(time.time()), period)
    secret = unseal(app.data["secret"], owner=person.pk)
    return DemoCode(format_hotp_value(hotp_value(secret, counter)), period - gone)
