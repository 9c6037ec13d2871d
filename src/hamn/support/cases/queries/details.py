"""What stands beside a case's content: its unit's words, contact details, who was known when."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from hamn.support.services import queries as services
from hamn.support.services.rules import Documented

from ..models import Case, ContactDetails, Record
from ..rules.content import ContactContent
from ..rules.identity import Change
from .notes import records_of
from .opened import OpenCase, OpenRecord, content_of
from .walls import units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from .timeline import Entry


def grounds_in(unit: str) -> dict[str, str]:
    """The grounds for contact of all the unit's services, by code."""
    found: dict[str, str] = {}
    for row in services.services_of(unit):
        found |= row.ground_names
    return found


def forms_in(unit: str) -> list[str]:
    """The forms that some service of the unit has."""
    return list(dict.fromkeys(form for row in services.services_of(unit) for form in row.forms))


def documented_in(unit: str) -> dict[str, Documented]:
    """How each of the unit's services documents, by code."""
    return {row.code: row.documented for row in services.services_of(unit)}


def contacts_in(opened: OpenCase) -> list[tuple[Any, ContactContent]]:
    """The case's contacts with what they say; one query."""
    rows = opened.case.contacts.all()
    return [(row, content_of(row, opened.box, ContactContent)) for row in rows]


def has_details(case: Case) -> bool:
    """Whether contact details are kept for the case's person."""
    return ContactDetails.objects.filter(case=case).exists()


def details_of(case: Case) -> QuerySet[ContactDetails]:
    """Every way to reach the case's person: her contact details, and senders' addresses."""
    return ContactDetails.objects.filter(Q(case=case) | Q(contact__case=case))


def are_hers(viewer: "Person", case: Case) -> bool:
    """Whether the contact details may be opened to her: they are never shared with other units."""
    return case.unit in units_of(viewer)


def planned_contacts(opened: OpenCase) -> list[OpenRecord]:
    """The contacts with the person that are planned and not over yet, the next first."""
    found = [
        one
        for one in records_of(opened, ["action"])
        if one.content.at is not None and one.record.state not in one.kind.done
    ]
    return sorted(found, key=lambda one: one.content.at)


def identity_changes(entries: Iterable["Entry"]) -> list[Change]:
    """When the person became more, or less, known, in that order; of a timeline's entries."""
    found = [
        Change(one.content.was, one.content.now, one.row.written_at)
        for one in entries
        if isinstance(one.row, Record) and one.row.kind == "identity"
    ]
    return sorted(found, key=lambda change: change.at)
