"""Who is responsible for a case, and who is her deputy."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.guards.access.queries import headed_units
from hamn.guards.audit import actions as audit
from hamn.guards.vault import queries as vaults

from ..events import Event
from ..models import Case, HandedCase, Handover
from ..queries import walls
from ..queries.assigning import candidates, contacts_of, deputyships_of, is_here
from ..rules.access import BREAK_GLASS, HEAD, TOOK_OVER
from ..rules.assigning import (
    NotAssigned,
    check_candidate,
    check_seen_people,
    check_two_people,
    check_works_in,
)
from ..rules.states import ClosedToYou, WrongState
from .reading import log_read
from .telling import Way, tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box
    from hamn.register.staff.queries import Worker


@transaction.atomic
def take_case(*, case_id: UUID, by: "Person", now: datetime) -> Case:
    """A case that nobody was responsible for is hers.

    Raises NotVisible outside the unit, WrongState when somebody was quicker.
    """
    case = walls.known_case(by, case_id, lock=True)
    permits.require(by, "cases.assign", case)
    if case.responsible_id is not None:
        raise WrongState(_("Någon annan har redan tagit ärendet. Läs om sidan."))
    check_candidate(by.pk, candidates(by, case.unit))
    put_in_charge([case], by.pk, why="unassigned", by=by, now=now)
    return case


@transaction.atomic
def assign_case(
    *,
    case_id: UUID,
    responsible_id: int | None,
    deputy_id: int | None,
    seen: str,
    by: "Person",
    now: datetime,
) -> Handover | None:
    """Who is responsible and who is deputy; the handover when the new responsible must accept.

    The deputy is set at once; the responsible one too by a head who gives the case to one who is
    here, or when she chooses herself. seen: as `seen_people` told the page.
    Raises NotVisible, ClosedToYou, NotAssigned, AssignedMeanwhile, BadInput.
    """
    case, why = _case_to_assign(case_id, by, now)
    permits.require(by, "cases.assign", case)
    check_seen_people(seen, case.responsible_id, case.deputy_id)
    people = candidates(by, case.unit)
    changed = {responsible_id} - {case.responsible_id} | {deputy_id} - {case.deputy_id}
    for person_id in changed:
        check_candidate(person_id, people)
    if by.pk in changed:
        why = _way_to_take(case, by, now, people, is_deputy=deputy_id == by.pk)
    if responsible_id is None and case.responsible_id is not None:
        raise NotAssigned(_("Ett ärende har alltid en ansvarig. Välj vem som tar över."))
    check_two_people(responsible_id, deputy_id)
    if deputy_id != case.deputy_id:
        set_deputies([case], deputy_id, why=why, by=by, now=now)
    if responsible_id is None or responsible_id == case.responsible_id:
        return None
    at_once = responsible_id == by.pk or (
        permits.allows(by, "cases.assign_at_once", case)
        # Given to who is away it would be there for the head to take from her.
        and is_here(responsible_id, people, timezone.localdate(now))
    )
    if at_once and why != TOOK_OVER:
        put_in_charge([case], responsible_id, why=why, by=by, now=now)
        return None
    row = propose(
        [case], case.unit, case.responsible_id, responsible_id, is_whole=False, by=by, now=now
    )
    if not at_once:
        return row
    take_effect(row, [case], why=why, by=by, now=now)
    return None


def take_effect(
    row: Handover, cases: Collection[Case], *, why: str, by: "Person", now: datetime
) -> int:
    """The locked cases, and with a whole caseload what else is the giver's, are the receiver's.

    How many cases. why: code of the way by which whoever does it may, for the cases' own log.
    """
    row.accepted_by, row.accepted_at = by, now
    row.save(update_fields=["accepted_by", "accepted_at"])
    put_in_charge(cases, row.receiver_id, why=why, by=by, now=now)
    row.items.update(is_waiting=False)
    contacts = 0
    if row.is_whole and row.giver_id is not None:
        contacts = contacts_of(row.giver_id, row.unit).update(responsible=row.receiver_id)
        # The cases in which she is only deputy are others', who are here: no head takes those.
        if why != TOOK_OVER:
            rest = deputyships_of(row.giver_id, row.unit).select_for_update()
            set_deputies(list(rest), row.receiver_id, why=why, by=by, now=now)
    audit.record(
        Event.HANDOVER_ACCEPTED,
        by=by,
        on=row,
        giver=row.giver_id,
        receiver=row.receiver_id,
        cases=len(cases),
        contacts=contacts,
        why=why,
    )
    return len(cases)


def put_in_charge(
    cases: Collection[Case], person_id: int, *, why: str, by: "Person", now: datetime
) -> None:
    """The locked cases of one unit are the person's; what waited for an answer about them ends.

    why: code of the way by which whoever does it may, for the cases' own log.
    """
    boxes = vaults.open_boxes([case.box for case in cases], {case.unit for case in cases})
    for case in cases:
        was, case.responsible_id = case.responsible_id, person_id
        if case.deputy_id == person_id:
            case.deputy_id = None
        case.save(update_fields=["responsible", "deputy"])
        facts = {"responsible": person_id, "deputy": case.deputy_id, "was": was}
        tell(Event.CASE_ASSIGNED, _way(case, boxes, why), by=by, **facts)
        log_read(case, what="assign", why=why, by=by, now=now)
    settle_items(cases, by=by, now=now)


def set_deputies(
    cases: Collection[Case], deputy_id: int | None, *, why: str, by: "Person", now: datetime
) -> None:
    """The person is deputy in the locked cases of one unit; in none where she is responsible."""
    boxes = vaults.open_boxes([case.box for case in cases], {case.unit for case in cases})
    for case in cases:
        was = case.deputy_id
        case.deputy_id = deputy_id if deputy_id != case.responsible_id else None
        case.save(update_fields=["deputy"])
        facts = {"responsible": case.responsible_id, "deputy": case.deputy_id, "was_deputy": was}
        tell(Event.CASE_ASSIGNED, _way(case, boxes, why), by=by, **facts)
        log_read(case, what="assign", why=why, by=by, now=now)


def propose(
    cases: Collection[Case],
    unit: str,
    giver_id: int | None,
    receiver_id: int,
    *,
    is_whole: bool,
    by: "Person",
    now: datetime,
) -> Handover:
    """A handover of the locked cases that waits for its receiver; it replaces earlier ones."""
    settle_items(cases, by=by, now=now)
    row = Handover.objects.create(
        unit=unit,
        giver_id=giver_id,
        receiver_id=receiver_id,
        is_whole=is_whole,
        proposed_by=by,
        proposed_at=now,
    )
    HandedCase.objects.bulk_create(
        HandedCase(handover=row, case=case, is_waiting=True) for case in cases
    )
    audit.record(
        Event.HANDOVER_PROPOSED,
        by=by,
        on=row,
        giver=giver_id,
        receiver=receiver_id,
        cases=len(cases),
    )
    return row


def settle_items(cases: Collection[Case], *, by: "Person", now: datetime) -> None:
    """Nothing waits about the cases any more; a handover that held nothing else has ended."""
    items = HandedCase.objects.filter(case__in=cases, is_waiting=True)
    touched = set(items.values_list("handover", flat=True))
    items.update(is_waiting=False)
    left = Handover.objects.filter(pk__in=touched, accepted_at__isnull=True, ended_at__isnull=True)
    left.exclude(items__is_waiting=True).update(ended_by=by, ended_at=now)


def _case_to_assign(case_id: UUID, by: "Person", now: datetime) -> tuple[Case, str]:
    """The case, locked: a head's whether or not it opens to her, others' when they work in it."""
    case, why = walls.known_case(by, case_id, lock=True), HEAD
    if case.unit not in headed_units(by):
        why = walls.case_for(by, case_id, now).why  # type: ignore[attr-defined]
        check_works_in(why)
    return case, why


def _way_to_take(
    case: Case, by: "Person", now: datetime, people: "Mapping[int, Worker]", *, is_deputy: bool
) -> str:
    """The code of the way by which she may give herself the case: it opens to her, or she is head.

    A head takes what does not open to her only from one who is away, and never as deputy: the case
    would open to her without a word to anybody. Raises NotAssigned.
    """
    try:
        why = str(walls.case_for(by, case.pk, now).why)  # type: ignore[attr-defined]
    except ClosedToYou:
        why = BREAK_GLASS
    if why != BREAK_GLASS:
        return why
    if is_deputy:
        raise NotAssigned(
            _(
                "Ärendet är inte öppet för dig. Be den som är ansvarig att välja dig som "
                "ersättare, eller välj någon annan."
            )
        )
    if is_here(case.responsible_id, people, timezone.localdate(now)):
        raise NotAssigned(
            _(
                "Ärendet är inte öppet för dig, och den som är ansvarig är här. Be {responsible} "
                "lämna över det till dig."
            ),
            responsible=case.responsible.title if case.responsible else "",
        )
    return TOOK_OVER


def _way(case: Case, boxes: "dict[UUID, Box]", why: str) -> Way:
    """The case as the trail is told of it. Raises WrongState when its key is lost."""
    if case.box not in boxes:
        raise WrongState(
            _("Ett av ärendena kan inte läsas, för nyckeln är borta. Ingenting är ändrat.")
        )
    return Way(boxes[case.box], why)
