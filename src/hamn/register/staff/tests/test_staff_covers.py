"""A standing cover: asked, let in by the head, accepted by herself, dated, ended."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions as access
from hamn.guards.access.queries import is_member, member_units, own_units
from hamn.guards.access.rules import LastInUnit, ResetReason, Role, Standing
from hamn.register.staff import actions, queries
from hamn.register.staff.models import Cover
from hamn.register.staff.rules import CannotCover, Lack

from .staff_factories import (
    ADULT,
    CHILD,
    TODAY,
    cover,
    member,
    newcomer,
    offer,
    save_post,
    told,
)

pytestmark = pytest.mark.django_db


def lacks(cast: SimpleNamespace, unit: str = ADULT, on: date = TODAY) -> list[Lack]:
    return queries.one_unit(cast.administrator, unit, on=on).lacks


def test_a_cover_is_three_peoples_acts_and_gives_nothing_before_the_last(
    cast: SimpleNamespace,
) -> None:
    child = cast.child_coordinator
    asked = offer(cast, child)
    assert asked.membership.standing is Standing.PROPOSED
    assert not is_member(child, ADULT)
    access.grant_member(membership_id=asked.membership_id, by=cast.adult_coordinator)
    assert not is_member(child, ADULT) and member_units(child) == {CHILD}
    actions.accept_cover(cover_id=asked.pk, today=TODAY, by=child)
    # The days of the cover, not today's date, decide what it gives.
    assert queries.covers(child, TODAY) == {ADULT}
    assert queries.covers(child, TODAY - timedelta(days=1)) == frozenset()


def test_an_accepted_cover_reads_the_unit_and_the_trail_keeps_who_did_what(
    cast: SimpleNamespace,
) -> None:
    child, adult = cast.child_coordinator, cast.adult_coordinator
    row = cover(cast, child, adult)
    assert member_units(child) == {ADULT, CHILD}
    assert is_member(child, ADULT)
    assert [one.unit for one in own_units(child)] == [ADULT, CHILD]
    facts = {"unit": ADULT, "person": child.pk, "starts_on": "2020-01-01", "ends_on": None}
    thing = f"staff.cover:{row.pk}"
    assert told("cover_offered")[-1] == (f"access.person:{cast.administrator.pk}", thing, facts)
    assert told("cover_accepted")[-1] == (f"access.person:{child.pk}", thing, facts)


@pytest.mark.parametrize(
    ("starts", "ends"), [(1, None), (-20, -1), (5, 9)], ids=["later", "past", "later and short"]
)
def test_a_cover_outside_her_days_reads_nothing(
    cast: SimpleNamespace, starts: int, ends: int | None
) -> None:
    row, now = cover(cast, cast.child_coordinator, cast.adult_coordinator), timezone.localdate()
    assert is_member(cast.child_coordinator, ADULT)
    ends_on = now + timedelta(days=ends) if ends is not None else None
    Cover.objects.filter(pk=row.pk).update(starts_on=now + timedelta(days=starts), ends_on=ends_on)
    assert not is_member(cast.child_coordinator, ADULT)
    assert member_units(cast.child_coordinator) == {CHILD}
    assert ADULT not in [unit.code for unit in queries.units(cast.child_coordinator)]


def test_the_last_day_of_a_cover_counts(cast: SimpleNamespace) -> None:
    row = cover(cast, cast.child_coordinator, cast.adult_coordinator)
    Cover.objects.filter(pk=row.pk).update(ends_on=timezone.localdate())
    assert is_member(cast.child_coordinator, ADULT)


def test_the_head_asks_one_who_belongs_and_an_administrator_asks_any_caseworker(
    cast: SimpleNamespace,
) -> None:
    adult, other = cast.adult_coordinator, newcomer(cast)
    with pytest.raises(CannotCover):
        offer(cast, other, by=adult)
    row = member(cast, other, ADULT, adult)
    asked = offer(cast, other, by=adult)
    assert (asked.membership, asked.offered_by) == (row, adult)
    # She belonged as a member; asked to be a cover she reads again when she has said yes.
    assert not is_member(other, ADULT)
    actions.accept_cover(cover_id=asked.pk, today=TODAY, by=other)
    assert queries.covers(other, TODAY) == {ADULT}


def test_who_works_in_the_unit_heads_it_or_is_asked_already_is_not_asked(
    cast: SimpleNamespace,
) -> None:
    other = newcomer(cast)
    member(cast, other, ADULT, cast.adult_coordinator)
    save_post(cast, other, ADULT)
    for person in (other, cast.adult_coordinator, cast.reader):
        with pytest.raises(CannotCover, match="inte har en befattning"):
            offer(cast, person)
    offer(cast, cast.child_coordinator)
    with pytest.raises(CannotCover):
        offer(cast, cast.child_coordinator)


@pytest.mark.parametrize("who", ["adult_coordinator", "administrator", "mika_head", "stranger"])
def test_nobody_accepts_for_another(cast: SimpleNamespace, who: str) -> None:
    asked = offer(cast, cast.child_coordinator)
    access.grant_member(membership_id=asked.membership_id, by=cast.adult_coordinator)
    with pytest.raises((NotVisible, PermissionDenied)):
        actions.accept_cover(cover_id=asked.pk, today=TODAY, by=getattr(cast, who))


def test_she_accepts_after_the_head_has_decided_and_once(cast: SimpleNamespace) -> None:
    child = cast.child_coordinator
    asked = offer(cast, child)
    with pytest.raises(CannotCover, match="har inte beslutat än"):
        actions.accept_cover(cover_id=asked.pk, today=TODAY, by=child)
    access.grant_member(membership_id=asked.membership_id, by=cast.adult_coordinator)
    actions.accept_cover(cover_id=asked.pk, today=TODAY, by=child)
    with pytest.raises(CannotCover, match="redan besvarad"):
        actions.accept_cover(cover_id=asked.pk, today=TODAY, by=child)


def test_an_offer_whose_time_is_out_is_not_accepted(cast: SimpleNamespace) -> None:
    asked = offer(cast, cast.child_coordinator, ends_on=TODAY)
    access.grant_member(membership_id=asked.membership_id, by=cast.adult_coordinator)
    with pytest.raises(CannotCover, match="för gammal"):
        actions.accept_cover(
            cover_id=asked.pk, today=TODAY + timedelta(days=1), by=cast.child_coordinator
        )


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({"ends_on": TODAY - timedelta(days=1)}, "före den första"),
        (
            {"starts_on": TODAY - timedelta(days=9), "ends_on": TODAY - timedelta(days=1)},
            "redan varit",
        ),
    ],
)
def test_nobody_is_asked_for_days_that_cannot_come(
    cast: SimpleNamespace, days: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        offer(cast, cast.child_coordinator, **days)
    assert not Cover.objects.exists()


@pytest.mark.parametrize("who", ["mika_head", "child_coordinator", "controller", "stranger"])
def test_only_the_units_head_and_administrators_ask(cast: SimpleNamespace, who: str) -> None:
    with pytest.raises((NotVisible, PermissionDenied)):
        offer(cast, cast.kast_worker, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["adult_coordinator", "administrator"])
def test_ended_by_the_head_or_an_administrator_a_cover_belongs_no_more(
    cast: SimpleNamespace, who: str
) -> None:
    row = cover(cast, cast.child_coordinator, cast.adult_coordinator)
    actions.end_cover(cover_id=row.pk, by=getattr(cast, who))
    row.membership.refresh_from_db()
    assert row.membership.standing is Standing.ENDED
    assert not is_member(cast.child_coordinator, ADULT)
    assert told("cover_ended")[-1][0] == f"access.person:{getattr(cast, who).pk}"
    with pytest.raises(NotVisible):
        actions.end_cover(cover_id=row.pk, by=cast.administrator)


def test_she_who_steps_down_herself_reads_no_more_and_can_be_asked_again(
    cast: SimpleNamespace,
) -> None:
    row = cover(cast, cast.child_coordinator, cast.adult_coordinator)
    actions.end_cover(cover_id=row.pk, by=cast.child_coordinator)
    assert not is_member(cast.child_coordinator, ADULT)
    assert lacks(cast) == [Lack.NO_COVER]
    again = offer(cast, cast.child_coordinator, starts_on=date(2020, 1, 1))
    assert again.membership == row.membership
    actions.accept_cover(cover_id=again.pk, today=TODAY, by=cast.child_coordinator)
    assert is_member(cast.child_coordinator, ADULT)


@pytest.mark.parametrize("who", ["mika_head", "kast_worker", "controller", "stranger"])
def test_nobody_else_ends_or_sees_a_cover(cast: SimpleNamespace, who: str) -> None:
    row = cover(cast, cast.child_coordinator, cast.adult_coordinator)
    with pytest.raises(NotVisible):
        actions.end_cover(cover_id=row.pk, by=getattr(cast, who))
    with pytest.raises(NotVisible):
        queries.cover(getattr(cast, who), row.pk)


def test_a_one_post_unit_without_an_accepted_cover_is_warned_about(cast: SimpleNamespace) -> None:
    save_post(cast, cast.adult_coordinator, ADULT)
    assert lacks(cast) == [Lack.NO_COVER]
    member(cast, newcomer(cast), ADULT, cast.adult_coordinator)
    assert lacks(cast) == [Lack.NO_STANDING_COVER]
    cover(cast, cast.child_coordinator, cast.adult_coordinator)
    assert lacks(cast) == []


def test_a_unit_whose_people_are_all_away_is_warned_about(cast: SimpleNamespace) -> None:
    from hamn.register.staff.rules import AbsenceKind

    save_post(cast, cast.adult_coordinator, ADULT)
    cover(cast, cast.child_coordinator, cast.adult_coordinator)
    for person in (cast.adult_coordinator, cast.child_coordinator):
        actions.save_absence(
            absence_id=None,
            person_id=person.pk,
            kind=AbsenceKind.PLANNED,
            starts_on=TODAY,
            ends_on=TODAY,
            seen=0,
            by=person,
        )
    assert lacks(cast) == [Lack.ALL_AWAY]
    assert lacks(cast, on=TODAY + timedelta(days=1)) == []


def test_a_reset_second_factor_lets_the_cover_rest_too(cast: SimpleNamespace) -> None:
    row = cover(cast, cast.child_coordinator, cast.adult_coordinator)
    cast.child_coordinator.authenticator_set.create(type="totp", data={})
    cover(cast, cast.adult_coordinator, cast.child_coordinator, CHILD)
    access.reset_second_factor(
        person_id=cast.child_coordinator.pk, reason=ResetReason.MISUSED, by=cast.administrator
    )
    assert queries.covers(cast.child_coordinator, TODAY) == frozenset()
    access.grant_member(membership_id=row.membership_id, by=cast.adult_coordinator)
    assert queries.covers(cast.child_coordinator, TODAY) == {ADULT}


def test_the_last_reader_is_not_turned_into_a_cover(cast: SimpleNamespace) -> None:
    other = newcomer(cast)
    row = member(cast, other, ADULT, cast.adult_coordinator)
    access.end_member(
        membership_id=cast.adult_coordinator.memberships.get(unit=ADULT).pk, by=cast.administrator
    )
    with pytest.raises(LastInUnit):
        offer(cast, other)
    assert is_member(other, ADULT) and row.covers.count() == 0


def test_a_cover_without_the_caseworkers_role_saves_nobody(cast: SimpleNamespace) -> None:
    cover(cast, cast.child_coordinator, cast.adult_coordinator)
    cover(cast, cast.adult_coordinator, cast.child_coordinator, CHILD)
    access.change_roles(
        person_id=cast.child_coordinator.pk,
        roles=[Role.HEAD_OF_UNIT],
        seen_roles=[Role.HEAD_OF_UNIT, Role.CASEWORKER],
        by=cast.administrator,
    )
    with pytest.raises(LastInUnit):
        access.leave(
            person_id=cast.adult_coordinator.pk, on=TODAY, today=TODAY, by=cast.administrator
        )


def test_the_database_itself_refuses_what_no_action_does(cast: SimpleNamespace) -> None:
    row = offer(cast, cast.child_coordinator)
    wrong: list[dict[str, Any]] = [
        {"ends_on": date(2000, 1, 1)},
        {"ended_by": cast.first},
        {"ended_at": timezone.now()},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Cover.objects.filter(pk=row.pk).update(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cover.objects.create(
            membership=row.membership, starts_on=TODAY, offered_by=cast.administrator
        )


@pytest.mark.parametrize("pk", [0, -1, 10**9, 10**30])
def test_a_cover_that_does_not_exist_is_not_visible(cast: SimpleNamespace, pk: int) -> None:
    for verb in (actions.end_cover, queries.locked_cover):
        with pytest.raises(NotVisible):
            verb(cover_id=pk, by=cast.administrator) if verb is actions.end_cover else verb(
                cast.administrator, pk
            )
