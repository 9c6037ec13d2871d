"""Roles change, people leave and come back; two administrators at once see the conflict."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions, permits, queries
from hamn.guards.access.models import Person, PersonRole
from hamn.guards.access.rules import (
    LastAdministrator,
    NoMail,
    OwnAccount,
    Role,
    RolesChanged,
    WrongStanding,
)
from hamn.guards.audit.models import Entry

from .signing import (
    browser,
    is_in,
    real_centre,
    send_password,
    sign_in,
    thing,
    trail,
    with_password,
)

__all__ = ["real_centre"]
DAY = date(2026, 11, 20)
ORIGIN = "https://desk.example"
NOT_ADMINISTRATORS = ["steward", "controller", "reader", "head", "stranger"]


def change(person: Person, roles: list[Role], by: Person, seen: list[Role] | None = None) -> Any:
    held = sorted(queries.roles_of(queries.fresh(person))) if seen is None else seen
    return actions.change_roles(person_id=person.pk, roles=roles, seen_roles=held, by=by)


def leave(person: Person, by: Person, on: date = DAY) -> Person:
    return actions.leave(person_id=person.pk, on=on, today=DAY, by=by)


def test_roles_change_at_once_and_the_trail_tells_which(cast: SimpleNamespace) -> None:
    change(cast.reader, [Role.CONTROLLER], cast.administrator)
    person = queries.fresh(cast.reader)
    assert queries.roles_of(person) == {Role.CONTROLLER}
    assert permits.allows(person, "audit.see") and not permits.allows(person, "access.see")
    fact = {"added": ["controller"], "removed": ["reader"]}
    assert trail("roles_changed") == [(thing(cast.administrator), thing(person), fact)]


def test_nobody_changes_her_own_roles(cast: SimpleNamespace) -> None:
    for person in (cast.administrator, cast.first):
        with pytest.raises(OwnAccount, match="eget konto"):
            change(person, list(Role), person)


@pytest.mark.parametrize("who", NOT_ADMINISTRATORS)
def test_only_a_system_administrator_changes_roles(cast: SimpleNamespace, who: str) -> None:
    with pytest.raises((NotVisible, PermissionDenied)):
        change(cast.reader, list(Role), getattr(cast, who))
    assert queries.roles_of(queries.fresh(cast.reader)) == {Role.READER}


def test_of_two_administrators_at_once_the_second_sees_what_the_first_did(
    cast: SimpleNamespace,
) -> None:
    change(cast.reader, [Role.CONTROLLER], cast.administrator, seen=[Role.READER])
    with pytest.raises(RolesChanged, match="controller"):
        change(cast.reader, [Role.AGREEMENT_ADMINISTRATOR], cast.first, seen=[Role.READER])
    assert queries.roles_of(queries.fresh(cast.reader)) == {Role.CONTROLLER}


def test_a_person_keeps_at_least_one_role(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="minst en roll"):
        change(cast.reader, [], cast.administrator)
    assert queries.roles_of(queries.fresh(cast.reader)) == {Role.READER}


def test_the_last_system_administrator_keeps_the_role(cast: SimpleNamespace) -> None:
    change(cast.first, [Role.READER], cast.administrator)
    # The one who is left cannot be reached by anyone else, and not by herself either.
    with pytest.raises((NotVisible, PermissionDenied)):
        change(cast.administrator, [], queries.fresh(cast.first))
    with pytest.raises(OwnAccount):
        change(cast.administrator, [], cast.administrator)


def test_two_administrators_cannot_remove_each_other(cast: SimpleNamespace) -> None:
    # Both were read before either acted, as in two requests at once.
    one, two = cast.administrator, cast.first
    assert Role.SYSTEM_ADMINISTRATOR in one.roles() & two.roles()
    change(two, [Role.READER], one)
    with pytest.raises((NotVisible, PermissionDenied)):
        change(one, [Role.READER], two)
    with pytest.raises((NotVisible, PermissionDenied)):
        leave(one, two)
    assert permits.allows(queries.fresh(one), "access.change_roles")


def test_a_role_that_was_taken_meanwhile_gives_nothing_more(cast: SimpleNamespace) -> None:
    stale = queries.by_email(cast.administrator.email)
    assert stale.roles() == {Role.SYSTEM_ADMINISTRATOR}
    change(cast.administrator, [Role.READER], cast.first)
    with pytest.raises((NotVisible, PermissionDenied)):
        change(cast.reader, [Role.SYSTEM_ADMINISTRATOR], stale)


def test_the_only_system_administrator_cannot_lose_the_role_by_any_hand(
    cast: SimpleNamespace,
) -> None:
    from hamn.guards.access.rules import check_administrator_left

    with pytest.raises(LastAdministrator, match="enda systemadministratören"):
        check_administrator_left(set())
    check_administrator_left({7})


def test_who_has_left_cannot_sign_in_and_is_out_at_once(cast: SimpleNamespace) -> None:
    person = with_password(cast.reader)
    client = browser()
    sign_in(client, person)
    assert is_in(client)
    leave(person, cast.administrator)
    assert not is_in(client)
    assert not person.usersession_set.exists() and not person.authenticator_set.exists()
    assert send_password(browser(), person.email).status_code == 422


def test_the_trail_tells_who_left_when(cast: SimpleNamespace) -> None:
    leave(cast.reader, cast.administrator)
    fact = {"left_on": "2026-11-20", "memberships": []}
    assert trail("person_left") == [(thing(cast.administrator), thing(cast.reader), fact)]


@pytest.mark.parametrize("who", NOT_ADMINISTRATORS)
def test_only_a_system_administrator_closes_an_account(cast: SimpleNamespace, who: str) -> None:
    with pytest.raises((NotVisible, PermissionDenied)):
        leave(cast.reader, getattr(cast, who))
    assert queries.fresh(cast.reader).is_active


def test_nobody_closes_her_own_account(cast: SimpleNamespace) -> None:
    with pytest.raises(OwnAccount):
        leave(cast.administrator, cast.administrator)


def test_a_day_that_has_not_come_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="har inte kommit"):
        leave(cast.reader, cast.administrator, on=date(2026, 11, 21))
    assert queries.fresh(cast.reader).is_active


def test_leaving_twice_is_refused(cast: SimpleNamespace) -> None:
    leave(cast.reader, cast.administrator)
    with pytest.raises(WrongStanding, match="redan slutat"):
        leave(cast.reader, cast.administrator)
    with pytest.raises(WrongStanding, match="har slutat"):
        change(cast.reader, list(Role), cast.administrator)


def back(person: Person, by: Person, roles: list[Role] | None = None) -> Person:
    wanted = [Role.CONTROLLER] if roles is None else roles
    return actions.come_back(person_id=person.pk, roles=wanted, origin=ORIGIN, by=by)


def test_who_is_back_has_new_roles_and_nothing_old(cast: SimpleNamespace) -> None:
    person = with_password(cast.reader)
    leave(person, cast.administrator)
    back(person, cast.administrator)
    person = queries.fresh(person)
    assert person.is_active and person.left_on is None
    assert queries.roles_of(person) == {Role.CONTROLLER}
    assert send_password(browser(), person.email).status_code == 422
    assert [letter.to for letter in mail.outbox] == [[person.email]]
    assert trail("person_came_back")[-1][2] == {"roles": ["controller"]}


def test_who_never_left_cannot_come_back(cast: SimpleNamespace) -> None:
    with pytest.raises(WrongStanding, match="har inte slutat"):
        back(cast.reader, cast.administrator)


def test_coming_back_needs_a_role_a_post_office_and_an_administrator(
    cast: SimpleNamespace, settings: Any
) -> None:
    leave(cast.reader, cast.administrator)
    with pytest.raises(BadInput, match="minst en roll"):
        back(cast.reader, cast.administrator, roles=[])
    with pytest.raises((NotVisible, PermissionDenied)):
        back(cast.reader, cast.controller)
    settings.MAIL = {}
    with pytest.raises(NoMail):
        back(cast.reader, cast.administrator)
    assert not queries.fresh(cast.reader).is_active


@pytest.mark.parametrize("pk", [0, -1, 10**9, 10**30])
def test_a_person_who_does_not_exist_is_not_visible(cast: SimpleNamespace, pk: int) -> None:
    stranger = Person(pk=pk)
    with pytest.raises(NotVisible):
        leave(stranger, cast.administrator)
    with pytest.raises(NotVisible):
        queries.person_of(cast.administrator, pk)


def test_a_refusal_leaves_no_trace_of_the_change(cast: SimpleNamespace) -> None:
    before = Entry.objects.count()
    with pytest.raises(OwnAccount):
        change(cast.administrator, [], cast.administrator)
    assert Entry.objects.count() == before


def test_the_list_of_people_costs_the_same_for_three_and_for_thirty(
    cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    def read() -> list[Any]:
        return [(row.roles(), row.second_factors) for row in queries.people_for(cast.first)]

    cast.first.roles()
    with django_assert_num_queries(2):
        few = read()
    for number in range(30):
        actions.add_person(
            email=f"p{number}@test.example", title="P", roles=[Role.READER], by=cast.first
        )
    with django_assert_num_queries(2):
        assert len(read()) == len(few) + 30


@pytest.mark.parametrize("who", NOT_ADMINISTRATORS)
def test_others_see_no_list_of_people(cast: SimpleNamespace, who: str) -> None:
    with pytest.raises(NotVisible):
        queries.people_for(getattr(cast, who))
    with pytest.raises(NotVisible):
        queries.person_of(getattr(cast, who), cast.first.pk)


def test_the_database_itself_keeps_leaving_and_being_active_apart(cast: SimpleNamespace) -> None:
    for fields in ({"is_active": False}, {"left_on": DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=cast.reader.pk).update(**fields)


def test_the_database_itself_refuses_an_address_in_large_letters_and_an_unknown_role(
    cast: SimpleNamespace,
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=cast.reader.pk).update(email="Reader@test.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonRole.objects.create(person=cast.reader, role="queen")


def test_a_session_is_ended_by_its_owner_and_by_nobody_else(cast: SimpleNamespace) -> None:
    reader, steward = with_password(cast.reader), with_password(cast.steward)
    here, there, other = browser(), browser(), browser()
    for client, person in ((here, reader), (there, reader), (other, steward)):
        sign_in(client, person)
    theirs = steward.usersession_set.get()
    with pytest.raises(NotVisible):
        actions.end_session(session_id=theirs.pk, by=reader)
    away = reader.usersession_set.get(session_key=there.session.session_key)
    actions.end_session(session_id=away.pk, by=reader)
    assert is_in(here) and is_in(other) and not is_in(there)
    assert trail("session_ended")[-1][2] == {"sessions": 1}


def test_all_other_sessions_end_and_this_one_stays(cast: SimpleNamespace) -> None:
    reader = with_password(cast.reader)
    here, there = browser(), browser()
    sign_in(there, reader)
    sign_in(here, reader)
    assert len(queries.sessions_of(reader)) == 2
    ended = actions.end_other_sessions(but=here.session.session_key or "", by=reader)
    assert ended == 1 and is_in(here) and not is_in(there)
    assert [row.session_key for row in queries.sessions_of(reader)] == [here.session.session_key]
