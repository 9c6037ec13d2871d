"""Signing in and out, and passwords."""

from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import base36_to_int
from django.utils.translation import gettext as _

from hamn.core.errors import _ as marked
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import page

from .. import actions, queries
from ..actions.links import links
from ..adapter import device, limits
from ..forms import (
    ChangePasswordForm,
    ChoosePasswordForm,
    ForgottenForm,
    ReauthenticateForm,
    SetPasswordForm,
    SignInForm,
)
from ..models import Person
from ..permits import open_to_all, signed_in
from .frame import FORM_PAGE, origin, ours, texts

# In the session while a link is used, so that the key leaves the address bar.
LINK = "password_link"
_MARK = "valj"

sign_in = open_to_all(
    ours(
        allauth.LoginView.as_view(
            form_class=SignInForm,
            template_name="account/sign_in.html",
            extra_context=texts(heading=marked("Logga in"), button=marked("Logga in")),
        )
    )
)

sign_out = open_to_all(
    ours(
        allauth.LogoutView.as_view(
            template_name=FORM_PAGE,
            extra_context=texts(heading=marked("Logga ut"), button=marked("Logga ut"))
            | {"form": ConfirmForm()},
        )
    )
)

reauthenticate = signed_in(
    ours(
        allauth.ReauthenticateView.as_view(
            form_class=ReauthenticateForm,
            template_name="account/confirm.html",
            extra_context=texts(
                heading=marked("Visa att det är du"),
                lead=marked("Du är på väg att ändra något viktigt i ditt konto."),
                button=marked("Fortsätt"),
            ),
        )
    )
)

change_password = signed_in(
    ours(
        allauth.PasswordChangeView.as_view(
            form_class=ChangePasswordForm,
            template_name=FORM_PAGE,
            extra_context=texts(
                heading=marked("Byt lösenord"),
                lead=marked("Alla dina inloggningar avslutas, och du loggar in igen."),
                button=marked("Byt lösenord"),
            ),
        )
    )
)

set_password = signed_in(
    ours(
        allauth.PasswordSetView.as_view(
            form_class=SetPasswordForm,
            template_name=FORM_PAGE,
            extra_context=texts(
                heading=marked("Välj ett lösenord"),
                lead=marked("Alla dina inloggningar avslutas, och du loggar in igen."),
                button=marked("Spara lösenordet"),
            ),
        )
    )
)


@open_to_all
def forgotten(request: HttpRequest) -> HttpResponse:
    """The form for a new link, and the same answer whoever has the address."""
    form = ForgottenForm.of(request)
    if form.sent(lambda given: _ask_for_link(request, given["email"])):
        return HttpResponseRedirect(reverse("account_reset_password_done"))
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Välj ett nytt lösenord"),
        lead=_("Skriv din e-postadress, så skickar vi en länk som gäller i en timme."),
        button=_("Skicka länken"),
        back_url=reverse("account_login"),
    )


@open_to_all
def forgotten_done(request: HttpRequest) -> HttpResponse:
    """What happens next, whether or not the address is known here."""
    return page(request, "account/link_sent.html")


@open_to_all
def choose_password(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """The form behind a link from an e-mail; the link holds once."""
    if key != _MARK:
        # The key goes to the session, so that it stands in no address bar, history or log.
        request.session[LINK] = key
        path = {"uidb36": uidb36, "key": _MARK}
        return HttpResponseRedirect(reverse("account_reset_password_from_key", kwargs=path))
    person = _person_of(uidb36)
    if person is None or not links.check_token(person, request.session.get(LINK, "")):
        return page(request, "account/link_expired.html", status=410)
    form = ChoosePasswordForm.of(request, person=person)
    if form.sent(lambda given: actions.save_password(person, given["password1"])):
        return _chosen(request, person)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Välj ett lösenord"),
        lead=_("För {email}.").format(email=person.email),
        button=_("Spara lösenordet"),
    )


def _chosen(request: HttpRequest, person: Person) -> HttpResponse:
    """To the sign-in page; whoever was signed in here is not any more."""
    get_adapter().logout(request)
    messages.success(request, _("Lösenordet är valt. Logga in med det."))
    response = HttpResponseRedirect(reverse("account_login"))
    # Who holds the mailbox has shown as much as a sign-in: nobody can shut this browser out.
    device.remember(request, response, person)
    return response


def _person_of(uidb36: str) -> Person | None:
    try:
        pk = base36_to_int(uidb36)
    except ValueError:
        return None
    return Person.objects.filter(pk=pk, is_active=True).first()


def _ask_for_link(request: HttpRequest, email: str) -> None:
    """Have a link sent, unless this address has had its share of them for now."""
    # Beyond the limit nothing is sent, and nothing is told: anybody could ask for anybody's.
    if limits.may_have_link(request, queries.with_address(email), email):
        actions.request_link(email, origin(request))
