"""Another code, what was written erased, and the dialogue ended."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from hamn.core.errors import Refusal
from hamn.guards.access.permits import open_to_all
from hamn.ui.pages import page
from hamn.ui.words import refusal_sentences

from ...actions import limits
from ...actions import person as actions
from ...actions.dialogues import Gone
from ...actions.hashing import hashed
from ...forms.public import EndForm, PlainForm
from ...queries.keeping import told_person
from ...queries.person import Opened, open_by_code
from ...rules import codes
from ...rules.keys import Derived
from . import sealing
from .contact import receipt_of, receipt_page
from .opened import (
    forget,
    opened_by_cookie,
    proof_of,
    remember,
    with_any_opened,
    with_opened,
)
from .waiting import told_to_wait, waits, within

_FORM, _LIVES = "code change", timedelta(hours=1)
_METHODS = ["GET", "HEAD", "POST"]


@open_to_all
@require_http_methods(_METHODS)
def new_code(request: HttpRequest) -> HttpResponse:
    """Another code for the same dialogue; a code that was read out is changed before anything.

    The same form sent twice shows the same code twice: the old one opens nothing any more, so a
    page that was lost on the way would shut her out.
    """
    return _changed_before(request) or _new_code(request)


@with_any_opened
@sensitive_variables("code", "form", "changed")
def _new_code(request: HttpRequest, opened: Opened) -> HttpResponse:
    now = timezone.now()
    form = PlainForm.of(request)
    dialogue_id, code = _carried(request, now)
    if dialogue_id != opened.dialogue.pk or not form.is_valid():
        return _code_page(request, opened, form, _new_token(opened, now))
    try:
        changed = within(lambda: _changed(request, opened, code, now))
    except waits() as refusal:
        return _wait_for_code(request, opened, refusal)
    return _code_shown(request, changed, code)


@require_http_methods(_METHODS)
@with_opened
def erase(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What was written erased and the channel kept; first, what goes, what remains and why."""
    now = timezone.now()
    told = told_person(opened.dialogue, timezone.localdate(now))
    form = PlainForm.of(request)
    if told.may_ask and form.sent(lambda _: actions.ask_erasure(opened, now=now)):
        return redirect("door:erase")
    return page(
        request,
        "door/public/dialogue/erase.html",
        told=told,
        form=form,
        proof=proof_of(opened),
    )


@require_http_methods(_METHODS)
@with_opened
def end(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The dialogue ended for good, and nothing of it left in the browser.

    Sent once more it is answered as by a dialogue that is blocked, or was never there: nobody
    learns from it which of them hers is.
    """
    now = timezone.now()
    form = EndForm.of(request)

    def act(cleaned: dict[str, str]) -> object:
        wants = cleaned["wants_erased"] == "erase"
        return actions.end_dialogue(opened, wants_erased=wants, now=now)

    if form.sent(act):
        return forget(page(request, "door/public/dialogue/ended.html"))
    told = told_person(opened.dialogue, timezone.localdate(now), ends=True)
    return page(
        request,
        "door/public/dialogue/end.html",
        told=told,
        form=form,
        proof=proof_of(opened),
    )


def _code_page(
    request: HttpRequest, opened: Opened | None, form: PlainForm, token: str
) -> HttpResponse:
    """The page before the new code. token: carries the code to be, the same as long as it waits."""
    return page(
        request,
        "door/public/dialogue/new_code.html",
        form=form,
        is_one_time=opened is not None and opened.dialogue.is_one_time,
        token=token,
        proof=proof_of(opened) if opened else "",
    )


def _wait_for_code(request: HttpRequest, opened: Opened | None, refusal: Refusal) -> HttpResponse:
    """The page as it was sent, to be sent again: the code to be may be the code already."""
    form = PlainForm.of(request)
    form.add_error(None, refusal_sentences(refusal))
    sent = request.POST.get("token", "")
    return told_to_wait(_code_page(request, opened, form, sent), refusal)


@sensitive_variables("code")
def _new_token(opened: Opened, now: datetime) -> str:
    code = codes.new_code().encode()
    return sealing.seal(_FORM, opened.dialogue.pk.bytes + code, now)


@sensitive_variables("code", "opened")
def _changed_before(request: HttpRequest) -> HttpResponse | None:
    """The new code's page again, when this very form has changed it already."""
    dialogue_id, code = _carried(request, timezone.now())
    if dialogue_id is None or opened_by_cookie(request) is not None:
        return None
    try:
        opened = open_by_code(_hashed(request, code))
    except waits() as refusal:
        return _wait_for_code(request, None, refusal)
    if opened is None or opened.dialogue.pk != dialogue_id:
        return None
    return _code_shown(request, opened, code)


@sensitive_variables("code")
def _code_shown(request: HttpRequest, opened: Opened, code: str) -> HttpResponse:
    told = receipt_of(code, answer_by=None, is_new=False)
    return remember(receipt_page(request, told), opened, timezone.now())


@sensitive_variables("code", "derived", "there")
def _changed(request: HttpRequest, opened: Opened, code: str, now: datetime) -> Opened:
    derived = _hashed(request, code)
    try:
        return actions.change_code(opened, derived=derived, now=now)
    except Gone:
        # The same form in another window was first, and has given it this very code.
        there = open_by_code(derived)
        if there is None or there.dialogue.pk != opened.dialogue.pk:
            raise
        return there


@sensitive_variables("code")
def _hashed(request: HttpRequest, code: str) -> Derived:
    source = limits.source_of(request.META.get("REMOTE_ADDR", ""))
    limits.check("read", source)
    return hashed(code, source=source, form=sealing.token_of(request.POST.get("token", "")))


@sensitive_variables("raw")
def _carried(request: HttpRequest, now: datetime) -> tuple[UUID | None, str]:
    """The dialogue that the form is of and its code to be; None for a page that is only opened."""
    text = request.POST.get("token", "") if request.method == "POST" else ""
    raw = sealing.unsealed(_FORM, text, now, _LIVES)
    return (UUID(bytes=raw[:16]), raw[16:].decode()) if raw else (None, "")
