"""What the tests of units share: two units that a room above would register, and their heads."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.guards.access import actions, rules
from hamn.guards.access.models import Person, UnitMembership
from hamn.guards.access.rules import Role


@pytest.fixture(autouse=True)
def two_units(db: None) -> Iterator[None]:
    """Two units that a room above would register, and nobody in any other."""
    UnitMembership.objects.all().delete()
    registered = list(rules._unit_source)
    rules.register_units(lambda: {"blue": "Blå", "green": "Grön"})
    yield
    rules._unit_source[:] = registered


@pytest.fixture
def heads(cast: SimpleNamespace) -> SimpleNamespace:
    """The head of each unit: the blue one was the centre's first, and let the green one in."""
    green = actions.add_person(
        email="green@test.example", title="Grön chef", roles=[Role.HEAD_OF_UNIT], by=cast.first
    )
    row = propose(cast, cast.head, is_head=True)
    actions.accept_headship(membership_id=row.pk, by=cast.head)
    row = propose(cast, green, unit="green", is_head=True)
    actions.grant_member(membership_id=row.pk, by=cast.head)
    return SimpleNamespace(blue=cast.head, green=green)


def propose(cast: SimpleNamespace, person: Person, **more: Any) -> UnitMembership:
    given = {"unit": "blue", "is_head": False, "by": cast.administrator, **more}
    return actions.propose_member(person_id=person.pk, **given)
