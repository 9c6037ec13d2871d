"""A contact that was written in the wrong case goes to the right one, or stands alone again."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.vault import actions as vault

from ...events import Event
from ...models import Contact, Draft
from ...queries import walls
from ...queries.opened import OpenCase, OpenContact, content_of
from ...rules.access import check_not_broken_open
from ...rules.contacts import MOVES, NotJoinable
from ...rules.content import ContactContent
from ...rules.states import WrongState
from ..reading import case_to_write, log_read
from ..telling import tell_contact
from .facts import recount
from .join import placed_in, reseal
from .log import check_identity, settle, store_alone

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def move_contact(
    *, contact_id: UUID, case_id: UUID | None, reason: str, by: "Person", now: datetime
) -> OpenContact:
    """The contact out of its case: into another of the same unit, or, with none, hers alone.

    reason: a code of `rules.contacts.MOVES`. Raises NotVisible, ClosedToYou, WrongState when either
    case is closed, OnlyBrokenOpen, NotJoinable across units, IdentityNeeded, BadInput.
    """
    if reason not in MOVES:
        raise BadInput(_("Välj varför kontakten ska flyttas."))
    source, target = _opened(contact_id, case_id, by=by, now=now)
    check_not_broken_open(source.why)
    one = _locked(source, contact_id)
    was = one.name
    if target is None:
        moved = _alone(source, one, by=by, now=now)
    else:
        _check_same_unit(source, target)
        moved = placed_in(target, one, now=now)
    drafts = Draft.objects.filter(case=source.case, place__contains=str(contact_id))
    drafts.update(case=moved.contact.case)
    recount(source, {moved.contact.on.year}, only=())
    settle(source, now=now)
    facts = {"was": was, "source": source.box.trail_name, "reason": reason}
    tell_contact(Event.CONTACT_MOVED, moved, by=by, **facts)
    return moved


def _opened(
    contact_id: UUID, case_id: UUID | None, *, by: "Person", now: datetime
) -> tuple[OpenCase, OpenCase | None]:
    """The case that it leaves and the one it goes to, locked in the order of their ids.

    Each one's own log tells of it.
    """
    source = walls.contact_for(by, contact_id, now).case_id
    if source is None:
        raise WrongState(_("Kontakten hör inte till något ärende. För den till ett i stället."))
    if source == case_id:
        raise NotJoinable(_("Kontakten hör redan till det ärendet. Välj ett annat."))
    found = {}
    for pk in sorted(each for each in (source, case_id) if each):
        if pk == source:
            found[pk] = case_to_write(case_id=pk, by=by, now=now, what="move_contact")
        else:
            found[pk] = case_to_write(case_id=pk, by=by, now=now, what="receive_contact")
    return found[source], found[case_id] if case_id else None


def _locked(source: OpenCase, contact_id: UUID) -> OpenContact:
    rows = Contact.objects.select_for_update(of=("self",))
    row = rows.filter(pk=contact_id, case=source.case).first()
    if row is None:
        raise walls.no_such_case()
    content = content_of(row, source.box, ContactContent)
    return OpenContact(row, source.box, content, source.why)


def _check_same_unit(source: OpenCase, target: OpenCase) -> None:
    if source.case.unit != target.case.unit:
        raise NotJoinable(
            _("Ärendena hör till olika enheter. Öppna ett ärende i enheten och flytta dit.")
        )


def _alone(source: OpenCase, one: OpenContact, *, by: "Person", now: datetime) -> OpenContact:
    """The contact without a case, in a box of its own, with whoever took it out."""
    contact = one.contact
    if contact.unit != source.case.unit:
        # Its own unit would have it then, and she would not.
        raise NotJoinable(
            _(
                "Kontakten kom med ärendet från en annan enhet och kan inte stå utan ärende. "
                "Öppna ett ärende och flytta den dit."
            )
        )
    check_identity(one.content, None, on=contact.on)
    box = vault.new_box([contact.unit])
    reseal(one, box, None)
    contact.responsible = by
    alone = OpenContact(contact, box, one.content, walls.why_of_contact(by, contact))
    store_alone(alone, now=now)
    log_read(contact, what="move_out", why=alone.why, by=by, now=now)
    return alone
