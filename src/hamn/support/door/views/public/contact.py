"""Writing for the first time: what it is about, the text, and the page with the code."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from hamn.core.errors import NotVisible, Refusal
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import open_to_all
from hamn.guards.vault.rules import NoKey
from hamn.support.services import queries as catalogue
from hamn.ui.pages import page
from hamn.ui.words import refusal_sentences

from ...actions import limits
from ...actions.dialogues import open_dialogue
from ...actions.hashing import Busy
from ...forms.public import AgainForm, WriteForm
from ...models import Dialogue
from ...rules import codes
from ...rules.pages import (
    OFFERED,
    SITUATIONS,
    Situation,
    is_dangerous,
    number_of,
    numbered,
    services_at,
)
from ...rules.routing import service_for
from ...rules.words import Origin
from . import sealing
from .reads import now_of
from .waiting import told_to_wait, waits, within

if TYPE_CHECKING:
    from hamn.support.services.models import Service

FORM, RECEIPT = "write form", "receipt"
# A form that is sent again shows its code again: not for longer than it takes to write.
_LIVES, _RECEIPT_LIVES = timedelta(hours=2), timedelta(hours=1)


_MISSING = marked("Sidan finns inte. Börja på första sidan.")


@dataclass(frozen=True, slots=True)
class About:
    """What she writes about. service: of who came from a service's own page, its code."""

    situation: Situation
    service: str = ""

    def reader(self, *, is_child: bool) -> str:
        """The code of the service that reads it."""
        return service_for(
            self.situation, is_child=is_child, table=settings.DOOR, chosen=self.service
        )


class Closed(Refusal):
    """Nothing can be sealed to the unit now: a fault of ours, and none of the person's."""

    code = "door.closed"


@open_to_all
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """What it is about: one link for each, whose address tells nothing."""
    return page(
        request,
        "door/public/dialogue/contact.html",
        situations=[(number_of(one), name) for one, name in OFFERED.items()],
        professional=SITUATIONS[Situation.PROFESSIONAL],
    )


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: int) -> HttpResponse:
    """The form of the first message; when it is sent, the page with the code.

    Who is under 18 is told of the duty to act before she sends anything, whatever way she came.
    """
    situation = numbered(number)
    if situation is None:
        raise NotVisible(_MISSING)
    return _write(request, About(situation))


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def write_to(request: HttpRequest, address: str) -> HttpResponse:
    """The same form, to the service whose own page she came from."""
    return _write(request, About(Situation.SERVICE, _served_at(request, address)))


@sensitive_variables("form", "code")
def _write(request: HttpRequest, about: About) -> HttpResponse:
    now = timezone.now()
    is_told = about.situation is Situation.CHILD or request.POST.get("told") == "1"
    form = WriteForm.of(request, is_child=is_told)
    code = _code_of(request, now)
    if form.is_bound and form.is_valid():
        if form.cleaned_data.get("age") == "child":
            # She said so only now: she is told first, and what she wrote is kept.
            form = _as_child(request)
            return _form_page(request, about, form, is_child=True, now=now, is_not_sent=True)
        if code is None:
            form.add_error(
                None, _("Sidan hade varit öppen länge. Det du skrev är kvar. Skicka igen.")
            )
        else:
            return _sent(request, about, form, code, is_child=is_told, now=now)
    return _form_page(request, about, form, is_child=is_told, now=now)


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("told", "form")
def receipt(request: HttpRequest) -> HttpResponse:
    """The page with the code once more, and whether the paper says the same."""
    sent = request.POST.get("receipt", "")
    raw = sealing.unsealed(RECEIPT, sent, timezone.now(), _RECEIPT_LIVES)
    if raw is None:
        return redirect("door:come_back")
    told = json.loads(raw)
    form = AgainForm.of(request)
    is_right = form.is_valid() and form.cleaned_data["again"] == told["code"]
    if form.is_valid() and not is_right:
        form.add_error("again", _("Det är inte samma kod. Jämför en grupp i taget."))
    return receipt_page(request, told, form=form, is_right=is_right)


def receipt_of(code: str, *, answer_by: date | None, is_new: bool) -> dict[str, Any]:
    """What the page with the code tells. is_new: a new dialogue's, not another code of one."""
    by = answer_by.isoformat() if answer_by else None
    return {"code": code, "answer_by": by, "is_new": is_new}


@sensitive_variables("told", "code")
def receipt_page(
    request: HttpRequest,
    told: dict[str, Any],
    *,
    form: AgainForm | None = None,
    is_right: bool = False,
) -> HttpResponse:
    """The page with the code: in groups to write down, and spelled to say aloud.

    It asks the database for nothing: once the message is stored, nothing may keep the code away.
    """
    code = told["code"]
    by = told["answer_by"]
    return page(
        request,
        "door/public/dialogue/receipt.html",
        groups=[
            (group, " ".join(words))
            for group, words in zip(codes.groups(code), codes.spelled(code), strict=True)
        ],
        shown=codes.shown(code),
        answer_by=date.fromisoformat(by) if by else None,
        is_new=told["is_new"],
        form=form or AgainForm(),
        is_right=is_right,
        # The page of another language would be another page, without the code.
        languages=[],
        receipt=sealing.seal(RECEIPT, json.dumps(told).encode(), timezone.now()),
    )


