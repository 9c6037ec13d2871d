"""Passkeys and security keys: allauth's forms, which here survive whatever a browser sends."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import HamnForm, Text

from .. import actions
from ..actions.signing_in import Why
from ..adapter import limits
from ..models import Person

# What fido2 and allauth raise for an answer that is no answer of a key.
_BROKEN = (ValidationError, ValueError, TypeError, KeyError, AttributeError, OverflowError)
_LONGEST_NAME = 60
_LONGEST_ANSWER = 20_000
_SILENT = _("Nyckeln svarade inte. Det krävs en nyckel och att JavaScript är på. Försök igen.")


class Answer(forms.JSONField):
    """What the key answered; the page's script fills it in, without it there is nothing to send."""

    def __init__(self) -> None:
        told = dict.fromkeys(("required", "invalid"), gettext_lazy(_SILENT))
        super().__init__(widget=forms.HiddenInput, error_messages=told)

    def to_python(self, value: Any) -> Any:
        """The answer, when it has the shape of one; anybody may send anything here."""
        if isinstance(value, str) and len(value) > _LONGEST_ANSWER:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            answer = super().to_python(value)
        except RecursionError:
            answer = 0
        if answer is not None and not isinstance(answer, dict):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return answer


class _Answering(HamnForm):
    """A form with a key's answer, which is hidden; what is wrong with it is shown all the same."""

    @property
    def summary(self) -> list[dict[str, str]]:
        """The errors, those of the answer too."""
        return [*super().summary, *({"text": str(one)} for one in self["credential"].errors)]


class AddKeyForm(_Answering, webauthn.AddWebAuthnForm):
    """A new key: what to call it, and whether it is enough alone."""

    name = Text(
        _("Vad vill du kalla nyckeln?"),
        hint=_("Så att du känner igen den, till exempel ”jobbdatorn”."),
        required=False,
        longest=_LONGEST_NAME,
    )
    passwordless = forms.BooleanField(
        label=gettext_lazy(_("Logga in med bara nyckeln, utan lösenord")),
        help_text=gettext_lazy(_("Nyckeln frågar då efter fingeravtryck, ansikte eller pinkod.")),
        required=False,
    )
    credential = Answer()

    def clean(self) -> dict[str, Any]:
        """The key's answer, checked against what the page asked it."""
        try:
            return dict(super().clean() or {})
        except _BROKEN:
            raise get_adapter().validation_error("incorrect_key") from None


class NameKeyForm(HamnForm, webauthn.EditWebAuthnForm):
    """Another name for a key."""

    name = Text(_("Nyckelns namn"), longest=_LONGEST_NAME)


class _Key(_Answering):
    """A key's answer; wrong ones are told to the trail."""

    credential = Answer()
    user: Person | None

    def clean_credential(self) -> Any:
        """The key that answered."""
        credential = self.cleaned_data["credential"]
        person = self._person(credential)
        if not limits.may_try_key(context.request, person):
            raise account_adapter().validation_error("rate_limited")
        try:
            if person is None:
                raise ValueError(credential)
            auth.parse_authentication_response(credential)
            return auth.complete_authentication(person, credential)
        except _BROKEN:
            actions.record_failed_sign_in(person, Why.WRONG_KEY)
            raise get_adapter().validation_error("incorrect_key") from None

    def _person(self, credential: Any) -> Person | None:
        if self.user is not None:
            return self.user
        try:
            found: Any = auth.extract_user_from_response(credential)
        except _BROKEN:
            return None
        return found if isinstance(found, Person) else None


class ShowKeyForm(_Key, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key as the second step of signing in."""


class SignInKeyForm(_Key, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """A key alone."""


class ConfirmKeyForm(_Key, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key once more, from someone who is signed in."""
