"""The page of the day tells how many dialogues wait for an answer, to those who read them."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hamn.support.door.actions.inbox import block_dialogue
from hamn.support.door.models import Dialogue
from hamn.support.door.queries.day import lines_of_inbox, unanswered
from hamn.support.door.tests.booked import a_dialogue
from hamn.support.door.tests.inbox import NOW, body, written

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
DAY = "/desk/arenden/"


def waits(days: int, unit: str = "mika") -> Dialogue:
    """A dialogue that is to be answered that many days from the day."""
    return a_dialogue(unit=unit, answer_by=TODAY + timedelta(days=days))


def test_those_that_wait_and_those_overdue_are_counted_unit_by_unit(cast: SimpleNamespace) -> None:
    for days in (-2, 0, 3):
        waits(days)
    a_dialogue()  # answered
    waits(-1, unit="kast")
    blocked = written().dialogue
    block_dialogue(dialogue_id=blocked.pk, reason="flood", by=cast.mika_worker, now=NOW)
    assert unanswered(cast.mika_worker, TODAY) == {"mika": (3, 1)}
    assert unanswered(cast.kast_worker, TODAY) == {"kast": (1, 1)}


def test_who_reads_no_dialogue_is_told_of_none(cast: SimpleNamespace) -> None:
    waits(-1)
    for who in (cast.administrator, cast.controller):
        assert unanswered(who, TODAY) == {}
        assert not list(lines_of_inbox(who, TODAY))


def test_the_count_asks_as_often_however_many_wait(cast: SimpleNamespace) -> None:
    list(lines_of_inbox(cast.mika_worker, TODAY))  # her roles are read once
    counts = []
    for many in (1, 5):
        for _one in range(many):
            waits(-1)
        with CaptureQueriesContext(connection) as seen:
            list(lines_of_inbox(cast.mika_worker, TODAY))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_page_of_the_day_leads_to_the_inbox_that_waits(
    cast: SimpleNamespace, desk: Any
) -> None:
    page = body(desk(cast.mika_worker).get(DAY))
    assert "Inkorgen, Mikamottagningen. Väntar på svar: 0. Försenade: 0." in page
    a_dialogue(answer_by=timezone.localdate() - timedelta(days=1))
    page = body(desk(cast.mika_worker).get(DAY))
    line = 'href="/desk/inkorg/?enhet=mika">Inkorgen, Mikamottagningen. Väntar på svar: 1. '
    assert f"{line}Försenade: 1.</a>" in page
    assert "försenat" in page
