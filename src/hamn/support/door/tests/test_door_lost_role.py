"""A worker who is there and meets nobody any more: her times are nobody's to book."""

from types import SimpleNamespace

import pytest

from hamn.guards.access.permits import allows
from hamn.guards.access.rules import Role
from hamn.support.door.actions import booking, times
from hamn.support.door.queries import booking as queries
from hamn.support.door.tests.booked import NOW, a_dialogue, a_slot

pytestmark = pytest.mark.django_db


def test_the_times_of_who_has_lost_her_role_are_withdrawn_and_who_booked_one_is_told(
    cast: SimpleNamespace,
) -> None:
    dialogue, slot = a_dialogue(), a_slot(cast.mika_second)
    others = a_slot(cast.mika_worker, days=2)
    row = booking.book_time(dialogue=dialogue, slot_id=slot.pk, wants_reminder=False, now=NOW)
    cast.mika_second.role_rows.filter(role=Role.CASEWORKER).delete()
    assert times.withdraw_times_of_leavers(now=NOW) == 1
    row.refresh_from_db()
    dialogue.refresh_from_db()
    assert (row.cancelled_by, dialogue.seen_by_person) == ("staff", False)
    assert [one.id for one in queries.free_times(dialogue, NOW)] == [others.pk]
    assert times.withdraw_times_of_leavers(now=NOW) == 0


@pytest.mark.parametrize("role", Role)
def test_the_times_stand_of_those_alone_who_could_publish_them(
    role: Role, cast: SimpleNamespace
) -> None:
    worker = cast.mika_second
    worker.role_rows.all().delete()
    worker.role_rows.create(role=role)
    slot = a_slot(worker)
    may_publish = allows(type(worker).objects.get(pk=worker.pk), "door.publish_times", slot)
    assert times.withdraw_times_of_leavers(now=NOW) == (0 if may_publish else 1)


def test_who_has_two_roles_that_meet_people_keeps_her_times_once(cast: SimpleNamespace) -> None:
    worker = cast.mika_second
    worker.role_rows.get_or_create(role=Role.HEAD_OF_UNIT)
    a_slot(worker)
    assert times.withdraw_times_of_leavers(now=NOW) == 0
    worker.role_rows.all().delete()
    assert times.withdraw_times_of_leavers(now=NOW) == 1
