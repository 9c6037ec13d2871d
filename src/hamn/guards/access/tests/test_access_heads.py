"""Heads of units: the first accepts for herself, the others are let in, the last one stays."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from types import SimpleNamespace

import pytest

from hamn.core.errors import NotVisible, PermissionDenied, Refusal
from hamn.guards.access import actions, queries, rules
from hamn.guards.access.models import Person, UnitMembership
from hamn.guards.access.rules import LastHead, OwnAccount, ResetReason, Role, WrongStanding

from .signing import thing, trail, with_password
from .units import heads, propose, two_units

__all__ = ["heads", "two_units"]


def test_the_first_head_accepts_for_herself_in_an_event_of_its_own(cast: SimpleNamespace) -> None:
    row = propose(cast, cast.head, is_head=True)
    granted = trail("member_granted")
    assert not queries.is_head(cast.head, "blue")
    actions.accept_headship(membership_id=row.pk, by=cast.head)
    assert queries.is_head(cast.head, "blue") and queries.is_member(cast.head, "blue")
    facts = {"person": cast.head.pk, "unit": "blue", "is_head": True, "after_another": False}
    assert trail("headship_accepted")[-1] == (thing(cast.head), thing(row), facts)
    assert trail("member_granted") == granted


@pytest.mark.parametrize("who", ["administrator", "first", "reader", "stranger"])
def test_nobody_accepts_for_another(cast: SimpleNamespace, who: str) -> None:
    row = propose(cast, cast.head, is_head=True)
    with pytest.raises((NotVisible, PermissionDenied)):
        actions.accept_headship(membership_id=row.pk, by=getattr(cast, who))


def test_a_member_who_is_no_head_does_not_accept_for_herself(cast: SimpleNamespace) -> None:
    row = propose(cast, cast.head)
    with pytest.raises(NotVisible):
        actions.accept_headship(membership_id=row.pk, by=cast.head)


def second_head(cast: SimpleNamespace, unit: str = "blue") -> tuple[Person, UnitMembership]:
    person = actions.add_person(
        email="second@test.example", title="Tvåan", roles=[Role.HEAD_OF_UNIT], by=cast.first
    )
    return person, propose(cast, person, unit=unit, is_head=True)


def test_a_second_head_is_granted_by_the_first_and_cannot_accept_for_herself(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    person, row = second_head(cast)
    with pytest.raises(WrongStanding, match="har redan en chef"):
        actions.accept_headship(membership_id=row.pk, by=person)
    actions.grant_member(membership_id=row.pk, by=heads.blue)
    assert queries.is_head(person, "blue")


def test_of_two_proposed_first_heads_the_second_needs_the_first(cast: SimpleNamespace) -> None:
    person, second = second_head(cast)
    first = propose(cast, cast.head, is_head=True)
    actions.accept_headship(membership_id=first.pk, by=cast.head)
    with pytest.raises(WrongStanding, match="har redan en chef"):
        actions.accept_headship(membership_id=second.pk, by=person)


def test_a_unit_that_lost_its_head_gets_its_next_from_a_head_elsewhere(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    # An administrator who closes the head's account must not be able to put in her own.
    day = date(2026, 11, 20)
    actions.leave(person_id=heads.blue.pk, on=day, today=day, by=cast.administrator)
    person, row = second_head(cast)
    with pytest.raises(WrongStanding, match="En annan enhets chef"):
        actions.accept_headship(membership_id=row.pk, by=person)
    assert [one.pk for one in queries.waiting_grants(heads.green)] == [row.pk]
    actions.grant_member(membership_id=row.pk, by=heads.green)
    assert queries.is_head(person, "blue")


def test_a_head_elsewhere_grants_no_ordinary_member_of_a_unit_without_a_head(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    day = date(2026, 11, 20)
    actions.leave(person_id=heads.blue.pk, on=day, today=day, by=cast.administrator)
    row = propose(cast, cast.reader)
    with pytest.raises(NotVisible):
        actions.grant_member(membership_id=row.pk, by=heads.green)


def test_a_new_unit_gets_its_head_from_a_head_elsewhere(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    """An administrator who adds a unit must not be able to put in a head of her own."""
    rules.register_units(lambda: {"blue": "Blå", "green": "Grön", "new": "Ny"})
    person, row = second_head(cast, unit="new")
    with pytest.raises(WrongStanding, match="En annan enhets chef"):
        actions.accept_headship(membership_id=row.pk, by=person)
    for head in (heads.blue, heads.green):
        assert [one.pk for one in queries.waiting_grants(head)] == [row.pk]
    actions.grant_member(membership_id=row.pk, by=heads.green)
    assert queries.is_head(person, "new")


def test_the_only_head_of_the_centre_takes_over_another_unit_by_herself(
    cast: SimpleNamespace,
) -> None:
    for unit in ("blue", "green"):
        row = propose(cast, cast.head, unit=unit, is_head=True)
        actions.accept_headship(membership_id=row.pk, by=cast.head)
    assert queries.headed_units(cast.head) == {"blue", "green"}
    person, row = second_head(cast, unit="blue")
    actions.grant_member(membership_id=row.pk, by=cast.head)
    first = UnitMembership.objects.get(unit="blue", person=cast.head)
    actions.end_member(membership_id=first.pk, by=person)
    row = propose(cast, cast.head, is_head=True)
    with pytest.raises(WrongStanding, match="har redan en chef"):
        actions.accept_headship(membership_id=row.pk, by=cast.head)


def ways_to_lose(cast: SimpleNamespace, person: Person) -> list[Callable[[], object]]:
    """Every act by which whoever runs the system could take a head's say from her."""
    day = date(2026, 11, 20)
    by = cast.administrator
    held = list(queries.fresh(person).roles())
    return [
        lambda: actions.end_member(membership_id=person.memberships.get().pk, by=by),
        lambda: actions.leave(person_id=person.pk, on=day, today=day, by=by),
        lambda: actions.change_roles(
            person_id=person.pk, roles=[Role.READER], seen_roles=held, by=by
        ),
        *(
            lambda knowing=knowing: actions.reset_second_factor(
                person_id=person.pk, reason=ResetReason.LOST, leaves_unread=knowing, by=by
            )
            for knowing in (False, True)
        ),
    ]


