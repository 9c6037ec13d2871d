"""Somebody can always read a unit: its last reader is not removed without another or a cover."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.guards.access import actions as access
from hamn.guards.access.models import Person
from hamn.guards.access.queries import is_member
from hamn.guards.access.rules import LastInUnit, ResetReason, Role
from hamn.guards.audit.models import Entry
from hamn.guards.vault import actions as vault
from hamn.register.staff import actions
from hamn.register.staff.models import Cover, Unit

from .staff_factories import ADULT, TODAY, cover, member, newcomer, offer

pytestmark = pytest.mark.django_db


def leave(cast: SimpleNamespace, person: Person) -> object:
    return access.leave(person_id=person.pk, on=TODAY, today=TODAY, by=cast.administrator)


def end(cast: SimpleNamespace, person: Person) -> object:
    row = person.memberships.get(unit=ADULT)
    return access.end_member(membership_id=row.pk, by=cast.administrator)


def take_role(cast: SimpleNamespace, person: Person) -> object:
    held = person.roles()
    return access.change_roles(
        person_id=person.pk,
        roles=(held - {Role.CASEWORKER}) | {Role.READER},
        seen_roles=held,
        by=cast.administrator,
    )


def reset(cast: SimpleNamespace, person: Person, **more: Any) -> object:
    person.authenticator_set.get_or_create(type="totp", defaults={"data": {}})
    return access.reset_second_factor(
        person_id=person.pk, reason=ResetReason.LOST, by=cast.administrator, **more
    )


def reads(person: Person) -> bool:
    """Whether she can read the unit's cases."""
    fresh = Person.objects.get(pk=person.pk)
    return is_member(fresh, ADULT) and Role.CASEWORKER in fresh.roles()


Act = Callable[[SimpleNamespace, Person], object]
ACTS: dict[str, Act] = {"leave": leave, "end": end, "role": take_role, "reset": reset}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_last_person_of_a_unit_is_not_removed(cast: SimpleNamespace, act: Act) -> None:
    before = Entry.objects.count()
    with pytest.raises(LastInUnit, match=r"adult_coordinator är den enda .* regionkoordinator vux"):
        act(cast, cast.adult_coordinator)
    assert is_member(cast.adult_coordinator, ADULT)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_with_an_accepted_cover_she_may_go(cast: SimpleNamespace, act: Act) -> None:
    cover(cast, cast.child_coordinator, cast.adult_coordinator)
    act(cast, cast.adult_coordinator)
    assert is_member(cast.child_coordinator, ADULT)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_with_another_caseworker_she_may_go(cast: SimpleNamespace, act: Act) -> None:
    other = newcomer(cast)
    member(cast, other, ADULT, cast.adult_coordinator)
    act(cast, cast.adult_coordinator)
    assert reads(other)
    assert not reads(cast.adult_coordinator)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_another_who_reads_no_cases_is_nobody_to_leave_them_to(
    cast: SimpleNamespace, act: Act
) -> None:
    member(cast, cast.reader, ADULT, cast.adult_coordinator)
    with pytest.raises(LastInUnit):
        act(cast, cast.adult_coordinator)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("how_far", ["asked", "let in", "past"])
def test_a_cover_that_is_not_in_force_is_nobody_to_leave_them_to(
    cast: SimpleNamespace, act: Act, how_far: str
) -> None:
    if how_far == "past":
        row = cover(cast, cast.child_coordinator, cast.adult_coordinator)
        Cover.objects.filter(pk=row.pk).update(ends_on=TODAY - timedelta(days=900))
    else:
        asked = offer(cast, cast.child_coordinator)
        if how_far == "let in":
            access.grant_member(membership_id=asked.membership_id, by=cast.adult_coordinator)
    with pytest.raises(LastInUnit):
        act(cast, cast.adult_coordinator)


def test_the_cover_cannot_step_down_when_she_is_the_last(cast: SimpleNamespace) -> None:
    row = cover(cast, cast.child_coordinator, cast.adult_coordinator)
    leave(cast, cast.adult_coordinator)
    for by in (cast.child_coordinator, cast.administrator):
        with pytest.raises(LastInUnit):
            actions.end_cover(cover_id=row.pk, by=by)
    assert is_member(cast.child_coordinator, ADULT)


def test_of_two_who_leave_one_after_another_the_second_stays(cast: SimpleNamespace) -> None:
    other = newcomer(cast)
    member(cast, other, ADULT, cast.adult_coordinator)
    leave(cast, cast.adult_coordinator)
    with pytest.raises(LastInUnit):
        leave(cast, other)


def test_a_role_that_reads_nothing_is_taken_from_the_last_reader(cast: SimpleNamespace) -> None:
    person = cast.adult_coordinator
    access.change_roles(
        person_id=person.pk,
        roles=[Role.CASEWORKER],
        seen_roles=person.roles(),
        by=cast.administrator,
    )
    assert is_member(person, ADULT)


@pytest.mark.parametrize("act", [leave, end, take_role], ids=["leave", "end", "role"])
def test_a_unit_that_has_ended_keeps_nobody_once_it_is_empty(
    cast: SimpleNamespace, act: Act
) -> None:
    Unit.objects.filter(pk=ADULT).update(ends_on=TODAY - timedelta(days=900))
    box = vault.new_box([ADULT])
    with pytest.raises(LastInUnit):
        act(cast, cast.adult_coordinator)
    vault.erase([box.id])
    act(cast, cast.adult_coordinator)
    assert not reads(cast.adult_coordinator)


def test_a_unit_that_has_ended_and_still_holds_something_gets_another_reader(
    cast: SimpleNamespace,
) -> None:
    Unit.objects.filter(pk=ADULT).update(ends_on=TODAY - timedelta(days=900))
    vault.new_box([ADULT])
    other = newcomer(cast)
    member(cast, other, ADULT, cast.adult_coordinator)
    leave(cast, cast.adult_coordinator)
    assert reads(other)
    assert not reads(cast.adult_coordinator)


def test_who_lost_her_phone_and_has_no_cover_is_let_in_again_by_another_head(
    cast: SimpleNamespace,
) -> None:
    # A flat no would shut her out for ever: while she heads the unit nobody else decides about it.
    person = cast.adult_coordinator
    reset(cast, person, leaves_unread=True)
    assert not is_member(person, ADULT)
    row = person.memberships.get(unit=ADULT)
    access.grant_member(membership_id=row.pk, by=cast.mika_head)
    assert is_member(person, ADULT)
    facts = Entry.objects.filter(event="access.second_factor_reset").latest("place").facts
    assert '"leaves_unread":true' in facts.replace(" ", "")


def test_the_page_of_a_reset_says_why_not_and_lets_it_be_done_knowingly(
    cast: SimpleNamespace, desk: Any
) -> None:
    from django.urls import reverse

    person = cast.adult_coordinator
    person.authenticator_set.create(type="totp", data={})
    client = desk(cast.administrator)
    address = reverse("access:reset_second_factor", args=[person.pk])
    refused = client.post(address, {"reason": "lost"})
    assert refused.status_code == 422
    assert "är den enda som kan läsa ärendena" in refused.content.decode()
    assert client.post(address, {"reason": "lost", "leaves_unread": "on"}).status_code == 302
