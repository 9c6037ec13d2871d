"""What a person was promised an answer to, until she has it."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _

from ...events import Event
from ...queries.opened import OpenContact
from ...rules.states import WrongState
from ..telling import tell_contact
from .change import save
from .reading import contact_to_write

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def mark_answered(*, contact_id: UUID, by: "Person", now: datetime) -> OpenContact:
    """The promised answer was given today.

    Raises NotVisible, WrongState when no answer was promised, or it is given.
    """
    found = contact_to_write(contact_id=contact_id, by=by, now=now, what="mark_answered")
    row = found.one.contact
    if row.answer_by is None:
        raise WrongState(_("Inget svar väntar på den här kontakten."))
    row.answer_by = None
    content = replace(found.one.content, answered_on=timezone.localdate(now))
    save(found, content, years={row.on.year}, now=now)
    tell_contact(Event.CONTACT_ANSWERED, found.one, by=by)
    return found.one
