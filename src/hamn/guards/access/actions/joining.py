"""People come: added by the set-up, invited by e-mail, or back after having left."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.audit import actions as audit

from .. import permits, queries, rules
from ..events import Event
from ..models import Person, PersonRole
from ..rules import LONGEST_ADDRESS, Role
from . import links
from .links import Kind


@transaction.atomic
def add_person(*, email: str, title: str, roles: Iterable[Role], by: Person | None) -> Person:
    """A new person with roles and no password yet.

    by: None only for the centre's first person, who has nobody before her.
    Raises PermissionDenied, or BadInput when the address is taken.
    """
    if by is not None or Person.objects.exists():
        permits.require(by or Person(), "access.add_person")
    person, held = _store(email, title, roles)
    audit.record(Event.PERSON_ADDED, by=by or person, on=person, roles=held)
    return person


@transaction.atomic
def invite(*, email: str, title: str, roles: Iterable[Role], origin: str, by: Person) -> Person:
    """A new person, to whom a link for choosing a password is sent; it holds for three days.

    origin: the desk's own address, `https://desk.example`, before the link's path.
    Raises NoMail without a post office, BadInput for a taken address or no role.
    """
    permits.require(by, "access.invite")
    links.refuse_without_mail()
    person, held = _store(email, title, roles)
    rules.check_some_role(held)
    audit.record(Event.PERSON_INVITED, by=by, on=person, roles=held)
    deliver_invitation(person, origin)
    return person


@transaction.atomic
def invite_again(*, person_id: int, origin: str, by: Person) -> Person:
    """A new link to a person who has not chosen a password yet; the earlier one still holds.

    Raises NoMail, or WrongStanding when she has a password or has left.
    """
    person = queries.locked(by, person_id)
    permits.require(by, "access.invite", person)
    links.refuse_without_mail()
    if person.has_usable_password() or not person.is_active:
        raise rules.WrongStanding(
            _("{title} väntar inte på någon inbjudan. Läs om sidan och se efter."),
            title=person.title,
        )
    held = sorted(person.roles())
    audit.record(Event.PERSON_INVITED, by=by, on=person, roles=held, again=True)
    deliver_invitation(person, origin)
    return person


@transaction.atomic
def come_back(*, person_id: int, roles: Iterable[Role], origin: str, by: Person) -> Person:
    """A person who had left is here again, with these roles and a new link; nothing old holds.

    Raises NoMail, BadInput without a role, WrongStanding unless she has left.
    """
    person = queries.locked(by, person_id)
    permits.require(by, "access.come_back", person)
    links.refuse_without_mail()
    if person.is_active:
        raise rules.WrongStanding(_("{title} har inte slutat. Läs om sidan."), title=person.title)
    held = sorted(set(roles))
    rules.check_some_role(held)
    person.is_active, person.left_on = True, None
    person.save(update_fields=["is_active", "left_on"])
    PersonRole.objects.filter(person=person).delete()
    PersonRole.objects.bulk_create(PersonRole(person=person, role=role) for role in held)
    audit.record(Event.PERSON_CAME_BACK, by=by, on=person, roles=held)
    deliver_invitation(person, origin)
    return person


def deliver_invitation(person: Person, origin: str) -> None:
    """Have the link sent once this is committed; the worker makes it, so that nothing stores it."""
    links.deliver_link.enqueue(person.pk, origin, Kind.INVITATION.value)


def _store(email: str, title: str, roles: Iterable[Role]) -> tuple[Person, list[Role]]:
    address, title = email.strip().lower(), title.strip()
    if not title or len(title) > 200:
        raise BadInput(_("Ange vem personen är, med högst 200 tecken."))
    if not _is_address(address):
        raise BadInput(
            _("{email} är ingen e-postadress. Skriv den som namn@exempel.se."), email=email
        )
    # get_or_create, so that of two who add the same address at once one gets this sentence too.
    person, is_new = Person.objects.get_or_create(
        email=address, defaults={"title": title, "password": make_password(None)}
    )
    if not is_new:
        raise BadInput(_("Adressen {email} finns redan. Ange en annan."), email=email)
    held = sorted(set(roles))
    PersonRole.objects.bulk_create(PersonRole(person=person, role=role) for role in held)
    return person, held


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_ADDRESS
