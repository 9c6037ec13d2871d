"""Giving notice, and ending when its last day has passed."""

import json
from datetime import date
from types import SimpleNamespace

import pytest

from hamn.agreement.agreements import actions
from hamn.agreement.agreements.models import Agreement
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.core.errors import BadInput
from hamn.guards.audit.models import Entry


@pytest.mark.parametrize(
    ("received", "last"), [("2025-01-31", "2025-02-28"), ("2024-06-01", "2024-07-01")]
)
@pytest.mark.parametrize("side", [do.MUNICIPALITY, do.PROVIDER])
def test_the_last_day_is_the_same_day_next_month(
    cast: SimpleNamespace, received: str, last: str, side: str
) -> None:
    agreement = do.in_state(cast, "in_force")
    day = date.fromisoformat(received)
    do.notice(cast.steward, agreement, received=day, from_side=side)
    agreement.refresh_from_db()
    assert (agreement.notice_received_on, agreement.notice_by) == (day, side)
    assert agreement.ends_on == date.fromisoformat(last)


def test_notice_on_31_january_ends_on_29_february_in_a_leap_year(in_force, cast) -> None:
    agreement = in_force("0114", date(2023, 5, 2))
    ended = do.notice(cast.steward, agreement, received=date(2024, 1, 31))
    assert ended.ends_on == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("received", "says"),
    [
        (date(2026, 3, 2), "kan inte ha kommit 2026-03-02, som inte har varit än"),
        (date(2024, 5, 31), "2024-05-31, innan avtalet undertecknades 2024-06-01"),
    ],
)
def test_a_notice_on_a_day_that_cannot_be_is_refused(
    cast: SimpleNamespace, received: date, says: str
) -> None:
    agreement = do.in_state(cast, "in_force")
    with pytest.raises(BadInput, match=says):
        do.notice(cast.steward, agreement, received=received)
    agreement.refresh_from_db()
    assert (agreement.status, agreement.ends_on) == ("in_force", None)


def test_the_trail_tells_who_when_and_why(cast: SimpleNamespace) -> None:
    do.notice(cast.steward, do.in_state(cast, "in_force"), reason="Nämndens beslut")
    entry = do.last_entry()
    assert (entry.event, entry.by) == (
        "agreements.notice_given",
        f"access.person:{cast.steward.pk}",
    )
    assert json.loads(entry.facts) == {
        "from_side": "municipality",
        "received": "2024-09-10",
        "ends_on": "2024-10-10",
        "reason": "Nämndens beslut",
    }


def test_an_agreement_ends_the_day_after_its_last_day_and_once(cast: SimpleNamespace) -> None:
    agreement = do.in_state(cast, "under_notice")
    assert actions.end_due(today=date(2024, 10, 10)) == 0
    assert actions.end_due(today=date(2024, 10, 11)) == 1
    assert actions.end_due(today=date(2024, 10, 12)) == 0
    agreement.refresh_from_db()
    assert (agreement.status, agreement.ends_on) == ("ended", date(2024, 10, 10))
    assert Entry.objects.filter(event="agreements.ended", by="system").count() == 1
    assert Agreement.objects.count() == 1
