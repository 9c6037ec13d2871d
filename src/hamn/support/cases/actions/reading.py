"""Opening cases and contacts: past the wall, out of the vault, into the trail; in this order.

Every page and act on a case begins here, so that none can forget who looked (docs/law.md 4,
rule 4).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import queries as vaults

from ..events import Event
from ..models import Case, CaseRead, Contact
from ..queries import walls
from ..queries.opened import OpenCase, OpenContact, content_of, opened_case, opened_contact
from ..rules.content import CaseContent
from ..rules.states import CaseState, check_open, check_version
from .telling import tell, tell_contact

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box


@transaction.atomic
def read_case(*, case_id: UUID, what: str, by: "Person", now: datetime) -> OpenCase:
    """The case, opened; that she read it, and why she may, is recorded. what: the page's code.

    Raises NotVisible, ClosedToYou, Locked.
    """
    permits.require(by, "cases.see")
    opened = opened_case(walls.case_for(by, case_id, now), walls.units_of(by))
    tell(Event.CASE_READ, opened, by=by, what=what)
    log_read(opened.case, what=what, why=opened.why, by=by, now=now)
    return opened


def case_to_write(
    *, case_id: UUID, by: "Person", now: datetime, seen: int | str | None = None, what: str
) -> OpenCase:
    """The case, locked and opened for a change, inside the caller's transaction.

    seen: the version that the page showed, where the case's own content is changed.
    Raises NotVisible, ClosedToYou, WrongState when it is closed, Changed.
    """
    opened = case_to_move(case_id=case_id, by=by, now=now, what=what)
    check_open(CaseState(opened.case.state))
    if seen is not None:
        check_version(seen, opened.case.version)
    return opened


def case_to_move(
    *, case_id: UUID, by: "Person", now: datetime, what: str, is_own_duty: bool = False
) -> OpenCase:
    """The case, locked and opened, also when it is closed.

    is_own_duty: of whoever reads it, so that also a unit that it is only shared with may write.
    """
    case = walls.case_for(by, case_id, now, lock=True)
    permits.require(by, "cases.write")
    if not is_own_duty:
        walls.check_not_only_shared(case)
    opened = opened_case(case, walls.units_of(by))
    log_read(case, what=what, why=opened.why, by=by, now=now)
    return opened


@transaction.atomic
def read_contact(
    *, contact_id: UUID, by: "Person", now: datetime, what: str = "contact"
) -> OpenContact:
    """The contact without a case, opened; the reading is recorded. Raises NotVisible, Locked."""
    permits.require(by, "cases.see")
    contact = walls.contact_for(by, contact_id, now)
    why = walls.why_of_contact(by, contact)
    opened = opened_contact(contact, walls.units_of(by), why=why)
    tell_contact(Event.CONTACT_READ, opened, by=by, what=what)
    log_read(contact, what=what, why=why, by=by, now=now)
    return opened


def log_read(thing: Case | Contact, *, what: str, why: str, by: "Person", now: datetime) -> None:
    """A row in the log of the case, or of the contact without one; it goes when that does."""
    about = {"case": thing} if isinstance(thing, Case) else {"contact": thing}
    CaseRead.objects.create(unit=thing.unit, person=by, at=now, what=what, why=why, **about)


def move_log(contact: Contact, case: Case) -> None:
    """What was read of the contact while it had no case stands in its case's log from now on."""
    CaseRead.objects.filter(contact=contact).update(case=case, contact=None)


@dataclass(frozen=True, slots=True)
class Named:
    """What a list may show of a case; of one that is not open to the viewer only its number."""

    content: CaseContent
    is_readable: bool


@transaction.atomic
def read_names(*, cases: Collection[Case], by: "Person", now: datetime) -> dict[UUID, Named]:
    """What a list may show of each case, by id; one round trip to the vault for all of them.

    A case whose key is lost is left out, so that the list still shows the others. Raises Locked.
    """
    if not cases:
        return {}
    boxes = vaults.open_boxes([case.box for case in cases], walls.units_of(by))
    found = [case for case in cases if case.box in boxes]
    audit.record(
        Event.CASES_LISTED, by=by, cases=sorted(boxes[case.box].trail_name for case in found)
    )
    rows = walls.open_to(by, now).filter(pk__in=[case.pk for case in found])
    hers = set(rows.values_list("pk", flat=True))
    return {case.pk: _named(case, boxes[case.box], is_readable=case.pk in hers) for case in found}


def _named(case: Case, box: "Box", *, is_readable: bool) -> Named:
    content = content_of(case, box, CaseContent)
    return Named(content if is_readable else CaseContent(number=content.number), is_readable)
