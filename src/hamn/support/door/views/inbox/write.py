"""What staff write: an answer, a note to the unit, a note of one's own. Each has its own page.

One form with a choice of readers would one day send a note to the person.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.forms import kept_nowhere
from hamn.ui.pages import done, page
from hamn.ui.words import said

from ...actions.answers import write_as_staff
from ...actions.inbox import read_dialogue
from ...forms.inbox import AnswerForm
from ...queries import inbox
from ...rules.inbox import BUTTONS, MORE, SEEN_BY, WRITE
from ...rules.words import VISIBILITIES, Visibility
from .drafts import kept_with
from .show import frame, shown

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

LATEST = 3  # messages beside the form


@permit("door.write")
@kept_nowhere
def answer(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The form for an answer to the person, from a ready one if she chooses."""
    return _written(request, dialogue_id, Visibility.PERSON, _("Svaret är skickat."))


@permit("door.write")
@kept_nowhere
def note_to_unit(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The form for what the unit reads and the person does not."""
    return _written(request, dialogue_id, Visibility.UNIT, _("Texten är sparad för enheten."))


@permit("door.write")
@kept_nowhere
def own_note(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The form for what nobody else reads."""
    return _written(request, dialogue_id, Visibility.OWN, _("Din anteckning är sparad."))


def _written(
    request: HttpRequest, dialogue_id: UUID, visibility: Visibility, told: str
) -> HttpResponse:
    person, back_url = staff(request), reverse("door:dialogue", args=[dialogue_id])
    row, form = inbox.dialogue_for(person, dialogue_id), AnswerForm.of(request)
    draft = kept_with(row, request, form)

    def write(given: dict[str, Any]) -> object:
        return write_as_staff(
            dialogue_id=dialogue_id,
            visibility=visibility,
            by=person,
            now=timezone.now(),
            **given,
        )

    if draft.sent(write):
        has_more = visibility == Visibility.PERSON and form.outcome.dialogue.waits_since is not None
        return done(request, said(MORE) if has_more else told, back_url)
    opened, messages = read_dialogue(dialogue_id=dialogue_id, by=person, what="write")
    is_answer = visibility == Visibility.PERSON
    if is_answer and not form.is_bound and draft.laid_in is None:
        form.initial["text"] = _ready(request, person)
    form.show_last(messages[-1].place if messages else 0)
    form.fields["text"].label = said(WRITE[visibility])
    templates = inbox.templates_of(person, opened.dialogue.unit) if is_answer else ()
    return page(
        request,
        "door/inbox/write.html",
        form=form,
        heading=said(WRITE[visibility]),
        lead=said(SEEN_BY[visibility]),
        kind=visibility.value,
        label=said(VISIBILITIES[visibility]),
        button=said(BUTTONS[visibility]),
        latest=[shown(one) for one in messages[-LATEST:]],
        templates=list(templates[:20]) if is_answer else [],
        back_url=back_url,
        **frame(opened),
    )


def _ready(request: HttpRequest, person: "Person") -> str:
    """The text of the ready answer that the address names; empty when it names none."""
    chosen = request.GET.get("mall", "")
    return inbox.template_for(person, int(chosen)).text if chosen.isdecimal() else ""
