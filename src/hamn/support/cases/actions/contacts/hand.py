"""A child's contact is put before the coordinator for children; the worker still helps meanwhile.

Nothing moves: the coordinator gets a contact of her own unit, with what she needs to know.
Source: SoL 3:1, 19:1; requirements B1, Z4, Z6.
"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.core.text import LONGEST_NOTE, clean_text
from hamn.guards.vault import actions as vault
from hamn.support.services import queries as services
from hamn.support.services.rules import AgeGroup

from ...events import Event
from ...models import Contact
from ...queries.opened import OpenContact
from ...rules.contacts import HANDING_GROUNDS, NotJoinable
from ...rules.content import ContactContent
from ..counting import HANDED, count
from ..telling import tell_contact
from .change import save
from .log import store_alone, tell_logged
from .reading import SeenContact, contact_to_write

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.support.services.models import Service


def child_coordinator_of(service: str) -> "Service | None":
    """The service that a child who comes here is put before; None where she stays."""
    target = services.service(service).refers_children_to if service else ""
    return services.service(target) if target else None


@transaction.atomic
def hand_to_child_coordinator(
    *, contact_id: UUID, ground: str, words: str, by: "Person", now: datetime
) -> Contact:
    """A contact in the coordinator's unit, for whoever takes it there; hers stays where it is.

    ground: consent, or need_to_know, with which the child's name and text stay here.
    words: what the coordinator needs to know. Raises NotVisible, BadInput, NotJoinable when the
    person is no child, when the unit is the coordinator's own, and the second time.
    """
    words = clean_text(words, LONGEST_NOTE).strip()
    if ground not in HANDING_GROUNDS or not words:
        raise BadInput(_("Välj grund och skriv vad koordinatorn behöver veta."))
    found = contact_to_write(contact_id=contact_id, by=by, now=now, what="hand_contact")
    one = found.one
    target = _target(found)
    handed = _handed(one, target, ground=ground, words=words, by=by, now=now)
    counted = count(
        unit=one.contact.unit,
        on=one.contact.on,
        kind=HANDED,
        detail=handed.unit,
        age_group=one.content.age_group,
    )
    content = replace(
        one.content,
        handed_to=(*one.content.handed_to, handed.unit),
        counted=(*one.content.counted, counted),
    )
    save(found, content, years={one.contact.on.year}, now=now)
    tell_contact(Event.CONTACT_HANDED, one, by=by, unit=handed.unit, ground=ground)
    return handed


def _target(found: SeenContact) -> "Service":
    content = found.one.content
    target = child_coordinator_of(content.service)
    if content.age_group != AgeGroup.CHILD or target is None:
        raise NotJoinable(_("Koordinatorn för barn och unga kopplas in för den som är under 18."))
    if target.unit in (found.unit, *content.handed_to):
        raise NotJoinable(_("Koordinatorn för barn och unga är redan inkopplad."))
    return target


def _handed(
    one: OpenContact, service: "Service", *, ground: str, words: str, by: "Person", now: datetime
) -> Contact:
    """The coordinator's contact, sealed to her unit alone."""
    box = vault.new_box([service.unit])
    grounds = tuple(code for code in one.content.grounds if code in service.ground_names)
    content = ContactContent(
        channel=one.content.channel,
        kind=one.content.kind,
        form=one.content.form,
        grounds=grounds,
        municipality=one.content.municipality,
        residence=one.content.residence,
        age_group=one.content.age_group,
        source="other_unit",
        is_acute=one.content.is_acute,
        is_trafficking=one.content.is_trafficking,
        service=service.code,
        entitlement=one.content.entitlement,
        called=one.content.called if ground == "consent" else "",
        handed_from=one.contact.unit,
        handed_ground=ground,
        handed_words=words,
    )
    row = Contact(unit=service.unit, box=box.id, on=one.contact.on, logged_by=by, is_child=True)
    theirs = OpenContact(row, box, content, "unassigned")
    store_alone(theirs, now=now)
    tell_logged(theirs, by=by)
    return row
