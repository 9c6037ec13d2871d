"""`hamn door expire`: what a decision lets go on a day, shown first or erased, in counts alone."""

import json
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from hamn.support.door.models import Dialogue, Message
from hamn.support.door.tests.kept import days_ago, left, ruled

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    """The command reads the clock."""
    return timezone.localdate()


@pytest.fixture
def old(cast: SimpleNamespace, today: date) -> Dialogue:
    """A dialogue of Mika's whose content is past the days of its rule."""
    ruled(cast.mika_head, valid_from=days_ago(1000), decision_on=days_ago(1000))
    return left(active_on=today - timedelta(days=100))


def has_content(dialogue: Dialogue) -> bool:
    return Message.objects.filter(dialogue=dialogue.pk).exists()


def test_a_dry_run_tells_what_would_go_and_erases_nothing(
    old: Dialogue, hamn: Any, today: date
) -> None:
    told = hamn("door", "expire", "--on", today, "--dry-run")
    assert told.status == 0
    assert "SN 2026/17" in told.out
    assert has_content(old)


def test_without_it_the_content_is_erased_and_counted(
    old: Dialogue, hamn: Any, today: date
) -> None:
    told = hamn("door", "expire", "--on", today, "--format", "json")
    assert told.status == 0
    [unit] = json.loads(told.out)["units"]
    assert unit == {
        "unit": "mika",
        "decision": "SN 2026/17",
        "contents": 1,
        "channels": 0,
        "stopped": 0,
    }
    assert not has_content(old)
    assert str(old.pk) not in told.out + told.err


def test_a_day_ahead_is_refused_with_what_to_do_instead(
    old: Dialogue, hamn: Any, today: date
) -> None:
    told = hamn("door", "expire", "--on", today + timedelta(days=1))
    assert told.status == 1
    assert "--dry-run" in told.err
    assert has_content(old)


@pytest.mark.parametrize("on", ["2026-13-01", "igår", ""])
def test_what_is_no_day_is_refused(old: Dialogue, hamn: Any, on: str) -> None:
    assert hamn("door", "expire", "--on", on).status in (1, 2)
    assert has_content(old)


def test_without_a_decision_the_command_says_that_nothing_is_erased(
    cast: SimpleNamespace, hamn: Any, today: date
) -> None:
    old = left(active_on=today - timedelta(days=3000))
    told = hamn("door", "expire", "--on", today)
    assert told.status == 0
    assert "gallringsbeslut" in told.out
    assert has_content(old)


def test_a_head_who_is_named_does_it_for_her_own_unit_and_a_controller_not_at_all(
    cast: SimpleNamespace, old: Dialogue, hamn: Any, today: date
) -> None:
    assert hamn("--as", cast.controller.email, "door", "expire", "--on", today).status == 1
    hamn("--as", cast.kast_head.email, "door", "expire", "--on", today)
    assert has_content(old)
    hamn("--as", cast.mika_head.email, "door", "expire", "--on", today)
    assert not has_content(old)


def test_the_days_routine_erases_it_too_and_then_changes_the_key(
    old: Dialogue, today: date
) -> None:
    from hamn.guards.vault.queries import status
    from hamn.site.worker import do_routine

    def version() -> int | None:
        return next(one.version for one in status().units if one.unit == "mika")

    before = version()
    do_routine(today)
    assert not has_content(old)
    assert version() == (before or 0) + 1
