"""How a view ends: a page, a page with what was wrong, or a redirect with one line of news."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from hamn.core.errors import NotVisible, PermissionDenied, Refusal

from .words import refusal_sentences


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page; 422 when a form on it was sent and refused."""
    wrong = any(isinstance(form, BaseForm) and form.errors for form in context.values())
    response = render(request, template, context, status=422 if wrong else status)
    # What stood on a page must not be read from the cache of a shared machine.
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def done(request: HttpRequest, told: str, to: Any, *arguments: Any) -> HttpResponse:
    """Back to a page, which first says what has happened.

    told: in the reader's language. to, arguments: as `redirect` takes them.
    """
    messages.success(request, told)
    return HttpResponseRedirect(resolve_url(to, *arguments))


def hindered(
    request: HttpRequest, check: Callable[[], object], *, back_url: str
) -> HttpResponse | None:
    """A page that says why a form is not opened now; None when `check` passes, or it was sent.

    Raises NotVisible and PermissionDenied: those are pages of their own.
    """
    if request.method == "POST":
        return None
    try:
        check()
    except (NotVisible, PermissionDenied):
        raise
    except Refusal as refusal:
        return not_now(request, refusal, back_url=back_url)
    return None


def not_now(request: HttpRequest, refusal: Refusal, *, back_url: str) -> HttpResponse:
    """A page that says why something is not opened now, with the way back."""
    return page(
        request,
        "ui/refused.html",
        status=422,
        heading=_("Det går inte nu"),
        sentences=refusal_sentences(refusal),
        back_url=back_url,
    )


def is_fragment(request: HttpRequest) -> bool:
    """Whether a live part of a page asks for itself alone (htmx)."""
    return request.headers.get("HX-Request") == "true"
