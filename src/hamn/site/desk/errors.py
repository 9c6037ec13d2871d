"""The desk's pages for what went wrong, in the house's style and the reader's language."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hamn.core.errors import Refusal
from hamn.guards.access import permits
from hamn.guards.access.queries import is_person
from hamn.guards.access.rules import every_unit
from hamn.guards.vault.rules import Locked
from hamn.ui.words import refusal_sentences, said


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: it is not there, or not for you; the page does not tell which."""
    return _page(
        request,
        404,
        _("Sidan finns inte"),
        [
            _("Det finns inget att visa på den här adressen."),
            _("Om du skrev adressen själv: kontrollera att den är rätt."),
        ],
    )


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """422: it could not be done, why, and what to do."""
    if isinstance(refusal, Locked):
        return locked(request, refusal)
    return _page(request, 422, _("Det gick inte att göra"), refusal_sentences(refusal))


def locked(request: HttpRequest, refusal: Locked) -> HttpResponse:
    """422: the unit's vault is closed; whoever may open it is led there."""
    unit, person = refusal.facts["unit"], request.user
    name = said(every_unit().get(unit, unit))
    told = [
        _("Valvet för {unit} är stängt, så det som är förseglat kan inte läsas just nu.").format(
            unit=name
        ),
        _("Ingenting är borta. Enhetens chef, eller chefens ersättare, öppnar valvet."),
    ]
    may_open = is_person(person) and permits.allows(person, "vault.unseal", unit)
    more = {"act_url": reverse("vault:unseal", args=[unit])} if may_open else {}
    return _page(request, 422, _("Valvet är stängt"), told, act_text=_("Öppna valvet"), **more)


def sent_already(request: HttpRequest) -> HttpResponse:
    """409: the same form came once more."""
    told = [
        _("Formuläret är redan skickat, och det du skrev sparades den gången."),
        _("Inget har sparats en gång till. Gå tillbaka och se efter innan du skickar ett nytt."),
    ]
    return _page(request, 409, _("Redan skickat"), told)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form did not come from a page of ours, or from one that was open too long."""
    told = [
        _("Formuläret kom från en sida som inte längre gäller, så inget har sparats."),
        _("Öppna sidan på nytt och skicka igen. Det kan bero på att kakor är avstängda."),
    ]
    return _page(request, 403, _("Sidan har varit öppen för länge"), told)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403 of Django's own."""
    return csrf_failure(request)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came cannot be read; 413 when it is only too long, which can be mended."""
    if isinstance(exception, RequestDataTooBig):
        return too_long(request)
    told = [_("Det som skickades går inte att läsa. Inget har sparats; öppna sidan på nytt.")]
    return _page(request, 400, _("Det gick inte att läsa"), told)


def too_long(request: HttpRequest) -> HttpResponse:
    """413: more text than a form may send; the page that it stands on still has it."""
    told = [
        _("Inget har sparats: det du skrev är längre än vad ett formulär kan ta emot."),
        _("Gå tillbaka. Texten står kvar där, eller som utkast. Korta den och spara igen."),
    ]
    return _page(request, 413, _("Texten är för lång"), told)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; nothing half done is kept."""
    told = [
        _(
            "Något gick fel hos oss. Inget har sparats halvt: det du gjorde är antingen klart "
            "eller inte gjort."
        ),
        _(
            "Försök igen om en stund. Hjälper inte det, säg till systemadministratören när det "
            "hände."
        ),
    ]
    return _page(request, 500, _("Något gick fel"), told)


def _page(
    request: HttpRequest, status: int, heading: str, sentences: list[str], **more: str
) -> HttpResponse:
    context = {"heading": heading, "sentences": sentences, **more}
    response = render(request, "ui/refused.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
