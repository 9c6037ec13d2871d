"""A key for the command line, made by the person herself where she is signed in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from hamn.guards.access.permits import signed_in, staff
from hamn.site.acting import KEY_LIVES, new_key
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import page


@signed_in
@sensitive_variables("key")
def command_key(request: HttpRequest) -> HttpResponse:
    """What a key is for; sent, a new one, shown once and stored nowhere but as a hash."""
    viewer, form, key = staff(request), ConfirmForm.of(request), ""
    if form.sent(lambda _given: new_key(viewer)):
        key = form.outcome
    return page(
        request,
        "desk/command_key.html",
        form=form,
        key=key,
        email=viewer.email,
        minutes=KEY_LIVES // 60,
        heading=_("Nyckel till kommandoraden"),
        button=_("Gör en ny nyckel") if key else _("Gör en nyckel"),
        back_url=reverse("mfa_index"),
    )
