"""What the person chooses in her dialogue: a name or none, another worker, how she is reached."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from hamn.ui.pages import page

from ...actions import person as actions
from ...actions.notices import notices_are_offered
from ...forms.public import CallForm, DoorForm, NameForm, NoticeForm, PlainForm
from ...queries import person
from ...queries.person import Opened
from .opened import proof_of, with_opened
from .waiting import keeping

TEMPLATES = {
    "name": "door/public/dialogue/name.html",
    "notice": "door/public/dialogue/notice.html",
    "call": "door/public/dialogue/call.html",
}

_METHODS = ["GET", "HEAD", "POST"]


@keeping(TEMPLATES["name"], NameForm)
@require_http_methods(_METHODS)
@with_opened
@sensitive_variables("form")
def name(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What she wants to be called; empty makes her anonymous again."""
    form = NameForm.of(request, initial={"called": opened.called})
    return _chosen(
        request,
        opened,
        TEMPLATES["name"],
        form,
        lambda cleaned: actions.be_called(opened, now=timezone.now(), **cleaned),
        called=opened.called,
    )


@require_http_methods(_METHODS)
@with_opened
def other_worker(request: HttpRequest, opened: Opened) -> HttpResponse:
    """She wants somebody else to answer; or takes that back."""
    asks = opened.dialogue.asks_other_worker
    # What the button said, and not the other of what stands: a form sent twice is one wish.
    wants = request.POST.get("wants") == "yes"
    return _chosen(
        request,
        opened,
        "door/public/dialogue/other_worker.html",
        PlainForm.of(request),
        lambda _: actions.ask_other_worker(opened, wants=wants, now=timezone.now()),
        asks=asks,
    )


@keeping(TEMPLATES["notice"], NoticeForm, is_offered=True)
@require_http_methods(_METHODS)
@with_opened
@sensitive_variables("form")
def notice(request: HttpRequest, opened: Opened) -> HttpResponse:
    """A neutral letter when there is an answer; revoked when she wants."""
    return _reach(request, opened, "notice", NoticeForm, is_offered=notices_are_offered())


@keeping(TEMPLATES["call"], CallForm)
@require_http_methods(_METHODS)
@with_opened
@sensitive_variables("form")
def call(request: HttpRequest, opened: Opened) -> HttpResponse:
    """A number to be called at; revoked when she wants."""
    return _reach(request, opened, "call", CallForm)


@sensitive_variables("form", "has")
def _reach(
    request: HttpRequest,
    opened: Opened,
    kind: str,
    form_class: type[NoticeForm] | type[CallForm],
    **more: Any,
) -> HttpResponse:
    has = person.chosen(opened, kind)
    if request.POST.get("remove"):
        actions.remove_reach(opened, kind=kind, now=timezone.now())
        return redirect("door:conversation")
    form = form_class.of(request)
    return _chosen(
        request,
        opened,
        TEMPLATES[kind],
        form,
        lambda _: actions.set_reach(opened, kind=kind, content=form.content, now=timezone.now()),
        has=has,
        **more,
    )


@sensitive_variables("form")
def _chosen(
    request: HttpRequest,
    opened: Opened,
    template: str,
    form: DoorForm,
    act: Callable[[dict[str, Any]], object],
    **context: Any,
) -> HttpResponse:
    """Back to the dialogue once it is done; else the page of the form."""
    if form.sent(act):
        return redirect("door:conversation")
    return page(
        request,
        template,
        form=form,
        proof=proof_of(opened),
        dialogue=opened.dialogue,
        **context,
    )