@pytest.mark.parametrize("way", range(5))
def test_the_centres_last_head_is_taken_away_by_nobody_and_the_one_before_her_is(
    way: int, cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    with_password(heads.blue)
    with_password(heads.green)
    ways_to_lose(cast, heads.blue)[way]()
    assert not queries.is_head(heads.blue, "blue")
    for act in ways_to_lose(cast, heads.green):
        with pytest.raises(LastHead, match="enda enhetschef"):
            act()
    assert queries.is_head(heads.green, "green")


def test_an_administrator_with_a_head_of_her_own_gets_into_no_unit(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    """The whole way: a made-up person, every real head taken away, and her own word."""
    puppet = actions.add_person(
        email="puppet@test.example",
        title="Påhittad",
        roles=[Role.HEAD_OF_UNIT, Role.CASEWORKER],
        by=cast.administrator,
    )
    rows = [propose(cast, puppet, unit=unit, is_head=True) for unit in ("blue", "green")]
    for person in (heads.blue, heads.green):
        for act in ways_to_lose(cast, with_password(person)):
            with suppress(Refusal):
                act()
    for row in rows:
        with pytest.raises(WrongStanding):
            actions.accept_headship(membership_id=row.pk, by=puppet)
        with pytest.raises(PermissionDenied):
            actions.grant_member(membership_id=row.pk, by=cast.administrator)
    assert queries.member_units(puppet) == frozenset()


def test_a_head_without_the_role_decides_nothing(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    row = propose(cast, cast.reader)
    actions.change_roles(
        person_id=heads.blue.pk,
        roles=[Role.READER],
        seen_roles=[Role.HEAD_OF_UNIT],
        by=cast.administrator,
    )
    with pytest.raises(NotVisible):
        actions.grant_member(membership_id=row.pk, by=queries.fresh(heads.blue))


def test_a_head_does_not_decide_about_herself(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    # The green head, proposed to lead the blue unit too, once that has lost its head.
    day = date(2026, 11, 20)
    actions.leave(person_id=heads.blue.pk, on=day, today=day, by=cast.administrator)
    row = propose(cast, heads.green, is_head=True)
    with pytest.raises(OwnAccount, match="eget medlemskap"):
        actions.grant_member(membership_id=row.pk, by=heads.green)
    assert row not in queries.waiting_grants(heads.green)


def test_a_head_whose_factor_was_reset_decides_nothing_and_is_granted_by_another(
    cast: SimpleNamespace, heads: SimpleNamespace
) -> None:
    waiting = propose(cast, cast.reader)
    with_password(heads.blue)
    actions.reset_second_factor(
        person_id=heads.blue.pk, reason=ResetReason.MISUSED, by=cast.administrator
    )
    with pytest.raises(NotVisible):
        actions.grant_member(membership_id=waiting.pk, by=heads.blue)
    own = heads.blue.memberships.get()
    with pytest.raises(WrongStanding, match="En annan enhets chef"):
        actions.accept_headship(membership_id=own.pk, by=heads.blue)
    actions.grant_member(membership_id=own.pk, by=heads.green)
    actions.grant_member(membership_id=waiting.pk, by=heads.blue)
