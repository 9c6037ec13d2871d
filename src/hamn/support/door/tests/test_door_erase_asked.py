"""A person asks that what she wrote be erased: told first, done within minutes, or told why not."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from hamn.guards.audit.models import Entry
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.models import SealedBox
from hamn.support.door.actions import keeping
from hamn.support.door.actions.person import ask_erasure
from hamn.support.door.models import Booking, Dialogue, Message, Reach
from hamn.support.door.queries.keeping import Told, told_person
from hamn.support.door.queries.person import Opened, box_of
from hamn.support.door.tests.kept import (
    NOW,
    TODAY,
    booked,
    left,
    reach,
    read_by_person,
    ruled,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def ask(dialogue: Any) -> None:
    """Her wish, as the page with her code open notes it."""
    row = Dialogue.objects.get(pk=dialogue.pk)
    ask_erasure(Opened(row, box_of(row, dialogue.seed), dialogue.seed), now=NOW)


def told(dialogue: Dialogue) -> Told:
    return told_person(Dialogue.objects.get(pk=dialogue.pk), TODAY)


def has_content(dialogue: Dialogue) -> bool:
    return Message.objects.filter(dialogue=dialogue.pk).exists()


def test_what_she_asked_for_is_erased_and_her_code_goes_on(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    hers, others = left(), left()
    reach(hers)
    ask(hers)
    assert keeping.erase_asked(now=NOW) == 1
    assert not has_content(hers)
    assert has_content(others)
    assert not Reach.objects.filter(dialogue=hers.pk).exists()
    now = Dialogue.objects.get(pk=hers.pk)
    assert (now.erase_asked_at, now.erased_on, now.state) == (None, TODAY, "open")
    assert read_by_person(now, hers.seed).called == ""
    assert keeping.erase_asked(now=NOW) == 0


def test_the_trail_says_that_it_was_asked_for_and_not_by_whom(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    hers = left()
    ask(hers)
    keeping.erase_asked(now=NOW)
    entry = Entry.objects.filter(event="door.content_erased").get()
    assert '"because":"asked"' in entry.facts
    assert str(hers.pk) not in entry.facts + entry.on


@pytest.mark.parametrize("may", [None, False])
def test_without_a_decision_that_lets_her_nothing_is_erased(
    cast: SimpleNamespace, may: bool | None
) -> None:
    if may is not None:
        ruled(cast.mika_head, person_may_erase=may)
    hers = left()
    ask(hers)
    assert keeping.erase_asked(now=NOW) == 0
    assert has_content(hers)
    assert not told(hers).may_ask
    assert told(hers).why_not


def test_what_we_would_like_to_keep_does_not_stand_against_her(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    hers = left()
    keeping.keep(dialogue_id=hers.pk, reason="ongoing", by=cast.mika_worker, now=NOW)
    Dialogue.objects.filter(pk=hers.pk).update(waits_since=NOW, answer_by=TODAY)
    ask(hers)
    assert keeping.erase_asked(now=NOW) == 1
    now = Dialogue.objects.get(pk=hers.pk)
    assert (now.waits_since, now.answer_by) == (None, None)


def test_a_booked_time_stays_when_she_erases_what_she_wrote(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    hers = left()
    ahead, been = (booked(hers, cast.mika_worker, in_days=days) for days in (3, -3))
    ask(hers)
    assert keeping.erase_asked(now=NOW) == 1
    assert list(Booking.objects.filter(dialogue=hers.pk)) == [ahead]
    assert been.pk != ahead.pk


@pytest.mark.parametrize("reason", ["case_soon", "concern_report", "record_request"])
def test_what_the_law_keeps_stays_and_she_is_told_and_it_goes_when_the_law_lets_it(
    cast: SimpleNamespace, reason: str
) -> None:
    ruled(cast.mika_head)
    hers = left()
    keeping.keep(dialogue_id=hers.pk, reason=reason, by=cast.mika_worker, now=NOW)
    ask(hers)
    assert keeping.erase_asked(now=NOW) == 0
    assert has_content(hers)
    after = told(hers)
    assert after.is_asked and after.is_stopped
    assert any("enligt lag" in str(line) for line in after.why_not)

    keeping.release(dialogue_id=hers.pk, by=cast.mika_worker)
    assert keeping.erase_asked(now=NOW + timedelta(minutes=1)) == 1
    assert not has_content(hers)
    assert not told(hers).is_stopped


def test_what_she_is_told_of_a_stop_does_not_say_which(cast: SimpleNamespace) -> None:
    """Whoever has taken her code must not learn of a report from it."""
    ruled(cast.mika_head)
    said = set()
    for reason in ("case_soon", "concern_report", "record_request"):
        hers = left()
        keeping.keep(dialogue_id=hers.pk, reason=reason, by=cast.mika_worker, now=NOW)
        ask(hers)
        keeping.erase_asked(now=NOW)
        said.add(tuple(str(line) for line in told(hers).why_not))
    assert len(said) == 1


def test_before_she_asks_she_is_told_what_goes_and_what_stays_in_her_language(
    cast: SimpleNamespace,
) -> None:
    ruled(cast.mika_head, channel_days=365)
    hers = left()
    first = told(hers)
    assert first.may_ask and not first.is_asked and not first.is_stopped
    assert first.goes and not first.why_not
    with translation.override("sv"):
        remains = " ".join(str(line) for line in first.remains)
    assert "1 juni 2027" in remains
    assert "statistiken" in remains


def test_who_ends_her_dialogue_is_not_told_that_her_code_goes_on(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    with translation.override("sv"):
        lines = [str(line) for line in told_person(left(), TODAY, ends=True).remains]
    assert not [line for line in lines if "Din kod" in line]
    assert [line for line in lines if "Avboka den först" in line]


def test_a_person_who_may_not_erase_is_told_the_day(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head, days=90, person_may_erase=False)
    hers = left(quiet_days=10)
    with translation.override("sv"):
        why = " ".join(str(line) for line in told(hers).why_not)
    assert "90 dagar" in why
    assert "20 augusti 2026" in why


def test_what_a_person_is_told_is_read_without_what_the_door_may_not_see(
    cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    from hamn.support.door.queries.dialogues import by_locator

    ruled(cast.mika_head)
    hers = left()
    found = by_locator(bytes(hers.locator))
    assert found is not None
    with django_assert_num_queries(1) as seen:
        told_person(found, TODAY)
    assert "decision" not in seen.captured_queries[0]["sql"]


def test_a_number_that_was_taken_back_or_called_is_erased_under_a_rule_alone(
    cast: SimpleNamespace,
) -> None:
    ruled(cast.mika_head)
    taken_back, called = reach(left(), removed_at=NOW), reach(left(), done_at=NOW)
    stands, elsewhere = reach(left()), reach(left(unit="kast"), removed_at=NOW)
    keeping.erase_asked(now=NOW)
    assert set(Reach.objects.values_list("pk", flat=True)) == {stands.pk, elsewhere.pk}
    assert not SealedBox.objects.filter(id__in=[taken_back.box, called.box]).exists()
    assert vaults.open_box(stands.box, ["mika"])


def test_the_whole_way_at_the_door_she_asks_it_is_gone_and_her_code_still_opens(
    cast: SimpleNamespace, door: Any
) -> None:
    from django.utils import timezone

    from hamn.support.door.tests.reading import TEXT, Somebody

    ruled(cast.mika_head)
    she = Somebody(door())
    code = she.writes()
    assert TEXT in she.comes_back(code)
    assert "Det som är kvar, och varför" in she.visits("/svar/dialog/radera/")
    she.sends("/svar/dialog/radera/")
    assert keeping.erase_asked(now=timezone.now()) == 1
    assert TEXT not in she.visits("/svar/dialog/")
    she.sends("/svar/dialog/", text="nya påhittade ord")
    later = Somebody(door())
    assert "nya påhittade ord" in later.comes_back(code)
    assert TEXT not in later.text
