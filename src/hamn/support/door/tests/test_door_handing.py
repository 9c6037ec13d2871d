"""A dialogue handed to another unit, joined to casework, or opened for somebody who calls."""

from types import SimpleNamespace
from typing import Any

import pytest
from tools import public_words

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault.models import Grant, SealedBox
from hamn.support.cases import actions as casework
from hamn.support.cases.actions.intake import Intake
from hamn.support.cases.models import Case
from hamn.support.cases.rules.states import ClosedToYou
from hamn.support.door.actions.answers import write_as_staff
from hamn.support.door.actions.calling import open_for_caller
from hamn.support.door.actions.casework import link_dialogue, open_case_for, unlink_dialogue
from hamn.support.door.actions.handing import hand_over_dialogue
from hamn.support.door.actions.inbox import block_dialogue, read_dialogue, read_number
from hamn.support.door.actions.person import be_called
from hamn.support.door.models import Dialogue
from hamn.support.door.queries.person import messages_of
from hamn.support.door.rules.inbox import NotHanded, NotOpen, Taken
from hamn.support.door.rules.told import HANDED_AGREED, HANDED_NEEDED, INVITATION

from .booked import a_slot
from .inbox import NOW, NUMBER, TEXT, body, call_wanted, of, opened_by, write_more, written
from .reading import Somebody

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def hand(dialogue: Any, by: Any, **more: Any) -> Dialogue:
    given: dict[str, Any] = {
        "service": "kast",
        "ground": "consent",
        "reason": "",
        "now": NOW,
    } | more
    return hand_over_dialogue(dialogue_id=dialogue.pk, by=by, **given)


def note(dialogue: Any, by: Any, text: str, visibility: str) -> Any:
    return write_as_staff(dialogue_id=dialogue.pk, text=text, visibility=visibility, by=by, now=NOW)


def texts(dialogue: Any, by: Any) -> list[str]:
    return [one.text or "" for one in read_dialogue(dialogue_id=dialogue.pk, by=by)[1]]


def test_what_is_handed_over_is_read_there_and_no_longer_here(cast: SimpleNamespace) -> None:
    opened = written()
    note(opened.dialogue, cast.mika_worker, "Till enheten", "unit")
    row = hand(opened.dialogue, cast.mika_worker)
    assert (row.unit, row.service, row.assigned_to) == ("kast", "kast", None)
    told = texts(row, cast.kast_worker)
    assert told[:2] == [TEXT, "Till enheten"]
    assert "Överlämnad från" in told[2] and "personen samtycker" in told[2]
    with pytest.raises(NotVisible):
        read_dialogue(dialogue_id=row.pk, by=cast.mika_worker)


def test_no_grant_to_the_old_unit_is_left(cast: SimpleNamespace) -> None:
    opened = written()
    call_wanted(opened.dialogue)
    note(opened.dialogue, cast.mika_worker, "Till enheten", "unit")
    row = hand(opened.dialogue, cast.mika_worker)
    boxes = {row.box, *row.messages.values_list("box", flat=True)}
    boxes |= set(row.reaches.values_list("box", flat=True))
    grants = Grant.objects.filter(box_id__in=boxes)
    assert set(grants.values_list("unit", flat=True)) == {"kast"}
    assert grants.count() == len(boxes)
    assert read_number(dialogue_id=row.pk, by=cast.kast_worker, now=NOW)[1].address == NUMBER


def test_the_persons_code_opens_it_as_before_and_she_is_told(cast: SimpleNamespace) -> None:
    opened = written()
    hand(opened.dialogue, cast.mika_worker)
    told = messages_of(opened)
    assert told[0].text == TEXT
    assert (told[1].author, "fortsätter hos KAST" in told[1].text) == ("system", True)
    again = write_more(type(opened)(Dialogue.objects.get(), opened.box, opened.seed), "Hej igen")
    assert "Hej igen" in texts(again.dialogue, cast.kast_worker)


