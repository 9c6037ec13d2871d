"""A contact is logged: alone, in a case, or once for both of a couple."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.vault import actions as vault
from hamn.support.services import queries as services
from hamn.support.services.rules import AgeGroup, check_identity_free

from ...events import Event
from ...models import Contact
from ...queries.contacts import couple_of
from ...queries.opened import OpenCase, OpenContact, content_of
from ...rules import contacts as rules
from ...rules.content import CaseContent, ContactContent
from ..reading import case_to_write
from ..records import touch
from ..sealing import put
from ..telling import tell_contact
from .classes import learn
from .facts import counted_alone, recount

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def log_contact(
    *,
    service: str,
    on: date,
    content: ContactContent,
    by: "Person",
    now: datetime,
    case_id: UUID | None = None,
    also_in: Collection[UUID] = (),
    answer_by: date | None = None,
    mine: bool = True,
) -> OpenContact:
    """A new contact: without a case, in one, or in both cases of a couple.

    also_in: the couple's other case, where the same talk lands too; each is counted for itself.
    mine: hers, or for whoever in the unit takes it; in a case it is always hers.
    Raises NotVisible, ClosedToYou, WrongState, BadInput, IdentityNeeded.
    """
    content = judged(content, service=service, on=on, today=timezone.localdate(now), by=by)
    rules.check_answer_day(answer_by, on=on)
    row = Contact(
        unit=services.service(service).unit,
        on=on,
        last_note_on=timezone.localdate(now),
        responsible=by if mine or case_id else None,
        logged_by=by,
        answer_by=answer_by,
        is_child=content.age_group == AgeGroup.CHILD,
    )
    if case_id is None:
        return _log_alone(row, content, by=by, now=now)
    cases = {
        pk: case_to_write(case_id=pk, by=by, now=now, what="log_contact")
        for pk in sorted({case_id, *also_in})
    }
    if not set(also_in) <= set(couple_of(by, cases[case_id], now)):
        raise BadInput(_("Ärendena är inte kopplade som par. Koppla dem först."))
    return _log_in(cases, row, content, first=case_id, by=by, now=now)


def judged(
    content: ContactContent, *, service: str, on: date, today: date, by: "Person"
) -> ContactContent:
    """The contact checked, with its residence class and the answer to who is helped."""
    rules.check_day(on, today=today)
    content = rules.checked(content, grounds=services.grounds_of(service))
    municipality = services.read_municipality(content.municipality)
    found = services.entitlement_for(
        by,
        service_code=service,
        municipality=municipality,
        age=AgeGroup(content.age_group),
        is_acute=content.is_acute,
        is_trafficking_suspected=content.is_trafficking,
        on=on,
    )
    return replace(
        content,
        service=service,
        municipality=municipality,
        residence=services.residence_class(municipality).value,
        entitlement=found.answer.result.value,
    )


def check_identity(content: ContactContent, case: CaseContent | None, *, on: date) -> None:
    """Pass what the service may keep about someone who has not said who she is (Z30).

    on: the contact's day. Raises IdentityNeeded.
    """
    if not rules.is_named(case) and not content.handed_from:
        check_identity_free(services.service(content.service).documented, content.kind, on=on)


def settle(opened: OpenCase, *, now: datetime) -> None:
    """The case's own dates after a contact was written: last note, and since when she waits."""
    touch(opened.case, on=timezone.localdate(now))
    waits = opened.case.contacts.filter(answer_by__isnull=False)
    opened.case.waits_since = waits.aggregate(first=Min("on"))["first"]
    opened.case.save(update_fields=["waits_since"])


def note(contact: Contact, *, now: datetime) -> None:
    """The locked contact's five years begin anew: something was written in it today."""
    contact.last_note_on = timezone.localdate(now)
    contact.save(update_fields=["last_note_on"])


def store_alone(one: OpenContact, *, now: datetime) -> None:
    """The contact without a case counted as it now is, and stored."""
    one.content = counted_alone(one)
    put(one.contact, one.content, one.box)
    one.contact.last_note_on = timezone.localdate(now)
    one.contact.save()


def tell_logged(one: OpenContact, *, by: "Person") -> None:
    """The trail tells of the new contact, with its unit and its day."""
    tell_contact(Event.CONTACT_LOGGED, one, by=by, unit=one.contact.unit, day=one.contact.on)


def _log_alone(
    row: Contact, content: ContactContent, *, by: "Person", now: datetime
) -> OpenContact:
    permits.require(by, "cases.write", row.unit)
    check_identity(content, None, on=row.on)
    box = vault.new_box([row.unit])
    row.box = box.id
    one = OpenContact(row, box, content, "responsible" if row.responsible else "unassigned")
    store_alone(one, now=now)
    tell_logged(one, by=by)
    return one


def _log_in(
    cases: dict[UUID, OpenCase],
    row: Contact,
    content: ContactContent,
    *,
    first: UUID,
    by: "Person",
    now: datetime,
) -> OpenContact:
    """The talk in each of the cases, the one it was written in first."""
    rows = {pk: row if pk == first else _twin(row) for pk in cases}
    for pk, opened in cases.items():
        one = rows[pk]
        if one.unit != opened.case.unit:
            raise BadInput(_("Välj en verksamhet i samma enhet som ärendet."))
        check_identity(content, opened.content, on=one.on)
        other = next((str(rows[each].pk) for each in cases if each != pk), "")
        one.case, one.box = opened.case, opened.case.box
        put(one, replace(content, joint_with=other), opened.box)
        one.save(force_insert=True)
        if pk == first:
            learn(opened, content, on=one.on, now=now)
        recount(opened, {one.on.year}, only={one.pk})
        settle(opened, now=now)
        tell_logged(OpenContact(one, opened.box, content, opened.why), by=by)
    row.refresh_from_db(fields=["sealed"])
    case = cases[first]
    return OpenContact(row, case.box, content_of(row, case.box, ContactContent), case.why)


def _twin(row: Contact) -> Contact:
    """The same talk as a row of its own, for the other's case."""
    return Contact(
        unit=row.unit,
        on=row.on,
        last_note_on=row.last_note_on,
        responsible=row.responsible,
        logged_by=row.logged_by,
        is_child=row.is_child,
    )
