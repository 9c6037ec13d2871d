"""What stands before every page of the door: headers, language, size, calm, our own forms."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from hamn.core.errors import NotVisible, PermissionDenied, Refusal
from hamn.guards.access.permits import EVERYONE

from . import errors, languages

Answer = Callable[[HttpRequest], HttpResponse]

# Nothing from elsewhere, nothing inline, nothing kept, no address passed on.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
NO_FEATURE = ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noarchive",
    "X-DNS-Prefetch-Control": "off",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NO_FEATURE),
}
# Told by every browser of today; a page of ours, or an address typed by hand.
OWN = {"same-origin", "none", ""}


class Headers:
    """The same strict headers on every answer: pages, files, redirects and errors."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; also of a file, so that a shared machine keeps no trace of our style."""
        response = self.answer(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response


class Language:
    """The language of the address; one that no native reader has approved is not there."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer in the language, said in its header."""
        wanted = languages.of_path(request.path_info)
        published = languages.published()
        code = wanted if wanted in published else languages.DEFAULT
        request.published = published  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = code
        with translation.override(code):
            response = self.answer(request)
        response.headers["Content-Language"] = code
        return response


class Calm:
    """Only what is open to everyone is there; what cannot be done becomes a page, never a trace."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; 413 before a body larger than any form of ours is read."""
        if _length(request) > (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0):
            return errors.too_long(request)
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """None to go on; 404 for a view that nobody has opened to everyone (`open_to_all`)."""
        is_open = getattr(view, "permit", None) == EVERYONE
        return None if is_open else errors.not_found(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A page for what is no fault of the page's; None leaves everything else to Django."""
        if isinstance(fault, NotVisible | PermissionDenied):
            return errors.not_found(request)
        if isinstance(fault, Refusal):
            return errors.refused(request, fault)
        # Away, or busy for longer than anyone should wait: the same sentence.
        is_away = isinstance(fault, OperationalError | InterfaceError)
        return errors.busy(request) if is_away else None


class OwnForms:
    """A form is taken from our own pages alone, so that no other site writes in someone's name."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; 403 for a form that the browser says comes from elsewhere."""
        is_read_only = request.method in {"GET", "HEAD"}
        return (
            self.answer(request) if is_read_only or _is_own(request) else errors.forbidden(request)
        )


def _is_own(request: HttpRequest) -> bool:
    """Whether nothing says that another site sent the form.

    Of a page that tells nobody where it was (no-referrer) a browser says the origin `null`.
    """
    origin = request.headers.get("Origin", "null")
    is_ours = origin == "null" or urlsplit(origin).netloc == request.get_host()
    return is_ours and request.headers.get("Sec-Fetch-Site", "") in OWN


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
