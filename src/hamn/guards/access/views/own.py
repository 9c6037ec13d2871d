"""A person's own account: who she is here, what she signs in with, and where she is signed in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamn.ui.pages import done, page

from .. import actions, queries
from ..adapter import unused_codes
from ..permits import signed_in, staff
from ..rules import DESCRIPTIONS, NAMES, every_unit

# The first mark that is found decides: Edge says that it is Chrome, and Chrome that it is Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Name, roles, units, second factors, recovery codes; what can be changed is a link away."""
    person = staff(request)
    names = every_unit()
    factors = list(person.authenticator_set.order_by("created_at"))
    codes = next((row for row in factors if row.type == queries.RECOVERY_CODES), None)
    return page(
        request,
        "access/account.html",
        person=person,
        roles=[(NAMES[role], DESCRIPTIONS[role]) for role in sorted(person.roles())],
        members=[names.get(row.unit, row.unit) for row in queries.own_units(person)],
        app=next((row for row in factors if row.type == "totp"), None),
        keys=[(row, str(row)) for row in factors if row.type == "webauthn"],
        codes_left=unused_codes(codes),
    )


@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in, each of which she can end."""
    rows = queries.sessions_of(staff(request))
    return page(
        request,
        "usersessions/sessions.html",
        rows=[
            (row, browser(row.user_agent), row.session_key == request.session.session_key)
            for row in rows
        ],
    )


def browser(user_agent: str) -> str:
    """What a person calls the browser that says this about itself: `Firefox, Windows`."""
    name = next((name for mark, name in _BROWSERS if mark in user_agent), _("Okänd webbläsare"))
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{name}, {system}" if system else name


@require_POST
@signed_in
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """One of her sessions ends; ending the one she sits in is signing out."""
    actions.end_session(session_id=session_id, by=staff(request))
    return done(request, _("Inloggningen är avslutad."), "usersessions_list")


@require_POST
@signed_in
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """All her sessions but this one end."""
    key = request.session.session_key or ""
    ended = actions.end_other_sessions(but=key, by=staff(request))
    told = _("{count} andra inloggningar är avslutade.").format(count=ended)
    return done(request, told, reverse("usersessions_list"))
