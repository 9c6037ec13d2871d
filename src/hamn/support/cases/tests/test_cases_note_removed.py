"""Working notes at the end: shown before a case is closed, drawn up or taken away, also after."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Draft, Record
from hamn.support.cases.rules.notes import NotHersAlone
from hamn.support.cases.rules.shares import OnlyShared
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState
from hamn.support.cases.tests.exchange import act
from hamn.support.cases.tests.test_cases_shares import share

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ON = date(2026, 3, 2)


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case()


def write(case: Any, by: Any, now: datetime) -> Record:
    return actions.write_note(text="Påhittade ord", title="", on=ON, **act(case, by, now))


def remove(case: Any, note: Record, by: Any, now: datetime, seen: int = 1) -> None:
    actions.remove_note(record_id=note.pk, seen=seen, **act(case, by, now))


def close() -> None:
    Case.objects.update(state="closed", closed_on=ON)


@pytest.mark.parametrize("is_closed", [False, True])
def test_her_own_working_note_is_gone_with_its_drafts_and_the_trail_tells(
    is_closed: bool, case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    by = cast.mika_worker
    note = write(case, by, now)
    place = f"cases:change_note:{case.case.pk}:{note.pk}#0a1b2c3d"
    actions.keep_draft(
        place=place, unit="mika", case_id=case.case.pk, fields="text=x", by=by, now=now
    )
    if is_closed:
        close()
    remove(case, note, by, now)
    assert not Record.objects.exists()
    assert not Draft.objects.exists()
    removed = Entry.objects.get(event="cases.record_removed")
    assert removed.on == case.box.trail_name
    assert "Påhittade" not in removed.facts


def test_a_note_that_is_drawn_up_is_not_taken_away(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    actions.finalise_note(record_id=note.pk, seen=1, **act(case, cast.mika_worker, now))
    with pytest.raises(WrongState, match="tas inte bort"):
        remove(case, note, cast.mika_worker, now, seen=2)


def test_what_a_colleague_has_written_in_is_not_hers_to_take_away(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(mine=False)
    note = write(case, cast.mika_worker, now)
    with pytest.raises(NotHersAlone):
        remove(case, note, cast.mika_second, now)
    actions.change_note(
        record_id=note.pk, seen=1, text="Mer", title="", on=ON, **act(case, cast.mika_second, now)
    )
    for who in (cast.mika_worker, cast.mika_second):
        with pytest.raises(NotHersAlone):
            remove(case, note, who, now, seen=2)
    assert Record.objects.count() == 1


def test_what_was_saved_after_the_page_was_opened_is_not_taken_away_unseen(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    with pytest.raises(Changed):
        remove(case, note, cast.mika_worker, now, seen=7)


def test_who_may_not_write_in_the_case_takes_nothing_away(
    case: Any, open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    share(case, cast.mika_worker, now)
    refusals = {"kast_worker": OnlyShared, "mika_second": ClosedToYou, "stranger": NotVisible}
    for who, refusal in refusals.items():
        with pytest.raises(refusal):
            remove(case, note, getattr(cast, who), now)
    with pytest.raises(NotVisible):
        remove(open_case(), note, cast.mika_worker, now)
    assert Record.objects.filter(kind="note").count() == 1


def test_a_working_note_can_be_drawn_up_after_the_case_is_closed(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    note = write(case, cast.mika_worker, now)
    close()
    final = actions.finalise_note(record_id=note.pk, seen=1, **act(case, cast.mika_worker, now))
    assert final.state == "final"


def test_working_notes_are_listed_before_the_case_is_closed_each_with_where_it_is_drawn_up(
    case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    first, second = write(case, cast.mika_worker, now), write(case, cast.mika_worker, now)
    actions.finalise_note(record_id=second.pk, seen=1, **act(case, cast.mika_worker, now))
    shown = desk(cast.mika_worker).get(reverse("cases:close_case", args=[case.case.pk])).text
    assert "Arbetsanteckningar som inte är upprättade: 1." in shown
    assert reverse("cases:finalise_note", args=[case.case.pk, first.pk]) in shown
    assert reverse("cases:finalise_note", args=[case.case.pk, second.pk]) not in shown


@pytest.mark.parametrize("is_closed", [False, True])
def test_the_note_is_taken_away_on_its_page(
    is_closed: bool, case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    note = write(case, cast.mika_worker, timezone.now() - timedelta(hours=1))
    if is_closed:
        close()
    client = desk(cast.mika_worker)
    page = reverse("cases:remove_note", args=[case.case.pk, note.pk])
    assert page in client.get(reverse("cases:show", args=[case.case.pk])).text
    shown = client.get(page).text
    assert "kan inte fås tillbaka" in shown
    assert client.post(page, {"seen": "1"}).status_code == 302
    assert not Record.objects.exists()
