"""A list is what is due, no more and no less, and one person never makes it alone."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.guards.disposal import actions, queries
from hamn.guards.disposal.models import DisposalItem, DisposalList, Hold
from hamn.guards.disposal.rules import (
    ListChanged,
    ListState,
    NothingDue,
    Reason,
    SamePerson,
    TooLong,
    WrongListState,
)
from hamn.guards.disposal.tests.shelf import OLD, TODAY, Shelf

pytestmark = pytest.mark.django_db
LAST = date(2026, 12, 30)  # the law's last day is the day after
Make = Callable[..., Any]


def approve(row: DisposalList, by: Any, **more: Any) -> DisposalList:
    given = {"list_id": row.pk, "seen": row.fingerprint, "today": TODAY, "by": by, **more}
    return actions.approve_list(**given)


def test_a_list_holds_what_is_due_in_the_unit_and_nothing_else(shelf: Shelf, planned: Make) -> None:
    due = shelf.put()
    today_due = shelf.put(last_note_on=date(2021, 3, 2))
    shelf.put(last_note_on=date(2021, 3, 3))
    shelf.put("kast")
    shelf.put(rule_class="placement")
    row = planned()
    assert set(row.items.values_list("thing", flat=True)) == {due, today_due}
    assert (row.planned, row.excluded, row.state) == (2, 0, ListState.PLANNED)


def test_a_day_to_come_is_not_planned(shelf: Shelf, planned: Make) -> None:
    shelf.put()
    with pytest.raises(BadInput, match="har inte kommit"):
        planned(on=TODAY + timedelta(days=1))


def test_a_unit_that_has_ended_is_disposed_of_until_nothing_is_left(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    from hamn.register.staff.models import Unit

    shelf.put()
    Unit.objects.filter(pk="mika").update(ends_on=date(2021, 1, 1))
    assert "mika" in [one.unit for one in queries.coming(cast.administrator, TODAY)]
    row = approve(planned(), cast.mika_head)
    assert actions.run_list(list_id=row.pk, today=TODAY, by=cast.administrator).destroyed == 1
    assert queries.certificates_for(cast.administrator).count() == 1


def test_nothing_due_is_no_list(shelf: Shelf, planned: Make) -> None:
    with pytest.raises(NothingDue):
        planned()


def test_a_unit_has_one_open_list(shelf: Shelf, planned: Make, cast: SimpleNamespace) -> None:
    shelf.put()
    row = planned()
    with pytest.raises(WrongListState, match=f"gallringslista {row.pk}"):
        planned()
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalList.objects.create(
            unit="mika",
            due_before=TODAY,
            state="running",
            made_by=cast.mika_head,
            planned=0,
            excluded=0,
            fingerprint="",
        )
    actions.withdraw_list(list_id=row.pk, by=cast.mika_worker)
    planned()


def test_what_is_held_stands_on_the_list_and_is_not_destroyed(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    held, free = shelf.put(), shelf.put()
    shelf.hold(held, cast.mika_worker)
    row = planned()
    kept = dict(row.items.values_list("thing", "reason"))
    assert kept == {held: Reason.COURT, free: ""}
    assert (row.planned, row.excluded) == (1, 1)


def test_a_hold_lasts_its_last_day_out(shelf: Shelf, planned: Make, cast: SimpleNamespace) -> None:
    shelf.hold(shelf.put(), cast.mika_worker, until=TODAY + timedelta(days=1))
    for day, kept in ((TODAY + timedelta(days=1), 1), (TODAY + timedelta(days=2), 0)):
        assert len(queries.holds_for(cast.mika_worker, day)) == kept
        row = planned(on=TODAY, today=day)
        assert row.excluded == kept
        actions.withdraw_list(list_id=row.pk, by=cast.mika_worker)


def test_a_hold_that_has_ended_or_was_lifted_holds_no_more(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    ended, lifted = shelf.put(), shelf.put()
    before = date(2026, 1, 2)
    for thing, until in ((ended, TODAY - timedelta(days=1)), (lifted, date(2028, 1, 1))):
        hold = actions.place_hold(
            kind=shelf.kind,
            thing=thing,
            reason=Reason.COURT,
            until=until,
            today=before,
            by=cast.mika_worker,
        )
    actions.lift_hold(hold_id=hold.pk, by=cast.mika_head)
    assert planned().planned == 2


def test_another_unit_learns_nothing_of_a_record_by_asking_to_hold_it(
    shelf: Shelf, cast: SimpleNamespace
) -> None:
    told = []
    for thing in (shelf.put(), shelf.put("kast")):
        if shelf.records[thing].unit == "kast":
            del shelf.records[thing]
        with pytest.raises(NotVisible) as refused:
            actions.place_hold(
                kind=shelf.kind,
                thing=thing,
                reason=Reason.COURT,
                until=LAST,
                today=TODAY,
                by=cast.kast_worker,
            )
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert not Hold.objects.exists()


def test_needed_still_takes_a_record_off_this_list_and_the_next(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    shelf.put()
    row = planned()
    before = row.fingerprint
    item = row.items.first()
    actions.exclude_item(
        list_id=row.pk,
        item_id=item.pk,
        reason=Reason.RETURNED,
        until=LAST,
        today=TODAY,
        by=cast.mika_second,
    )
    row.refresh_from_db()
    assert (row.planned, row.excluded) == (1, 1)
    assert row.fingerprint != before
    actions.withdraw_list(list_id=row.pk, by=cast.mika_head)
    assert not DisposalItem.objects.exists()
    assert planned().excluded == 1


def test_needed_still_beyond_the_laws_last_day_is_refused(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = planned()
    with pytest.raises(TooLong):
        actions.exclude_item(
            list_id=row.pk,
            item_id=row.items.get().pk,
            reason=Reason.RETURNED,
            until=LAST + timedelta(days=1),
            today=TODAY,
            by=cast.mika_worker,
        )


def test_the_planner_never_approves_not_even_as_head(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = planned(by=cast.mika_head)
    with pytest.raises(SamePerson):
        approve(row, cast.mika_head)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalList.objects.update(approved_by=cast.mika_head, approved_at="2026-03-02T00:00Z")


def test_what_a_worker_planned_the_units_head_approves(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = approve(planned(), cast.mika_head)
    assert (row.state, row.approved_by) == (ListState.APPROVED, cast.mika_head)
    assert row.approved_at is not None


@pytest.mark.parametrize("who", ["mika_worker", "mika_second", "administrator", "kast_worker"])
def test_nobody_approves_who_does_not_head_a_unit(
    who: str, shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    with pytest.raises((PermissionDenied, NotVisible)):
        approve(planned(), getattr(cast, who))


def test_another_units_head_stands_in_only_where_the_units_own_head_planned(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = planned()
    with pytest.raises(NotVisible):
        approve(row, cast.kast_head)
    actions.withdraw_list(list_id=row.pk, by=cast.mika_head)
    row = planned(by=cast.mika_head)
    assert approve(row, cast.kast_head).state == ListState.APPROVED


def test_a_stand_in_sees_counts_and_days_but_no_record(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = planned(by=cast.mika_head)
    found = queries.list_of(cast.kast_head, row.pk)
    assert [part.records for part in queries.breakdown(cast.kast_head, found)] == [1]
    with pytest.raises(NotVisible):
        queries.items_of(cast.kast_head, found)


@pytest.mark.parametrize(
    "change",
    [
        {"last_note_on": date(2020, 12, 1)},
        {"last_note_on": date(2026, 2, 1)},
        {"rule_class": "no_inquiry"},
        {"rule_class": "placement"},
    ],
    ids=["noted", "noted since", "other rule", "exempt"],
)
def test_a_list_whose_records_have_changed_is_not_approved(
    change: dict[str, Any], shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    thing = shelf.put()
    shelf.put()
    row = planned()
    shelf.change(thing, **change)
    with pytest.raises(ListChanged, match="Dra tillbaka"):
        approve(row, cast.mika_head)


def test_a_record_more_or_less_changes_the_list_too(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    thing = shelf.put()
    row = planned()
    shelf.put()
    with pytest.raises(ListChanged):
        approve(row, cast.mika_head)
    shelf.records = {thing: shelf.records[thing]}
    assert approve(row, cast.mika_head).state == ListState.APPROVED


def test_what_was_excluded_after_the_page_was_read_is_told_before_approval(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    shelf.put()
    row = planned()
    actions.exclude_item(
        list_id=row.pk,
        item_id=row.items.first().pk,
        reason=Reason.RETURNED,
        until=LAST,
        today=TODAY,
        by=cast.mika_worker,
    )
    with pytest.raises(ListChanged, match="Granska den på nytt"):
        approve(row, cast.mika_head)
    row.refresh_from_db()
    assert approve(row, cast.mika_head).planned == 1


def test_a_list_of_nothing_but_exceptions_is_not_approved(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.hold(shelf.put(), cast.mika_worker)
    with pytest.raises(NothingDue):
        approve(planned(), cast.mika_head)


def test_a_hold_placed_after_approval_takes_the_record_off_the_list(
    shelf: Shelf, approved: Make, cast: SimpleNamespace
) -> None:
    thing = shelf.put()
    shelf.put()
    row = approved()
    actions.place_hold(
        kind=shelf.kind,
        thing=thing,
        reason=Reason.COURT,
        until=LAST,
        today=TODAY,
        by=cast.mika_worker,
    )
    row.refresh_from_db()
    assert (row.planned, row.excluded, row.state) == (1, 1, ListState.APPROVED)


@pytest.mark.parametrize("who", ["steward", "controller", "reader", "stranger"])
def test_outsiders_learn_nothing(who: str, shelf: Shelf, planned: Make, cast: Any) -> None:
    shelf.put()
    row = planned()
    for ask in (queries.coming, queries.forecast):
        with pytest.raises(NotVisible):
            ask(getattr(cast, who), TODAY)
    with pytest.raises(NotVisible):
        queries.list_of(getattr(cast, who), row.pk)


def test_another_units_worker_sees_nothing_of_the_unit(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    shelf.put()
    row = planned()
    assert [one.unit for one in queries.coming(cast.kast_worker, TODAY)] == ["kast"]
    assert queries.forecast(cast.kast_worker, TODAY) == []
    with pytest.raises(NotVisible):
        queries.list_of(cast.kast_worker, row.pk)
    with pytest.raises((NotVisible, PermissionDenied)):
        planned(by=cast.kast_worker)


def test_what_comes_is_counted_by_when_its_time_comes(shelf: Shelf, cast: SimpleNamespace) -> None:
    for last_note_on in (
        date(2019, 12, 30),  # due 2024-12-30: a breach since 2026-01-01
        OLD,
        date(2021, 3, 2),  # due today
        date(2021, 3, 3),  # due tomorrow
        date(2022, 3, 2),  # due in a year
        date(2022, 3, 3),
    ):
        shelf.put(last_note_on=last_note_on)
    (mika,) = queries.coming(cast.mika_worker, TODAY)
    assert (mika.soon, mika.due, mika.breach) == (2, 3, 1)
    (share,) = queries.forecast(cast.mika_worker, TODAY)
    assert (share.count, share.breach, share.held) == (3, 1, 0)
    assert share.first_due_on == date(2024, 12, 30)
    assert share.done_by == date(2025, 12, 31)


def test_who_runs_the_system_sees_no_small_count_of_what_comes(
    shelf: Shelf, cast: SimpleNamespace
) -> None:
    for _each in range(4):
        shelf.put()
    (few,) = [one for one in queries.coming(cast.administrator, TODAY) if one.unit == "mika"]
    assert (few.soon, few.due, few.breach) == (None, None, None)
    shelf.put()
    (many,) = [one for one in queries.coming(cast.administrator, TODAY) if one.unit == "mika"]
    assert (many.soon, many.due, many.breach) == (None, 5, None)
    assert queries.forecast(cast.administrator, TODAY) == []


def test_the_trail_tells_of_the_list_and_names_no_record(
    shelf: Shelf, planned: Make, cast: SimpleNamespace
) -> None:
    things = [shelf.put() for _each in range(3)]
    row = planned()
    actions.exclude_item(
        list_id=row.pk,
        item_id=row.items.first().pk,
        reason=Reason.RETURNED,
        until=LAST,
        today=TODAY,
        by=cast.mika_worker,
    )
    row.refresh_from_db()
    approve(row, cast.mika_head)
    told = Entry.objects.filter(event__startswith="disposal.")
    assert [one.event.partition(".")[2] for one in told.order_by("place")] == [
        *("planned", "excluded", "approved"),
    ]
    text = "".join(one.on + one.facts for one in told)
    assert not [thing for thing in things if str(thing) in text or thing.hex in text]
