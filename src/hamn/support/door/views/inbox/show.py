"""One dialogue: who sees what of it, what waits, and what can be done."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import unit_name
from hamn.support.cases.queries.contacts import cases_by_id
from hamn.ui.lists import Tag
from hamn.ui.pages import page
from hamn.ui.words import said

from ...actions.inbox import read_dialogue
from ...forms.inbox import AnswerForm
from ...queries import inbox
from ...rules.inbox import BUTTONS, SEEN_BY, WRITE, is_overdue
from ...rules.languages import LANGUAGES
from ...rules.pages import SITUATIONS
from ...rules.words import ORIGINS, STATES, VISIBILITIES, Author, State, Visibility
from .drafts import kept_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hamn.guards.access.models import Person

    from ...models import Dialogue
    from ...queries.opened import OpenDialogue, Said

COLOURS = {State.OPEN: "green", State.ENDED: "grey", State.BLOCKED: "red"}
UNFOLDED = "alla"  # what is asked for to have every message of the person unfolded


@permit("door.read")
def dialogue(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The dialogue as the viewer may read it; that she did is recorded."""
    person = staff(request)
    opened, said_there = read_dialogue(dialogue_id=dialogue_id, by=person)
    row = opened.dialogue
    return page(
        request,
        "door/inbox/dialogue.html",
        **frame(opened),
        messages_there=[shown(one) for one in said_there],
        is_unfolded=request.GET.get("visa") == UNFOLDED,
        answer=_answer(request, row, said_there) if row.state == State.OPEN else None,
        answer_url=reverse("door:answer", args=[row.pk]),
        answer_button=said(BUTTONS[Visibility.PERSON]),
        answer_hint=said(SEEN_BY[Visibility.PERSON]),
        templates=list(inbox.templates_of(person, row.unit)[:20]),
        wants_call=inbox.reach_of(row, "call") is not None,
        wants_notice=inbox.reach_of(row, "notice") is not None,
        booking=inbox.next_booking(row),
        case_url=_case_url(row, person),
        is_mine=row.assigned_to_id == person.pk,
    )


def _answer(request: HttpRequest, row: "Dialogue", messages: "Sequence[Said]") -> AnswerForm:
    """The form of the answer page, shown below what it answers; kept as that page keeps it."""
    form = AnswerForm()
    kept_with(row, request, form, sent_to="door:answer")
    form.fields["text"].label = said(WRITE[Visibility.PERSON])
    form.show_last(messages[-1].place if messages else 0)
    return form


def frame(opened: "OpenDialogue") -> dict[str, Any]:
    """What the top of a dialogue's pages tells."""
    row, language = opened.dialogue, LANGUAGES.get(opened.dialogue.language)
    return {
        "dialogue": row,
        "called": opened.content.called or _("Anonym"),
        "mark": row.mark,
        "unit_name": unit_name(row.unit),
        "state": Tag(said(STATES[row.state]), COLOURS[State(row.state)]),
        "is_open": row.state == State.OPEN,
        "is_blocked": row.state == State.BLOCKED,
        "responsible": row.assigned_to.title if row.assigned_to else "",
        "is_overdue": is_overdue(row.answer_by, timezone.localdate()),
        "situation": said(SITUATIONS.get(row.situation, "")),
        "language_name": said(language.name) if language else row.language,
        "origin": said(ORIGINS.get(row.origin, row.origin)),
    }


def shown(one: "Said") -> dict[str, Any]:
    """A message as the page draws it: its kind is told in words, by a sign and by a colour."""
    kind = {Author.PERSON: "from", Author.SYSTEM: "system"}.get(Author(one.author), one.visibility)
    writers = {Author.PERSON: "", Author.SYSTEM: _("Automatiskt")}
    labels = {Author.PERSON: _("från personen")}
    return {
        "said": one,
        "kind": kind,
        "who": ", ".join(filter(None, (writers.get(Author(one.author), one.by), one.service))),
        "label": labels.get(Author(one.author), said(VISIBILITIES[one.visibility])),
        "at": _hour(one) if one.is_persons else "",
    }


def _hour(one: "Said") -> str:
    """A person's own messages are known to the hour alone."""
    local = timezone.localtime(one.written_at)
    return _("{day} mellan kl. {hour} och {next}").format(
        day=local.date().isoformat(), hour=local.hour, next=(local.hour + 1) % 24
    )


def _case_url(row: "Dialogue", person: "Person") -> str:
    """The way to its case, where that is open to her."""
    if row.case_id is None or not cases_by_id(person, [row.case_id], timezone.now()):
        return ""
    return reverse("cases:show", args=[row.case_id])
