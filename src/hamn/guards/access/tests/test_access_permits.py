"""The permit table against the cast: what is not in the table is denied."""

from types import SimpleNamespace

import pytest

from hamn.core.errors import NotVisible, PermissionDenied
from hamn.guards.access import permits
from hamn.guards.access.models import Person
from hamn.guards.access.queries import by_email, first_administrator, roles_of
from hamn.guards.access.rules import NAMES, Role

CAST = ("steward", "controller", "reader", "administrator")
# Permit, then who of the cast has it; the stranger has none and first has all.
TABLE = {
    "access.see": {"administrator"},
    "access.add_person": {"administrator"},
    "audit.see": {"administrator", "controller"},
    "organisations.see": set(CAST),
    "organisations.save_party": {"steward", "controller"},
    "organisations.import_population": {"steward", "controller"},
    "organisations.load_reference": {"administrator"},
    "tariffs.see": set(CAST),
    "tariffs.adopt": {"steward", "controller"},
    "agreements.see": {"steward", "controller", "reader"},
    "agreements.draft": {"steward"},
    "agreements.sign": {"steward"},
    "agreements.give_notice": {"steward"},
    "agreements.withdraw": {"steward"},
    "agreements.import_agreements": {"steward"},
}
UNKNOWN = ("agreements.burn", "agreements", "", "see", "agreements.see ", "AGREEMENTS.SEE")


@pytest.mark.parametrize("permit", TABLE)
def test_only_those_in_the_table_have_the_permit(permit: str, cast: SimpleNamespace) -> None:
    having = {name for name in CAST if permits.allows(getattr(cast, name), permit)}
    assert having == TABLE[permit]
    assert not permits.allows(cast.stranger, permit)
    assert permits.allows(cast.first, permit)


def test_no_permit_of_these_rooms_is_missing_from_this_table() -> None:
    rooms = {permit.partition(".")[0] for permit in TABLE}
    registered = {p for p in permits.registered() if p.partition(".")[0] in rooms}
    assert registered == set(TABLE)


@pytest.mark.parametrize("who", [*CAST, "first", "stranger"])
@pytest.mark.parametrize("permit", UNKNOWN)
def test_a_permit_that_is_not_in_the_table_is_denied_to_everyone(
    permit: str, who: str, cast: SimpleNamespace
) -> None:
    assert not permits.allows(getattr(cast, who), permit)
    with pytest.raises((NotVisible, PermissionDenied)):
        permits.require(getattr(cast, who), permit)


@pytest.mark.parametrize("permit", TABLE)
def test_a_person_who_has_left_has_no_permit(permit: str, cast: SimpleNamespace) -> None:
    cast.first.is_active = False
    assert not permits.allows(cast.first, permit)
    with pytest.raises(NotVisible):
        permits.require(cast.first, permit)


@pytest.mark.parametrize("permit", TABLE)
def test_a_stranger_learns_nothing_about_what_exists(permit: str, cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible, match=r"inget att visa för dig"):
        permits.require(cast.stranger, permit)


@pytest.mark.parametrize("permit", TABLE)
@pytest.mark.parametrize("who", CAST)
def test_an_insider_without_the_permit_is_told_which_one(
    who: str, permit: str, cast: SimpleNamespace
) -> None:
    room = permit.partition(".")[0]
    if who in TABLE[permit]:
        permits.require(getattr(cast, who), permit)
    elif who in TABLE[f"{room}.see"]:
        with pytest.raises(PermissionDenied, match=permit):
            permits.require(getattr(cast, who), permit)
    else:
        with pytest.raises(NotVisible):
            permits.require(getattr(cast, who), permit)


def test_a_person_who_is_not_stored_has_no_role(db: None) -> None:
    assert roles_of(Person()) == frozenset()
    assert not any(permits.allows(Person(), permit) for permit in permits.registered())


def test_every_role_has_a_swedish_name_and_a_fact_named_after_it() -> None:
    assert NAMES.keys() == set(Role)
    assert len(set(NAMES.values())) == len(Role)
    for role in Role:
        assert permits.holds(role).__name__ == f"is_{role}"


def test_a_person_is_found_by_her_address_in_any_case(cast: SimpleNamespace) -> None:
    assert by_email("Reader@TEST.example") == cast.reader


@pytest.mark.parametrize("email", ["nobody@test.example", "", "reader@test.example "])
def test_an_unknown_address_is_not_visible(email: str, db: None) -> None:
    with pytest.raises(NotVisible, match="Ingen person med adressen"):
        by_email(email)


def test_a_person_who_has_left_is_not_found(cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.reader.pk).update(is_active=False)
    with pytest.raises(NotVisible):
        by_email("reader@test.example")


def test_when_the_first_person_has_left_the_next_one_is_first(cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.first.pk).update(is_active=False)
    assert first_administrator() not in (None, cast.first)


def test_a_centre_without_people_has_no_first_administrator(db: None) -> None:
    Person.objects.update(is_active=False)
    assert first_administrator() is None
