"""How strongly a session is signed in, and what it must do before the desk opens.

A session that came in by password alone, while the person had no second factor, becomes strong
only when it enrols one itself. It never becomes strong because another session did: somebody who
knew the password could otherwise wait inside until the owner had enrolled hers.
"""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from ..models import Person
from ..queries import RECOVERY_CODES, is_person

STRONG = "second_factor"  # in the session: whose second factor it has shown
_LEAVE = frozenset({"account_logout", "account_login"})
# Where a session that is not strong may be, by what the person has to sign in with.
ON_THE_WAY = {
    "mfa_activate_totp": _LEAVE
    | {"mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"},
    "mfa_reauthenticate": _LEAVE | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"},
    "mfa_reauthenticate_webauthn": _LEAVE | {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"},
}


def is_strong(request: HttpRequest) -> bool:
    """Whether this session has shown a second factor of the person who is signed in."""
    person = request.user
    if not is_person(person):
        return False
    if request.session.get(STRONG) == person.pk:
        return True
    records = get_authentication_records(request, person)
    return any(record.get("method") == "mfa" for record in records)


def mark_strong(session: Any, person: Person) -> None:
    """The session has shown a second factor of this person."""
    session[STRONG] = person.pk


def became_strong(request: HttpRequest, person: Person) -> None:
    """This session has just enrolled a second factor: it may do more, so it gets a new id."""
    mark_strong(request.session, person)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.cycle_key()
    UserSession.objects.create_from_request(request)


def next_step(request: HttpRequest) -> str | None:
    """The name of the page where the session must go now; None when it may go on.

    A page on the way there may be stayed on, since enrolling takes more than one.
    """
    person = request.user
    if not is_person(person):
        return "account_login"
    if is_strong(request):
        return None
    step = _way_in(person)
    match = request.resolver_match
    return None if match and match.view_name in ON_THE_WAY[step] else step


def _way_in(person: Person) -> str:
    kinds = set(person.authenticator_set.values_list("type", flat=True)) - {RECOVERY_CODES}
    if not kinds:
        return "mfa_activate_totp"
    return "mfa_reauthenticate" if "totp" in kinds else "mfa_reauthenticate_webauthn"
