"""Heads set the rules with their decisions; workers keep and release; both in the trail."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.support.door.actions import keeping
from hamn.support.door.models import Dialogue, ExpiryRule, StillNeeded
from hamn.support.door.queries import keeping as queries
from hamn.support.door.rules.keeping import (
    KEPT_FOR,
    LEGAL_REASONS,
    STOPS,
    Decision,
    NoDecision,
    Standing,
    Stop,
    stop_of,
)
from hamn.support.door.rules.words import KEEP_REASONS
from hamn.support.door.tests.kept import NOW, TODAY, days_ago, left, ruled

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=7)
DECISION = Decision(90, 365, True, "SN 2026/17", TODAY, SOON)


def set_rule(by: Any, *, unit: str = "mika", **more: Any) -> ExpiryRule:
    return keeping.set_expiry(unit=unit, decision=DECISION._replace(**more), by=by, today=TODAY)


def test_a_head_sets_her_units_rule_and_the_trail_says_by_which_decision(
    cast: SimpleNamespace,
) -> None:
    rule = set_rule(cast.mika_head)
    assert queries.rules_in_force(SOON)["mika"] == rule
    assert "mika" not in queries.rules_in_force(SOON - timedelta(days=1))
    entry = Entry.objects.filter(event="door.expiry_rule_set").get()
    assert "SN 2026/17" in entry.facts


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision_reference": "  "},
        {"decision_reference": "SN\x002026"},
        {"decision_reference": "x" * 61},
        {"decision_on": TODAY + timedelta(days=1)},
        {"days": 0},
        {"days": 1831, "channel_days": 3000},
        {"channel_days": 89},
        {"channel_days": 3661},
        {"valid_from": SOON - timedelta(days=1)},
        {"valid_until": SOON - timedelta(days=1)},
    ],
    ids=str,
)
def test_a_rule_that_rests_on_nothing_or_cannot_be_is_refused(
    cast: SimpleNamespace, wrong: dict[str, Any]
) -> None:
    with pytest.raises(BadInput):
        set_rule(cast.mika_head, **wrong)
    assert not ExpiryRule.objects.exists()


def test_the_database_itself_takes_no_rule_without_a_decision(cast: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ruled(cast.mika_head, decision_reference="")
    with pytest.raises(IntegrityError), transaction.atomic():
        ruled(cast.mika_head, days=90, channel_days=10)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("mika_worker", PermissionDenied),
        ("kast_head", NotVisible),
        ("administrator", NotVisible),
        ("controller", NotVisible),
        ("stranger", NotVisible),
    ],
)
def test_nobody_but_the_units_head_sets_or_ends_its_rule(
    cast: SimpleNamespace, name: str, refusal: type[Exception]
) -> None:
    rule = ruled(cast.mika_head)
    with pytest.raises((PermissionDenied, NotVisible)) as refused:
        set_rule(getattr(cast, name))
    assert refused.type is refusal
    with pytest.raises((PermissionDenied, NotVisible)):
        keeping.end_expiry(rule_id=rule.pk, by=getattr(cast, name), today=TODAY)
    assert ExpiryRule.objects.get().valid_until is None


def test_a_new_rule_ends_the_earlier_one_the_day_before(cast: SimpleNamespace) -> None:
    first, later = set_rule(cast.mika_head, days=10), SOON + timedelta(days=7)
    second = set_rule(cast.mika_head, days=20, valid_from=later)
    other = ruled(cast.kast_head, unit="kast")
    assert queries.rules_in_force(later - timedelta(days=1))["mika"] == first
    assert queries.rules_in_force(later) == {"mika": second, "kast": other}
    first.refresh_from_db()
    assert first.valid_until == later - timedelta(days=1)


def test_a_rule_that_is_ended_erases_nothing_and_brings_no_earlier_one_back(
    cast: SimpleNamespace,
) -> None:
    set_rule(cast.mika_head, days=10)
    rule = set_rule(cast.mika_head)
    keeping.end_expiry(rule_id=rule.pk, by=cast.mika_head, today=TODAY)
    assert queries.rules_in_force(SOON) == {}
    assert Entry.objects.filter(event="door.expiry_rule_ended").exists()
    with pytest.raises(NoDecision):
        keeping.end_expiry(rule_id=rule.pk, by=cast.mika_head, today=TODAY)


@pytest.mark.parametrize("reason", KEEP_REASONS)
def test_every_reason_keeps_for_its_own_time(cast: SimpleNamespace, reason: str) -> None:
    row = keeping.keep(dialogue_id=left().pk, reason=reason, by=cast.mika_worker, now=NOW)
    assert row.until == TODAY + KEPT_FOR[reason]
    entry = Entry.objects.filter(event="door.content_kept").get()
    assert reason in entry.facts


def test_a_reason_that_is_none_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput):
        keeping.keep(dialogue_id=left().pk, reason="because", by=cast.mika_worker, now=NOW)
    assert not StillNeeded.objects.exists()


@pytest.mark.parametrize("name", ["kast_worker", "kast_head", "administrator", "controller"])
def test_for_others_the_dialogue_is_not_there(cast: SimpleNamespace, name: str) -> None:
    by, hers = getattr(cast, name), left()
    said = set()
    for dialogue_id in (hers.pk, uuid4()):
        with pytest.raises(NotVisible) as refused:
            keeping.keep(dialogue_id=dialogue_id, reason="ongoing", by=by, now=NOW)
        said.add(str(refused.value))
        with pytest.raises(NotVisible):
            keeping.release(dialogue_id=dialogue_id, by=by)
    assert len(said) == 1


@pytest.mark.parametrize(
    ("holds", "by_rule", "asked"),
    [
        ({}, None, None),
        ({"has_case": True}, Stop.CASE, Stop.CASE),
        ({"is_kept": True}, Stop.KEPT, None),
        ({"is_kept": True, "is_legally_kept": True}, Stop.KEPT, Stop.KEPT),
        ({"is_requested": True}, Stop.REQUEST, Stop.REQUEST),
        ({"has_booking_ahead": True}, Stop.BOOKING, None),
        ({"waits": True}, Stop.UNANSWERED, None),
    ],
    ids=str,
)
def test_what_stops_the_rule_and_what_stops_the_persons_own_wish(
    holds: dict[str, bool], by_rule: Stop | None, asked: Stop | None
) -> None:
    facts = Standing(**holds)
    assert stop_of(facts, is_asked=False) == by_rule
    assert stop_of(facts, is_asked=True) == asked


def test_every_stop_and_reason_has_its_words_and_its_time() -> None:
    assert set(STOPS) == set(Stop)
    assert set(KEPT_FOR) == set(KEEP_REASONS)
    assert set(KEEP_REASONS) > LEGAL_REASONS


def test_the_weeks_list_shows_what_goes_what_is_stopped_and_nothing_else(
    cast: SimpleNamespace,
) -> None:
    ruled(cast.mika_head, days=90)
    ruled(cast.kast_head, unit="kast")
    soon, stopped = left(quiet_days=85), left(quiet_days=95, waits_since=NOW)
    left(quiet_days=80)
    left(unit="kast", quiet_days=100)
    rows = list(queries.coming(cast.mika_worker, TODAY).order_by("active_on"))
    shown = {
        one.dialogue.pk: (one.goes_on, one.stop)
        for one in queries.going(cast.mika_worker, rows, TODAY, NOW)
    }
    assert shown == {
        soon.pk: (TODAY + timedelta(days=5), None),
        stopped.pk: (TODAY, Stop.UNANSWERED),
    }
    assert not queries.coming(cast.administrator, TODAY).exists()


def test_a_rule_that_begins_within_the_week_shows_what_it_will_erase(
    cast: SimpleNamespace,
) -> None:
    ruled(cast.mika_head, days=30, valid_from=SOON)
    old = left(quiet_days=200)
    [one] = queries.going(
        cast.mika_worker, list(queries.coming(cast.mika_worker, TODAY)), TODAY, NOW
    )
    assert (one.dialogue.pk, one.goes_on) == (old.pk, SOON)


def test_the_list_costs_the_same_however_long_it_is(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    ruled(cast.mika_head)
    rows = [left(quiet_days=100) for _one in range(12)]
    with django_assert_max_num_queries(10):
        assert len(queries.going(cast.mika_worker, rows, TODAY, NOW)) == 12


# The pages.


def page(name: str, *arguments: Any) -> str:
    return reverse(f"door:{name}", args=arguments)


@pytest.fixture
def today() -> date:
    """The pages read the clock."""
    from django.utils import timezone

    return timezone.localdate()


def old_dialogue(today: date, **more: Any) -> Dialogue:
    return left(active_on=today - timedelta(days=100), **more)


def test_one_click_keeps_a_dialogue_of_the_list(
    cast: SimpleNamespace, desk: Any, today: date
) -> None:
    ruled(cast.mika_head, valid_from=days_ago(1000))
    one = old_dialogue(today)
    client = desk(cast.mika_worker)
    assert "Behövs fortfarande" in client.get(page("keeping")).content.decode()
    sent = client.post(page("keep", one.pk), {"reason": "ongoing"})
    assert (sent.status_code, sent["Location"]) == (302, page("keeping"))
    shown = client.get(page("keeping")).content.decode()
    assert "kontakten pågår" in shown
    assert "Behövs inte längre" in shown
    assert client.post(page("release", one.pk), {}).status_code == 302
    assert not StillNeeded.objects.exists()


def test_a_reason_that_is_not_in_the_list_gives_the_form_again(
    cast: SimpleNamespace, desk: Any
) -> None:
    sent = desk(cast.mika_worker).post(page("keep", left().pk), {"reason": "x"})
    assert sent.status_code == 422
    assert not StillNeeded.objects.exists()


def test_a_unit_without_a_decision_is_told_that_nothing_is_erased(
    cast: SimpleNamespace, desk: Any
) -> None:
    shown = desk(cast.mika_worker).get(page("keeping")).content.decode()
    assert "inget gallringsbeslut" in shown


def sent_rule(today: date, **more: Any) -> dict[str, Any]:
    return {
        "unit": "mika",
        "days": "90",
        "channel_days": "365",
        "person_may_erase": "yes",
        "decision_reference": "SN 2026/17",
        "decision_on": today.isoformat(),
        "valid_from": (today + timedelta(days=7)).isoformat(),
    } | more


def test_a_rule_is_shown_with_what_it_leads_to_and_then_confirmed(
    cast: SimpleNamespace, desk: Any, today: date
) -> None:
    client = desk(cast.mika_head)
    old_dialogue(today)
    assert client.get(page("set_expiry")).status_code == 200
    shown = client.post(page("set_expiry"), sent_rule(today))
    assert "i dem före dess: 1." in shown.content.decode()
    assert not ExpiryRule.objects.exists()
    done = client.post(page("set_expiry"), sent_rule(today, steg="bekrafta"))
    assert done.status_code == 302
    rule = ExpiryRule.objects.get()
    assert (rule.unit, rule.days, rule.registered_by) == ("mika", 90, cast.mika_head)
    rules = client.get(page("expiry_rules")).content.decode()
    assert "SN 2026/17" in rules
    ended = client.post(page("end_expiry", rule.pk), {})
    assert ended.status_code == 302
    assert ExpiryRule.objects.get().valid_until == today - timedelta(days=1)


def test_a_rule_for_a_unit_she_does_not_head_is_not_among_the_choices(
    cast: SimpleNamespace, desk: Any, today: date
) -> None:
    sent = desk(cast.mika_head).post(
        page("set_expiry"), sent_rule(today, unit="kast", steg="bekrafta")
    )
    assert sent.status_code == 422
    assert not ExpiryRule.objects.exists()


@pytest.mark.parametrize("name", ["kast_worker", "administrator", "controller", "steward"])
def test_a_dialogue_of_another_unit_answers_as_one_that_never_was(
    cast: SimpleNamespace, desk: Any, name: str
) -> None:
    client = desk(getattr(cast, name))
    hers, none = left(), uuid4()
    for verb in ("keep", "release"):
        answers = [client.post(page(verb, pk), {"reason": "ongoing"}) for pk in (hers.pk, none)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert [client.get(page(verb, pk)).status_code for pk in (hers.pk, none)] == [404, 404]
    assert not StillNeeded.objects.exists()