@sensitive_variables("form", "code")
def _sent(
    request: HttpRequest,
    about: About,
    form: WriteForm,
    code: str,
    *,
    is_child: bool,
    now: datetime,
) -> HttpResponse:
    """The page with the code, once the message is stored; the form again when it could not be."""
    try:
        dialogue = within(lambda: _open(request, about, form, code, is_child=is_child, now=now))
    except waits() as refusal:
        form.add_error(None, refusal_sentences(refusal))
        again = _form_page(request, about, form, is_child=is_child, now=now)
        return told_to_wait(again, refusal)
    except Refusal as refusal:
        form.add_error(None, refusal_sentences(refusal))
        return _form_page(request, about, form, is_child=is_child, now=now)
    told = receipt_of(code, answer_by=dialogue.answer_by, is_new=True)
    return receipt_page(request, told)


@sensitive_variables("form", "code")
def _open(
    request: HttpRequest,
    about: About,
    form: WriteForm,
    code: str,
    *,
    is_child: bool,
    now: datetime,
) -> Dialogue:
    source = limits.source_of(request.META.get("REMOTE_ADDR", ""))
    limits.check("open", source)
    try:
        return open_dialogue(
            code=code,
            text=form.message,
            situation=about.situation,
            service=about.reader(is_child=is_child),
            language=translation.get_language() or "sv",
            is_child=is_child,
            origin=Origin.WEB,
            token=sealing.token_of(request.POST.get("token", "")),
            now=now,
            source=source,
            call=form.call,
        )
    except NoKey:
        raise Closed(
            marked(
                "Just nu går det inte att ta emot meddelanden här. Det du skrev är inte skickat "
                "men står kvar på sidan. Ring oss i stället, eller försök igen senare."
            )
        ) from None


def _form_page(
    request: HttpRequest,
    about: About,
    form: WriteForm,
    *,
    is_child: bool,
    now: datetime,
    is_not_sent: bool = False,
) -> HttpResponse:
    """The page of the form. is_not_sent: she is told so, where nothing else on it says it."""
    service = _reader(request, about, is_child=is_child)
    return page(
        request,
        "door/public/dialogue/write.html",
        form=form,
        situation="" if about.service else SITUATIONS[about.situation],
        service=service,
        is_child=is_child,
        is_unnamed=about.situation is Situation.OTHER and not is_child,
        is_dangerous=is_child or is_dangerous(about.situation, about.service),
        is_not_sent=is_not_sent,
        child_number=number_of(Situation.CHILD),
        now=now_of(service, service.unit, now) if service else None,
        # A form that failed keeps the code it has, so that sent twice it still is one message.
        token=request.POST.get("token") if _code_of(request, now) else _new_token(now),
    )


def _reader(request: HttpRequest, about: About, *, is_child: bool) -> "Service | None":
    """The service that reads it; None while the database is away, where she has written already.

    Her words are then shown again without it: they must never wait for the database.
    """
    code = about.reader(is_child=is_child)
    if request.method != "POST":
        return catalogue.service(code)
    try:
        return within(lambda: catalogue.service(code))
    except Busy:
        return None


def _served_at(request: HttpRequest, address: str) -> str:
    """The code of the service whose own page has the address. Raises NotVisible for no such.

    A form that was open when she began to write is taken, also while the database is away.
    """
    there = services_at(address)
    is_written = request.method == "POST"
    try:
        offered = within(lambda: catalogue.offered(timezone.localdate()))
    except Busy:
        if not is_written:
            raise
        offered = []
    known = {row.code for row in offered}
    found = [code for code in there if is_written or code in known]
    if not found:
        raise NotVisible(_MISSING)
    return next((code for code in found if code in known), found[0])


def _as_child(request: HttpRequest) -> WriteForm:
    """The form with what she wrote, not judged again before she has read what she is told."""
    form = WriteForm(request.POST, is_child=True)
    form.__dict__.update(_errors={}, cleaned_data={})
    return form


@sensitive_variables()
def _new_token(now: datetime) -> str:
    """The code to be, sealed; who opens the page cannot read it either."""
    return sealing.seal(FORM, codes.new_code().encode(), now)


@sensitive_variables()
def _code_of(request: HttpRequest, now: datetime) -> str | None:
    """The code that the form carried; None when it has been open for more than a day."""
    raw = sealing.unsealed(FORM, request.POST.get("token", ""), now, _LIVES)
    return raw.decode() if raw else None
