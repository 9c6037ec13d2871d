"""A contact becomes part of a case: sealed in the case's box, its own box erased."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.vault import actions as vault
from hamn.guards.vault.boxes import Box

from ...events import Event
from ...models import Attachment, AttachmentPart, Case, ContactDetails
from ...queries.opened import OpenCase, OpenContact, content_of, place_of
from ...rules.contacts import NotJoinable
from ...rules.content import ContactContent
from ..reading import case_to_write, move_log
from ..sealing import put
from ..telling import tell_contact
from .classes import learn
from .facts import recount
from .log import check_identity, settle
from .reading import free_to_write

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hamn.guards.access.models import Person


@transaction.atomic
def join_contact(*, contact_id: UUID, case_id: UUID, by: "Person", now: datetime) -> OpenContact:
    """The contact as part of the case, counted with the case's classes.

    Raises NotVisible, ClosedToYou, WrongState for a closed case, NotJoinable across units,
    IdentityNeeded, Changed when it has a case already.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, what="join_contact")
    one = free_to_write(contact_id=contact_id, by=by, now=now)
    return move_into(opened, one, by=by, now=now)


def move_into(opened: OpenCase, one: OpenContact, *, by: "Person", now: datetime) -> OpenContact:
    """The locked contact in the locked case, inside the caller's transaction."""
    if one.contact.unit != opened.case.unit:
        raise NotJoinable(
            _("Kontakten och ärendet hör till olika enheter. Dela uppgifterna i stället.")
        )
    contact, own = one.contact, one.box
    move_log(contact, opened.case)
    joined = placed_in(opened, one, now=now)
    # What it held stands in the case's box by now.
    vault.discard([own.id])
    tell_contact(Event.CONTACT_JOINED, joined, by=by, was=own.trail_name)
    return joined


def placed_in(opened: OpenCase, one: OpenContact, *, now: datetime) -> OpenContact:
    """The locked contact sealed in the locked case, and counted with its classes.

    Raises IdentityNeeded.
    """
    check_identity(one.content, opened.content, on=one.contact.on)
    contact = one.contact
    if opened.content.is_protected:
        # OSL 21:3: nothing that leads to her is kept, so not whom the letter came from either.
        details = ContactDetails.objects.filter(contact=contact)
        vault.erase(details.values_list("box", flat=True))
        details.delete()
    reseal(one, opened.box, opened.case)
    contact.last_note_on = timezone.localdate(now)
    contact.save()
    learn(opened, one.content, on=contact.on, now=now)
    recount(opened, {contact.on.year}, only={contact.pk})
    settle(opened, now=now)
    contact.refresh_from_db(fields=["sealed"])
    content = content_of(contact, opened.box, ContactContent)
    return OpenContact(contact, opened.box, content, opened.why)


def reseal(one: OpenContact, box: Box, case: Case | None) -> None:
    """The locked contact and its files sealed anew, as of the case or of none; not yet saved."""
    contact = one.contact
    _move_files(contact.attachments.filter(box=one.box.id), one.box, box, case)
    put(contact, one.content, box)
    contact.case, contact.box = case, box.id
    contact.version += 1


def _move_files(attachments: "QuerySet[Attachment]", own: Box, box: Box, case: Case | None) -> None:
    """The contact's files, sealed anew in the other box, a part at a time."""
    for file in attachments:
        for part in file.parts.iterator(chunk_size=1):
            _reseal(part, own, box)
            part.save(update_fields=["sealed"])
        _reseal(file, own, box)
        file.box, file.case = box.id, case
        file.save()


def _reseal(row: Attachment | AttachmentPart, own: Box, to: Box) -> None:
    place = place_of(row)  # type: ignore[arg-type]
    row.sealed = to.seal(place, own.open(place, bytes(row.sealed)))
