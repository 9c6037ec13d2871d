"""A party's data, from a file or from a form."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hamn.core import identifiers
from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import ContactPerson, Party

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def save_party(
    *, fields: Mapping[str, Any], contact: Mapping[str, Any] | None, by: "Person"
) -> Party:
    """A party's data, new or changed; a contact equal to the present one is not added again.

    fields: as `read_party` returns them, with `municipality_id`; what is left out stays as it is.
    """
    permits.require(by, "organisations.save_party")
    code = fields["municipality_id"]
    given = {key: value for key, value in fields.items() if key != "municipality_id"}
    party, _created = Party.objects.update_or_create(
        municipality_id=code,
        defaults=given,
        create_defaults={"name": queries.known_municipalities().get(code, ""), **given},
    )
    if contact is not None:
        _add_contact(party, contact)
    audit.record(Event.PARTY_SAVED, by=by, on=party, fields=sorted(fields))
    return party


@transaction.atomic
def edit_party(*, code: str, fields: Mapping[str, Any], seen: str, by: "Person") -> Party:
    """A party's data as a form gives them: a field left empty is emptied.

    seen: the version that the form showed, as `queries.party_version` tells it.
    Raises Changed when somebody else has saved meanwhile, NotVisible for an unknown code, BadInput
    for an organisation number that another party has, or a Peppol id that is not its own.
    """
    municipality = queries.locked_municipality(by, code)
    permits.require(by, "organisations.save_party", municipality)
    party = queries.party_of(municipality)
    rules.check_seen(seen, queries.party_version(party))
    number = fields["organisation_number"]
    identifiers.participant_id(fields["participant_id"], organisation_number=number)
    _refuse_number_of_another(number, code)
    return save_party(fields={**fields, "municipality_id": code}, contact=None, by=by)


def _refuse_number_of_another(number: str, code: str) -> None:
    # A municipality with another's number would get the other's invoices.
    owner = Party.objects.filter(organisation_number=number).exclude(municipality=code).first()
    if owner is not None:
        raise number_is_taken(number, owner.name)


def number_is_taken(number: str, owner: str) -> BadInput:
    """The refusal of an organisation number that another party has."""
    return BadInput(
        _("Organisationsnumret {number} är redan inlagt för {name}. Rätta det ena."),
        number=identifiers.hyphenated(number),
        name=owner,
    )


def _add_contact(party: Party, contact: Mapping[str, Any]) -> None:
    start = contact["valid_from"]
    same = {key: value for key, value in contact.items() if key != "valid_from"}
    if not party.contacts.filter(**same, valid_from__lte=start).exists():
        ContactPerson.objects.create(party=party, **contact)
