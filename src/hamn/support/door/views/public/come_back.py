"""Coming back with the code."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from hamn.core.errors import BadInput, _
from hamn.guards.access.permits import open_to_all
from hamn.ui.words import refusal_sentences

from ...actions import limits
from ...actions.hashing import hashed, rest
from ...forms.public import CodeForm
from ...queries.person import Opened, open_by_code
from . import asking, sealing
from .conversation import conversation_page
from .opened import remember
from .waiting import told_to_wait, waits, within

_LIVES = timedelta(hours=24)


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("form")
def come_back(request: HttpRequest) -> HttpResponse:
    """The page that asks for the code; the dialogue, when the code finds one that is open.

    A code that finds none, one of an ended dialogue and one of a blocked are answered alike, after
    the same work, so that nobody learns which codes have ever been.
    """
    form = CodeForm.of(request)
    kept = asking.kept_of(request)
    if not (form.is_bound and form.is_valid()):
        return asking.ask(request, form, kept=kept)
    try:
        found = within(lambda: _found(request, form.cleaned_data["code"], kept))
    except waits() as refusal:
        form.add_error(None, refusal_sentences(refusal))
        return told_to_wait(asking.ask(request, form, kept=kept), refusal)
    if found is None:
        rest()
        form.add_error("code", refusal_sentences(_unknown()))
        return asking.ask(request, form, kept=kept)
    return found


@sensitive_variables("code", "opened")
def _found(request: HttpRequest, code: str, kept: str) -> HttpResponse | None:
    opened = _opened_by(request, code)
    if opened is None:
        return None
    return remember(_first_page(request, opened, kept), opened, timezone.now())


def _first_page(request: HttpRequest, opened: Opened, kept: str) -> HttpResponse:
    if opened.dialogue.is_one_time:
        return redirect("door:new_code")
    # What she had written is shown, not sent: she sees first what has been answered meanwhile.
    return conversation_page(request, opened, draft=kept) if kept else redirect("door:conversation")


@sensitive_variables("code")
def _opened_by(request: HttpRequest, code: str) -> Opened | None:
    source = limits.source_of(request.META.get("REMOTE_ADDR", ""))
    limits.check("read", source)
    token = request.POST.get("token", "")
    is_ours = sealing.unsealed(asking.FORM, token, timezone.now(), _LIVES) is not None
    form = sealing.token_of(token) if is_ours else b""
    return open_by_code(hashed(code, source=source, form=form))


def _unknown() -> BadInput:
    return BadInput(
        _(
            "Koden öppnar ingenting här. Jämför med det du skrev upp. En dialog som är avslutad "
            "går inte att öppna igen, men du kan alltid börja en ny."
        )
    )
