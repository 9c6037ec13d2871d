"""The door's pages for what went wrong: calm, in the reader's language, with a way on."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from hamn.core.errors import Refusal
from hamn.core.errors import _ as marked
from hamn.ui.words import refusal_sentences

from . import languages

RETRY_S = 10


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: it is not there."""
    return _page(
        request,
        404,
        lambda: (
            _("Sidan finns inte"),
            [_("Det finns inget att visa på den här adressen. Börja om på första sidan.")],
        ),
    )


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """422: it could not be done, why, and what to do; 503 when it can be done in a moment.

    A refusal that knows when it is worth another try says so (`retry_after_s`).
    """
    retry_s = getattr(refusal, "retry_after_s", None)
    heading = marked("Det gick inte") if retry_s is None else marked("Vänta en liten stund")
    response = _page(
        request,
        422 if retry_s is None else 503,
        lambda: (_(heading), refusal_sentences(refusal)),
    )
    if retry_s is not None:
        response.headers["Retry-After"] = str(retry_s)
    return response


def busy(request: HttpRequest) -> HttpResponse:
    """503: too many at once, or the database is away; nothing was saved, it may be sent again."""
    response = _page(
        request,
        503,
        lambda: (
            _("Många skriver till oss just nu"),
            [
                _("Inget har sparats. Vänta en liten stund, gå tillbaka och skicka igen."),
                _("Vill du inte vänta kan du ringa. Vid fara: ring 112."),
            ],
        ),
    )
    response.headers["Retry-After"] = str(RETRY_S)
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: the form did not come from a page of ours."""
    return _page(
        request,
        403,
        lambda: (
            _("Det gick inte att ta emot"),
            [_("Formuläret kom inte från den här sidan, så inget har sparats. Öppna sidan igen.")],
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came cannot be read; 413 when it is only too long."""
    if isinstance(exception, RequestDataTooBig):
        return too_long(request)
    return _page(
        request,
        400,
        lambda: (
            _("Det gick inte att läsa"),
            [_("Det som skickades går inte att läsa. Inget har sparats; öppna sidan igen.")],
        ),
    )


def too_long(request: HttpRequest) -> HttpResponse:
    """413: more than a form may send; the page that it was written on may still have it."""
    return _page(
        request,
        413,
        lambda: (
            _("Det är för mycket på en gång"),
            [
                _("Inget har sparats: det du skickade är längre än vad vi kan ta emot."),
                _("Gå tillbaka. Dela upp texten och skicka en del i taget. Bifoga inga filer."),
            ],
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; nothing half done is kept."""
    return _page(
        request,
        500,
        lambda: (
            _("Något gick fel hos oss"),
            [
                _("Det är inte ditt fel. Vänta en liten stund, gå tillbaka och försök igen."),
                _("Vill du inte vänta kan du ringa. Vid fara: ring 112."),
            ],
        ),
    )


def _page(
    request: HttpRequest, status: int, told: Callable[[], tuple[str, list[str]]]
) -> HttpResponse:
    # Also where the fault came before the language had been read.
    with translation.override(getattr(request, "LANGUAGE_CODE", languages.DEFAULT)):
        heading, sentences = told()
        context = {"heading": heading, "sentences": sentences}
        return render(request, "door_site/told.html", context, status=status)
