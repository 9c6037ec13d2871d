"""allauth's hooks for accounts: closed for sign-up, told to the trail, the same answer to all."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from hamn.core.errors import _
from hamn.ui.words import said

from .. import actions, queries
from ..actions.signing_in import Why
from ..models import Person
from ..rules import LONGEST_PASSWORD
from . import device, limits

_WRONG = _(
    "Adressen eller lösenordet stämmer inte. Försök igen, eller välj ett nytt lösenord med en "
    "länk till din e-post."
)
# What allauth tells in its own message templates, by their names.
_TOLD = {
    "account/messages/password_changed.txt": _("Lösenordet är valt. Logga in med det."),
    "account/messages/password_set.txt": _("Lösenordet är valt. Logga in med det."),
    "account/messages/logged_out.txt": _("Du är utloggad."),
    "mfa/messages/totp_activated.txt": _("Appen är tillagd."),
    "mfa/messages/totp_deactivated.txt": _("Appen är borttagen."),
    "mfa/messages/webauthn_added.txt": _("Nyckeln är tillagd."),
    "mfa/messages/webauthn_removed.txt": _("Nyckeln är borttagen."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "Du har nya reservkoder. Spara dem på ett säkert ställe."
    ),
}
_METHODS = {
    "reauthenticate": _("Använd ditt lösenord"),
    "mfa_reauthenticate": _("Använd en kod från appen eller en reservkod"),
    "mfa_reauthenticate:webauthn": _("Använd en nyckel"),
}


class AccountAdapter(DefaultAccountAdapter):
    """People are invited, never signed up; whether an account exists is never told."""

    error_messages = {  # noqa: RUF012 as allauth has it
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(_WRONG),
        "invalid_login": gettext_lazy(_WRONG),
        "account_inactive": gettext_lazy(_WRONG),
        "too_many_login_attempts": gettext_lazy(
            _(
                "Det har blivit för många försök. Vänta fem minuter. Du kan också logga in med en "
                "nyckel, eller välja ett nytt lösenord med en länk till din e-post."
            )
        ),
        "rate_limited": gettext_lazy(
            _("Det har blivit för många försök. Vänta fem minuter och försök igen.")
        ),
        "password_too_long": gettext_lazy(
            _("Lösenordet får ha högst 256 tecken. Välj ett kortare.")
        ),
        "enter_current_password": gettext_lazy(
            _("Det nuvarande lösenordet stämmer inte. Försök igen.")
        ),
        "incorrect_password": gettext_lazy(_("Lösenordet stämmer inte. Försök igen.")),
        "invalid_password_reset": gettext_lazy(_("Länken gäller inte längre. Be om en ny.")),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody makes her own account."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take one of the tries that the browser has left for this account.

        Raises ValidationError when there is none.
        """
        address = credentials.get("email", "")
        person = queries.with_address(address)
        self._login_failed_rl_usage = limits.use_password_try(request, person, address)
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """The person, when address and password are hers and she may sign in; else None.

        The same answer after the same work for an unknown address, a person without a password
        and one who has left: the hash is always computed, once.
        Raises ValidationError for a secret too long to hash, and when there are no tries left.
        """
        if len(credentials.get("password") or "") > LONGEST_PASSWORD:
            raise self.validation_error("password_too_long")
        self.pre_authenticate(request, **credentials)
        found = authenticate(request, **credentials)
        # allauth would show one who has left, and knows her password, a page of its own.
        AuthenticationBackend.unstash_authenticated_user()
        person = queries.with_address(credentials.get("email", ""))
        why = _why_not(person, is_right=found is not None)
        if why is not None:
            actions.record_failed_sign_in(person, why)
            return None
        self._rollback_login_failed_rl_usage()
        return found

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether the password is hers, who is signed in already."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whether she must show who she is once more; not just after she has."""
        if not super().is_reauthentication_required(app=app, **more):
            return False
        records = get_authentication_records(context.request, context.request.user)
        latest = records[-1]["at"] if records else 0
        return bool(time.time() - latest >= app_settings.REAUTHENTICATION_TIMEOUT)

    def pre_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse | None:
        """None to go on; back to the sign-in page for who may not, however she came here."""
        why = _why_not(user, is_right=True)
        if why is None:
            response: HttpResponse | None = super().pre_login(request, user, **more)
            return response
        actions.record_failed_sign_in(user, why)
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(
        self,
        request: HttpRequest,
        user: Any,  # noqa: ARG002
    ) -> HttpResponse:
        """The answer that a wrong password gets, also to a right one."""
        clear_login(request)
        messages.error(request, gettext(_WRONG))
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Where she goes, with her browser remembered and the trail told."""
        response: HttpResponse = super().post_login(request, user, **more)
        records = get_authentication_records(request, user)
        actions.record_sign_in(user, [str(row.get("type") or row["method"]) for row in records])
        device.remember(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        """End the session, and tell the trail whose it was."""
        if queries.is_person(request.user):
            actions.record_sign_out(request.user)
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Save what she chose."""
        actions.save_password(user, password)

    def clean_password(self, password: str, user: Any = None) -> str:
        """The new password, when it is long enough and no longer than we hash."""
        if len(password) > LONGEST_PASSWORD:
            raise self.validation_error("password_too_long")
        try:
            return str(super().clean_password(password, user))
        except ValidationError as fault:
            # One sentence at a time is what a person can mend.
            raise ValidationError(fault.messages[0]) from None

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *_arguments: Any,
        message: str | None = None,
        **_more: Any,
    ) -> None:
        """One line of news on the next page, in our words; nothing where we have none."""
        told = message or said(_TOLD.get(message_template or "", ""))
        if told:
            messages.add_message(request, level, told)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the sign-in by a key asks for data; everything else is pages."""
        is_for_key = request.path == reverse("mfa_login_webauthn")
        return is_for_key and bool(super().is_ajax(request))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Where one goes who has signed out."""
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Where one goes whose sessions all ended with her old password."""
        return reverse("account_login")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to show who one is, named in the reader's language."""
        rows = super().get_reauthentication_methods(user)
        return [{**row, "description": said(_METHODS[row["id"]])} for row in rows]


def _why_not(person: Person | None, *, is_right: bool) -> Why | None:
    """Why the person may not sign in, for the trail; None when she may."""
    if person is None:
        return Why.UNKNOWN
    if not person.is_active:
        return Why.HAS_LEFT
    if not is_right:
        return Why.WRONG_PASSWORD if person.has_usable_password() else Why.NO_PASSWORD
    is_open_secret = person.is_demo or queries.is_demo_centre()
    return Why.DEMO_ONLY if is_open_secret and not settings.DEMO else None
