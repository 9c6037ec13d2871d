"""Who acts at the command line: named, and where authority is needed also proved.

An ordinary verb trusts the account on the machine and takes a name (docs/adr/0010). A verb that
needs a person's authority takes none on trust: she shows her password and a code, or a key that she
made on her own page, where she is signed in with both (docs/adr/0021).
"""

import getpass
import hashlib
import os
import secrets
import sys
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import BadInput, NotVisible, Refusal, _
from hamn.guards.access import actions, queries
from hamn.guards.access.adapter import factor_of
from hamn.guards.audit import actions as audit

from .events import Event

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

KEY_LIVES = 10 * 60  # seconds
KEY_VARIABLE = "HAMN_KEY"
_KEY_BYTES = 20


class NoCentre(NotVisible):
    """There is no centre where the command looks for one."""

    code = "no_centre"


class NotProved(Refusal):
    """The verb needs a person's authority, and nobody has shown that she is that person."""

    code = "access.not_proved"


def acting_person(email: str | None) -> "Person":
    """The person with the address, from `--as` or HAMN_AS; else the centre's first administrator.

    Raises NoCentre before `hamn setup` or `hamn demo`, NotVisible for an unknown address.
    """
    email = email or os.environ.get("HAMN_AS")
    person = person_or_none()
    if person is None:
        raise NoCentre(
            _(
                "Inget centrum finns i {home}. Kör ”hamn setup” eller ”hamn demo” där, eller peka "
                "ut det med HAMN_HOME."
            ),
            home=settings.HAMN_HOME,
        )
    return queries.by_email(email) if email else person


@sensitive_variables("key", "password", "code")
def proved_person(email: str | None) -> "Person":
    """The person named by `--as` or HAMN_AS, who has shown that it is she.

    By a key from her page in HAMN_KEY, else by her password and a code of her second factor: asked
    for at a terminal, else read as two lines. The same tries and the same trail as at sign-in.
    Raises NotProved when nobody is named or the proof is wrong, and as `acting_person`.
    """
    acting_person(None)  # NoCentre where there is none
    email = email or os.environ.get("HAMN_AS")
    if not email:
        raise NotProved(
            _("Det här görs av en person med eget konto. Säg vem du är: hamn --as E-POST …")
        )
    if key := os.environ.get(KEY_VARIABLE, ""):
        return _by_key(email, key)
    if queries.is_demo_centre() and not settings.DEMO:
        raise NotProved(
            _(
                "Det här är demonstrationscentret, vars lösenord alla känner till. Sätt "
                "HAMN_DEMO=1, eller gör en nyckel på sidan Ditt konto och sätt den i HAMN_KEY."
            )
        )
    password = _asked(gettext("Lösenord för {email}: ").format(email=email))
    code = _asked(gettext("Kod från appen, eller en reservkod: "))
    return _by_password(email, password, code)


def new_key(person: "Person") -> str:
    """A key by which the person, and nobody else, may act at the command line: once, for a while.

    What is stored opens nothing: it is the key's hash.
    """
    key = secrets.token_urlsafe(_KEY_BYTES)
    cache.set(_name(key), person.pk, KEY_LIVES)
    audit.record(Event.COMMAND_KEY_MADE, by=person, on=person)
    return key


def person_or_none() -> "Person | None":
    """The centre's first administrator, or None where there is no centre.

    A database that cannot be reached is not a missing centre: then the database's own error comes.
    """
    if connection.vendor == "sqlite" and not settings.HAMN_HOME.is_dir():
        return None
    if "access_person" not in connection.introspection.table_names():
        return None
    return queries.first_administrator()


@sensitive_variables("key")
def _by_key(email: str, key: str) -> "Person":
    """The person whose key it is. It is taken before it is judged: two who race do not both act."""
    name = _name(key[:200])
    person_id = cache.get(name)
    is_first = person_id is not None and cache.delete(name)
    person = queries.with_address(email)
    if not (is_first and person and person.is_active and person.pk == person_id):
        actions.record_failed_sign_in(person, actions.Why.WRONG_KEY)
        raise NotProved(
            _("Nyckeln gäller inte: den är använd, för gammal eller någon annans. Gör en ny.")
        )
    actions.record_sign_in(person, ["command_key"])
    return person


@sensitive_variables("password", "code")
def _by_password(email: str, password: str, code: str) -> "Person":
    request = _request()
    with request_context(request):
        try:
            person = get_adapter(request).authenticate(request, email=email, password=password)
        except ValidationError as fault:
            raise NotProved("{told}", told=fault.messages[0]) from None
        if not queries.is_person(person):
            raise NotProved(_("Adressen eller lösenordet stämmer inte."))
        request.user = person
        factor = factor_of(person, code)
        if not factor:
            raise NotProved(_("Koden stämmer inte eller har redan använts. Vänta på nästa kod."))
    actions.record_sign_in(person, ["password", factor])
    return person


def _request() -> HttpRequest:
    """What the limits of sign-in ask of: a request from this machine, known from nowhere."""
    request = HttpRequest()
    request.META.update(REMOTE_ADDR="127.0.0.1", SERVER_NAME="localhost", SERVER_PORT="0")
    return request


def _asked(prompt: str) -> str:
    """A secret, typed unseen at a terminal or read as a line."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    line = sys.stdin.readline(1000)
    if not line:
        raise BadInput(
            _(
                "Lösenord och kod behövs. Kör i en terminal, skicka dem som två rader, eller gör "
                "en nyckel på sidan Ditt konto och sätt den i HAMN_KEY."
            )
        )
    return line.rstrip("\r\n")


def _name(key: str) -> str:
    return f"hamn:command-key:{hashlib.sha256(key.encode()).hexdigest()}"
