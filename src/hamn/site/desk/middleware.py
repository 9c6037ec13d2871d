"""What stands before every view of the desk: closed by default, once only, refusals as pages."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import NotVisible, PermissionDenied, Refusal
from hamn.core.looks import one_look
from hamn.guards.access.adapter import next_step
from hamn.guards.access.queries import is_person
from hamn.guards.audit.actions import via
from hamn.site.refusals import record_refusal
from hamn.support.cases.actions import rescue_sent
from hamn.support.cases.queries.drafts import FIELD
from hamn.ui import once
from hamn.ui.forms.base import keep
from hamn.ui.pages import is_fragment

from . import errors

Answer = Callable[[HttpRequest], HttpResponse]
PAGES = {"GET", "HEAD"}
EVERYONE, SIGNED_IN = "everyone", "signed_in"


class Closed:
    """Nothing is answered but what a view's permit opens, and then only to the fully signed in."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; everything it writes to the trail says that it came by the desk.

        Who may what is asked once for a page; where something is sent, each time.
        """
        way = via.set("desk")
        try:
            with one_look() if request.method in PAGES else nullcontext():
                response = self.answer(request)
        finally:
            via.reset(way)
        # Nothing of the desk is read from the cache of a shared machine.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """None to go on; else a page, or the way to sign in."""
        permit = getattr(view, "permit", None)
        if permit == EVERYONE:
            return None
        if permit is None:
            # Nobody gave it a permit: closed. A house test finds it before a person does.
            return errors.not_found(request)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        step = next_step(request)
        if step is not None and request.resolver_match and request.resolver_match.view_name != step:
            return HttpResponseRedirect(reverse(step))
        return None


class SentOnce:
    """A form that was acted upon is not acted upon again, however often it is sent."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; for a replay, a page that says so."""
        token = request.POST.get(once.FIELD, "") if request.method == "POST" else ""
        if not token:
            return self.answer(request)
        if not once.take(token):
            return errors.sent_already(request)
        response = self.answer(request)
        # Refused, or on the way to sign in: the form may be sent again.
        if response.status_code >= 400 or hasattr(request, "is_unanswered"):
            once.give_back(token)
        return response


class Refusals:
    """A refusal becomes a page in the house's style, and an entry in the trail that stays."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; a refusal that a form shows is recorded once its transaction is gone."""
        response = self.answer(request)
        refusal = getattr(request, "refusal", None)
        if refusal is not None:
            _record(request, refusal)
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A page for a refusal; None leaves everything else to Django."""
        if not isinstance(fault, Refusal):
            return None
        _record(request, fault)
        if isinstance(fault, NotVisible | PermissionDenied):
            # The same answer for what is not there and for what is not yours.
            return errors.not_found(request)
        return errors.refused(request, fault)


def _record(request: HttpRequest, refusal: Refusal) -> None:
    match = request.resolver_match
    record_refusal(
        refusal,
        by=request.user if is_person(request.user) else None,
        attempt=match.view_name if match else "",
    )


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; what was typed into a form goes along, for its owner alone."""
    request.is_unanswered = True  # type: ignore[attr-defined]
    if is_fragment(request):
        # A page that asks for its live part again: let the browser ask for the whole of it.
        return HttpResponse(headers={"HX-Refresh": "true"})
    # What was typed about a person is sealed as a draft, never kept in a session.
    address = request.path
    if request.method == "POST" and _is_sealed(request):
        address = rescue_sent(sent=request.POST, page=request.path, now=timezone.now())
    elif request.method == "POST":
        person_id = once.person_of(request.POST.get(once.FIELD, ""))
        if person_id is not None:
            keep(request, person_id)
    return redirect_to_login(address, resolve_url("account_login"))


def _is_sealed(request: HttpRequest) -> bool:
    """Whether the form is about a person: any of casework, and any that is kept as a draft."""
    match = request.resolver_match
    return (match is not None and match.namespace == "cases") or FIELD in request.POST
