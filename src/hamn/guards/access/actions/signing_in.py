"""What sign-in tells the trail: no address, no IP; the person's id when she is known."""

from collections.abc import Sequence
from enum import StrEnum

from django.db import transaction

from hamn.guards.audit import actions as audit

from ..events import Event
from ..models import Person


class Why(StrEnum):
    """Why a sign-in failed; told to the trail alone, never to the one who tried."""

    UNKNOWN = "unknown"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 the name of a reason
    NO_PASSWORD = "no_password"  # noqa: S105 the name of a reason
    HAS_LEFT = "has_left"
    DEMO_ONLY = "demo_only"
    WRONG_CODE = "wrong_code"
    WRONG_KEY = "wrong_key"
    TOO_MANY = "too_many"


def record_sign_in(person: Person, methods: Sequence[str]) -> None:
    """Tell the trail that she signed in, by what: password, totp, webauthn, recovery_codes."""
    audit.record(Event.SIGNED_IN, by=person, on=person, methods=list(methods))


def record_sign_out(person: Person) -> None:
    """Tell the trail that she signed out."""
    audit.record(Event.SIGNED_OUT, by=person, on=person)


def record_failed_sign_in(person: Person | None, why: Why) -> None:
    """Tell the trail of a failed sign-in, in a transaction of its own.

    durable: refused inside another transaction, whose rollback would take the entry with it.
    """
    with transaction.atomic(durable=True):
        audit.record(Event.SIGN_IN_FAILED, by=None, on=person, why=why)
