"""The inbox's pages: what they show, what they keep folded, and for whom they are not there."""

import re
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hamn.guards.audit.models import Entry
from hamn.guards.vault import actions as vault
from hamn.support.door.actions.answers import save_template, write_as_staff
from hamn.support.door.actions.person import ask_other_worker
from hamn.support.door.actions.sealing import put
from hamn.support.door.models import Dialogue
from hamn.support.door.queries.person import messages_of
from hamn.support.door.rules.content import DialogueContent

from .inbox import NOW, NUMBER, TEXT, body, call_wanted, of, opened_by, written

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# Address, and how the form is sent that leads to nothing outside the unit.
OF_ONE = (
    *("dialogue", "answer", "note_to_unit", "own_note", "assign_dialogue", "block_dialogue"),
    *(
        "dialogue_log",
        "unblock_dialogue",
        "number",
        "hand_over_dialogue",
        "link_case",
        "open_case",
        "unlink_case",
    ),
)
POSTED = ("take_dialogue", "called_back")


def test_the_inbox_tells_by_when_and_of_what_and_shows_no_word_of_it(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue = written().dialogue
    page = body(desk(cast.mika_worker).get("/desk/inkorg/"))
    assert of("dialogue", dialogue) in page
    assert "försenat" in page
    assert "Jag har sex mot ersättning" in page
    assert TEXT not in page
    assert "Väntar på svar (1)" in page


@pytest.mark.parametrize(
    "part", ["waiting", "overdue", "calls", "unassigned", "mine", "open", "closed", "påhittad"]
)
def test_every_list_opens_and_an_invented_one_is_the_first(
    part: str, cast: SimpleNamespace, desk: Any
) -> None:
    call_wanted(written().dialogue)
    answer = desk(cast.mika_worker).get("/desk/inkorg/", {"visa": part, "enhet": "kast"})
    assert answer.status_code == 200
    assert "KAST" not in body(answer)


def test_a_long_inbox_is_shown_fifty_at_a_time_at_the_same_cost(
    cast: SimpleNamespace, desk: Any
) -> None:
    first = written()
    client = desk(cast.mika_worker)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/desk/inkorg/", {"visa": "open"})
        return len(seen)

    cost()
    one = cost()
    for number in range(55):
        one_more(first.dialogue, bytes([number]))
    page = client.get("/desk/inkorg/", {"visa": "open"})
    assert "efter=" in body(page)
    assert cost() == one


def one_more(dialogue: Any, locator: bytes) -> None:
    """Another dialogue like it, with a box of its own, without the slow hash of a code."""
    fields = Dialogue.objects.filter(pk=dialogue.pk).values().get()
    box = vault.new_box(["mika"])
    row = Dialogue(**fields | {"id": uuid4(), "box": box.id, "locator": locator})
    put(row, DialogueContent(), box)
    row.save(force_insert=True)


@pytest.mark.parametrize("name", OF_ONE)
@pytest.mark.parametrize("who", ["kast_worker", "administrator", "controller"])
def test_outside_the_unit_the_page_is_the_one_of_what_does_not_exist(
    name: str, who: str, cast: SimpleNamespace, desk: Any
) -> None:
    there, client = written().dialogue, desk(getattr(cast, who))
    nowhere = Dialogue()
    answers = [client.get(of(name, one)) for one in (there, nowhere)]
    assert [one.status_code for one in answers] == [404, 404]
    first, other = (_unsigned(one, there, nowhere) for one in answers)
    assert first == other


@pytest.mark.parametrize("name", POSTED)
def test_nothing_is_sent_from_outside_the_unit(name: str, cast: SimpleNamespace, desk: Any) -> None:
    there = written().dialogue
    assert desk(cast.kast_worker).post(of(name, there)).status_code == 404
    assert Dialogue.objects.get(pk=there.pk).assigned_to is None


def _unsigned(answer: Any, *dialogues: Any) -> str:
    """The page without what differs each time: tokens, and the address itself."""
    text = re.sub(r'(value|nonce)="[^"]{20,}"', "", body(answer))
    for one in dialogues:
        text = text.replace(str(one.pk), "")
    return text


@pytest.mark.parametrize("name", OF_ONE)
def test_every_page_of_a_dialogue_opens_for_its_unit(
    name: str, cast: SimpleNamespace, desk: Any
) -> None:
    dialogue = written().dialogue
    call_wanted(dialogue)
    answer = desk(cast.mika_worker).get(of(name, dialogue))
    # To end a link there is none of is told why not.
    assert answer.status_code == (422 if name == "unlink_case" else 200)
    assert "<title>Dialog" in body(answer) or name not in ("dialogue", "answer", "number")


def test_what_the_person_wrote_is_folded_until_somebody_wants_to_see_it(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue, client = written().dialogue, desk(cast.mika_worker)
    page = body(client.get(of("dialogue", dialogue)))
    before, _summary, after = page.partition("<details")
    assert TEXT not in before
    assert TEXT in after.partition("</details>")[0]
    assert '<details class="govuk-details govuk-!-margin-bottom-0" open' not in page
    assert "Visa det personen skrev (4 ord)" in page
    whole = body(client.get(of("dialogue", dialogue), {"visa": "alla"}))
    assert '<details class="govuk-details govuk-!-margin-bottom-0" open' in whole


def test_when_the_person_wrote_is_told_to_the_hour(cast: SimpleNamespace, desk: Any) -> None:
    dialogue = written(now=NOW.replace(minute=47)).dialogue
    page = body(desk(cast.mika_worker).get(of("dialogue", dialogue)))
    assert "2026-03-02 mellan kl. 10 och 11" in page
    assert "10:47" not in page


def test_the_three_readers_are_told_apart_in_words_sign_and_frame(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue = written().dialogue
    for visibility in ("person", "unit", "own"):
        write_as_staff(
            dialogue_id=dialogue.pk,
            text=f"Text {visibility}",
            visibility=visibility,
            by=cast.mika_worker,
            now=NOW,
        )
    page = body(desk(cast.mika_worker).get(of("dialogue", dialogue)))
    for kind, label in (
        ("person", "till personen"),
        ("unit", "till enheten"),
        ("own", "egen anteckning"),
    ):
        article = page.partition(f'class="hamn-said hamn-said--{kind}"')[2].partition("</article>")
        assert f'<strong class="hamn-said__label">{label}</strong>' in article[0]
        assert f"Text {kind}" in article[0]
    assert "Text own" not in body(desk(cast.mika_second).get(of("dialogue", dialogue)))


@pytest.mark.parametrize(
    ("name", "button", "visibility"),
    [
        ("answer", "Skicka till personen", "person"),
        ("note_to_unit", "Spara för enheten", "unit"),
        ("own_note", "Spara för dig själv", "own"),
    ],
)
def test_each_reader_has_a_form_of_its_own_that_says_who_reads(
    name: str, button: str, visibility: str, cast: SimpleNamespace, desk: Any
) -> None:
    opened, client = written(), desk(cast.mika_worker)
    page = body(client.get(of(name, opened.dialogue)))
    assert button in page
    assert f"hamn-write--{visibility}" in page
    assert 'name="visibility"' not in page
    sent = client.post(of(name, opened.dialogue), {"text": "Påhittad rad", "visibility": "person"})
    assert sent.status_code == 302
    assert opened.dialogue.messages.get(place=2).visibility == visibility
    assert len(messages_of(opened)) == (2 if visibility == "person" else 1)


def test_an_empty_answer_comes_back_with_what_to_do(cast: SimpleNamespace, desk: Any) -> None:
    dialogue = written().dialogue
    answer = desk(cast.mika_worker).post(of("answer", dialogue), {"text": " "})
    assert answer.status_code == 422
    assert "fyll i fältet" in body(answer)
    assert dialogue.messages.count() == 1


def test_a_ready_answer_stands_in_the_form_and_another_units_does_not(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue, client = written().dialogue, desk(cast.mika_worker)
    given: dict[str, Any] = {"template_id": None, "language": "sv", "title": "Hej", "seen": ""}
    ours = save_template(unit="mika", text="Välkommen hit!", by=cast.mika_worker, **given)
    theirs = save_template(unit="kast", text="Deras", by=cast.kast_worker, **given)
    page = body(client.get(of("answer", dialogue), {"mall": ours.pk}))
    assert "Välkommen hit!" in page
    assert client.get(of("answer", dialogue), {"mall": theirs.pk}).status_code == 404
    assert "Välkommen" not in body(client.get(of("answer", dialogue), {"mall": "x"}))


def test_ready_answers_are_written_changed_and_taken_away(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_worker)
    fields = {"title": "Första svaret", "unit": "mika", "language": "en", "text": "Hello"}
    assert client.post("/desk/inkorg/mallar/ny/", fields).status_code == 302
    page = body(client.get("/desk/inkorg/mallar/"))
    assert "Första svaret" in page
    address = re.search(r"/desk/inkorg/mallar/\d+/", page)
    assert address
    assert desk(cast.kast_worker).get(address[0]).status_code == 404
    assert client.post(address[0], {**fields, "text": "Hi", "seen": "1"}).status_code == 302
    assert client.post(address[0], {**fields, "seen": "1"}).status_code == 422
    assert client.post(f"{address[0]}ta-bort/").status_code == 302
    assert "Första svaret" not in body(client.get("/desk/inkorg/mallar/"))


def test_the_log_tells_who_in_the_unit_did_what_and_nothing_of_the_person(
    cast: SimpleNamespace, desk: Any
) -> None:
    opened = written()
    other = written().dialogue
    desk(cast.mika_second).get(of("dialogue", opened.dialogue))
    desk(cast.mika_second).get(of("dialogue", other))
    write_as_staff(
        dialogue_id=opened.dialogue.pk,
        text="Påhittat",
        visibility="person",
        by=cast.mika_worker,
        now=NOW,
    )
    page = body(desk(cast.mika_head).get(of("dialogue_log", opened.dialogue)))
    told = re.findall(r"Dialog läst\.|Meddelande eller anteckning skrivet i dialog\.", page)
    assert told == [
        "Dialog läst.",
        "Meddelande eller anteckning skrivet i dialog.",
        "Dialog läst.",
    ]
    for who in ("mika_head", "mika_worker", "mika_second"):
        assert who in page


def test_what_the_person_asks_for_is_in_sight(cast: SimpleNamespace, desk: Any) -> None:
    opened = ask_other_worker(written(), wants=True, now=NOW)
    call_wanted(opened.dialogue, since=9, until=12, days=(0,))
    client = desk(cast.mika_worker)
    page = body(client.get(of("dialogue", opened.dialogue)))
    assert "Personen ber att någon annan svarar" in page
    assert "Personen vill bli uppringd" in page
    assert NUMBER not in page
    number = body(client.get(of("number", opened.dialogue)))
    assert NUMBER in number
    assert "mellan kl. 9 och kl. 12" in number
    assert "måndag" in number
    assert client.post(of("called_back", opened.dialogue)).status_code == 302
    assert client.get(of("number", opened.dialogue)).status_code == 422


def test_a_childs_dialogue_says_the_duty_first(cast: SimpleNamespace, desk: Any) -> None:
    dialogue = written(service="coordinator_child", situation="child", is_child=True).dialogue
    page = body(desk(cast.child_coordinator).get(of("dialogue", dialogue)))
    assert page.index("19 kap. 1 §") < page.index("Det som är skrivet")


def test_a_dialogue_is_handed_over_in_steps_and_is_gone_after(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue, client = written().dialogue, desk(cast.mika_worker)
    fields = {"service": "kast", "ground": "consent", "reason": ""}
    shown = client.post(of("hand_over_dialogue", dialogue), fields)
    assert "Egna anteckningar raderas" in body(shown)
    assert Dialogue.objects.get().unit == "mika"
    done = client.post(of("hand_over_dialogue", dialogue), {**fields, "steg": "bekrafta"})
    assert (done.status_code, Dialogue.objects.get().unit) == (302, "kast")
    assert client.get(of("dialogue", dialogue)).status_code == 404


def test_who_is_blocked_is_let_in_from_the_page(cast: SimpleNamespace, desk: Any) -> None:
    dialogue, client = written().dialogue, desk(cast.mika_worker)
    assert client.post(of("block_dialogue", dialogue), {"reason": "threats"}).status_code == 302
    page = body(client.get(of("dialogue", dialogue)))
    assert "Avsändaren är spärrad" in page
    assert "Skicka till personen" not in page
    assert client.post(of("unblock_dialogue", dialogue)).status_code == 302
    assert Dialogue.objects.get().state == "open"


def test_a_dialogue_becomes_hers_or_anothers(cast: SimpleNamespace, desk: Any) -> None:
    dialogue, client = written().dialogue, desk(cast.mika_worker)
    assert client.post(of("take_dialogue", dialogue)).status_code == 302
    assert Dialogue.objects.get().assigned_to == cast.mika_worker
    assert client.get(of("take_dialogue", dialogue)).status_code == 405
    sent = {"person_id": cast.mika_second.pk}
    assert client.post(of("assign_dialogue", dialogue), sent).status_code == 302
    assert Dialogue.objects.get().assigned_to == cast.mika_second
    wrong = client.post(of("assign_dialogue", dialogue), {"person_id": cast.kast_worker.pk})
    assert wrong.status_code == 422


def test_a_case_is_opened_and_let_go_from_the_page(cast: SimpleNamespace, desk: Any) -> None:
    dialogue, client = written().dialogue, desk(cast.mika_worker)
    opened = client.post(of("open_case", dialogue))
    assert opened.status_code == 302
    assert opened.headers["Location"] in body(client.get(of("dialogue", dialogue)))
    told = body(desk(cast.mika_second).get(of("dialogue", dialogue)))
    assert "ett ärende hos en kollega" in told
    assert client.post(of("unlink_case", dialogue)).status_code == 302
    missing = client.post(of("link_case", dialogue), {"number": "M-0000-000"})
    assert missing.status_code == 422


CALLER = {"origin": "phone", "service": "mika", "situation": "compensation", "language": "sv"}


def test_a_code_for_a_caller_is_shown_once_with_how_to_read_it_aloud(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    assert client.get("/desk/inkorg/oppna/").status_code == 200
    page = body(client.post("/desk/inkorg/oppna/", {**CALLER, "text": ""}))
    found = re.search(r'class="hamn-secret">((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})<', page)
    assert found
    opened = opened_by(found[1].replace("-", ""))
    assert opened.dialogue.is_one_time
    assert "Text att kopiera" not in page
    assert found[1] not in body(client.get(of("dialogue", opened.dialogue)))
    assert "Engångskoden är inte använd" in body(client.get(of("dialogue", opened.dialogue)))
    assert found[1] not in repr(list(Entry.objects.values()))


def test_an_invitation_has_a_text_to_copy_that_tells_nothing(
    cast: SimpleNamespace, desk: Any
) -> None:
    page = body(desk(cast.mika_worker).post("/desk/inkorg/oppna/", {**CALLER, "origin": "mail"}))
    assert "Text att kopiera" in page
    assert "Den fungerar en gång" in page
    assert "sex mot ersättning" not in page


def test_an_invitation_is_in_the_persons_language_and_not_in_the_workers(
    cast: SimpleNamespace, desk: Any
) -> None:
    sent = {**CALLER, "origin": "mail", "language": "en"}
    page = body(desk(cast.mika_worker).post("/desk/inkorg/oppna/", sent))
    letter = page.partition('lang="en" dir="auto">')[2].partition("</div>")[0]
    assert "Thank you for writing to" in letter
    assert "Text att kopiera" in page


@pytest.mark.parametrize(
    "wrong", [{"origin": "web"}, {"service": "kast"}, {"language": "xx"}, {"is_child": "on"}]
)
def test_a_caller_that_cannot_be_is_refused_and_no_dialogue_opened(
    wrong: dict[str, str], cast: SimpleNamespace, desk: Any
) -> None:
    answer = desk(cast.mika_worker).post("/desk/inkorg/oppna/", CALLER | wrong)
    assert answer.status_code == 422
    assert not Dialogue.objects.exists()


def test_what_is_typed_is_kept_in_no_session(cast: SimpleNamespace, client: Any) -> None:
    from django.urls import resolve

    for name in ("answer", "note_to_unit", "own_note"):
        view = resolve(of(name, Dialogue())).func
        assert getattr(view, "keeps_nothing", False)


def test_the_menu_leads_to_the_inbox_for_who_reads_it(cast: SimpleNamespace, desk: Any) -> None:
    assert 'href="/desk/inkorg/"' in body(desk(cast.mika_worker).get("/desk/inkorg/"))
    assert 'href="/desk/inkorg/"' not in body(desk(cast.steward).get("/desk/oversikt/"))
