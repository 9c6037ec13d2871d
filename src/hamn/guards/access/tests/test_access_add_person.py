"""Adding a person with roles."""

import json
from types import SimpleNamespace

import pytest
from django.apps import apps

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access.actions import add_person
from hamn.guards.access.models import Person, UnitMembership
from hamn.guards.access.queries import roles_of
from hamn.guards.access.rules import Role
from hamn.guards.audit.models import Entry

NEW = {"email": "ny@centrum.example", "title": "Controller"}


def last_entry() -> Entry:
    entry = Entry.objects.order_by("-place").first()
    assert entry is not None
    return entry


def test_a_new_person_has_her_roles_and_cannot_sign_in_yet(cast: SimpleNamespace) -> None:
    roles = (role for role in (Role.READER, Role.CONTROLLER, Role.READER))
    person = add_person(**NEW, roles=roles, by=cast.administrator)
    stored = Person.objects.get(email="ny@centrum.example")
    assert roles_of(stored) == {Role.READER, Role.CONTROLLER}
    assert stored == person and stored.is_active and not stored.has_usable_password()


def test_the_trail_tells_who_added_whom_with_which_roles(cast: SimpleNamespace) -> None:
    roles = (role for role in (Role.READER, Role.CONTROLLER))
    person = add_person(**NEW, roles=roles, by=cast.administrator)
    entry = last_entry()
    assert entry.event == "access.person_added"
    assert entry.by == f"access.person:{cast.administrator.pk}"
    assert entry.on == f"access.person:{person.pk}"
    assert json.loads(entry.facts) == {"roles": ["controller", "reader"]}


@pytest.mark.parametrize("email", ["reader@test.example", "READER@test.Example"])
def test_an_address_that_is_taken_is_refused(email: str, cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match=r"finns redan\. Ange en annan"):
        add_person(email=email, title="Läsare", roles=[Role.READER], by=cast.administrator)


@pytest.mark.parametrize("who", ["steward", "controller", "reader", "stranger"])
def test_only_the_system_administrator_adds_people(who: str, cast: SimpleNamespace) -> None:
    before = (Person.objects.count(), Entry.objects.count())
    with pytest.raises((NotVisible, PermissionDenied)):
        add_person(**NEW, roles=[Role.SYSTEM_ADMINISTRATOR], by=getattr(cast, who))
    assert (Person.objects.count(), Entry.objects.count()) == before


def test_a_centre_with_people_adds_no_one_without_a_person_who_does_it(db: None) -> None:
    with pytest.raises(NotVisible):
        add_person(**NEW, roles=[Role.SYSTEM_ADMINISTRATOR], by=None)


def test_the_first_person_of_a_centre_adds_herself(db: None) -> None:
    UnitMembership.objects.all().delete()
    for name in ("LanguageApproval", "PageText"):  # which name who registered them
        apps.get_model("door", name).objects.all().delete()
    Person.objects.all().delete()
    person = add_person(**NEW, roles=list(Role), by=None)
    assert roles_of(person) == set(Role)
    assert last_entry().by == last_entry().on == f"access.person:{person.pk}"
