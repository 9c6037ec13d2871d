"""A contact or a list of them, opened for a viewer; who looked is recorded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import queries as vaults

from ...events import Event
from ...models import Contact
from ...queries import walls
from ...queries.opened import OpenCase, OpenContact, content_of, opened_contact
from ...rules.content import ContactContent
from ...rules.states import Changed, check_version
from ..reading import case_to_write, log_read, read_case, read_contact

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

_JOINED = _("Kontakten har förts till ett ärende medan du skrev. Öppna den på nytt.")


@dataclass(frozen=True, slots=True)
class SeenContact:
    """A contact that was opened for a viewer, and its case when it has one."""

    one: OpenContact
    case: OpenCase | None

    @property
    def unit(self) -> str:
        """The unit that works with it now: its case's, which may have been handed over since."""
        return self.case.case.unit if self.case else self.one.contact.unit


def see_contact(
    *, contact_id: UUID, by: "Person", now: datetime, what: str = "contact"
) -> SeenContact:
    """The contact, opened, and the reading recorded, in its case's own log too.

    Raises NotVisible, Locked.
    """
    permits.require(by, "cases.see")
    contact = walls.contact_for(by, contact_id, now)
    if contact.case_id is None:
        one = read_contact(contact_id=contact_id, by=by, now=now, what=what)
        return SeenContact(one, None)
    opened = read_case(case_id=contact.case_id, what=what, by=by, now=now)
    content = content_of(contact, opened.box, ContactContent)
    return SeenContact(OpenContact(contact, opened.box, content, opened.why), opened)


@transaction.atomic
def list_contacts(
    *, contacts: Collection[Contact], by: "Person", now: datetime
) -> dict[UUID, ContactContent]:
    """What a list may show of contacts without a case, by id; in one round trip to the vault.

    Those that are not open to her, and those whose key is lost, are left out. Raises Locked.
    """
    hers = walls.contacts_for(by, now).filter(
        pk__in=[one.pk for one in contacts], case__isnull=True
    )
    rows = list(hers)
    if not rows:
        return {}
    boxes = vaults.open_boxes([one.box for one in rows], walls.units_of(by))
    found = [one for one in rows if one.box in boxes]
    audit.record(
        Event.CONTACTS_LISTED,
        by=by,
        contacts=sorted(boxes[one.box].trail_name for one in found),
    )
    return {one.pk: content_of(one, boxes[one.box], ContactContent) for one in found}


def contact_to_write(
    *, contact_id: UUID, by: "Person", now: datetime, what: str, seen: int | str | None = None
) -> SeenContact:
    """The contact, locked and opened for a change, with its case when it has one.

    Raises NotVisible, WrongState when its case is closed, Changed.
    """
    found = walls.contact_for(by, contact_id, now)
    if found.case_id is None:
        one = free_to_write(contact_id=contact_id, by=by, now=now, what=what)
        case = None
    else:
        case = case_to_write(case_id=found.case_id, by=by, now=now, what=what)
        rows = Contact.objects.select_for_update(of=("self",))
        row = rows.filter(pk=contact_id, case=case.case).first()
        if row is None:
            raise walls.no_such_case()
        content = content_of(row, case.box, ContactContent)
        one = OpenContact(row, case.box, content, case.why)
    if seen is not None:
        check_version(seen, one.contact.version)
    return SeenContact(one, case)


def free_to_write(*, contact_id: UUID, by: "Person", now: datetime, what: str = "") -> OpenContact:
    """The contact without a case, locked and opened.

    what: code of the act, for the contact's log; empty where its case's log tells it.
    Raises NotVisible, Changed when it has a case.
    """
    row = walls.contact_for(by, contact_id, now, lock=True)
    permits.require(by, "cases.write", row)
    if row.case_id is not None:
        raise Changed(_JOINED)
    why = walls.why_of_contact(by, row)
    if what:
        log_read(row, what=what, why=why, by=by, now=now)
    return opened_contact(row, walls.units_of(by), why=why)
