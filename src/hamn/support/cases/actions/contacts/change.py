"""A contact is corrected, taken by someone, or taken away as a mistake."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.guards.vault import actions as vault
from hamn.support.services import queries as services
from hamn.support.services.rules import AgeGroup

from ...events import Event
from ...queries.opened import OpenContact
from ...rules import contacts as rules
from ...rules.content import ContactContent
from ...rules.states import WrongState
from ..sealing import put
from ..telling import tell_contact
from .classes import learn
from .facts import recount, uncounted
from .log import check_identity, judged, settle, store_alone
from .reading import SeenContact, contact_to_write, free_to_write

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def change_contact(
    *,
    contact_id: UUID,
    seen: int | str,
    on: date,
    change: Callable[[ContactContent], ContactContent],
    answer_by: date | None,
    by: "Person",
    now: datetime,
) -> OpenContact:
    """The contact corrected; its facts are those of what it says now.

    change: the new content from the old; what the contact has counted stays its own, and what it
    has said in words as of `rules.contacts.reworded`.
    Raises NotVisible, Changed when someone saved meanwhile, BadInput, IdentityNeeded, TextLocked.
    """
    found = contact_to_write(
        contact_id=contact_id, by=by, now=now, what="change_contact", seen=seen
    )
    old, row = found.one.content, found.one.contact
    new = change(old)
    if services.service(new.service).unit != row.unit:
        raise BadInput(_("Kontakten hör till sin enhet. Välj en av enhetens verksamheter."))
    content = judged(new, service=new.service, on=on, today=timezone.localdate(now), by=by)
    content = replace(content, counted=old.counted, handed_from=old.handed_from)
    logged = row.logged_by_id, row.logged_at
    content = rules.reworded(old, content, logged=logged, by=by.pk, at=now)
    if answer_by != row.answer_by:
        rules.check_answer_day(answer_by, on=on)
    check_identity(content, found.case.content if found.case else None, on=on)
    years = {row.on.year, on.year}
    row.on, row.answer_by = on, answer_by
    row.is_child = _is_child(content, old, was=row.is_child)
    save(found, content, years=years, now=now)
    tell_contact(Event.CONTACT_CHANGED, found.one, by=by)
    return found.one


@transaction.atomic
def remove_contact(*, contact_id: UUID, reason: str, by: "Person", now: datetime) -> None:
    """The mistaken contact is gone, with its facts; without a case its key too.

    Raises NotVisible, NotRemovable for what is another's or has stood too long.
    """
    if reason not in rules.REMOVALS:
        raise BadInput(_("Välj varför kontakten ska bort."))
    found = contact_to_write(contact_id=contact_id, by=by, now=now, what="remove_contact")
    row = found.one.contact
    is_hers = by.pk in (row.logged_by_id, row.responsible_id)
    rules.check_removable(logged_at=row.logged_at, is_hers=is_hers, now=now)
    uncounted(found.one.content)
    tell_contact(Event.CONTACT_REMOVED, found.one, by=by, day=row.on, reason=reason)
    boxes = _own_boxes(found)
    row.delete()
    if found.case is not None:
        recount(found.case, {row.on.year}, only=())
        settle(found.case, now=now)
    if boxes:
        vault.erase(boxes)


@transaction.atomic
def take_contact(*, contact_id: UUID, by: "Person", now: datetime) -> OpenContact:
    """The contact that was nobody's is hers. Raises NotVisible, WrongState when it is taken."""
    one = free_to_write(contact_id=contact_id, by=by, now=now, what="take_contact")
    if one.contact.responsible_id is not None:
        raise WrongState(_("Kontakten har redan någon som tar hand om den."))
    one.contact.responsible = by
    one.contact.version += 1
    one.contact.save(update_fields=["responsible", "version"])
    tell_contact(Event.CONTACT_TAKEN, one, by=by)
    return one


def save(found: SeenContact, content: ContactContent, *, years: set[int], now: datetime) -> None:
    """The locked contact with other content, its facts and its case's dates with it."""
    one = found.one
    one.content = content
    one.contact.version += 1
    if found.case is None:
        store_alone(one, now=now)
        return
    one.contact.last_note_on = timezone.localdate(now)
    put(one.contact, content, one.box)
    one.contact.save()
    learn(found.case, content, on=one.contact.on, now=now)
    recount(found.case, years, only={one.contact.pk})
    settle(found.case, now=now)


def _is_child(content: ContactContent, old: ContactContent, *, was: bool) -> bool:
    """A new answer about the age shows the duty anew; the same one leaves it as it was."""
    return was if content.age_group == old.age_group else content.age_group == AgeGroup.CHILD


def _own_boxes(found: SeenContact) -> list[UUID]:
    """The boxes that hold nothing but this contact."""
    row = found.one.contact
    details = getattr(row, "contact_details", None)
    boxes = {details.box} if details is not None else set()
    boxes |= {*row.attachments.values_list("box", flat=True), row.box}
    return sorted(boxes - ({found.case.box.id} if found.case is not None else set()))
