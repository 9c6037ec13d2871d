"""Units: an administrator proposes, a head decides, nobody decides about herself."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions, queries, rules
from hamn.guards.access.models import UnitMembership
from hamn.guards.access.rules import (
    OwnAccount,
    ResetReason,
    Role,
    Standing,
    WrongStanding,
)

from .signing import real_centre, thing, trail, with_password
from .units import heads, propose, two_units

__all__ = ["heads", "real_centre", "two_units"]


def test_a_proposal_opens_nothing_until_the_head_has_granted_it(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    row = propose(cast, cast.reader)
    assert not queries.is_member(cast.reader, "blue")
    assert row.standing is Standing.PROPOSED
    actions.grant_member(membership_id=row.pk, by=heads.blue)
    assert queries.is_member(cast.reader, "blue") and not queries.is_member(cast.reader, "green")
    assert not queries.is_head(cast.reader, "blue")


def test_the_trail_tells_who_proposed_and_who_granted(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    row = propose(cast, cast.reader)
    actions.grant_member(membership_id=row.pk, by=heads.blue)
    facts = {"person": cast.reader.pk, "unit": "blue", "is_head": False}
    assert trail("member_proposed")[-1] == (thing(cast.administrator), thing(row), facts)
    assert trail("member_granted")[-1] == (thing(heads.blue), thing(row), facts)


@pytest.mark.parametrize("who", ["administrator", "first", "steward", "reader", "stranger"])
def test_nobody_but_the_units_head_grants(
    cast: SimpleNamespace, heads: SimpleNamespace, who: str
) -> None:
    row = propose(cast, cast.controller)
    with pytest.raises((NotVisible, PermissionDenied)):
        actions.grant_member(membership_id=row.pk, by=getattr(cast, who))
    with pytest.raises(NotVisible):
        actions.grant_member(membership_id=row.pk, by=heads.green)
    assert not queries.is_member(cast.controller, "blue")


@pytest.mark.parametrize("who", ["steward", "controller", "reader", "head", "stranger"])
def test_only_a_system_administrator_proposes(cast: SimpleNamespace, who: str) -> None:
    with pytest.raises((NotVisible, PermissionDenied)):
        propose(cast, cast.reader, by=getattr(cast, who))


def test_an_administrator_does_not_propose_herself(cast: SimpleNamespace) -> None:
    with pytest.raises(OwnAccount):
        propose(cast, cast.administrator)


def test_a_proposal_needs_a_unit_a_person_who_is_here_and_the_role_of_a_head(
    cast: SimpleNamespace,
) -> None:
    with pytest.raises(BadInput, match="finns inte"):
        propose(cast, cast.reader, unit="red")
    with pytest.raises(WrongStanding, match="rollen enhetschef"):
        propose(cast, cast.reader, is_head=True)
    day = date(2026, 11, 20)
    actions.leave(person_id=cast.reader.pk, on=day, today=day, by=cast.administrator)
    with pytest.raises(WrongStanding, match="har slutat"):
        propose(cast, cast.reader)


def test_nobody_is_proposed_twice_to_the_same_unit(cast: SimpleNamespace) -> None:
    row = propose(cast, cast.reader)
    with pytest.raises(WrongStanding, match="redan föreslagen"):
        propose(cast, cast.reader)
    propose(cast, cast.reader, unit="green")
    actions.end_member(membership_id=row.pk, by=cast.administrator)
    propose(cast, cast.reader)


def test_what_is_granted_is_not_granted_again(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    row = propose(cast, cast.reader)
    actions.grant_member(membership_id=row.pk, by=heads.blue)
    with pytest.raises(WrongStanding, match="väntar inte"):
        actions.grant_member(membership_id=row.pk, by=heads.blue)


def test_a_reset_second_factor_lets_memberships_rest_until_a_head_grants_again(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    row = propose(cast, with_password(cast.reader))
    actions.grant_member(membership_id=row.pk, by=heads.blue)
    actions.reset_second_factor(
        person_id=cast.reader.pk, reason=ResetReason.LOST, by=cast.administrator
    )
    assert not queries.is_member(cast.reader, "blue")
    row.refresh_from_db()
    assert row.standing is Standing.SUSPENDED
    assert trail("second_factor_reset")[-1][2]["suspended"] == [row.pk]
    assert [one.pk for one in queries.waiting_grants(heads.blue)] == [row.pk]
    actions.grant_member(membership_id=row.pk, by=heads.blue)
    assert queries.is_member(cast.reader, "blue")


def test_leaving_ends_every_membership(cast: SimpleNamespace, heads: SimpleNamespace) -> None:
    row = propose(cast, cast.reader)
    actions.grant_member(membership_id=row.pk, by=heads.blue)
    day = date(2026, 11, 20)
    actions.leave(person_id=cast.reader.pk, on=day, today=day, by=cast.administrator)
    row.refresh_from_db()
    assert row.standing is Standing.ENDED and not queries.is_member(cast.reader, "blue")
    assert trail("person_left")[-1][2]["memberships"] == [row.pk]


@pytest.mark.parametrize("who", ["administrator", "blue"])
def test_a_membership_is_ended_by_the_head_or_an_administrator(
    cast: SimpleNamespace, heads: SimpleNamespace, who: str
) -> None:
    row = propose(cast, cast.reader)
    by = heads.blue if who == "blue" else cast.administrator
    actions.end_member(membership_id=row.pk, by=by)
    assert trail("member_ended")[-1][2]["was"] == "proposed"
    with pytest.raises(NotVisible):
        actions.end_member(membership_id=row.pk, by=by)


@pytest.mark.parametrize("who", ["steward", "controller", "reader", "stranger"])
def test_nobody_else_ends_a_membership(
    cast: SimpleNamespace, heads: SimpleNamespace, who: str
) -> None:
    row = propose(cast, cast.reader)
    for by in (getattr(cast, who), heads.green):
        with pytest.raises(NotVisible):
            actions.end_member(membership_id=row.pk, by=by)
        with pytest.raises(NotVisible):
            queries.membership(by, row.pk)


def test_a_head_sees_what_waits_for_her_and_her_own_unit_alone(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    blue, green = propose(cast, cast.reader), propose(cast, cast.steward, unit="green")
    assert [row.pk for row in queries.waiting_grants(heads.blue)] == [blue.pk]
    assert [row.pk for row in queries.waiting_grants(heads.green)] == [green.pk]
    assert {row.unit for row in queries.memberships(heads.blue)} == {"blue"}
    assert {row.unit for row in queries.memberships(cast.administrator)} == {"blue", "green"}
    for who in (cast.reader, cast.stranger, cast.controller):
        with pytest.raises(NotVisible):
            queries.waiting_grants(who)
        with pytest.raises(NotVisible):
            queries.memberships(who)


def test_the_lists_cost_the_same_for_three_and_for_thirty(
    cast: SimpleNamespace, heads: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    def read() -> int:
        waiting = list(queries.waiting_grants(heads.blue))
        return len([(row.person.title, row.proposed_by.title) for row in waiting])

    for number in range(30):
        person = actions.add_person(
            email=f"p{number}@test.example", title="P", roles=[Role.READER], by=cast.first
        )
        propose(cast, person)
        if number == 2:
            heads.blue.roles()
            with django_assert_num_queries(3):
                assert read() == 3
    with django_assert_num_queries(3):
        assert read() == 30


@pytest.mark.parametrize("pk", [0, -1, 10**9, 10**30])
def test_a_membership_that_does_not_exist_is_not_visible(
    cast: SimpleNamespace, heads: SimpleNamespace, pk: int
) -> None:
    for verb in (actions.grant_member, actions.accept_headship, actions.end_member):
        with pytest.raises(NotVisible):
            verb(membership_id=pk, by=heads.blue)


def test_the_database_itself_refuses_what_no_action_does(cast: SimpleNamespace) -> None:
    row = propose(cast, cast.reader)
    now = row.proposed_at
    wrong: list[dict[str, Any]] = [
        {"granted_at": now},
        {"granted_by": cast.head},
        {"granted_by": cast.reader, "granted_at": now},
        {"suspended_by": cast.administrator, "suspended_at": now},
        {"ended_at": now},
        {"proposed_by": cast.reader},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            UnitMembership.objects.filter(pk=row.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitMembership.objects.create(
            person=cast.reader, unit="blue", is_head=False, proposed_by=cast.first
        )


def test_every_standing_and_reason_has_a_name() -> None:
    assert set(rules.STANDING_NAMES) == set(Standing)
    assert set(rules.RESET_REASONS) == set(ResetReason)
    assert set(rules.DESCRIPTIONS) == set(Role)
    assert all(sentence.endswith(".") for sentence in rules.DESCRIPTIONS.values())
