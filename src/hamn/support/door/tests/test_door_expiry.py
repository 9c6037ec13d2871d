"""Content dies by a decision and never without one; what stands against it; what stays."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.models import Grant, SealedBox
from hamn.guards.vault.rules import Unreadable
from hamn.support.door.actions import facts, keeping
from hamn.support.door.actions.keeping import Expired
from hamn.support.door.models import Booking, Dialogue, DialogueFact, Message, Reach, StillNeeded
from hamn.support.door.rules.keeping import TooEarly
from hamn.support.door.tests.kept import (
    NOW,
    TODAY,
    booked,
    days_ago,
    left,
    reach,
    read_by_person,
    read_by_unit,
    ruled,
    write,
)

pytestmark = pytest.mark.django_db


def expire(on: date = TODAY, **more: Any) -> list[Expired]:
    return keeping.expire(**{"on": on, "now": NOW, "dry_run": False, "by": None} | more)


def has_content(dialogue: Dialogue) -> bool:
    return Message.objects.filter(dialogue=dialogue.pk).exists()


def keep(dialogue: Dialogue, reason: str, by: Any) -> StillNeeded:
    return keeping.keep(dialogue_id=dialogue.pk, reason=reason, by=by, now=NOW)


def request_in(unit: str, by: Any, state: str = "received") -> None:
    """A request that nobody has decided, about no case."""
    from hamn.support.cases.models import Request

    box = vault.new_box([unit])
    more = {"decided_by": by, "decided_on": TODAY} if state == "decided" else {}
    Request.objects.create(
        unit=unit,
        box=box.id,
        sealed=b"",
        kind="documents",
        state=state,
        received_on=TODAY,
        last_note_on=TODAY,
        due_on=TODAY,
        registered_by=by,
        **more,
    )


def test_without_a_decision_nothing_is_ever_erased(cast: SimpleNamespace) -> None:
    old = left(quiet_days=3000)
    assert expire() == []
    assert has_content(old)


def test_a_rule_erases_on_its_day_and_not_the_day_before(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head, days=90)
    due, not_yet = left(quiet_days=90), left(quiet_days=89)
    assert expire() == [Expired("mika", "SN 2026/17", contents=1, channels=0, stopped=0)]
    assert not has_content(due)
    assert has_content(not_yet)


def test_a_units_rule_is_not_another_units(cast: SimpleNamespace) -> None:
    ruled(cast.kast_head, unit="kast")
    ours = left(quiet_days=1000)
    expire()
    assert has_content(ours)


@pytest.mark.parametrize(
    "span",
    [
        {"valid_from": TODAY + timedelta(days=1)},
        {"valid_until": TODAY - timedelta(days=1)},
    ],
)
def test_a_rule_does_nothing_outside_its_time(cast: SimpleNamespace, span: dict[str, date]) -> None:
    ruled(cast.mika_head, **span)
    old = left(quiet_days=1000)
    assert expire() == []
    assert has_content(old)


def test_the_newest_rule_that_is_in_force_decides(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head, days=30)
    ruled(cast.mika_head, days=200, decision_reference="SN 2026/99")
    ruled(cast.mika_head, days=10, valid_from=TODAY + timedelta(days=3))
    young, old = left(quiet_days=100), left(quiet_days=200)
    [told] = expire()
    assert told.decision == "SN 2026/99"
    assert has_content(young)
    assert not has_content(old)


def test_the_code_opens_the_empty_channel_as_before(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    gone = left(quiet_days=100)
    found = bytes(gone.locator)
    expire()
    now = Dialogue.objects.get(pk=gone.pk)
    assert bytes(now.locator) == found
    assert (now.state, now.erased_on, now.situation) == ("open", TODAY, "")
    assert read_by_person(now, gone.seed).called == ""
    assert read_by_unit(now).called == ""


def test_keys_messages_notes_and_reaches_are_gone(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    gone = left(quiet_days=100)
    note = vault.new_box(["mika"])
    write(gone, note, author="staff", by=cast.mika_worker, visibility="own")
    call = reach(gone)
    expire()
    boxes = [gone.box, note.id, call.box]
    assert not SealedBox.objects.filter(id__in=boxes).exists()
    assert not Grant.objects.filter(box_id__in=boxes).exists()
    assert not Message.objects.filter(dialogue=gone.pk).exists()
    assert not Reach.objects.filter(dialogue=gone.pk).exists()
    with pytest.raises(Unreadable):
        vaults.open_box(gone.box, ["mika"])


def test_the_facts_stay(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head, channel_days=90)
    gone = left(quiet_days=100)
    facts.count("opened", gone, NOW)
    expire()
    expire(TODAY)
    assert DialogueFact.objects.filter(kind="opened", unit="mika").count() == 1


@pytest.mark.slow
def test_an_old_backup_with_the_keys_that_still_live_reads_nothing(cast: SimpleNamespace) -> None:
    """The proof: every row as it was, beside today's key files."""
    ruled(cast.mika_head)
    gone, living = left(quiet_days=100), left(quiet_days=1)
    grants = list(Grant.objects.filter(box_id=gone.box).values())
    dialogue = Dialogue.objects.filter(pk=gone.pk).values().get()
    messages = list(Message.objects.filter(dialogue=gone.pk).values())

    expire()
    made = vault.rotate_due()
    assert [one.unit for one in made] == ["mika"]

    SealedBox.objects.create(id=gone.box)
    Grant.objects.bulk_create(Grant(**row) for row in grants)
    Dialogue.objects.filter(pk=gone.pk).update(**dialogue)
    Message.objects.bulk_create(Message(**row) for row in messages)
    with pytest.raises(Unreadable):
        vaults.open_box(gone.box, ["mika", "kast", "coordinator_adult", "coordinator_child"])
    assert read_by_unit(living).called == "Påhittad"
    # What stands in the backup is hers alone to read, with the code that only she has.
    assert read_by_person(gone, gone.seed).called == "Påhittad"


