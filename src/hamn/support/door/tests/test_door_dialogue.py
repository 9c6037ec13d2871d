"""A person writes, comes back with her code, reads, writes again: the road that most will go."""

import secrets
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from hamn.core.errors import NotVisible
from hamn.guards.vault import queries as vaults
from hamn.support.door.actions import dialogues
from hamn.support.door.actions.dialogues import Gone, open_dialogue
from hamn.support.door.actions.person import note_read
from hamn.support.door.actions.sealing import put
from hamn.support.door.models import Dialogue, DialogueFact, Message, Reach
from hamn.support.door.queries import person
from hamn.support.door.queries.dialogues import content_of
from hamn.support.door.rules.codes import new_code
from hamn.support.door.rules.content import MessageContent
from hamn.support.door.tests.inbox import NOW, opened_by, written
from hamn.support.door.tests.reading import TEXT, Somebody

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def she(door: Any) -> Somebody:
    return Somebody(door())


def given(**more: Any) -> dict[str, Any]:
    fields = {
        "code": new_code(),
        "text": TEXT,
        "situation": "compensation",
        "service": "mika",
        "language": "sv",
        "is_child": False,
        "origin": "web",
        "token": secrets.token_bytes(32),
        "now": NOW,
    }
    return fields | more


def test_she_writes_and_reads_it_again_with_her_code(she: Somebody) -> None:
    code = she.writes()
    page = she.comes_back(code)
    assert she.status == 200
    assert TEXT in page
    assert "Du skriver med Mikamottagningen och är anonym." in page


def test_the_message_is_sealed_to_the_unit_and_to_her(she: Somebody) -> None:
    code = she.writes()
    row, message = Dialogue.objects.get(), Message.objects.get()
    units = vaults.open_box(row.box, {"mika"})
    assert content_of(message, units, MessageContent).text == TEXT
    assert person.messages_of(opened_by(code))[0].text == TEXT
    assert TEXT.encode() not in bytes(message.sealed)


def test_another_unit_cannot_open_it(she: Somebody) -> None:
    from hamn.guards.vault.rules import Unreadable

    she.writes()
    with pytest.raises(Unreadable):
        vaults.open_box(Dialogue.objects.get().box, {"kast"})


def test_nothing_that_is_stored_holds_the_code_or_what_opens(she: Somebody) -> None:
    from hamn.support.door.rules.keys import expanded

    code = she.writes()
    opened = opened_by(code)
    row = Dialogue.objects.get()
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for one in (row, Message.objects.get())
        for value in vars(one).values()
    )
    for secret in (code.encode(), opened.seed, opened.seed[:32], expanded(opened.seed, "form")):
        assert secret not in stored


def test_hours_of_what_she_does_are_whole_ones(she: Somebody) -> None:
    she.writes()
    message, row = Message.objects.get(), Dialogue.objects.get()
    assert (message.written_at.minute, message.written_at.second) == (0, 0)
    assert row.waits_since is not None
    assert (row.waits_since.minute, row.waits_since.second) == (0, 0)


def test_what_she_does_leaves_nothing_in_the_trail(she: Somebody) -> None:
    from hamn.guards.audit.models import Entry

    before = Entry.objects.count()
    code = she.writes()
    she.comes_back(code)
    she.sends("/svar/dialog/", text="mer")
    assert Entry.objects.count() == before


def test_she_writes_again(she: Somebody) -> None:
    she.comes_back(she.writes())
    page = she.sends("/svar/dialog/", text="Mer påhittat")
    assert "Mer påhittat" in page
    assert list(Message.objects.order_by("place").values_list("place", flat=True)) == [1, 2]


def test_the_same_message_sent_twice_is_one(she: Somebody) -> None:
    she.comes_back(she.writes())
    proof = she.carried
    for _each in range(3):
        she.browser.post("/svar/dialog/", {**proof, "text": "En gång"})
    assert Message.objects.count() == 2


def test_the_first_form_sent_twice_gives_the_same_dialogue_and_the_same_code(
    she: Somebody,
) -> None:
    she.visits("/kontakt/1/")
    form = {**she.carried, "text": TEXT, "age": "adult"}
    pages = [she.browser.post("/kontakt/1/", form) for _each in range(3)]
    codes = set()
    for page in pages:
        she.page = page
        codes.add(she.code)
    assert len(codes) == 1
    assert (Dialogue.objects.count(), Message.objects.count()) == (1, 1)
    assert DialogueFact.objects.filter(kind="opened").count() == 1


