"""Codes of an app and recovery codes: allauth's forms with our limits, words and trail."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth
from django import forms
from django.core.cache import cache

from hamn.core.errors import _
from hamn.ui.forms import HamnForm, Text

from .. import actions
from ..actions.signing_in import Why
from ..adapter import limits
from ..models import Person


def _code(label: str, hint: str) -> Text:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    return Text(label, hint=hint, longest=20, width=10, widget=widget)


class _Code(HamnForm):
    """A code, limited by browser for those that the account knows."""

    code = _code(_("Kod"), _("De sex siffrorna i din app, eller en av dina reservkoder."))
    user: Person
    authenticator: Any

    def clean_code(self) -> str:
        """The code, once: one that has been used is as wrong as any other."""
        usage = limits.use_code_try(context.request, self.user)
        if usage is None:
            raise account_adapter().validation_error("too_many_login_attempts")
        code = str(self.cleaned_data["code"])
        self.authenticator = _matching(self.user, code)
        if self.authenticator is None:
            actions.record_failed_sign_in(self.user, Why.WRONG_CODE)
            raise get_adapter().validation_error("incorrect_code")
        usage.rollback()
        return code


class CodeForm(_Code, base.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""


class ConfirmCodeForm(_Code, base.ReauthenticateForm):  # type: ignore[misc]
    """A code once more, from someone who is signed in."""


class AddAppForm(HamnForm, totp.ActivateTOTPForm):
    """The first code of a new app, which shows that it has the secret."""

    code = _code(_("Kod från appen"), _("Sex siffror."))

    def clean_code(self) -> str:
        """The code, when the app has the secret that the page shows."""
        usage = limits.use_code_try(context.request, self.user)
        if usage is None:
            raise account_adapter().validation_error("too_many_login_attempts")
        code = str(self.cleaned_data["code"])
        if not (auth.validate_totp_code(self.secret, code) and _is_first(self.user, code)):
            raise get_adapter().validation_error("incorrect_code")
        usage.rollback()
        return code


class RemoveAppForm(HamnForm, totp.DeactivateTOTPForm):
    """Nothing to fill in; refused for the last second factor."""


class RecoveryCodesForm(HamnForm, GenerateRecoveryCodesForm):
    """Nothing to fill in; refused without a second factor."""


def _matching(person: Person, code: str) -> Any:
    """The app or the set of recovery codes that the code opens; None when it opens nothing."""
    rows: Any = person.authenticator_set.exclude(type="webauthn")
    for row in rows:
        if row.wrap().validate_code(code):
            if row.type == "totp" and not _is_first(person, code):
                return None
            row.user = person
            return row
    return None


def _is_first(person: Person, code: str) -> bool:
    """Whether the app's code is used for the first time while it holds.

    allauth remembers a used code for one period, but with a tolerance it holds for more.
    """
    lives = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return bool(cache.add(f"hamn:code:{person.pk}:{normalize_user_code(code)}", 1, lives))
