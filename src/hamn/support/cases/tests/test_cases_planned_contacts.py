"""A planned contact is moved only to where its person allows; support stands with a decision."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput
from hamn.support.cases import actions
from hamn.support.cases.models import Record
from hamn.support.cases.queries.opened import content_of
from hamn.support.cases.rules.details import Details
from hamn.support.cases.rules.plans import Action
from hamn.support.cases.rules.safe_contact import HERE, UnsafeContact
from hamn.support.cases.rules.states import Changed, WrongState
from hamn.support.cases.tests.exchange import act
from hamn.support.services.rules import IdentityNeeded

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MONDAY = datetime(2026, 3, 9, 11, 0, tzinfo=HERE)
SOON = date(2026, 3, 9)


@pytest.fixture
def case(open_case: Any) -> Any:
    """Its person may be reached by telephone or text on weekdays between 10 and 15."""
    rules = {"safe_from": 10, "safe_until": 15, "safe_days": (0, 1, 2, 3, 4)}
    return open_case(safe_channels=("phone", "sms"), safe_note="Säg bara förnamn", **rules)


def plan(case: Any, by: Any, now: datetime, at: datetime = MONDAY) -> Record:
    return actions.plan_contact(channel="phone", at=at, text="Ring", **act(case, by, now))


def move(case: Any, one: Record, by: Any, now: datetime, **more: Any) -> Record:
    given = {"channel": "phone", "at": MONDAY, "text": "Ring", "seen": one.version, **more}
    return actions.change_planned_contact(record_id=one.pk, **given, **act(case, by, now))


def test_a_planned_contact_is_moved_with_its_day(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    later = MONDAY + timedelta(days=1)
    row = move(case, plan(case, cast.mika_worker, now), cast.mika_worker, now, at=later)
    says = content_of(Record.objects.get(), case.box, Action)
    assert (says.at, row.due_on) == (later, later.date())


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"at": MONDAY - timedelta(days=1)}, UnsafeContact),
        ({"at": MONDAY.replace(hour=20)}, UnsafeContact),
        ({"channel": "email"}, UnsafeContact),
        ({"channel": "pigeon"}, BadInput),
        ({"at": MONDAY - timedelta(days=30)}, BadInput),
        ({"seen": 9}, Changed),
    ],
)
def test_a_planned_contact_is_not_moved_to_what_its_person_forbids(
    more: dict[str, Any], refusal: Any, case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    one = plan(case, cast.mika_worker, now)
    with pytest.raises(refusal):
        move(case, one, cast.mika_worker, now, **more)
    assert Record.objects.get().due_on == SOON


def test_neither_way_of_changing_takes_what_is_the_others(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    by = cast.mika_worker
    planned = plan(case, by, now)
    agreed = actions.write_action(
        text="Köpa täcke", who="person", due_on=SOON, goal="", **act(case, by, now)
    )
    words = {"text": "x", "who": "worker", "due_on": SOON - timedelta(days=1)}
    with pytest.raises(WrongState, match="planerad kontakt"):
        actions.change_action(record_id=planned.pk, seen=1, **words, **act(case, by, now))
    with pytest.raises(WrongState, match="ingen planerad kontakt"):
        move(case, agreed, by, now)
    actions.move(
        record_id=planned.pk,
        kind="action",
        seen=1,
        to="done",
        came_of_it="",
        **act(case, by, now),
    )
    planned.refresh_from_db()
    with pytest.raises(WrongState, match="är över"):
        move(case, planned, by, now)


def test_the_page_of_a_planned_contact_asks_for_time_and_way_and_shows_the_rules(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    now = timezone.now()
    day = timezone.localdate(now) + timedelta(days=7)
    day -= timedelta(days=day.weekday())
    at = datetime(day.year, day.month, day.day, 11, tzinfo=HERE) + timedelta(days=7)
    one = plan(case, cast.mika_worker, now, at=at)
    client = desk(cast.mika_worker)
    page = reverse("cases:change_action", args=[case.case.pk, one.pk])
    shown = client.get(page).text
    assert "Säg bara förnamn" in shown
    assert 'value="11.00"' in shown
    sent = {"channel": "phone", "clock": "12.30", "text": "Ring", "seen": "1"}
    sunday = at.date() + timedelta(days=6)
    assert client.post(page, sent | {"on": sunday.isoformat()}).status_code == 422
    assert client.post(page, sent | {"on": at.date().isoformat()}).status_code == 302
    says = content_of(Record.objects.get(), case.box, Action)
    assert says.at == at.replace(hour=12, minute=30)


def test_the_page_of_the_telephone_number_shows_how_it_may_be_used(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    actions.keep_details(
        seen=0,
        details=Details(phone="070-174 06 05"),
        **act(case, cast.mika_worker, timezone.now()),
    )
    shown = desk(cast.mika_worker).get(reverse("cases:contact_details", args=[case.case.pk])).text
    assert "Säg bara förnamn" in shown
    assert "Bara klockan: 10–15" in shown


# Practical support without a name (Z30).


def support(case: Any, by: Any, now: datetime) -> Record:
    return actions.write_support(
        text="Följa med", counterpart="bank", counterpart_name="", due_on=SOON, **act(case, by, now)
    )


@pytest.fixture
def regime(cast: SimpleNamespace) -> Any:
    """A function that gives Mika a regime, with the board's decision on a day or none."""
    from hamn.support.services.models import Service

    def given(decided_on: date | None) -> None:
        kind = "identity_exempt" if decided_on else "advice_exempt"
        reference = "EXEMPEL 2026/1" if decided_on else ""
        Service.objects.filter(pk="mika").update(
            regime=kind, decision_reference=reference, decision_on=decided_on
        )

    return given


@pytest.mark.parametrize("decided_on", [None, date(2026, 3, 3)])
def test_without_a_decision_on_the_day_support_needs_a_name(
    decided_on: date | None, open_case: Any, cast: SimpleNamespace, regime: Any, now: datetime
) -> None:
    regime(decided_on)
    by = cast.mika_worker
    with pytest.raises(IdentityNeeded):
        support(open_case(), by, now)
    named = open_case(identity_level="named", called="Påhittad Ek")
    assert support(named, by, now).pk
    with pytest.raises(IdentityNeeded):
        actions.choose_identity(
            seen=named.case.version, level="anonymous", called="", number="", **act(named, by, now)
        )


def test_support_that_is_changed_is_judged_anew(
    open_case: Any, cast: SimpleNamespace, regime: Any, now: datetime
) -> None:
    case, by = open_case(), cast.mika_worker
    regime(date(2026, 3, 2))
    one = support(case, by, now)
    words = {"text": "Mer", "counterpart": "bank", "counterpart_name": "", "due_on": SOON}
    regime(None)
    with pytest.raises(IdentityNeeded):
        actions.change_support(record_id=one.pk, seen=1, **words, **act(case, by, now))


def test_a_contact_before_the_decision_needs_a_name(
    log: Any, regime: Any, cast: SimpleNamespace, now: datetime
) -> None:
    regime(date(2026, 3, 2))
    assert log(kind="practical_support").contact.pk
    with pytest.raises(IdentityNeeded):
        log(kind="practical_support", on=date(2026, 3, 1))
