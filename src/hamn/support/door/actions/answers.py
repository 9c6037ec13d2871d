"""What staff write in a dialogue: to the person, to the unit, to themselves; and ready answers.

What the person may read is sealed in the dialogue's box, which her key opens too. A note lies in a
box of its own that the unit alone opens: no mistake of the public pages can show it to her.
"""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.core.text import clean_text
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from ..events import Event
from ..models import AnswerTemplate, Message
from ..queries.inbox import reading_units, template_for
from ..queries.reaching import check_answer
from ..rules.inbox import LONGEST_ANSWER, Taken, check_writable
from ..rules.words import VISIBILITIES, Visibility
from . import notices
from .inbox import dialogue_to_change, end_waiting
from .telling import add_message, tell_of_another

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import Dialogue

LONGEST_TITLE, LONGEST_TEMPLATE = 80, 4000


@transaction.atomic
def write_as_staff(
    *,
    dialogue_id: UUID,
    text: str,
    visibility: str,
    by: "Person",
    now: datetime,
    seen: int | None = None,
) -> Message:
    """A message to the person, or a note to the unit or to herself.

    An answer ends the waiting, and makes a dialogue that was nobody's hers. seen: the place of the
    last message that its page showed, None for all; who has written since then waits as before.
    Raises NotVisible, NotOpen when it reaches nobody, BadInput for what is empty or too long,
    UnsafeContact where the dialogue's case forbids messages online.
    """
    if visibility not in VISIBILITIES:
        raise BadInput(_("Välj vem som ska läsa texten."))
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.write", by=by)
    check_writable(opened.dialogue.state, visibility)
    if visibility == Visibility.PERSON:
        check_answer(opened.dialogue)
    text = clean_text(text, LONGEST_ANSWER).strip()
    if not text:
        raise BadInput(_("Skriv något först."))
    if visibility == Visibility.PERSON and opened.dialogue.assigned_to_id is None:
        tell_of_another(opened, by.pk, now=now)
    message = add_message(opened, text, visibility=visibility, by=by, now=now)
    if visibility == Visibility.PERSON:
        _answered(opened.dialogue, by, now, seen)
    opened.dialogue.active_on = timezone.localdate(now)
    opened.dialogue.save(update_fields=["active_on"])
    audit.record(Event.MESSAGE_WRITTEN, by=by, on=opened.box.trail_name, visibility=visibility)
    return message


@transaction.atomic
def save_template(
    *,
    template_id: int | None,
    unit: str,
    language: str,
    title: str,
    text: str,
    seen: str,
    by: "Person",
) -> AnswerTemplate:
    """A ready answer, new or changed. seen: the version that the page showed.

    Raises NotVisible, BadInput, Taken for a title that there is and for one changed meanwhile.
    """
    permits.require(by, "door.save_template")
    row = AnswerTemplate(version=0) if template_id is None else _template(by, template_id, seen)
    if unit not in reading_units(by):
        raise BadInput(_("Välj en av dina enheter."))
    row.unit, row.language = unit, language
    row.title = clean_text(title, LONGEST_TITLE).strip()
    row.text = clean_text(text, LONGEST_TEMPLATE).strip()
    row.changed_by, row.version = by, row.version + 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Taken(_("Enheten har redan en svarsmall med den rubriken. Välj en annan.")) from None
    audit.record(Event.TEMPLATE_SAVED, by=by, on=row, unit=unit)
    return row


@transaction.atomic
def remove_template(*, template_id: int, by: "Person", now: datetime) -> None:
    """The ready answer is offered no more. Raises NotVisible."""
    permits.require(by, "door.save_template")
    row = template_for(by, template_id, lock=True)
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    audit.record(Event.TEMPLATE_REMOVED, by=by, on=row, unit=row.unit)


def _template(by: "Person", template_id: int, seen: str) -> AnswerTemplate:
    row = template_for(by, template_id, lock=True)
    if str(row.version) != seen:
        raise Taken(
            _("Någon annan har ändrat svarsmallen medan du skrev. Läs om sidan och ändra igen.")
        )
    return row


def _answered(dialogue: "Dialogue", by: "Person", now: datetime, seen: int | None) -> None:
    """The person waits no more for what was read, and a notice is owed her if she wants one."""
    end_waiting(dialogue, now=now, seen=seen)
    notices.tell_of_news(dialogue, now=now)
    dialogue.seen_by_person = False
    if dialogue.assigned_to_id is None:
        dialogue.assigned_to = by
    dialogue.save(update_fields=["seen_by_person", "assigned_to", "asks_other_worker"])
