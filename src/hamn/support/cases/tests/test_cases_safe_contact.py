"""Safe contact: a way or an hour that the person forbids cannot be used."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput, NotVisible
from hamn.support.cases import actions
from hamn.support.cases.models import Record
from hamn.support.cases.queries.details import planned_contacts
from hamn.support.cases.rules.safe_contact import (
    HERE,
    NEVER,
    WAYS,
    SafeContact,
    UnsafeContact,
    checked,
    may_contact,
    moment,
)
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState

WEEK_HOURS = 8 * 24
hours = st.integers(0, 23)
ways = st.lists(st.sampled_from(list(WAYS)), max_size=3).map(tuple)
rules = st.builds(
    SafeContact,
    safe=ways,
    forbidden=ways,
    since=st.none() | hours,
    until=st.none() | hours,
    days=st.lists(st.integers(0, 6), max_size=4, unique=True).map(tuple),
)
moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def allows(safe: SafeContact, channel: str, at: datetime) -> bool:
    """The same said the long way round: every hour of the day, one by one."""
    local = at.astimezone(HERE)
    if channel in safe.forbidden or (safe.safe and channel not in safe.safe):
        return False
    if safe.days and local.weekday() not in safe.days:
        return False
    if safe.since is None or safe.until is None:
        return True
    hour, open_hours = safe.since, set()
    while hour != safe.until:
        open_hours.add(hour)
        hour = (hour + 1) % 24
    return local.hour in open_hours


@given(rules, st.sampled_from(list(WAYS)), moments)
def test_only_what_the_person_allows_is_allowed(
    safe: SafeContact, channel: str, at: datetime
) -> None:
    if safe.since is not None and safe.since == safe.until:
        return
    answer = may_contact(safe, channel, at)
    assert answer.allowed == allows(safe, channel, at)


@given(rules, st.sampled_from(list(WAYS)), moments)
def test_the_next_moment_is_allowed_and_nothing_before_it(
    safe: SafeContact, channel: str, at: datetime
) -> None:
    if safe.since is not None and safe.since == safe.until:
        return
    answer = may_contact(safe, channel, at)
    if answer.next_at is None:
        later = (at + timedelta(hours=step) for step in range(WEEK_HOURS))
        assert not any(allows(safe, channel, one) for one in later)
        assert answer.sentence == NEVER
        return
    assert answer.next_at >= at
    assert allows(safe, channel, answer.next_at)
    between = at
    while between < answer.next_at:
        assert not allows(safe, channel, between)
        between += timedelta(minutes=30)


def test_hours_are_swedish_in_summer_and_in_winter() -> None:
    safe = SafeContact(since=10, until=15)
    winter, summer = datetime(2026, 1, 12, 9, 0, tzinfo=UTC), datetime(2026, 7, 6, 8, 0, tzinfo=UTC)
    assert may_contact(safe, "phone", winter).allowed
    assert may_contact(safe, "phone", summer).allowed
    assert not may_contact(safe, "phone", summer - timedelta(minutes=1)).allowed


@pytest.mark.parametrize(
    ("safe", "told"),
    [
        (SafeContact(safe=("phone",), forbidden=("phone",)), "Samma sätt"),
        (SafeContact(since=10), "Skriv både"),
        (SafeContact(since=10, until=10), "samma timme"),
        (SafeContact(since=10, until=25), "tal från 0 till 24"),
        (SafeContact(safe=("pigeon",)), "i listan"),
        (SafeContact(days=(9,)), "i listan"),
    ],
)
def test_rules_that_nobody_could_follow_are_refused(safe: SafeContact, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        checked(safe)


@pytest.mark.parametrize("clock", ["25", "12.75", "tolv", "", "-1", "٣"])
def test_what_is_no_time_of_the_day_is_refused(clock: str) -> None:
    with pytest.raises(BadInput, match="klockslag"):
        moment(datetime(2026, 3, 2, tzinfo=HERE).date(), clock)


MONDAY_TEN = datetime(2026, 3, 9, 10, 0, tzinfo=HERE)


@pytest.fixture
def case(open_case: Any) -> Any:
    """She is rung on weekdays between ten and three, and never written to."""
    return open_case(
        forbidden_channels=("email", "letter"),
        safe_from=10,
        safe_until=15,
        safe_days=(0, 1, 2, 3, 4),
    )


def plan(case: Any, by: Any, now: datetime, **more: Any) -> Record:
    given: dict[str, Any] = {"channel": "phone", "at": MONDAY_TEN, "text": "Ring om tiden", **more}
    return actions.plan_contact(case_id=case.case.pk, by=by, now=now, **given)


@pytest.mark.django_db
def test_a_call_within_the_rules_is_planned_and_falls_due_that_day(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    row = plan(case, cast.mika_worker, now)
    assert (row.kind, row.state, row.due_on) == ("action", "open", MONDAY_TEN.date())
    assert b"Ring om tiden" not in bytes(row.sealed)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"channel": "email"}, "inte bli nådd med e-post"),
        ({"at": MONDAY_TEN.replace(hour=15)}, "klockan 15.00. Tidigast går det 2026-03-10 10.00"),
        ({"at": MONDAY_TEN - timedelta(days=1)}, "en söndag. Tidigast går det 2026-03-09 10.00"),
    ],
)
def test_a_forbidden_way_day_or_hour_is_refused_with_what_is_allowed_next(
    case: Any, cast: SimpleNamespace, now: datetime, more: dict[str, Any], told: str
) -> None:
    with pytest.raises(UnsafeContact, match=told):
        plan(case, cast.mika_worker, now, **more)
    assert not Record.objects.exists()


@pytest.mark.django_db
def test_a_time_that_has_been_is_not_planned(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(BadInput, match="har redan varit"):
        plan(case, cast.mika_worker, now, at=now - timedelta(hours=1))


@pytest.mark.django_db
def test_new_rules_call_off_the_planned_contacts_that_they_forbid(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    gone, kept = plan(case, cast.mika_worker, now), plan(case, cast.mika_worker, now, channel="sms")
    opened = actions.read_case(case_id=case.case.pk, what="test", by=cast.mika_worker, now=now)
    count = actions.set_safe_contact(
        case_id=case.case.pk,
        seen=opened.case.version,
        safe=SafeContact(forbidden=("phone",)),
        note="Säg bara förnamn",
        by=cast.mika_worker,
        now=now,
    )
    assert count == 1
    gone.refresh_from_db()
    assert gone.state == "dropped"
    opened = actions.read_case(case_id=case.case.pk, what="test", by=cast.mika_worker, now=now)
    assert [one.record.pk for one in planned_contacts(opened)] == [kept.pk]
    with pytest.raises(WrongState, match="planeras på nytt"):
        actions.move(
            case_id=case.case.pk,
            record_id=gone.pk,
            kind="action",
            seen=gone.version,
            to="open",
            came_of_it="",
            by=cast.mika_worker,
            now=now,
        )


@pytest.mark.django_db
def test_who_saves_rules_over_a_colleagues_is_told(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    given: dict[str, Any] = {"safe": SafeContact(), "note": "", "by": cast.mika_worker, "now": now}
    actions.set_safe_contact(case_id=case.case.pk, seen=1, **given)
    with pytest.raises(Changed):
        actions.set_safe_contact(case_id=case.case.pk, seen=1, **given)


@pytest.mark.django_db
def test_only_those_for_whom_the_case_opens_plan_a_contact(
    case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    with pytest.raises(ClosedToYou):
        plan(case, cast.mika_second, now)
    for who in ("kast_worker", "administrator", "controller"):
        with pytest.raises(NotVisible):
            plan(case, getattr(cast, who), now)


@pytest.mark.django_db
def test_the_page_offers_only_allowed_ways_and_says_what_is_in_the_way(
    case: Any, cast: SimpleNamespace, desk: Any
) -> None:
    client, page = desk(cast.mika_worker), reverse("cases:plan_contact", args=[case.case.pk])
    shown = client.get(page).text
    assert 'value="phone"' in shown
    assert 'value="email"' not in shown
    sent = {"channel": "phone", "on": "2099-01-05", "clock": "16.30", "text": "Ring"}
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert "Tidigast går det 2099-01-06 10.00" in refused.text
    assert client.post(page, {**sent, "clock": "10.30"}).status_code == 302
    assert client.post(page, {**sent, "channel": "email", "clock": "10.30"}).status_code == 422
    assert Record.objects.count() == 1
