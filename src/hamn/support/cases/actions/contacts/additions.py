"""Later text to a contact: never a change of what stands there."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.core.text import LONGEST_NOTE, clean_text

from ...events import Event
from ...queries.opened import OpenContact
from ...rules.notes import Addition, check_day
from ..telling import tell_contact
from .change import save
from .reading import contact_to_write

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def add_to_contact(
    *, contact_id: UUID, text: str, on: date, by: "Person", now: datetime
) -> OpenContact:
    """The contact with an addition below its text; several who add at once all stand there.

    on: the day that it is about. Raises NotVisible, WrongState in a closed case, BadInput.
    """
    text = clean_text(text, LONGEST_NOTE).strip()
    if not text:
        raise BadInput(_("Skriv tillägget."))
    check_day(on, timezone.localdate(now))
    found = contact_to_write(contact_id=contact_id, by=by, now=now, what="add_to_contact")
    one = found.one
    addition = Addition(text, on=on, by=by.pk, at=now)
    content = replace(one.content, additions=(*one.content.additions, addition))
    save(found, content, years={one.contact.on.year}, now=now)
    tell_contact(Event.CONTACT_ADDED_TO, one, by=by)
    return one