def test_what_was_answered_before_stays_the_old_services_for_both_sides(
    cast: SimpleNamespace,
) -> None:
    opened = written()
    note(opened.dialogue, cast.mika_worker, "Mikas svar", "person")
    assert messages_of(opened)[-1].service == ""
    row = hand(opened.dialogue, cast.mika_worker)
    note(row, cast.kast_worker, "KAST:s svar", "person")
    now = type(opened)(Dialogue.objects.get(), opened.box, opened.seed)
    told = {one.text: one.service for one in messages_of(now)}
    assert (told["Mikas svar"], told["KAST:s svar"]) == ("Mikamottagningen", "")
    said = read_dialogue(dialogue_id=row.pk, by=cast.kast_worker)[1]
    read = {one.text: one.service for one in said}
    assert (read["Mikas svar"], read["KAST:s svar"]) == ("Mikamottagningen", "")


def test_both_sides_pages_name_the_service_that_wrote(
    cast: SimpleNamespace, door: Any, desk: Any
) -> None:
    she = Somebody(door())
    code = she.writes()
    dialogue = opened_by(code).dialogue
    note(dialogue, cast.mika_worker, "Mikas svar", "person")
    note(hand(dialogue, cast.mika_worker), cast.kast_worker, "KAST:s svar", "person")
    page = she.comes_back(code)
    assert 0 < page.index("Personal på Mikamottagningen") < page.index("Personal på KAST")
    told = body(desk(cast.kast_worker).get(of("dialogue", dialogue)))
    assert f"{cast.mika_worker.title}, Mikamottagningen" in told
    assert f"{cast.kast_worker.title}, " not in told


def test_an_answer_from_before_this_was_kept_is_told_as_the_dialogues_own(
    cast: SimpleNamespace,
) -> None:
    opened = written()
    note(opened.dialogue, cast.mika_worker, "Gammalt svar", "person").dialogue.messages.update(
        service=None
    )
    hand(opened.dialogue, cast.mika_worker)
    now = type(opened)(Dialogue.objects.get(), opened.box, opened.seed)
    assert {one.service for one in messages_of(now)} == {""}


def test_each_workers_own_notes_die_with_the_handing_over(cast: SimpleNamespace) -> None:
    opened = written()
    own = note(opened.dialogue, cast.mika_worker, "Min egen", "own")
    row = hand(opened.dialogue, cast.mika_worker)
    assert not row.messages.filter(visibility="own").exists()
    assert not SealedBox.objects.filter(pk=own.box).exists()


def test_a_need_is_stated_and_read_by_the_other_unit_alone(cast: SimpleNamespace) -> None:
    opened = written()
    with pytest.raises(BadInput):
        hand(opened.dialogue, cast.mika_worker, ground="need_to_know", reason="kort")
    with pytest.raises(BadInput):
        hand(opened.dialogue, cast.mika_worker, ground="whim", reason="en lång anledning")
    row = hand(
        opened.dialogue, cast.mika_worker, ground="need_to_know", reason="Ni har redan ärendet"
    )
    assert "Ni har redan ärendet" in texts(row, cast.kast_worker)[1]
    assert not [one for one in messages_of(opened) if "Ni har redan" in one.text]
    assert "Ni har redan" not in Entry.objects.latest("place").facts


def test_who_was_not_asked_is_told_of_the_need_and_that_she_may_object(
    cast: SimpleNamespace,
) -> None:
    agreed, needed = written(), written()
    hand(agreed.dialogue, cast.mika_worker)
    reason = {"ground": "need_to_know", "reason": "Ni har redan ärendet"}
    hand(needed.dialogue, cast.mika_worker, **reason)
    objects = "som behöver den för sitt eget arbete med dig. Vill du inte det, skriv det här."
    assert [objects in messages_of(one)[-1].text for one in (agreed, needed)] == [False, True]


def test_what_a_person_is_told_in_her_own_language_stands_in_every_language_of_the_door() -> None:
    assert {HANDED_AGREED, HANDED_NEEDED, INVITATION} <= set(public_words.public_sentences())


