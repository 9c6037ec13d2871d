"""A head takes what does not open to her only from who is away, and it is always looked at."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.guards.access import actions as access
from hamn.guards.access.models import UnitMembership
from hamn.register.staff import actions as staff
from hamn.register.staff.rules import AbsenceKind
from hamn.support.cases import actions
from hamn.support.cases.models import AccessReview, Case, CaseRead, Handover
from hamn.support.cases.queries import walls
from hamn.support.cases.queries.assigning import taken_by_a_head
from hamn.support.cases.rules.access import TOOK_OVER
from hamn.support.cases.rules.assigning import NotAssigned, StillResponsible
from hamn.support.cases.rules.children import ChildWelfareReport

pytestmark = pytest.mark.django_db


def assign(case: Case, by: Any, now: datetime, *, to: Any, deputy: Any = None) -> Handover | None:
    case.refresh_from_db()
    return actions.assign_case(
        case_id=case.pk,
        responsible_id=to.pk,
        deputy_id=deputy.pk if deputy else None,
        seen=f"{case.responsible_id or ''}-{case.deputy_id or ''}",
        by=by,
        now=now,
    )


def hand(by: Any, now: datetime, *, giver: Any, to: Any, at_once: bool = False) -> Handover:
    return actions.hand_over(
        unit="mika",
        giver_id=giver.pk,
        receiver_id=to.pk,
        case_ids=None,
        at_once=at_once,
        by=by,
        now=now,
    )


def away(who: Any, from_day: date, to: date | None = None) -> None:
    staff.save_absence(
        absence_id=None,
        person_id=who.pk,
        kind=AbsenceKind.PLANNED,
        starts_on=from_day,
        ends_on=to,
        seen=0,
        by=who,
    )


def opens(case: Case, who: Any, now: datetime) -> bool:
    return walls.open_to(who, now).filter(pk=case.pk).exists()


@pytest.mark.parametrize("at_once", [True, False])
def test_a_head_proposes_no_handover_to_herself_from_who_is_here(
    at_once: bool, cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    open_case()
    with pytest.raises(NotAssigned, match="mika_worker är här"):
        hand(cast.mika_head, now, giver=cast.mika_worker, to=cast.mika_head, at_once=at_once)
    assert not Handover.objects.exists()


def test_a_head_accepts_her_own_proposal_only_while_the_giver_is_away(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case, today = open_case().case, timezone.localdate(now)
    away(cast.mika_worker, today, today)
    row = hand(cast.mika_head, now, giver=cast.mika_worker, to=cast.mika_head)
    back = now + timedelta(days=1)
    with pytest.raises(NotAssigned, match="mika_worker är här"):
        actions.accept_handover(handover_id=row.pk, by=cast.mika_head, now=back)
    assert not opens(case, cast.mika_head, back)
    actions.accept_handover(handover_id=row.pk, by=cast.mika_head, now=now)
    assert opens(case, cast.mika_head, now)
    assert CaseRead.objects.filter(case=case, what="assign", why=TOOK_OVER).count() == 1


def test_there_is_no_way_round_by_a_colleague_who_is_away(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    away(cast.mika_second, timezone.localdate(now))
    with pytest.raises(NotAssigned, match="mika_second är borta i dag"):
        hand(cast.mika_head, now, giver=cast.mika_worker, to=cast.mika_second, at_once=True)
    # Given so it waits for her answer, and is the worker's until then.
    assert assign(case, cast.mika_head, now, to=cast.mika_second) is not None
    case.refresh_from_db()
    assert case.responsible == cast.mika_worker
    with pytest.raises(NotAssigned, match="den som är ansvarig är här"):
        assign(case, cast.mika_head, now, to=cast.mika_head)


def test_a_head_makes_herself_no_deputy_in_a_case_that_does_not_open_to_her(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    away(cast.mika_worker, timezone.localdate(now))
    with pytest.raises(NotAssigned, match="välja dig som ersättare"):
        assign(case, cast.mika_head, now, to=cast.mika_worker, deputy=cast.mika_head)


def test_a_whole_caseload_that_a_head_takes_brings_no_case_of_who_is_here(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    hers, others = open_case().case, open_case(by=cast.mika_second).case
    assign(others, cast.mika_second, now, to=cast.mika_second, deputy=cast.mika_worker)
    away(cast.mika_worker, timezone.localdate(now))
    hand(cast.mika_head, now, giver=cast.mika_worker, to=cast.mika_head, at_once=True)
    assert opens(hers, cast.mika_head, now)
    assert not opens(others, cast.mika_head, now)


@pytest.mark.parametrize("whole", [True, False])
def test_what_a_head_takes_over_is_always_reviewed_and_told_to_whose_it_was(
    whole: bool, cast: SimpleNamespace, open_case: Any, now: datetime, desk: Any
) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    case = open_case(now=now).case
    away(cast.mika_worker, today)
    if whole:
        hand(cast.mika_head, now, giver=cast.mika_worker, to=cast.mika_head, at_once=True)
    else:
        assign(case, cast.mika_head, now, to=cast.mika_head)
    assert [row.count for row in taken_by_a_head(cast.mika_worker, now)] == [1]  # type: ignore[attr-defined]
    page = desk(cast.mika_worker).get(reverse("cases:today")).text
    assert "En chef har tagit över ärenden från dig" in page
    assert "mika_head tog över" in page
    CaseRead.objects.exclude(why=TOOK_OVER).delete()
    actions.draw_reviews(now=now + timedelta(days=40))
    assert AccessReview.objects.get().picks.get().read.why == TOOK_OVER


def test_who_was_away_is_told_until_two_weeks_after_she_is_back(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case, today = open_case().case, timezone.localdate(now)
    away(cast.mika_worker, today, today + timedelta(days=100))
    assign(case, cast.mika_head, now, to=cast.mika_head)
    for days, told in ((101, 1), (114, 1), (115, 0)):
        assert len(taken_by_a_head(cast.mika_worker, now + timedelta(days=days))) == told, days


def test_a_colleague_who_takes_over_by_a_yes_is_not_told_of_as_a_head(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    open_case()
    row = hand(cast.mika_worker, now, giver=cast.mika_worker, to=cast.mika_second)
    actions.accept_handover(handover_id=row.pk, by=cast.mika_second, now=now)
    assert taken_by_a_head(cast.mika_worker, now) == []
    assert not CaseRead.objects.filter(why=TOOK_OVER).exists()


def test_a_head_takes_the_cases_of_who_is_not_there_any_more(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    UnitMembership.objects.filter(person=cast.mika_worker).update(
        ended_at=now, ended_by=cast.mika_head
    )
    assign(case, cast.mika_head, now, to=cast.mika_head)
    assert opens(case, cast.mika_head, now)


def test_closed_cases_go_with_the_whole_caseload_and_are_not_left_behind(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    opened = open_case()
    actions.close_case(
        case_id=opened.case.pk,
        seen=opened.case.version,
        reason="goals_reached",
        outcome="better",
        referred_to="",
        words="",
        on=timezone.localdate(now),
        by=cast.mika_worker,
        now=now,
    )
    membership = UnitMembership.objects.get(person=cast.mika_worker, unit="mika")
    with pytest.raises(StillResponsible, match="1 ärenden, öppna och avslutade"):
        access.end_member(membership_id=membership.pk, by=cast.mika_head)
    row = hand(cast.mika_worker, now, giver=cast.mika_worker, to=cast.mika_second)
    assert actions.accept_handover(handover_id=row.pk, by=cast.mika_second, now=now) == 1
    opened.case.refresh_from_db()
    assert opened.case.responsible == cast.mika_second
    access.end_member(membership_id=membership.pk, by=cast.mika_head)


def test_an_unsent_report_of_concern_keeps_its_writer_from_leaving(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    opened = open_case(by=cast.mika_second)
    actions.add_participant(
        case_id=opened.case.pk, person_id=cast.mika_worker.pk, by=cast.mika_second, now=now
    )
    actions.add_child_report(
        case_id=opened.case.pk,
        report=ChildWelfareReport(municipality="0180", concern="Påhittad oro för ett barn"),
        by=cast.mika_worker,
        now=now,
    )
    membership = UnitMembership.objects.get(person=cast.mika_worker, unit="mika")
    with pytest.raises(StillResponsible, match="1 orosanmälningar som inte är skickade"):
        access.end_member(membership_id=membership.pk, by=cast.mika_head)
