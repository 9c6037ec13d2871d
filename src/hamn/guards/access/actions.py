"""Writes of people."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.audit import actions as audit

from . import permits
from .events import Event
from .models import Person, PersonRole
from .rules import Role


@transaction.atomic
def add_person(*, email: str, title: str, roles: Iterable[Role], by: Person | None) -> Person:
    """A new person with roles and no password yet.

    by: None only for the centre's first person, who has nobody before her.
    Raises PermissionDenied, or BadInput when the address is taken.
    """
    if by is not None or Person.objects.exists():
        permits.require(by or Person(), "access.add_person")
    if Person.objects.filter(email__iexact=email).exists():
        raise BadInput(_("Adressen {email} finns redan. Ange en annan."), email=email)
    held = sorted(set(roles))
    person = Person.objects.create(email=email, title=title, password=make_password(None))
    PersonRole.objects.bulk_create(PersonRole(person=person, role=role) for role in held)
    audit.record(Event.PERSON_ADDED, by=by or person, on=person, roles=held)
    return person
