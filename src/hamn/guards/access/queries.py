"""Reads of people and roles."""

from hamn.core.errors import NotVisible, _

from .models import Person, PersonRole
from .rules import Role


def roles_of(person: Person) -> frozenset[Role]:
    """The roles of a person, read once per person object; none for one who is not stored."""
    if person.pk is None:
        return frozenset()
    if not hasattr(person, "_roles"):
        rows = PersonRole.objects.filter(person=person).values_list("role", flat=True)
        person._roles = frozenset(Role(role) for role in rows)  # type: ignore[attr-defined]
    return person._roles  # type: ignore[attr-defined,no-any-return]


def by_email(email: str) -> Person:
    """The active person with the address.

    Raises NotVisible when there is none.
    """
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise NotVisible(_("Ingen person med adressen {email} finns här."), email=email)
    return person


def person_title(thing_id: str) -> str:
    """The title of the person whom the trail calls by that id; empty for anything else."""
    kind, _colon, pk = thing_id.partition(":")
    if kind != "access.person" or not pk.isdecimal():
        return ""
    return Person.objects.filter(pk=int(pk)).values_list("title", flat=True).first() or ""


def is_known(email: str) -> bool:
    """Whether someone has the address."""
    return Person.objects.filter(email__iexact=email.strip()).exists()


def first_administrator() -> Person | None:
    """The person that `hamn setup` added first; acts at the command line when no other is named."""
    return Person.objects.filter(is_active=True).order_by("pk").first()
