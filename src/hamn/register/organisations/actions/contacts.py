"""Contact persons: from when, until when."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import ContactPerson

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def save_contact(
    *, code: str, contact_id: int | None, fields: Mapping[str, Any], seen: str, by: "Person"
) -> ContactPerson:
    """A party's contact person, new (contact_id None) or changed.

    seen: the version that the form showed, as `queries.contact_version` tells it; empty for new.
    Raises NotVisible for a contact that the party does not have, Changed, and BadInput for a period
    that ends before it begins and for a contact that is there already.
    """
    contact = queries.locked_contact(by, code, contact_id)
    permits.require(by, "organisations.save_contact", contact)
    rules.check_seen(seen, queries.contact_version(contact))
    rules.check_period(fields["valid_from"], fields["valid_until"])
    _refuse_the_same(contact, fields)
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.save()
    audit.record(
        Event.CONTACT_SAVED,
        by=by,
        on=contact,
        party=contact.party_id,
        valid_from=contact.valid_from,
        valid_until=contact.valid_until,
    )
    return contact


@transaction.atomic
def end_contact(
    *, code: str, contact_id: int, last_day: date, seen: str, by: "Person"
) -> ContactPerson:
    """The contact person with her last day (included), which may lie ahead.

    Raises NotVisible, Changed, BadInput for a day before her first.
    """
    contact = queries.locked_contact(by, code, contact_id)
    permits.require(by, "organisations.end_contact", contact)
    rules.check_seen(seen, queries.contact_version(contact))
    rules.check_period(contact.valid_from, last_day)
    contact.valid_until = last_day
    contact.save(update_fields=["valid_until"])
    audit.record(
        Event.CONTACT_ENDED, by=by, on=contact, party=contact.party_id, valid_until=last_day
    )
    return contact


def _refuse_the_same(contact: ContactPerson, fields: Mapping[str, Any]) -> None:
    twins = ContactPerson.objects.filter(party=contact.party_id, **fields).exclude(pk=contact.pk)
    if twins.exists():
        raise BadInput(_("Den kontaktpersonen finns redan. Ändra den som finns i stället."))
