"""The extract of a case holds what its dialogues hold: every field, message and way to reach."""

from dataclasses import fields
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.support.cases import actions as casework
from hamn.support.cases.queries.extracts import ExtractPiece, pieces_of_case
from hamn.support.cases.rules.requests import GIVEN
from hamn.support.door.actions import answers
from hamn.support.door.actions.casework import open_case_for
from hamn.support.door.actions.person import be_called
from hamn.support.door.models import Booking, Dialogue, Slot, StillNeeded
from hamn.support.door.rules.content import OF_MODEL
from hamn.support.door.tests.inbox import NOW, NUMBER, TEXT, call_wanted, written

pytestmark = pytest.mark.django_db


def pieces(dialogue: Dialogue, by: Any, units: frozenset[str]) -> dict[str, ExtractPiece]:
    """The pieces of the dialogue's case, by the word before their id."""
    dialogue.refresh_from_db()
    assert dialogue.case_id is not None
    opened = casework.read_case(case_id=dialogue.case_id, what="data_extract", by=by, now=NOW)
    return {piece.code.split(":")[0]: piece for piece in pieces_of_case(opened, units)}


def text_of(piece: ExtractPiece) -> str:
    return "\n".join(f"{told.label}: {told.value}" for told in piece.told)


def test_the_extract_of_a_case_holds_everything_of_its_dialogue(cast: SimpleNamespace) -> None:
    worker, units = cast.mika_worker, frozenset({"mika"})
    opened = written(text="Påhittad fråga\nmed en rad till", language="en")
    dialogue = opened.dialogue
    be_called(opened, called="Påhittad Ek", now=NOW)
    given = {"dialogue_id": dialogue.pk, "by": worker, "now": NOW}
    call_wanted(dialogue, since=9, until=12, days=(0, 2))
    for visibility, words in (("person", "Svarsord"), ("unit", "Enhetsord"), ("own", "Egetord")):
        answers.write_as_staff(text=words, visibility=visibility, **given)
    slot = Slot.objects.create(
        unit="mika", starts_at=NOW + timedelta(days=1), minutes=45, form="visit", worker=worker
    )
    Booking.objects.create(slot=slot, dialogue=dialogue, booked_on=NOW.date())
    open_case_for(**given)
    found = pieces(dialogue, worker, units)
    whole = text_of(found["dialogue"])
    for words in ("Påhittad fråga\nmed en rad till", "Svarsord", "Påhittad Ek", "engelska"):
        assert words in whole
    assert "Bokad tid 3 mars 2026: besök, 45 minuter" in whole
    assert "Enhetsord" not in whole
    assert "Enhetsord" in text_of(found["door_note"])
    assert NUMBER in text_of(found["reach"])
    assert "mellan klockan 9 och klockan 12" in text_of(found["reach"])
    assert "måndag, onsdag" in text_of(found["reach"])
    assert found["own_notes"].usual == "draft"
    everything = "\n".join(map(text_of, found.values()))
    assert "Egetord" not in everything
    assert {piece.usual for code, piece in found.items() if code != "own_notes"} == {GIVEN}


def test_an_extract_holds_no_other_dialogue_than_its_cases(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    other = written(text="En annan påhittad fråga").dialogue
    for one in (dialogue, other):
        open_case_for(dialogue_id=one.pk, by=cast.mika_worker, now=NOW)
    found = pieces(dialogue, cast.mika_worker, frozenset({"mika"}))
    assert TEXT in text_of(found["dialogue"])
    assert "En annan" not in "\n".join(map(text_of, found.values()))


def test_a_unit_that_cannot_open_a_dialogue_tells_that_there_is_one(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    open_case_for(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    told = text_of(pieces(dialogue, cast.mika_worker, frozenset())["dialogue"])
    assert "Lämnas ut av den enheten" in told
    assert TEXT not in told
    assert "Senaste aktivitet" not in told


def test_a_report_of_concern_is_not_told_by_the_reason_for_keeping_the_dialogue(
    cast: SimpleNamespace,
) -> None:
    dialogue = written().dialogue
    open_case_for(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    StillNeeded.objects.create(
        dialogue=dialogue, until=NOW.date(), reason="concern_report", by=cast.mika_worker
    )
    found = pieces(dialogue, cast.mika_worker, frozenset({"mika"}))
    assert found["kept"].usual == "reporter"
    assert "orosanmälan" not in "".join(
        text_of(piece) for code, piece in found.items() if code != "kept"
    )


@pytest.mark.parametrize("situation", ["relative", "relative_of_buyer"])
def test_a_relatives_dialogue_is_held_until_someone_decides(
    cast: SimpleNamespace, situation: str
) -> None:
    dialogue = written(situation=situation).dialogue
    call_wanted(dialogue)
    open_case_for(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    found = pieces(dialogue, cast.mika_worker, frozenset({"mika"}))
    assert {found[code].usual for code in ("dialogue", "reach")} == {"other_person"}


def test_every_field_that_a_dialogue_can_say_is_told() -> None:
    told = {
        "Dialogue": {"called"},
        "Message": {"text"},
        "Reach": {"address", "since", "until", "days", "wording"},
    }
    assert {name: {one.name for one in fields(kind)} for name, kind in OF_MODEL.items()} == told


def test_every_relation_of_a_dialogue_is_told_or_has_a_reason_not_to() -> None:
    related = {one.get_accessor_name() for one in Dialogue._meta.related_objects}
    assert related == {"messages", "reaches", "bookings", "still_needed"}
