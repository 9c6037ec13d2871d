"""Who takes part in a case beside its responsible worker and the deputy."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.core.errors import _
from hamn.guards.access import permits

from ..events import Event
from ..models import Participant
from ..queries.assigning import candidates
from ..queries.walls import no_such_case
from ..rules.assigning import NotAssigned, check_candidate, check_works_in
from .reading import case_to_move
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase


@transaction.atomic
def add_participant(*, case_id: UUID, person_id: int, by: "Person", now: datetime) -> Participant:
    """The person, of the case's own unit, opens it from now on.

    Raises NotVisible, ClosedToYou, NotAssigned for one who does not work there or is in it already.
    """
    opened = _case_to_share_out(case_id, by, now)
    case = opened.case
    permits.require(by, "cases.assign", case)
    check_candidate(person_id, candidates(by, case.unit))
    is_in = person_id in (case.responsible_id, case.deputy_id)
    if is_in or case.participants.filter(person=person_id).exists():
        raise NotAssigned(_("Personen arbetar redan i ärendet. Läs om sidan."))
    row = Participant.objects.create(case=case, person_id=person_id, added_by=by)
    tell(Event.PARTICIPANT_ADDED, opened, by=by, person=person_id)
    return row


@transaction.atomic
def remove_participant(*, case_id: UUID, participant_id: UUID, by: "Person", now: datetime) -> None:
    """The participant no longer opens the case. Raises NotVisible also for another case's."""
    opened = _case_to_share_out(case_id, by, now)
    permits.require(by, "cases.assign", opened.case)
    row = opened.case.participants.filter(pk=participant_id).first()
    if row is None:
        raise no_such_case()
    person_id = row.person_id
    row.delete()
    tell(Event.PARTICIPANT_REMOVED, opened, by=by, person=person_id)


def _case_to_share_out(case_id: UUID, by: "Person", now: datetime) -> "OpenCase":
    opened = case_to_move(case_id=case_id, by=by, now=now, what="participants")
    check_works_in(opened.why)
    return opened
