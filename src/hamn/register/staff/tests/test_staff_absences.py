"""Absences: one's own, and by the head for her people; days without a reason."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access.models import Person
from hamn.register.staff import actions, queries
from hamn.register.staff.models import Absence
from hamn.register.staff.rules import AbsenceKind, Changed

from .staff_factories import TODAY, told

pytestmark = pytest.mark.django_db


def save(
    person: Person,
    by: Person,
    starts: int = 0,
    ends: int | None = 4,
    *,
    row: Absence | None = None,
    seen: int | None = None,
) -> Absence:
    present = row.version if row else 0
    return actions.save_absence(
        absence_id=row.pk if row else None,
        person_id=person.pk,
        kind=AbsenceKind.UNPLANNED,
        starts_on=TODAY + timedelta(days=starts),
        ends_on=None if ends is None else TODAY + timedelta(days=ends),
        seen=present if seen is None else seen,
        by=by,
    )


@pytest.mark.parametrize("who", ["mika_worker", "mika_head"])
def test_she_herself_or_her_head_registers_an_absence(cast: SimpleNamespace, who: str) -> None:
    row = save(cast.mika_worker, getattr(cast, who))
    for day, is_away in ((-1, False), (0, True), (4, True), (5, False)):
        assert queries.is_absent(cast.mika_worker, TODAY + timedelta(days=day)) is is_away
    assert told("absence_saved")[-1] == (
        f"access.person:{getattr(cast, who).pk}",
        f"staff.absence:{row.pk}",
        {"person": cast.mika_worker.pk, "starts_on": "2026-03-02", "ends_on": "2026-03-06"},
    )


@pytest.mark.parametrize("who", ["mika_second", "kast_head", "administrator", "stranger"])
def test_nobody_else_registers_changes_or_sees_it(cast: SimpleNamespace, who: str) -> None:
    row, by = save(cast.mika_worker, cast.mika_worker), getattr(cast, who)
    for act in (
        lambda: save(cast.mika_worker, by, 10, 12),
        lambda: save(cast.mika_worker, by, row=row),
        lambda: actions.withdraw_absence(absence_id=row.pk, by=by),
        lambda: queries.absence(by, row.pk),
    ):
        with pytest.raises(PermissionDenied if who == "administrator" else NotVisible):
            act()
    if who == "mika_second":
        assert queries.absences_of(by, on=TODAY) == []


def test_colleagues_see_until_when_and_nothing_of_how(cast: SimpleNamespace, desk: Any) -> None:
    save(cast.mika_worker, cast.mika_worker)
    found = {one.person: one for one in queries.workers(cast.mika_second, "mika", TODAY)}
    seen = found[cast.mika_worker]
    assert (seen.is_absent, seen.absent_until) == (True, date(2026, 3, 6))
    assert not found[cast.mika_second].is_absent
    assert not hasattr(seen, "kind")


def test_an_absence_without_an_end_lasts_until_one_is_known(cast: SimpleNamespace) -> None:
    row = save(cast.mika_worker, cast.mika_worker, ends=None)
    assert queries.is_absent(cast.mika_worker, date(2040, 1, 1))
    found = {one.person: one for one in queries.workers(cast.mika_head, "mika", TODAY)}
    seen = found[cast.mika_worker]
    assert (seen.is_absent, seen.absent_until) == (True, None)
    save(cast.mika_worker, cast.mika_head, ends=1, row=row)
    assert not queries.is_absent(cast.mika_worker, date(2040, 1, 1))


@pytest.mark.parametrize(("starts", "ends"), [(0, 0), (4, 9), (-5, 0), (-5, None), (2, 3)])
def test_no_day_is_registered_twice(cast: SimpleNamespace, starts: int, ends: int | None) -> None:
    save(cast.mika_worker, cast.mika_worker)
    with pytest.raises(BadInput, match="finns redan en frånvaro, från 2026-03-02"):
        save(cast.mika_worker, cast.mika_worker, starts, ends)
    save(cast.mika_worker, cast.mika_worker, 5, None)
    assert Absence.objects.count() == 2


def test_an_absence_does_not_end_before_it_begins(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput, match="före den första"):
        save(cast.mika_worker, cast.mika_worker, 0, -1)


def test_of_two_who_change_at_once_the_second_is_told(cast: SimpleNamespace) -> None:
    row = save(cast.mika_worker, cast.mika_worker)
    save(cast.mika_worker, cast.mika_head, 1, 4, row=row)
    with pytest.raises(Changed, match="från 2026-03-03"):
        save(cast.mika_worker, cast.mika_worker, 0, 9, row=row, seen=row.version)


def test_an_absence_that_never_was_is_taken_away_and_the_trail_remembers(
    cast: SimpleNamespace,
) -> None:
    row = save(cast.mika_worker, cast.mika_worker)
    actions.withdraw_absence(absence_id=row.pk, by=cast.mika_head)
    assert not Absence.objects.exists()
    assert told("absence_withdrawn")[-1][1] == f"staff.absence:{row.pk}"
    with pytest.raises(NotVisible):
        actions.withdraw_absence(absence_id=row.pk, by=cast.mika_head)


def test_a_stored_absence_keeps_its_person(cast: SimpleNamespace) -> None:
    row = save(cast.mika_worker, cast.mika_worker)
    save(cast.mika_second, cast.mika_head, row=row)
    row.refresh_from_db()
    assert row.person == cast.mika_worker


def test_the_database_itself_refuses_what_no_action_does(cast: SimpleNamespace) -> None:
    row = save(cast.mika_worker, cast.mika_worker)
    wrong: list[dict[str, Any]] = [{"kind": "sjuk"}, {"ends_on": date(2000, 1, 1)}]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.filter(pk=row.pk).update(**fields)