def test_a_dry_run_counts_and_touches_nothing(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head, channel_days=120)
    due, empty = left(quiet_days=100), left(quiet_days=200)
    empty.messages.all().delete()
    Dialogue.objects.filter(pk=empty.pk).update(erased_on=days_ago(110))
    before = Entry.objects.count()
    assert expire(dry_run=True) == [Expired("mika", "SN 2026/17", 1, 1, 0)]
    assert has_content(due)
    assert Dialogue.objects.filter(pk=empty.pk).exists()
    assert Entry.objects.count() == before


def test_a_day_ahead_is_only_looked_at(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    young = left(quiet_days=1)
    ahead = TODAY + timedelta(days=400)
    with pytest.raises(TooEarly, match="--dry-run"):
        expire(ahead)
    assert has_content(young)
    assert expire(ahead, dry_run=True)[0].contents == 1


def test_more_dialogues_than_one_transaction_takes_are_all_erased(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    many = [left(quiet_days=100) for _one in range(keeping.BATCH + 3)]
    assert expire()[0].contents == len(many)
    assert not Message.objects.filter(dialogue__in=many).exists()


def test_the_trail_tells_of_the_decision_and_of_no_dialogue(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    gone = left(quiet_days=100)
    expire()
    entry = Entry.objects.filter(event="door.content_erased").get()
    assert "SN 2026/17" in entry.facts
    assert str(gone.pk) not in entry.facts + entry.on
    assert entry.by == "system"


STOPPED = ["case", "kept", "request", "booking", "unanswered"]


def stop(what: str, dialogue: Dialogue, cast: SimpleNamespace, open_case: Any) -> None:
    match what:
        case "case":
            opened = open_case()
            Dialogue.objects.filter(pk=dialogue.pk).update(case=opened)
        case "kept":
            keep(dialogue, "ongoing", cast.mika_worker)
        case "request":
            request_in("mika", cast.mika_worker)
        case "booking":
            booked(dialogue, cast.mika_worker, in_days=3)
        case "unanswered":
            Dialogue.objects.filter(pk=dialogue.pk).update(waits_since=NOW)


@pytest.fixture
def open_case(cast: SimpleNamespace) -> Any:
    from hamn.support.cases import actions
    from hamn.support.cases.rules.content import CaseContent

    def opened() -> Any:
        return actions.open_case(
            unit="mika", content=CaseContent(number=""), by=cast.mika_worker, now=NOW, mine=True
        ).case

    return opened


@pytest.mark.parametrize("what", STOPPED)
def test_a_stop_keeps_the_content(cast: SimpleNamespace, open_case: Any, what: str) -> None:
    ruled(cast.mika_head)
    kept = left(quiet_days=100)
    stop(what, kept, cast, open_case)
    assert expire() == [Expired("mika", "SN 2026/17", contents=0, channels=0, stopped=1)]
    assert has_content(kept)
    assert read_by_unit(kept).called == "Påhittad"


def test_a_decided_request_stops_nothing_nor_does_another_units(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    gone = left(quiet_days=100)
    request_in("mika", cast.mika_worker, state="decided")
    request_in("kast", cast.kast_worker)
    expire()
    assert not has_content(gone)


def test_a_reason_keeps_until_its_day_and_no_longer(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    kept = left(quiet_days=100)
    until = keep(kept, "ongoing", cast.mika_worker).until
    assert until == TODAY + timedelta(days=30)
    later = NOW + timedelta(days=30)
    expire(until, now=later)
    assert has_content(kept)
    expire(until + timedelta(days=1), now=later + timedelta(days=1))
    assert not has_content(kept)


def test_a_meeting_that_has_been_or_was_cancelled_stops_nothing_and_goes_too(
    cast: SimpleNamespace,
) -> None:
    ruled(cast.mika_head)
    gone = left(quiet_days=100)
    booked(gone, cast.mika_worker, in_days=-5)
    cancelled = booked(gone, cast.mika_worker, in_days=5)
    Booking.objects.filter(pk=cancelled.pk).update(cancelled_at=NOW, cancelled_by="person")
    expire()
    assert not has_content(gone)
    assert not Booking.objects.filter(dialogue=gone.pk).exists()


def test_a_blocked_senders_unanswered_message_is_erased_all_the_same(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    blocked = left(quiet_days=100, state="blocked", waits_since=NOW)
    expire()
    assert not has_content(blocked)


def test_an_ended_dialogue_loses_its_content_and_later_its_row(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head, days=30, channel_days=60)
    ended = left(quiet_days=40, state="ended", locator=None)
    expire()
    assert not has_content(ended)
    assert Dialogue.objects.filter(pk=ended.pk).exists()
    later = NOW + timedelta(days=20)
    assert expire(later.date(), now=later)[0].channels == 1
    assert not Dialogue.objects.filter(pk=ended.pk).exists()


def test_a_channel_that_somebody_has_used_again_is_not_removed(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head, days=30, channel_days=60)
    gone = left(quiet_days=40)
    expire()
    write(gone, vaults.open_box(Dialogue.objects.get(pk=gone.pk).box, ["mika"]))
    Dialogue.objects.filter(pk=gone.pk).update(active_on=TODAY)
    later = NOW + timedelta(days=29)
    expire(later.date(), now=later)
    assert has_content(gone)
    last = NOW + timedelta(days=30)
    expire(last.date(), now=last)
    assert not has_content(gone)
    assert Dialogue.objects.filter(pk=gone.pk).exists()


def test_a_second_run_the_same_day_finds_nothing(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    left(quiet_days=100)
    expire()
    assert expire() == [Expired("mika", "SN 2026/17", 0, 0, 0)]


def test_a_head_starts_it_for_her_own_unit_alone(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    ruled(cast.kast_head, unit="kast")
    ours, theirs = left(quiet_days=100), left(unit="kast", quiet_days=100)
    assert [one.unit for one in expire(by=cast.mika_head)] == ["mika"]
    assert not has_content(ours)
    assert has_content(theirs)


def test_whoever_runs_the_system_may_start_it_and_others_may_not(cast: SimpleNamespace) -> None:
    ruled(cast.mika_head)
    assert [one.unit for one in expire(by=cast.administrator)] == ["mika"]
    with pytest.raises(NotVisible):
        expire(by=cast.controller)


class Killed(BaseException):
    """As if by kill -9: nothing catches it."""


def test_a_run_that_is_killed_leaves_each_dialogue_whole_or_erased_and_is_gone_on_with(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(cast.mika_head)
    many = [left(quiet_days=100) for _one in range(5)]
    begin_anew, begun = keeping._begin_anew, []

    def killed_at_the_third(dialogue: Dialogue, on: date) -> None:
        begun.append(dialogue)
        if len(begun) == 3:
            raise Killed
        begin_anew(dialogue, on)

    monkeypatch.setattr(keeping, "BATCH", 2)
    monkeypatch.setattr(keeping, "_begin_anew", killed_at_the_third)
    with pytest.raises(Killed):
        expire()
    monkeypatch.undo()
    whole = [one for one in many if has_content(one)]
    assert len(whole) == 3
    assert [read_by_unit(one).called for one in whole] == ["Påhittad"] * 3
    assert expire()[0].contents == 3
    assert not Message.objects.filter(dialogue__in=many).exists()


def test_who_had_the_page_open_while_it_was_erased_writes_into_the_new_box(
    cast: SimpleNamespace,
) -> None:
    from hamn.support.door.actions.dialogues import add_person_message
    from hamn.support.door.queries.person import Opened, box_of, messages_of

    ruled(cast.mika_head)
    gone = left(quiet_days=100)
    before = Opened(gone, box_of(gone, gone.seed), gone.seed)
    expire()
    after = add_person_message(before, text="nytt, påhittat", token=b"1" * 16, now=NOW)
    assert [one.text for one in messages_of(after)] == ["nytt, påhittat"]
    assert read_by_unit(gone).called == ""
