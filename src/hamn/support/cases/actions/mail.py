"""E-mail that reaches a unit: sealed at once as a contact, the sender's address apart from it."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.support.services import queries as services

from ..events import Event
from ..models import Contact, ContactDetails
from ..queries.opened import OpenContact, content_of
from ..queries.walls import units_of
from ..rules.access import check_not_broken_open
from ..rules.content import ContactContent
from ..rules.mail import BY_MAIL, CHANNEL_OF, NO_ANSWER, OFFERS, Mail, Sender
from ..rules.safe_contact import UnsafeContact, is_allowed_channel, rules_of
from .contacts.change import save
from .contacts.log import store_alone
from .contacts.reading import SeenContact, contact_to_write, see_contact
from .safe_contact import require_safe
from .sealing import put
from .telling import tell_contact

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def take_mail(
    *, service: str, mail: Mail, by: "Person | None", now: datetime, mine: bool = False
) -> OpenContact:
    """The e-mail as a contact without a case; hers, or for whoever in the unit takes it.

    by: none for the system's own act, when a mail server hands it over and nobody has acted.
    Seals with public keys alone, so that it works while the unit's key is locked.
    Raises NotVisible for who may not.
    """
    row = services.service(service)
    if by is not None:
        permits.require(by, "cases.take_mail", row.unit)
    today = timezone.localdate(now)
    box = vault.new_box([row.unit])
    contact = Contact(
        unit=row.unit,
        box=box.id,
        on=min(mail.on or today, today),
        responsible=by if mine else None,
        logged_by=by,
    )
    content = ContactContent(
        channel="email",
        kind="counselling",
        age_group="unknown",
        service=service,
        subject=mail.subject,
        text=mail.text,
        left_out=mail.left_out,
    )
    one = OpenContact(contact, box, content, "responsible" if mine else "unassigned")
    store_alone(one, now=now)
    if mail.sender is not None:
        _keep_address(contact, mail.sender)
    tell_contact(Event.MAIL_TAKEN, one, by=by, unit=row.unit)
    return one


def read_address(*, contact_id: UUID, by: "Person", now: datetime) -> tuple[SeenContact, Sender]:
    """Whom the e-mail came from, and that she looked.

    Raises NotVisible when the contact is not hers, or the address is erased; Locked.
    """
    with transaction.atomic():
        seen = see_contact(contact_id=contact_id, by=by, now=now, what="address")
        if seen.case is not None and seen.case.why == "shared":
            # Contact details are never shared: for that unit there are none.
            raise _no_address()
        details = _details_of(seen.one.contact)
        box = vaults.open_box(details.box, units_of(by))
        tell_contact(Event.ADDRESS_READ, seen.one, by=by)
        return seen, content_of(details, box, Sender)


@transaction.atomic
def remove_address(*, contact_id: UUID, by: "Person", now: datetime) -> None:
    """The sender's address is gone, with its key; the contact stays. Raises NotVisible."""
    found = contact_to_write(contact_id=contact_id, by=by, now=now, what="remove_address")
    if found.case is not None:
        check_not_broken_open(found.case.why)
    details = _details_of(found.one.contact)
    details.delete()
    vault.erase([details.box])
    tell_contact(Event.ADDRESS_REMOVED, found.one, by=by)


@transaction.atomic
def offer_answer(*, contact_id: UUID, offer: str, by: "Person", now: datetime) -> OpenContact:
    """The way in which an answer is offered, as it is noted; nothing is sent from here.

    Raises NotVisible, UnsafeContact as `check_may_answer`, BadInput for a way that the person does
    not allow.
    """
    found = contact_to_write(contact_id=contact_id, by=by, now=now, what="offer_answer")
    check_may_answer(found, now)
    if offer not in allowed_offers(found):
        raise BadInput(_("Personen vill inte nås så. Välj ett annat sätt att svara."))
    content = replace(found.one.content, answer_offer=offer)
    save(found, content, years={found.one.contact.on.year}, now=now)
    tell_contact(Event.CONTACT_CHANGED, found.one, by=by, offer=offer)
    return found.one


def check_may_answer(found: SeenContact, now: datetime) -> None:
    """Pass a letter that may be answered by letter now, by what the person's case says.

    Each text that is offered would be sent as e-mail. Raises UnsafeContact: never, or when next.
    """
    if found.case is None:
        return
    if not is_allowed_channel(rules_of(found.case.content), BY_MAIL):
        raise UnsafeContact(NO_ANSWER)
    require_safe(found.case, BY_MAIL, now)


def allowed_offers(found: SeenContact) -> dict[str, str]:
    """The ways of answering that the person of the contact allows, by what her case says.

    None where she is not to have a letter at all.
    """
    if found.case is None:
        return dict(OFFERS)
    safe = rules_of(found.case.content)
    if not is_allowed_channel(safe, BY_MAIL):
        return {}
    return {
        code: name for code, name in OFFERS.items() if is_allowed_channel(safe, CHANNEL_OF[code])
    }


def has_address(contact: Contact) -> bool:
    """Whether the sender's address is still kept."""
    return ContactDetails.objects.filter(contact=contact).exists()


def _keep_address(contact: Contact, sender: Sender) -> None:
    box = vault.new_box([contact.unit])
    details = ContactDetails(contact=contact, box=box.id)
    put(details, sender, box)
    details.save(force_insert=True)


def _details_of(contact: Contact) -> ContactDetails:
    details = ContactDetails.objects.filter(contact=contact).first()
    if details is None:
        raise _no_address()
    return details


def _no_address() -> NotVisible:
    return NotVisible(_("Adressen är raderad, eller fanns aldrig."))
