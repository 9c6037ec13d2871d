"""The way in, and the language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hamn.guards.access import permits
from hamn.guards.access.permits import open_to_all
from hamn.guards.access.queries import is_person
from hamn.ui.middleware import COOKIE

YEAR = 365 * 24 * 3600


@open_to_all
def start(request: HttpRequest) -> HttpResponse:
    """To the overview; a caseworker to her day, nobody yet to the sign-in page and then here."""
    person = request.user
    if not is_person(person):
        return HttpResponseRedirect(reverse("account_login"))
    if not permits.allows(person, "desk.overview") and permits.allows(person, "cases.see"):
        return HttpResponseRedirect(reverse("cases:today"))
    return HttpResponseRedirect(reverse("desk:overview"))


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The page where the reader was, in the language she chose on this browser."""
    chosen, back = request.POST.get("sprak", ""), request.POST.get("vidare", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("desk:start")
    response = HttpResponseRedirect(back)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response
