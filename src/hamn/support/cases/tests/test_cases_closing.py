"""Cases closed, opened again and followed up: states, words, figures."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Fact, Record
from hamn.support.cases.rules.plans import NEVER_CLOSED
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case()


def close(case: Any, by: Any, now: datetime, **more: Any) -> Any:
    given = {
        "reason": "goals_reached",
        "outcome": "better",
        "referred_to": "",
        "words": "",
        "on": ON,
        "seen": Case.objects.get(pk=case.case.pk).version,
        **more,
    }
    return actions.close_case(case_id=case.case.pk, by=by, now=now, **given)


def reopen(case: Any, by: Any, now: datetime, reason: str = "new_need") -> Any:
    return actions.reopen_case(case_id=case.case.pk, reason=reason, words="", by=by, now=now)


def follow(case: Any, by: Any, now: datetime) -> Any:
    return actions.to_follow_up(
        case_id=case.case.pk, text="Ring", due_on=ON + timedelta(days=30), by=by, now=now
    )


def resume(case: Any, by: Any, now: datetime) -> Any:
    return actions.back_to_active(case_id=case.case.pk, by=by, now=now)


def sums() -> dict[str, int]:
    rows = Fact.objects.filter(kind__in=("closure", "reopening"))
    found = rows.values_list("kind", "detail").annotate(total=Sum("weight"))
    return {f"{kind} {detail}": total for kind, detail, total in found if total}


def test_a_closed_case_has_its_day_reason_and_outcome_and_is_counted(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    opened = close(case, cast.mika_worker, now)
    row = Case.objects.get()
    assert (row.state, row.closed_on) == ("closed", ON)
    assert (opened.content.closure_reason, opened.content.closure_outcome) == (
        "goals_reached",
        "better",
    )
    assert sums() == {"closure goals_reached": 1}
    moved = Entry.objects.get(event="cases.case_moved")
    assert moved.on == case.box.trail_name
    assert "goals_reached" not in moved.facts


def test_who_is_referred_on_is_referred_somewhere(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(BadInput, match="välj vart"):
        close(case, cast.mika_worker, now, reason="referred")
    close(case, cast.mika_worker, now, reason="referred", referred_to="psychiatry")
    assert Case.objects.get().state == "closed_referred"


@pytest.mark.parametrize(
    "wrong",
    [{"reason": "x"}, {"outcome": "x"}, {"referred_to": "x"}, {"on": ON + timedelta(days=1)}],
)
def test_what_is_no_reason_outcome_or_day_is_refused(
    wrong: dict[str, Any], case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(BadInput):
        close(case, cast.mika_worker, now, **wrong)
    assert Case.objects.get().state == "active"
    assert not sums()


def test_a_case_is_closed_once(case: Any, cast: SimpleNamespace, now: datetime) -> None:
    close(case, cast.mika_worker, now)
    with pytest.raises(WrongState):
        close(case, cast.mika_worker, now)
    assert sums() == {"closure goals_reached": 1}


def test_a_case_that_changed_meanwhile_is_not_closed_unseen(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(Changed):
        close(case, cast.mika_worker, now, seen=0)
    assert not Record.objects.exists()


def test_a_case_opens_again_with_a_reason_and_both_are_counted(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    close(case, cast.mika_worker, now)
    opened = reopen(case, cast.mika_worker, now)
    row = Case.objects.get()
    assert (row.state, row.closed_on, opened.content.closure_reason) == ("active", None, "")
    assert sums() == {"closure goals_reached": 1, "reopening new_need": 1}
    assert [one.kind for one in Record.objects.order_by("written_at")] == ["closure", "reopening"]
    with pytest.raises(WrongState, match="inte avslutat"):
        reopen(case, cast.mika_worker, now)


def test_what_was_closed_by_mistake_was_never_closed_in_the_figures(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    close(case, cast.mika_worker, now)
    reopen(case, cast.mika_worker, now)
    for _time in range(2):
        close(case, cast.mika_worker, now, reason="moved")
        reopen(case, cast.mika_worker, now, reason=NEVER_CLOSED)
    assert sums() == {"closure goals_reached": 1, "reopening new_need": 1}


def test_a_case_in_follow_up_has_something_to_ask_by_a_day_and_comes_back(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(WrongState, match="inte under uppföljning"):
        resume(case, cast.mika_worker, now)
    follow(case, cast.mika_worker, now)
    row = Case.objects.get()
    assert (row.state, row.due_on) == ("follow_up", ON + timedelta(days=30))
    with pytest.raises(WrongState):
        follow(case, cast.mika_worker, now)
    resume(case, cast.mika_worker, now)
    assert Case.objects.get().state == "active"
    follow(case, cast.mika_worker, now)
    close(case, cast.mika_worker, now)
    assert Case.objects.get().state == "closed"


ACTS: dict[str, Any] = {"close": close, "reopen": reopen, "follow": follow, "resume": resume}


@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_open_the_case_moves_it_nowhere(
    act: str, case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    if act == "reopen":
        close(case, cast.mika_worker, now)
    state, moved = Case.objects.get().state, Entry.objects.count()
    for who in ("kast_worker", "administrator", "controller", "stranger"):
        with pytest.raises(NotVisible):
            ACTS[act](case, getattr(cast, who), now)
    with pytest.raises(ClosedToYou):
        ACTS[act](case, cast.mika_second, now)
    assert (Case.objects.get().state, Entry.objects.count()) == (state, moved)


# Pages.


def address(name: str, case: Any) -> str:
    return reverse(f"cases:{name}", args=[case.case.pk])


def test_what_is_left_is_shown_before_a_case_is_closed(
    case: Any, cast: SimpleNamespace, desk: Any, now: datetime
) -> None:
    from hamn.support.cases.rules.children import ChildWelfareReport
    from hamn.support.cases.rules.referrals import Referral

    for kind, content in (
        ("child_report", ChildWelfareReport("0180", "Påhittad oro")),
        ("referral_out", Referral("psychiatry")),
    ):
        actions.write_record(
            case_id=case.case.pk, kind=kind, content=content, on=ON, by=cast.mika_worker, now=now
        )
    shown = desk(cast.mika_worker).get(address("close_case", case)).text
    assert "Orosanmälningar som inte är skickade: 1." in shown
    assert "Remisser och hänvisningar utan avslut: 1." in shown
    assert "fått veta att hen kan ansöka" in shown
    assert "Kvar att göra" not in shown


def test_a_case_is_closed_and_opened_again_on_its_pages(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    page = address("close_case", case)
    seen = client.get(page).text.split('name="seen" value="')[1].split('"')[0]
    given = {"on": "2026-03-02", "reason": "moved", "outcome": "unknown", "seen": seen}
    assert client.post(page, {**given, "reason": "referred"}).status_code == 422
    assert client.post(page, given).status_code == 302
    assert client.get(page).status_code == 422
    shown = client.get(address("show", case)).text
    assert "Ärendet avslutades den 2 mars 2026." in shown
    assert "flyttat" in shown
    assert address("write_note", case) not in shown
    page = address("reopen_case", case)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": "came_back"}).status_code == 302
    assert "personen har hört av sig" in client.get(address("show", case)).text


def test_a_case_goes_to_follow_up_and_back_on_its_pages(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    soon = (timezone.localdate() + timedelta(days=30)).isoformat()
    given = {"text": "Ring och fråga", "due_on": soon}
    assert client.post(address("to_follow_up", case), {"text": ""}).status_code == 422
    assert client.post(address("to_follow_up", case), given).status_code == 302
    assert "Ring och fråga" in client.get(address("plan", case)).text
    page = address("back_to_active", case)
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 302
    assert Case.objects.get().state == "active"
