"""Passkeys and security keys."""

from typing import Any

from allauth.mfa.webauthn import views as webauthn
from django.http import HttpResponse
from django.urls import reverse_lazy

from hamn.core.errors import _

from ..adapter import became_strong, is_strong
from ..forms import AddKeyForm, ConfirmKeyForm, NameKeyForm, SignInKeyForm
from ..permits import open_to_all, signed_in, staff
from .factors import Enrolling, Removing
from .frame import FORM_PAGE, ours, texts

_BACK = {"back_url": reverse_lazy("mfa_index")}


class AddKey(Enrolling, webauthn.AddWebAuthnView):
    """A new key."""

    kind = "webauthn"


class RemoveKey(Removing, webauthn.RemoveWebAuthnView):
    """A key is taken away, when another second factor remains."""

    kind = "webauthn"
    success_url = reverse_lazy("mfa_index")

    def removed_id(self) -> int:
        """The key of the address."""
        return int(self.get_object().pk)


class ConfirmKey(webauthn.ReauthenticateWebAuthnView):
    """A key once more."""

    def form_valid(self, form: Any) -> HttpResponse:
        """On, with a session that has shown the second factor."""
        was_strong = is_strong(self.request)
        response: HttpResponse = super().form_valid(form)
        if not was_strong:
            became_strong(self.request, staff(self.request))
        return response


sign_in = open_to_all(ours(webauthn.LoginWebAuthnView.as_view(form_class=SignInKeyForm)))
confirm = signed_in(
    ours(
        ConfirmKey.as_view(
            form_class=ConfirmKeyForm,
            template_name="mfa/confirm_key.html",
            extra_context=texts(heading=_("Visa att det är du")),
        )
    )
)
add = signed_in(
    ours(
        AddKey.as_view(
            form_class=AddKeyForm,
            template_name="mfa/add_key.html",
            extra_context=texts(heading=_("Lägg till en nyckel")),
        )
    )
)
rename = signed_in(
    ours(
        webauthn.EditWebAuthnView.as_view(
            form_class=NameKeyForm,
            template_name=FORM_PAGE,
            success_url=reverse_lazy("mfa_index"),
            extra_context=texts(heading=_("Byt namn på nyckeln"), button=_("Spara namnet")) | _BACK,
        )
    )
)
remove = signed_in(
    ours(
        RemoveKey.as_view(
            template_name=FORM_PAGE,
            extra_context=texts(
                heading=_("Ta bort nyckeln"),
                lead=_("Nyckeln går sedan inte att logga in med."),
                button=_("Ta bort nyckeln"),
            )
            | _BACK
            | {"is_final": True},
        )
    )
)