def test_the_first_form_sent_again_with_other_words_loses_none_of_them(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    form = {**she.carried, "age": "adult"}
    she.browser.post("/kontakt/1/", {**form, "text": "Först"})
    she.page = she.browser.post("/kontakt/1/", {**form, "text": "Sedan"})
    assert [one.text for one in person.messages_of(opened_by(she.code))] == ["Först", "Sedan"]


def test_the_first_form_sent_again_after_the_end_opens_nothing_anew(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    form = {**she.carried, "age": "adult", "text": TEXT}
    she.page = she.browser.post("/kontakt/1/", form)
    she.comes_back(she.code)
    she.visits("/svar/dialog/avsluta/")
    she.sends("/svar/dialog/avsluta/", wants_erased="keep")
    again = she.browser.post("/kontakt/1/", form)
    assert again.status_code == 422
    assert Dialogue.objects.filter(state="open").count() == 0


def test_a_form_that_was_open_for_more_than_a_day_keeps_the_words_and_is_sent_again(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.support.door.views.public import contact

    she.visits("/kontakt/1/")
    monkeypatch.setattr(contact, "_LIVES", timedelta(seconds=-61))
    page = she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert she.status == 422
    assert "Sidan hade varit öppen länge" in page
    assert TEXT in page
    monkeypatch.undo()
    she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert she.status == 200
    assert len(she.code) == 20


def test_a_fresh_page_has_a_fresh_code_that_nobody_can_read_in_it(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    first = she.carried["token"]
    she.visits("/kontakt/1/")
    assert she.carried["token"] != first
    she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert she.code.encode() not in first.encode()


def test_her_language_and_her_situation_go_with_it(she: Somebody) -> None:
    she.writes(number=3, age="unsaid")
    row = Dialogue.objects.get()
    assert (row.service, row.unit, row.situation) == ("kast", "kast", "buys")
    assert (row.language, row.origin, row.is_child) == ("sv", "web", False)


def test_the_receipt_names_the_day_of_the_answer_and_staff_see_the_same(she: Somebody) -> None:
    she.writes()
    row = Dialogue.objects.get()
    assert row.answer_by is not None
    assert "Du får svar senast" in she.text
    assert str(row.answer_by.day) in she.text.partition("Du får svar senast")[2][:30]


def test_the_receipt_spells_the_code_for_reading_aloud(she: Somebody) -> None:
    from hamn.support.door.rules import codes

    code = she.writes()
    for words in codes.spelled(code):
        assert " ".join(words) in she.text


def test_she_may_check_what_she_wrote_on_paper_and_sees_the_code_again(she: Somebody) -> None:
    code = she.writes()
    receipt = she.carried
    wrong = she.sends("/kontakt/kvitto/", again=new_code())
    assert "Det är inte samma kod" in wrong
    assert she.code == code
    she.page = she.browser.post("/kontakt/kvitto/", {**receipt, "again": code.lower()})
    assert "Koden på ditt papper är rätt" in she.text
    assert she.code == code


def test_the_day_first_promised_stands_when_she_writes_again() -> None:
    opened = written(now=NOW)
    first = Dialogue.objects.get().answer_by
    dialogues.add_person_message(opened, text="Mer", token=b"t", now=NOW + timedelta(days=1))
    assert Dialogue.objects.get().answer_by == first


def test_messages_are_counted_without_anything_of_her(she: Somebody) -> None:
    she.comes_back(she.writes())
    she.sends("/svar/dialog/", text="mer")
    kinds = list(DialogueFact.objects.order_by("kind").values_list("kind", flat=True))
    assert kinds == ["message", "message", "opened"]


def test_that_she_came_back_and_read_an_answer_is_counted_once(she: Somebody) -> None:
    code = she.writes()
    Dialogue.objects.update(seen_by_person=False)
    she.comes_back(code)
    she.visits("/svar/dialog/")
    assert DialogueFact.objects.filter(kind="returned").count() == 1
    assert Dialogue.objects.get().seen_by_person


def test_an_answer_that_comes_while_she_reads_is_not_counted_as_read(
    she: Somebody, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = she.writes()
    opened = opened_by(code)
    Dialogue.objects.update(seen_by_person=False)
    read = person.messages_of

    def answered_just_after(mine: person.Opened) -> list[person.Written]:
        shown = read(mine)
        answer(opened, cast.mika_worker, "Påhittat svar")
        return shown

    monkeypatch.setattr(person, "messages_of", answered_just_after)
    assert "Påhittat svar" not in she.comes_back(code)
    assert not Dialogue.objects.get().seen_by_person
    assert not DialogueFact.objects.filter(kind="returned").exists()
    monkeypatch.undo()
    assert "Påhittat svar" in she.visits("/svar/dialog/")
    assert Dialogue.objects.get().seen_by_person


def test_what_she_wrote_herself_meanwhile_keeps_no_answer_unread(
    cast: SimpleNamespace,
) -> None:
    opened = written(now=NOW)
    answer(opened, cast.mika_worker, "Påhittat svar")
    Dialogue.objects.update(seen_by_person=False)
    dialogues.add_person_message(opened, text="Mer", token=b"t", now=NOW)
    note_read(opened, shown=2, now=NOW)
    assert Dialogue.objects.get().seen_by_person


@pytest.mark.parametrize(("number", "is_dangerous"), [(1, True), (4, True), (3, False)])
def test_before_she_writes_again_she_reads_who_reads_it_when(
    she: Somebody, number: int, is_dangerous: bool
) -> None:
    page = she.comes_back(she.writes(number=number))
    title = "KAST" if number == 3 else "Mikamottagningen"
    told = page.partition('class="door-now"')[2].partition("<form")[0]
    assert "Ingen läser detta före" in told or "läser meddelanden nu" in told
    assert f"Du kan också ringa {title}" in told
    assert ("door-emergency" in page.partition("<h1")[0]) is is_dangerous


def answer(opened: person.Opened, by: Any, text: str) -> None:
    """Staff's answer, as it is stored."""
    box = person.box_of(opened.dialogue, opened.seed)
    row = Message(
        dialogue=opened.dialogue,
        place=dialogues.next_place(opened.dialogue),
        author="staff",
        by=by,
        visibility="person",
        written_at=NOW,
        box=opened.box.id,
    )
    put(row, MessageContent(text), box)
    row.save()


def test_an_answer_is_shown_with_the_role_and_without_the_name(
    she: Somebody, cast: SimpleNamespace
) -> None:
    from hamn.support.door.queries.person import box_of

    code = she.writes()
    opened = opened_by(code)
    row = Message(
        dialogue=opened.dialogue,
        place=2,
        author="staff",
        by=cast.mika_worker,
        visibility="person",
        written_at=timezone.now(),
        box=opened.box.id,
    )
    put(row, MessageContent("Påhittat svar"), box_of(opened.dialogue, opened.seed))
    row.save()
    page = she.comes_back(code)
    assert "Påhittat svar" in page
    assert "Personal på Mikamottagningen" in page
    assert cast.mika_worker.title not in page
    assert cast.mika_worker.email not in page


@pytest.mark.parametrize("visibility", ["unit", "own"])
def test_what_staff_write_to_each_other_is_not_read_for_her(
    she: Somebody, cast: SimpleNamespace, visibility: str
) -> None:

    code = she.writes()
    opened = opened_by(code)
    row = Message(
        dialogue=opened.dialogue,
        place=2,
        author="staff",
        by=cast.mika_worker,
        visibility=visibility,
        written_at=timezone.now(),
        box=opened.box.id,
    )
    put(row, MessageContent("Inte till henne"), opened.box)
    row.save()
    assert "Inte till henne" not in she.comes_back(code)


def test_a_number_to_call_is_laid_apart_and_both_may_read_it(she: Somebody) -> None:
    code = she.writes("", phone="070-174 06 05", since="9", until="12", days=["0", "2"])
    reach = Reach.objects.get()
    chosen = person.chosen(opened_by(code), "call")
    assert chosen is not None
    assert chosen.content.address == "+46701740605"
    assert (chosen.content.since, chosen.content.until, chosen.content.days) == (9, 12, (0, 2))
    assert reach.box != Dialogue.objects.get().box
    assert vaults.granted_units([reach.box]) == {"mika"}
    assert person.messages_of(opened_by(code))[0].text == "Jag vill bli uppringd."


def test_staff_open_one_for_who_calls_and_the_trail_tells(cast: SimpleNamespace) -> None:
    from hamn.guards.audit.models import Entry

    by = cast.mika_worker
    row = open_dialogue(**given(origin="phone", by=by, is_one_time=True, text=""))
    assert (row.is_one_time, row.origin, row.answer_by) == (True, "phone", None)
    assert not Message.objects.exists()
    assert Entry.objects.filter(event="door.dialogue_opened").count() == 1


def test_staff_of_another_unit_open_none(cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible):
        open_dialogue(**given(origin="phone", by=cast.kast_worker))
    assert not Dialogue.objects.exists()


def test_nobody_writes_in_a_dialogue_that_was_ended_meanwhile() -> None:
    opened = written()
    Dialogue.objects.update(state="ended", locator=None)
    with pytest.raises(Gone):
        dialogues.add_person_message(opened, text="Mer", token=b"t", now=NOW)


def test_what_she_writes_after_an_erasure_is_sealed_in_the_box_that_is_there_then() -> None:
    from hamn.guards.vault import actions as vault
    from hamn.support.door.rules.content import DialogueContent

    opened = written()
    box = vault.new_box(["mika"])
    row = Dialogue.objects.get()
    row.box, row.key_for_person = box.id, box.key_for_person(bytes(row.public))
    put(row, DialogueContent(), box)
    row.save()
    Message.objects.all().delete()
    dialogues.add_person_message(opened, text="Efter", token=b"t", now=NOW)
    assert Message.objects.get().box == box.id
    assert content_of(Message.objects.get(), box, MessageContent).text == "Efter"
