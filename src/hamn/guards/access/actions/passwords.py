"""Passwords: chosen by their owner, and prepared for the demonstration."""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import BadInput, _
from hamn.guards.audit import actions as audit

from .. import permits, queries
from ..events import Event
from ..models import Person
from ..rules import LONGEST_PASSWORD, DemoOnly
from .sealing import seal
from .sessions import end_all


@sensitive_variables("password")
@transaction.atomic
def save_password(person: Person, password: str) -> None:
    """Her own choice of password, already judged; every session of hers is over."""
    is_first = not person.has_usable_password()
    person.set_password(password)
    person.save(update_fields=["password"])
    end_all(person)
    audit.record(Event.PASSWORD_SET, by=person, on=person, first=is_first)


@sensitive_variables("password")
@transaction.atomic
def set_password(*, person: Person, password: str, by: Person) -> None:
    """A password given at set-up, at the command line; never through a page.

    Raises BadInput for a password that the centre's rules refuse.
    """
    permits.require(by, "access.add_person", person)
    refuse_long(password)
    try:
        validate_password(password, person)
    except ValidationError as fault:
        raise BadInput(_("Lösenordet duger inte: {faults}"), faults=fault.messages) from None
    person.set_password(password)
    person.save(update_fields=["password"])
    end_all(person)
    audit.record(Event.PASSWORD_SET, by=by, on=person, first=False)


@sensitive_variables("password", "totp_secret")
@transaction.atomic
def prepare_demo_sign_in(*, person: Person, password: str, totp_secret: str) -> None:
    """A password and a second factor that everyone may know; marks the person as the demo's.

    totp_secret: base 32, as an authenticator app takes it.
    Raises DemoOnly in a real centre.
    """
    if not (settings.DEMO or queries.is_demo_centre()):
        raise DemoOnly(_("Inloggningar som alla känner till förbereds bara i demonstrationen."))
    person.set_password(password)
    person.is_demo = True
    person.save(update_fields=["password", "is_demo"])
    person.authenticator_set.all().delete()
    person.authenticator_set.create(
        type="totp", data={"secret": seal(totp_secret, owner=person.pk)}
    )
    end_all(person)
    audit.record(Event.DEMO_PREPARED, by=person, on=person)


def refuse_long(password: str) -> None:
    """Raise BadInput for what is too long to hash: a long secret must not cost us the processor."""
    if len(password) > LONGEST_PASSWORD:
        raise BadInput(
            _("Lösenordet får ha högst {most} tecken. Välj ett kortare."), most=LONGEST_PASSWORD
        )
