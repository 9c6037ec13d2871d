"""What a case says of its person is put right, and its facts with it."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.support.services import queries as services

from ..events import Event
from ..queries.details import grounds_in
from ..queries.opened import OpenCase
from ..rules.details import Situation, check_informed, situated
from .contacts.classes import save_recounted
from .opening import change_case
from .reading import case_to_write
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def correct_situation(
    *,
    case_id: UUID,
    seen: int | str,
    new: Situation,
    is_correction: bool,
    by: "Person",
    now: datetime,
) -> OpenCase:
    """The case with another situation, and its facts as it says now.

    is_correction: it was wrong from the beginning; else it changed since, and is counted so from
    this year on. Raises NotVisible, ClosedToYou, Changed, BadInput.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, seen=seen, what="situation")
    today = timezone.localdate(now)
    municipality = services.read_municipality(new.municipality)
    content = situated(
        opened.content,
        replace(new, municipality=municipality),
        grounds=grounds_in(opened.case.unit),
        residence=services.residence_class(municipality).value,
        today=today,
    )
    save_recounted(opened, content, is_correction=is_correction, now=now)
    tell(Event.CASE_CHANGED, opened, by=by, what="situation")
    return opened


def note_informed(
    *, case_id: UUID, seen: int | str, on: date | None, by: "Person", now: datetime
) -> OpenCase:
    """The day on which the person was told that she may apply for help; None takes it away.

    Raises NotVisible, ClosedToYou, Changed, BadInput for a day ahead. Source: SoL 11:1, 11:6.
    """
    check_informed(on, today=timezone.localdate(now))
    return change_case(
        case_id=case_id,
        seen=seen,
        change=lambda content: replace(content, informed_of_right_on=on),
        what="informed_of_right",
        by=by,
        now=now,
    )
