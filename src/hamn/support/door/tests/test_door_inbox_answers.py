"""Answers and notes: who reads them, what they end, what is counted."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import Unreadable
from hamn.support.door.actions.answers import save_template, write_as_staff
from hamn.support.door.actions.inbox import read_dialogue
from hamn.support.door.models import AnswerTemplate, Dialogue, DialogueFact, Message
from hamn.support.door.queries.dialogues import content_of
from hamn.support.door.queries.person import messages_of
from hamn.support.door.rules.content import MessageContent
from hamn.support.door.rules.inbox import NotOpen, Taken
from hamn.support.door.rules.words import Visibility

from .inbox import NOW, TEXT, write_more, written

pytestmark = pytest.mark.django_db


def answer(dialogue: Any, by: Any, text: str = "Påhittat svar", **more: Any) -> Message:
    given: dict[str, Any] = {"visibility": "person", "now": NOW} | more
    return write_as_staff(dialogue_id=dialogue.pk, text=text, by=by, **given)


def texts_for(dialogue: Any, by: Any) -> list[str | None]:
    return [one.text for one in read_dialogue(dialogue_id=dialogue.pk, by=by)[1]]


def test_an_answer_reaches_the_person_and_ends_her_waiting(cast: SimpleNamespace) -> None:
    opened = written()
    answer(opened.dialogue, cast.mika_worker)
    assert [one.text for one in messages_of(opened)] == [TEXT, "Påhittat svar"]
    row = Dialogue.objects.get(pk=opened.dialogue.pk)
    assert (row.waits_since, row.answer_by, row.seen_by_person) == (None, None, False)
    assert row.assigned_to == cast.mika_worker


def test_the_person_meets_neither_the_units_note_nor_anyones_own(cast: SimpleNamespace) -> None:
    opened = written()
    for visibility in (Visibility.UNIT, Visibility.OWN):
        answer(opened.dialogue, cast.mika_worker, "Bara för oss", visibility=visibility)
    assert [one.text for one in messages_of(opened)] == [TEXT]


@pytest.mark.parametrize("visibility", [Visibility.UNIT, Visibility.OWN])
def test_the_persons_key_does_not_open_a_note_even_with_the_row_in_hand(
    visibility: Visibility, cast: SimpleNamespace
) -> None:
    opened = written()
    note = answer(opened.dialogue, cast.mika_worker, "Bara för oss", visibility=visibility)
    assert note.box != opened.box.id
    with pytest.raises(Unreadable):
        content_of(note, opened.box, MessageContent)
    with pytest.raises(Unreadable):
        vaults.person_box(note.box, bytes(opened.dialogue.key_for_person), opened.seed)


def test_a_colleague_reads_the_units_note_and_not_another_workers_own(
    cast: SimpleNamespace,
) -> None:
    dialogue = written().dialogue
    answer(dialogue, cast.mika_worker, "Till enheten", visibility=Visibility.UNIT)
    answer(dialogue, cast.mika_worker, "Min egen", visibility=Visibility.OWN)
    assert texts_for(dialogue, cast.mika_worker) == [TEXT, "Till enheten", "Min egen"]
    assert texts_for(dialogue, cast.mika_second) == [TEXT, "Till enheten"]
    assert texts_for(dialogue, cast.mika_head) == [TEXT, "Till enheten"]


def test_a_note_is_no_answer(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    answer(dialogue, cast.mika_worker, "Till enheten", visibility=Visibility.UNIT)
    row = Dialogue.objects.get(pk=dialogue.pk)
    assert row.answer_by is not None
    assert row.seen_by_person
    assert row.assigned_to is None
    assert not DialogueFact.objects.filter(kind="answer").exists()


@pytest.mark.parametrize(
    ("days", "working_days", "in_time"),
    [(0, 0, True), (1, 1, True), (2, 2, True), (3, 3, False), (7, 5, False), (60, 6, False)],
)
def test_how_long_she_waited_is_counted_in_working_days(
    days: int, working_days: int, in_time: bool, cast: SimpleNamespace
) -> None:
    """From a Monday; two working days are promised."""
    answer(written().dialogue, cast.mika_worker, now=NOW + timedelta(days=days))
    fact = DialogueFact.objects.get(kind="answer")
    assert (fact.working_days, fact.was_in_time) == (working_days, in_time)
    assert (fact.unit, fact.year) == ("mika", 2026)


def test_a_second_answer_in_a_row_is_counted_once(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    answer(dialogue, cast.mika_worker)
    answer(dialogue, cast.mika_worker, "Ett tillägg")
    assert DialogueFact.objects.filter(kind="answer").count() == 1


def test_who_wrote_more_than_was_seen_waits_as_before_and_is_counted_when_she_is_answered(
    cast: SimpleNamespace,
) -> None:
    opened = written()
    promised = Dialogue.objects.get(pk=opened.dialogue.pk).answer_by
    write_more(opened, "Ett tillägg")
    answer(opened.dialogue, cast.mika_worker, seen=1)
    row = Dialogue.objects.get(pk=opened.dialogue.pk)
    assert [one.text for one in messages_of(opened)][-1] == "Påhittat svar"
    assert (row.waits_since, row.answer_by) == (NOW, promised)
    assert (row.assigned_to, row.seen_by_person) == (cast.mika_worker, False)
    assert not DialogueFact.objects.filter(kind="answer").exists()
    answer(opened.dialogue, cast.mika_worker, seen=2, now=NOW + timedelta(days=1))
    row.refresh_from_db()
    assert (row.waits_since, row.answer_by) == (None, None)
    assert DialogueFact.objects.get(kind="answer").working_days == 1


def test_a_colleagues_note_that_was_not_seen_keeps_nobody_waiting(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    answer(dialogue, cast.mika_second, "Till enheten", visibility=Visibility.UNIT)
    answer(dialogue, cast.mika_worker, seen=1)
    assert Dialogue.objects.get(pk=dialogue.pk).waits_since is None


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 20_001, "dolt\u202etecken"])
def test_what_is_empty_too_long_or_hidden_is_refused(text: str, cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    with pytest.raises(BadInput):
        answer(dialogue, cast.mika_worker, text)
    assert dialogue.messages.count() == 1


def test_an_unknown_reader_is_refused(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput):
        answer(written().dialogue, cast.mika_worker, visibility="everyone")


@pytest.mark.parametrize("state", ["ended", "blocked"])
def test_nothing_is_written_to_a_person_who_is_not_there(state: str, cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    Dialogue.objects.filter(pk=dialogue.pk).update(state=state, locator=None)
    with pytest.raises(NotOpen):
        answer(dialogue, cast.mika_worker)


@pytest.mark.parametrize("who", ["kast_worker", "kast_head", "administrator", "controller"])
def test_outside_the_unit_nobody_writes(who: str, cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    with pytest.raises(NotVisible):
        answer(dialogue, getattr(cast, who))
    assert dialogue.messages.count() == 1


def test_the_trail_says_who_wrote_to_whom_and_nothing_of_what(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    answer(dialogue, cast.mika_worker, "Hemligheten")
    entry = Entry.objects.filter(event="door.message_written").latest("place")
    assert '"visibility":"person"' in entry.facts
    assert entry.on.startswith("sealed:")
    assert "Hemligheten" not in entry.facts


def test_nothing_that_is_written_can_be_read_in_the_database(cast: SimpleNamespace) -> None:
    dialogue = written(text="PLANTERAT ett").dialogue
    for visibility in Visibility:
        answer(dialogue, cast.mika_worker, "PLANTERAT två", visibility=visibility)
    for row in Message.objects.values():
        assert "PLANTERAT" not in repr(row)


def ready(cast: SimpleNamespace, **more: Any) -> AnswerTemplate:
    given: dict[str, Any] = {"template_id": None, "unit": "mika", "language": "sv", "seen": ""}
    given |= {"title": "Välkommen", "text": "Hej och välkommen!", "by": cast.mika_worker}
    return save_template(**given | more)


def test_a_ready_answer_is_the_units_own(cast: SimpleNamespace) -> None:
    row = ready(cast)
    changed = ready(cast, template_id=row.pk, text="Hej!", seen="1", by=cast.mika_second)
    assert (changed.pk, changed.text, changed.version) == (row.pk, "Hej!", 2)
    with pytest.raises(NotVisible):
        ready(cast, template_id=row.pk, seen="2", by=cast.kast_worker)
    with pytest.raises(BadInput):
        ready(cast, unit="mika", title="Annan", by=cast.kast_worker)


def test_a_ready_answer_that_somebody_changed_meanwhile_is_not_overwritten(
    cast: SimpleNamespace,
) -> None:
    row = ready(cast)
    ready(cast, template_id=row.pk, text="Den andras", seen="1", by=cast.mika_second)
    with pytest.raises(Taken):
        ready(cast, template_id=row.pk, text="Min", seen="1")
    assert AnswerTemplate.objects.get(pk=row.pk).text == "Den andras"


def test_two_ready_answers_of_one_title_are_refused(cast: SimpleNamespace) -> None:
    ready(cast)
    with pytest.raises(Taken):
        ready(cast)


def test_the_month_is_all_that_a_fact_tells_of_when(cast: SimpleNamespace) -> None:
    answer(written().dialogue, cast.mika_worker)
    for fact in DialogueFact.objects.values():
        assert not [one for one in fact.values() if isinstance(one, date)]