def test_who_is_handed_to_the_coordinator_for_children_is_met_as_a_child(
    cast: SimpleNamespace,
) -> None:
    row = hand(written().dialogue, cast.mika_worker, service="coordinator_child")
    assert Dialogue.objects.get(pk=row.pk).is_child
    by = cast.child_coordinator
    case_id = open_case_for(dialogue_id=row.pk, by=by, now=NOW).case_id
    assert case_id is not None
    case = casework.read_case(case_id=case_id, what="timeline", by=by, now=NOW)
    assert case.content.age_group == "child"


def test_who_is_handed_elsewhere_is_no_child_by_that(cast: SimpleNamespace) -> None:
    assert not hand(written().dialogue, cast.mika_worker).is_child


def test_a_dialogue_of_a_case_is_not_handed_over_until_it_is_let_go(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    open_case_for(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    with pytest.raises(NotHanded):
        hand(dialogue, cast.mika_worker)
    row = Dialogue.objects.get()
    assert (row.unit, row.case_id is not None, row.messages.count()) == ("mika", True, 1)
    unlink_dialogue(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    assert hand(dialogue, cast.mika_worker).unit == "kast"


def test_it_is_not_handed_to_its_own_unit_nor_when_it_is_not_open(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    with pytest.raises(NotHanded):
        hand(dialogue, cast.mika_worker, service="mika")
    with pytest.raises(NotVisible):
        hand(dialogue, cast.mika_worker, service="nowhere")
    block_dialogue(dialogue_id=dialogue.pk, reason="flood", by=cast.mika_worker, now=NOW)
    with pytest.raises(NotOpen):
        hand(dialogue, cast.mika_worker)
    assert Dialogue.objects.get().unit == "mika"


def test_a_booked_time_is_seen_to_first(cast: SimpleNamespace) -> None:
    from datetime import timedelta

    from django.utils import timezone

    dialogue = written().dialogue
    slot = a_slot(cast.mika_worker)
    slot.starts_at = timezone.now() + timedelta(days=1)
    slot.save()
    booking = dialogue.bookings.create(slot=slot, booked_on=NOW.date())
    with pytest.raises(NotHanded):
        hand(dialogue, cast.mika_worker)
    booking.cancelled_at = timezone.now()
    booking.save()
    assert hand(dialogue, cast.mika_worker).unit == "kast"


@pytest.mark.parametrize("who", ["kast_worker", "administrator", "controller"])
def test_outside_the_unit_nobody_hands_it_over(who: str, cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible):
        hand(written().dialogue, getattr(cast, who))


def test_a_case_is_opened_with_what_the_person_has_said_and_no_more(
    cast: SimpleNamespace,
) -> None:
    opened = be_called(written(), called="Påhittad Ek", now=NOW)
    row = open_case_for(dialogue_id=opened.dialogue.pk, by=cast.mika_worker, now=NOW)
    assert row.case_id is not None
    case = casework.read_case(case_id=row.case_id, what="timeline", by=cast.mika_worker, now=NOW)
    says = case.content
    assert (says.called, says.identity_level, says.source) == (
        "Påhittad Ek",
        "pseudonymous",
        "digital_door",
    )
    assert (says.age_group, says.municipality) == ("unknown", "unknown")
    with pytest.raises(Taken):
        open_case_for(dialogue_id=row.pk, by=cast.mika_worker, now=NOW)


def test_a_dialogue_is_joined_to_a_case_by_its_number_and_let_go_again(
    cast: SimpleNamespace,
) -> None:
    dialogue = written().dialogue
    intake = Intake(service="mika")
    case = casework.take_in(intake=intake, by=cast.mika_worker, now=NOW)
    given = {"dialogue_id": dialogue.pk, "by": cast.mika_worker}
    row = link_dialogue(number=case.content.number.lower(), now=NOW, **given)
    assert row.case_id == case.case.pk
    with pytest.raises(Taken):
        link_dialogue(number=case.content.number, now=NOW, **given)
    assert unlink_dialogue(**given, now=NOW).case_id is None
    with pytest.raises(Taken):
        unlink_dialogue(**given, now=NOW)
    assert Case.objects.filter(pk=case.case.pk).exists()


def test_the_trail_names_the_case_by_a_name_that_dies_with_its_key(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    case_id = open_case_for(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW).case_id
    assert case_id is not None
    case = casework.read_case(case_id=case_id, what="timeline", by=cast.mika_worker, now=NOW)
    unlink_dialogue(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    for event in ("door.dialogue_linked", "door.dialogue_unlinked"):
        entry = Entry.objects.get(event=event)
        assert f'"case":"{case.box.trail_name}"' in entry.facts
        assert '"why":"responsible"' in entry.facts
        assert str(case_id) not in entry.facts


def test_a_dialogue_is_not_taken_out_of_a_colleagues_case(cast: SimpleNamespace) -> None:
    dialogue = written().dialogue
    open_case_for(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    with pytest.raises(ClosedToYou):
        unlink_dialogue(dialogue_id=dialogue.pk, by=cast.mika_second, now=NOW)
    dialogue.refresh_from_db()
    assert dialogue.case_id is not None


def test_a_colleagues_case_and_another_units_are_told_of_in_the_same_words(
    cast: SimpleNamespace,
) -> None:
    dialogue = written().dialogue
    hers = casework.take_in(intake=Intake(service="mika"), by=cast.mika_second, now=NOW)
    theirs = casework.take_in(intake=Intake(service="kast"), by=cast.kast_worker, now=NOW)
    told = set()
    for number in (hers.content.number, theirs.content.number, "M-0000-000"):
        with pytest.raises(BadInput) as refused:
            link_dialogue(dialogue_id=dialogue.pk, number=number, by=cast.mika_worker, now=NOW)
        told.add(str(refused.value))
    assert len(told) == 1


def call(by: Any, **more: Any) -> tuple[Dialogue, str]:
    given: dict[str, Any] = {
        "service": "mika",
        "origin": "phone",
        "language": "sv",
        "is_child": False,
    }
    given |= {"situation": "compensation", "text": "", "now": NOW} | more
    return open_for_caller(by=by, **given)


def test_who_calls_gets_a_code_that_opens_her_dialogue_once(cast: SimpleNamespace) -> None:
    dialogue, code = call(cast.mika_worker, text="Vi sa att du ringer på måndag.")
    opened = opened_by(code)
    assert opened.dialogue.pk == dialogue.pk
    assert opened.dialogue.is_one_time
    assert [(one.author, one.text) for one in messages_of(opened)] == [
        ("staff", "Vi sa att du ringer på måndag.")
    ]
    assert opened.dialogue.answer_by is None


def test_the_code_stands_nowhere(cast: SimpleNamespace) -> None:
    dialogue, code = call(cast.mika_worker, text="")
    assert code not in repr(Dialogue.objects.filter(pk=dialogue.pk).values())
    entry = Entry.objects.latest("place")
    assert entry.event == "door.dialogue_opened"
    assert code not in entry.facts
    assert dialogue.messages.count() == 0


def test_a_child_is_met_where_children_are_met(cast: SimpleNamespace) -> None:
    with pytest.raises(BadInput):
        call(cast.mika_worker, is_child=True)
    dialogue, _code = call(
        cast.child_coordinator, service="coordinator_child", is_child=True, situation="child"
    )
    assert dialogue.is_child


def test_nobody_opens_a_dialogue_in_another_unit_or_as_if_from_the_web(
    cast: SimpleNamespace,
) -> None:
    for who in (cast.administrator, cast.kast_worker):
        with pytest.raises(NotVisible):
            call(who)
    with pytest.raises(BadInput):
        call(cast.mika_worker, origin="web")
    assert not Dialogue.objects.exists()
