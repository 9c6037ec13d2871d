"""The inbox: for whom a dialogue exists, in which lists it stands, whose it is, who is blocked."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault.models import SealedBox
from hamn.support.door.actions.answers import write_as_staff
from hamn.support.door.actions.inbox import (
    assign_dialogue,
    block_dialogue,
    list_dialogues,
    mark_called_back,
    read_dialogue,
    read_number,
    unblock_dialogue,
)
from hamn.support.door.actions.keeping import erase_asked
from hamn.support.door.actions.person import ask_other_worker, be_called
from hamn.support.door.models import Dialogue, DialogueFact, Reach
from hamn.support.door.queries import inbox
from hamn.support.door.rules.inbox import NotOpen, Taken

from .inbox import NOW, NUMBER, call_wanted, write_more, written
from .kept import booked, ruled

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
OUTSIDE = ("kast_worker", "kast_head", "adult_coordinator", "administrator", "controller", "reader")


def listed(viewer: Any, part: str, unit: str = "mika", on: Any = TODAY) -> set[Any]:
    return {row.pk for row in inbox.part_of(viewer, part, unit, on)}


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_unit_there_is_no_dialogue(who: str, cast: SimpleNamespace) -> None:
    there, person = written().dialogue.pk, getattr(cast, who)
    told = []
    for dialogue_id in (there, uuid4()):
        with pytest.raises(NotVisible) as refused:
            read_dialogue(dialogue_id=dialogue_id, by=person)
        told.append(str(refused.value))
    assert told[0] == told[1]
    assert not listed(person, "open")


def test_everyone_in_the_unit_reads_it_and_the_trail_knows_who(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    for who in (cast.mika_worker, cast.mika_second, cast.mika_head):
        opened, said = read_dialogue(dialogue_id=dialogue.pk, by=who)
        assert len(said) == 1
        entry = Entry.objects.latest("place")
        assert (entry.event, entry.by) == ("door.dialogue_read", f"access.person:{who.pk}")
        assert entry.on == opened.box.trail_name
        assert str(dialogue.pk) not in entry.facts


def test_what_waits_stands_with_its_day_and_leaves_the_list_when_it_is_answered(
    cast: SimpleNamespace,
) -> None:
    dialogue = written().dialogue
    assert listed(cast.mika_worker, "waiting") == {dialogue.pk}
    assert not listed(cast.mika_worker, "overdue")
    later = TODAY + timedelta(days=9)
    assert listed(cast.mika_worker, "overdue", on=later) == {dialogue.pk}
    write_as_staff(
        dialogue_id=dialogue.pk, text="Svar", visibility="person", by=cast.mika_worker, now=NOW
    )
    assert not listed(cast.mika_worker, "waiting")
    assert listed(cast.mika_worker, "mine") == {dialogue.pk}
    assert not listed(cast.mika_worker, "unassigned")


def test_the_counts_are_those_of_the_lists(cast: SimpleNamespace) -> None:
    opened = written()
    written(service="kast")
    call_wanted(written().dialogue)
    assign_dialogue(
        dialogue_id=opened.dialogue.pk, person_id=cast.mika_worker.pk, by=cast.mika_worker
    )
    told = inbox.counts(cast.mika_worker, "mika", TODAY)
    assert told == (2, 0, 1, 1, 1)
    for name, count in told._asdict().items():
        assert len(listed(cast.mika_worker, name)) == count


def test_the_lists_of_a_unit_that_is_not_hers_are_empty(cast: SimpleNamespace) -> None:
    written(service="kast")
    assert not listed(cast.mika_worker, "open", unit="kast")
    assert inbox.counts(cast.mika_worker, "kast", TODAY) == (0, 0, 0, 0, 0)


def test_a_list_tells_what_the_person_wants_to_be_called_and_leaves_its_trace(
    cast: SimpleNamespace,
) -> None:
    named = be_called(written(), called="Påhittad Ek", now=NOW).dialogue
    silent, other = written().dialogue, written(service="kast").dialogue
    told = list_dialogues(dialogues=[named, silent, other], by=cast.mika_worker)
    assert told == {named.pk: "Påhittad Ek", silent.pk: ""}
    entry = Entry.objects.latest("place")
    assert entry.event == "door.dialogues_listed"
    assert entry.facts.count("sealed:") == 2


def test_a_list_costs_the_same_for_one_and_for_many(cast: SimpleNamespace) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            rows = list(inbox.part_of(cast.mika_worker, "open", "mika", TODAY))
            list_dialogues(dialogues=rows, by=cast.mika_worker)
        return len(seen)

    written()
    cost()  # her roles are asked for once
    one = cost()
    for _each in range(4):
        written()
    assert cost() == one


def test_who_is_asked_for_is_somebody_in_the_unit(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    with pytest.raises(BadInput):
        assign_dialogue(dialogue_id=dialogue.pk, person_id=cast.kast_worker.pk, by=cast.mika_worker)
    with pytest.raises(NotVisible):
        assign_dialogue(dialogue_id=dialogue.pk, person_id=cast.kast_worker.pk, by=cast.kast_worker)
    row = assign_dialogue(
        dialogue_id=dialogue.pk, person_id=cast.mika_second.pk, by=cast.mika_worker
    )
    assert row.assigned_to_id == cast.mika_second.pk
    assert (
        assign_dialogue(dialogue_id=dialogue.pk, person_id=None, by=cast.mika_worker).assigned_to_id
        is None
    )


def test_a_dialogue_of_who_has_left_the_unit_is_nobodys_again(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    given = {"dialogue_id": dialogue.pk, "by": cast.mika_worker}
    assign_dialogue(person_id=cast.mika_second.pk, **given)
    assert not listed(cast.mika_worker, "unassigned")
    cast.mika_second.memberships.update(unit="kast")
    assert listed(cast.mika_worker, "unassigned") == {dialogue.pk}
    assert inbox.counts(cast.mika_worker, "mika", TODAY).unassigned == 1


def test_a_dialogue_of_who_meets_nobody_any_more_is_nobodys_again(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    given = {"dialogue_id": dialogue.pk, "by": cast.mika_worker}
    assign_dialogue(person_id=cast.mika_second.pk, **given)
    cast.mika_second.role_rows.all().delete()
    assert listed(cast.mika_worker, "unassigned") == {dialogue.pk}


def test_who_asked_for_another_worker_has_got_one_when_it_is_another(
    cast: SimpleNamespace,
) -> None:
    opened = written()
    given = {"dialogue_id": opened.dialogue.pk, "by": cast.mika_worker}
    assign_dialogue(person_id=cast.mika_worker.pk, **given)
    ask_other_worker(opened, wants=True, now=NOW)
    assert assign_dialogue(person_id=cast.mika_worker.pk, **given).asks_other_worker
    assert not assign_dialogue(person_id=cast.mika_second.pk, **given).asks_other_worker


def test_a_blocked_sender_is_let_in_again(cast: SimpleNamespace) -> None:
    opened = written()
    given = {"dialogue_id": opened.dialogue.pk, "by": cast.mika_worker}
    block_dialogue(reason="threats", now=NOW, **given)
    assert Dialogue.objects.get(pk=opened.dialogue.pk).state == "blocked"
    assert listed(cast.mika_worker, "closed") == {opened.dialogue.pk}
    assert not listed(cast.mika_worker, "waiting")
    with pytest.raises(NotOpen):
        block_dialogue(reason="threats", now=NOW, **given)
    unblock_dialogue(**given)
    assert Dialogue.objects.get(pk=opened.dialogue.pk).state == "open"
    with pytest.raises(NotOpen):
        unblock_dialogue(**given)


def test_the_times_of_a_blocked_sender_are_free_again(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    booking = booked(dialogue, cast.mika_worker, in_days=300)
    block_dialogue(dialogue_id=dialogue.pk, reason="flood", by=cast.mika_worker, now=NOW)
    booking.refresh_from_db()
    assert booking.cancelled_by == "staff"


def test_a_block_has_a_reason_that_the_trail_keeps_in_code(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    with pytest.raises(BadInput):
        block_dialogue(dialogue_id=dialogue.pk, reason="because", by=cast.mika_worker, now=NOW)
    block_dialogue(dialogue_id=dialogue.pk, reason="flood", by=cast.mika_worker, now=NOW)
    assert '"reason":"flood"' in Entry.objects.latest("place").facts


def test_a_number_is_seen_by_the_unit_and_gone_from_the_list_when_she_was_called(
    cast: SimpleNamespace,
) -> None:
    dialogue = written().dialogue
    call_wanted(dialogue, since=9, until=12, days=(0, 1))
    assert NUMBER not in repr(Reach.objects.values())
    _opened, reach = read_number(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    assert (reach.address, reach.since, reach.until, reach.days) == (NUMBER, 9, 12, (0, 1))
    assert Entry.objects.latest("place").event == "door.reach_read"
    with pytest.raises(NotVisible):
        read_number(dialogue_id=dialogue.pk, by=cast.kast_worker, now=NOW)
    mark_called_back(dialogue_id=dialogue.pk, by=cast.mika_worker, now=timezone.now())
    assert not listed(cast.mika_worker, "calls")
    with pytest.raises(Taken):
        read_number(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    with pytest.raises(Taken):
        mark_called_back(dialogue_id=dialogue.pk, by=cast.mika_worker, now=timezone.now())


@pytest.mark.parametrize(
    ("was_answer", "seen", "is_waiting"), [(True, 2, False), (True, 1, True), (False, 2, True)]
)
def test_a_call_ends_the_waiting_when_it_was_the_answer_to_all_she_wrote(
    was_answer: bool, seen: int, is_waiting: bool, cast: SimpleNamespace
) -> None:
    opened = written()
    call_wanted(opened.dialogue)
    write_more(opened, "Ett tillägg")
    given = {"dialogue_id": opened.dialogue.pk, "by": cast.mika_worker, "now": NOW}
    mark_called_back(was_answer=was_answer, seen=seen, **given)
    later = TODAY + timedelta(days=9)
    assert listed(cast.mika_worker, "overdue", on=later) == (
        {opened.dialogue.pk} if is_waiting else set()
    )
    assert not listed(cast.mika_worker, "calls")
    assert DialogueFact.objects.filter(kind="answer").count() == (0 if is_waiting else 1)


def test_the_number_dies_by_the_units_decision_when_the_worker_has_been_round(
    cast: SimpleNamespace,
) -> None:
    ruled(cast.mika_head)
    dialogue = written().dialogue
    call_wanted(dialogue)
    box = dialogue.reaches.get().box
    mark_called_back(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    erase_asked(now=NOW)
    assert not SealedBox.objects.filter(pk=box).exists()
    assert not dialogue.reaches.exists()
