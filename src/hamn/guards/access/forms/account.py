"""Signing in and passwords: allauth's forms with our fields, words and limits."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from hamn.core.errors import _
from hamn.ui.forms import Email, HamnForm, Text

from ..models import Person
from ..rules import LONGEST_PASSWORD

_RULE = _("Minst 12 tecken. Flera ord efter varandra är lätta att minnas och svåra att gissa.")


class Password(Text):
    """A password that is there already; kept as it is typed, blanks too."""

    def __init__(self, label: str, *, autocomplete: str = "current-password", **more: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(label, longest=LONGEST_PASSWORD, strip=False, widget=widget, **more)


class NewPassword(Password):
    """A password to be, judged by the centre's rules for the person it is for."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, autocomplete="new-password", **more)
        self.user: Any = None

    def clean(self, value: Any) -> Any:
        """The password, when it is neither short, common nor like the address."""
        return get_adapter().clean_password(super().clean(value), user=self.user)


def _address(hint: str = "") -> Email:
    widget = forms.EmailInput(attrs={"autocomplete": "username"})
    return Email(_("E-postadress"), hint=hint, longest=254, widget=widget)


def _again() -> Password:
    return Password(_("Nytt lösenord en gång till"), autocomplete="new-password")


class _Login(allauth.LoginForm):
    """allauth's form with our fields in place before errors are worded."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields = {"login": _address(), "password": Password(_("Lösenord"))}


class SignInForm(HamnForm, _Login):
    """Address and password."""

    def __init__(self, *arguments: Any, request: HttpRequest | None = None, **more: Any) -> None:
        super().__init__(*arguments, request=request, **more)
        self.request = request


class ReauthenticateForm(HamnForm, allauth.ReauthenticateForm):
    """The password once more."""

    password = Password(_("Lösenord"))  # type: ignore[assignment]


class _Twice:
    """Two new passwords that must be the same."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    user: Any

    def _bind(self) -> None:
        field = self.fields["password1"]
        if isinstance(field, NewPassword):
            field.user = self.user

    def clean_password2(self) -> str:
        """The second, when it is the first."""
        first, second = self.cleaned_data.get("password1"), self.cleaned_data["password2"]
        if first is not None and first != second:
            raise ValidationError(gettext("Lösenorden är inte lika. Skriv samma två gånger."))
        return str(second)

    def clean(self) -> dict[str, Any]:
        """What was cleaned; allauth's own comparison is ours above."""
        return self.cleaned_data


class ChangePasswordForm(_Twice, HamnForm, allauth.ChangePasswordForm):
    """From the present password to a new one."""

    oldpassword = Password(_("Nuvarande lösenord"))  # type: ignore[assignment]
    password1 = NewPassword(_("Nytt lösenord"), hint=_RULE)  # type: ignore[assignment]
    password2 = _again()  # type: ignore[assignment]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._bind()


class SetPasswordForm(_Twice, HamnForm, allauth.SetPasswordForm):
    """A password for who has signed in without one, by a key."""

    password1 = NewPassword(_("Nytt lösenord"), hint=_RULE)  # type: ignore[assignment]
    password2 = _again()  # type: ignore[assignment]

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._bind()


class ChoosePasswordForm(_Twice, HamnForm):
    """A password chosen by a link."""

    password1 = NewPassword(_("Nytt lösenord"), hint=_RULE)
    password2 = _again()

    def __init__(self, *arguments: Any, person: Person, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.user = person
        self._bind()


class ForgottenForm(HamnForm):
    """Where the link is to be sent."""

    email = _address()
