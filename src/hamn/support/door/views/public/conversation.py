"""The open dialogue: what was written, and one more message."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from hamn.core.errors import Refusal
from hamn.guards.access.permits import open_to_all
from hamn.support.services import queries as catalogue
from hamn.ui.pages import page
from hamn.ui.words import refusal_sentences

from ...actions import limits
from ...actions.dialogues import Gone, add_person_message
from ...actions.person import note_read
from ...forms.public import MessageForm
from ...queries import booking, person
from ...queries.person import Opened
from ...rules.pages import is_dangerous
from . import asking
from .opened import proof_of, token_of_form, with_opened
from .reads import now_of
from .waiting import told_to_wait, waits, within


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("form")
def conversation(request: HttpRequest) -> HttpResponse:
    """What was written to and by the person; one more message when she sends it.

    What she sends while the database is away stays on a page that can be drawn without it.
    """
    if request.method != "POST":
        return _conversation(request)
    try:
        return within(lambda: _conversation(request))
    except waits() as refusal:
        form = MessageForm.of(request)
        form.add_error(None, refusal_sentences(refusal))
        return told_to_wait(_kept_page(request, form), refusal)


@with_opened
@sensitive_variables("form")
def _conversation(request: HttpRequest, opened: Opened) -> HttpResponse:
    if request.method != "POST":
        return conversation_page(request, opened)
    form = MessageForm.of(request)
    if not form.is_valid():
        return conversation_page(request, opened, form=form)
    try:
        within(lambda: _add(request, opened, form.cleaned_data["text"]))
    except Gone:
        return asking.ask_again(request)
    except waits() as refusal:
        form.add_error(None, refusal_sentences(refusal))
        return told_to_wait(conversation_page(request, opened, form=form), refusal)
    except Refusal as refusal:
        form.add_error(None, refusal_sentences(refusal))
        return conversation_page(request, opened, form=form)
    return redirect("door:conversation")


def conversation_page(
    request: HttpRequest, opened: Opened, *, form: MessageForm | None = None, draft: str = ""
) -> HttpResponse:
    """The page. draft: what she had written before she had to give her code again."""
    now, dialogue = timezone.now(), opened.dialogue
    messages = person.messages_of(opened)
    if not dialogue.seen_by_person:
        note_read(opened, shown=max((one.place for one in messages), default=0), now=now)
    reader = catalogue.service(dialogue.service)
    return page(
        request,
        "door/public/dialogue/conversation.html",
        dialogue=dialogue,
        reader=reader,
        service=reader.title,
        now=now_of(reader, dialogue.unit, now),
        is_dangerous=dialogue.is_child or is_dangerous(dialogue.situation, dialogue.service),
        messages=messages,
        bookings=booking.bookings_of(dialogue, now),
        called=opened.called,
        kinds={one.kind for one in person.standing(dialogue)},
        form=form or MessageForm(initial={"text": draft}),
        # A form that failed keeps its proof, so that sent twice it still is one message.
        proof=request.POST.get("proof") if form else proof_of(opened),
    )


def _kept_page(request: HttpRequest, form: MessageForm) -> HttpResponse:
    """What she wrote, to be sent again as the same message; nothing of the dialogue is read."""
    proof = request.POST.get("proof", "")
    return page(request, "door/public/dialogue/kept.html", form=form, proof=proof)


@sensitive_variables("text")
def _add(request: HttpRequest, opened: Opened, text: str) -> None:
    limits.check("write", limits.source_of(request.META.get("REMOTE_ADDR", "")))
    add_person_message(opened, text=text, token=token_of_form(request), now=timezone.now())
