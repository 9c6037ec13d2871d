"""The second step of signing in, apps and recovery codes."""

from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy

from hamn.core.errors import _

from .. import actions
from ..adapter import became_strong, demo_code, is_strong
from ..forms import (
    AddAppForm,
    CodeForm,
    ConfirmCodeForm,
    RecoveryCodesForm,
    RemoveAppForm,
    ShowKeyForm,
)
from ..permits import open_to_all, signed_in, staff
from .factors import Enrolling, Removing
from .frame import FORM_PAGE, ours, texts


class Authenticate(base.AuthenticateView):
    """The second step: a code or a key."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the page needs; in the demonstration also the code."""
        person = self.stage.login.user
        keys = person.authenticator_set.filter(type="webauthn")
        return {
            **super().get_context_data(**more),
            "demo": demo_code(person),
            "has_keys": keys.exists(),
        }


class Reauthenticate(base.ReauthenticateView):
    """A code once more."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the page needs; in the demonstration also the code."""
        return {**super().get_context_data(**more), "demo": demo_code(staff(self.request))}

    def form_valid(self, form: Any) -> HttpResponse:
        """On, with a session that has shown the second factor."""
        was_strong = is_strong(self.request)
        response: HttpResponse = super().form_valid(form)
        if not was_strong:
            became_strong(self.request, staff(self.request))
        return response


class AddApp(Enrolling, totp.ActivateTOTPView):
    """A new app: its secret as a picture and as text, and the first code."""

    kind = "totp"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What the page needs, with the secret in groups that can be typed."""
        context: dict[str, Any] = super().get_context_data(**more)
        secret = context["form"].secret
        grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return {**context, "secret": grouped, "is_first": not is_strong(self.request)}


class RemoveApp(Removing, totp.DeactivateTOTPView):
    """The app is taken away, when another second factor remains."""

    kind = "totp"
    success_url = reverse_lazy("mfa_index")

    def removed_id(self) -> int:
        """The only app there is."""
        return int(self.authenticator.pk)


class MakeRecoveryCodes(recovery.GenerateRecoveryCodesView):
    """New recovery codes in place of the old."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Made and told to the trail."""
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            actions.record_recovery_codes(staff(self.request))
        return response


class DownloadRecoveryCodes(recovery.DownloadRecoveryCodesView):
    """The recovery codes as a file."""

    template_name = "mfa/recovery_codes.txt"

    def render_to_response(self, context: Any, **more: Any) -> HttpResponse:
        """The file, with a Swedish name."""
        response: HttpResponse = super().render_to_response(context, **more)  # type: ignore[no-untyped-call]
        response.headers["Content-Disposition"] = 'attachment; filename="reservkoder.txt"'
        return response


authenticate = open_to_all(
    ours(
        Authenticate.as_view(
            form_class=CodeForm,
            webauthn_form_class=ShowKeyForm,
            template_name="mfa/authenticate.html",
            extra_context=texts(heading=_("Andra steget"), button=_("Logga in")),
        )
    )
)
reauthenticate = signed_in(
    ours(
        Reauthenticate.as_view(
            form_class=ConfirmCodeForm,
            template_name="account/confirm.html",
            extra_context=texts(
                heading=_("Visa att det är du"),
                lead=_("Skriv koden från din app, eller en reservkod."),
                button=_("Fortsätt"),
            ),
        )
    )
)
add_app = signed_in(
    ours(
        AddApp.as_view(
            form_class=AddAppForm,
            template_name="mfa/add_app.html",
            extra_context=texts(heading=_("Lägg till en app"), button=_("Lägg till appen")),
        )
    )
)
remove_app = signed_in(
    ours(
        RemoveApp.as_view(
            form_class=RemoveAppForm,
            template_name=FORM_PAGE,
            extra_context=texts(
                heading=_("Ta bort appen"),
                lead=_("Koder från appen går sedan inte att logga in med."),
                button=_("Ta bort appen"),
            )
            | {"is_final": True, "back_url": reverse_lazy("mfa_index")},
        )
    )
)
make_recovery_codes = signed_in(
    ours(
        MakeRecoveryCodes.as_view(
            form_class=RecoveryCodesForm,
            template_name=FORM_PAGE,
            extra_context=texts(
                heading=_("Gör nya reservkoder"),
                lead=_("De gamla slutar att gälla."),
                button=_("Gör nya reservkoder"),
            )
            | {"back_url": reverse_lazy("mfa_index")},
        )
    )
)
recovery_codes = signed_in(
    ours(recovery.ViewRecoveryCodesView.as_view(template_name="mfa/recovery_codes.html"))
)
download_recovery_codes = signed_in(ours(DownloadRecoveryCodes.as_view()))


def to_account(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """allauth's own lists are parts of the page about one's account."""
    return HttpResponseRedirect(reverse("mfa_index"))


account_instead = signed_in(to_account)
