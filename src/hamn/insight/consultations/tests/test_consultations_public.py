"""What a professional meets at the door, with no more of the database than the door may have."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hamn.insight.consultations.models import Consultation
from hamn.insight.consultations.queries.opened import opened
from hamn.insight.consultations.tests.questions import NAME, WORDS
from hamn.support.door.actions import limits

pytestmark = pytest.mark.django_db
START, ASK = "/yrkesverksam/", "/yrkesverksam/fraga/"
SENT = {
    "topic": "sex_for_compensation",
    "kind": "advice",
    "urgency": "soon",
    "text": WORDS,
    "name": NAME,
    "profession": "social_services",
    "workplace": "Exempelenheten",
    "municipality": "0117",
    "phone": "08-508 00 000",
    "email": "",
    "token": "A" * 32,
}


@pytest.fixture(autouse=True)
def a_new_hour() -> None:
    limits.forget()


def text_of(answer: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(plain.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_first_page_tells_who_answers_and_leaves_no_cookie(door: Any) -> None:
    answer = door().get(START)
    assert answer.status_code == 200
    shown = text_of(answer)
    for told in ("Skriv en fråga", "112", "Har kommunen avtal med oss?", "Mikamottagningen"):
        assert told in shown
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"


def test_coverage_is_answered_from_the_municipality_alone(
    door: Any, cast: SimpleNamespace, in_force: Any
) -> None:
    before = text_of(door().get(START, {"kommun": "0117"}))
    assert "Österåker: hänvisad vidare (kommunen saknar avtal)" in before
    for helper in ("Regionkoordinator vuxna", "020-390 000", "egen socialtjänst"):
        assert helper in before
    in_force("0117", date(2024, 6, 1))
    after = text_of(door().get(START, {"kommun": "0117"}))
    assert "Kommunen har avtal med oss." in after and "saknar avtal" not in after
    own = text_of(door().get(START, {"kommun": "0180"}))
    assert "Kommunen driver verksamheterna." in own
    gotland = text_of(door().get(START, {"kommun": "0980"}))
    assert "hänvisad vidare (kommunen saknar avtal)" in gotland


@pytest.mark.parametrize("code", ["0117", "0180", "0980", ""])
def test_nobody_is_told_that_somebody_is_turned_away(code: str, door: Any) -> None:
    shown = text_of(door().get(START, {"kommun": code})).casefold()
    assert "hänvisad bort" not in shown and "avvisa" not in shown
    assert "kan alltid höra av sig" in shown


@pytest.mark.parametrize("code", ["9999", "Österåker", "\x00", "0117'--", "9" * 500])
def test_a_municipality_that_is_none_gets_a_calm_answer(code: str, door: Any) -> None:
    answer = door().get(START, {"kommun": code})
    assert answer.status_code == 422
    assert "Kommun: välj något i listan." in text_of(answer)
    assert "hänvisad vidare" not in text_of(answer)


def test_a_question_is_sent_sealed_and_promised_an_answer(door: Any) -> None:
    form = door().get(ASK).content.decode()
    assert "Skriv inget som avslöjar vem en klient är." in form
    answer = door().post(ASK, SENT)
    assert answer.status_code == 200
    row = Consultation.objects.get()
    assert row.answer_by is not None
    assert "Din fråga är mottagen" in text_of(answer)
    assert f"{row.answer_by.day} " in text_of(answer)
    assert not answer.cookies
    content = opened(row).content
    assert (content.name, content.text, content.phone) == (NAME, WORDS, "+46850800000")


def test_the_same_form_twice_is_one_question_and_the_same_receipt(door: Any) -> None:
    first, second = (text_of(door().post(ASK, SENT)) for _time in range(2))
    assert "Din fråga är mottagen" in first
    assert first == second
    assert Consultation.objects.count() == 1
    door().post(ASK, SENT | {"token": ""})
    door().post(ASK, SENT | {"token": ""})
    assert Consultation.objects.count() == 3


def test_a_form_that_was_gone_back_to_and_changed_is_another_question(door: Any) -> None:
    door().post(ASK, SENT)
    door().post(ASK, SENT | {"text": f"{WORDS} Och en sak till."})
    told = {opened(row).content.text for row in Consultation.objects.all()}
    assert told == {WORDS, f"{WORDS} Och en sak till."}


def test_every_fresh_form_has_a_token_of_its_own(door: Any) -> None:
    found = {
        re.search(r'name="token" value="([^"]+)"', door().get(ASK).content.decode())[1]  # type: ignore[index]
        for _time in range(5)
    }
    assert len(found) == 5


def test_a_clients_number_stops_the_form_and_nothing_that_was_typed_is_lost(door: Any) -> None:
    answer = door().post(ASK, SENT | {"text": f"{WORDS}\nHon har 900101-0017."})
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "ett personnummer eller samordningsnummer (rad 2)" in shown
    assert "gäller ingen klient" not in shown.replace("gäller det ingen klient", "")
    assert WORDS in shown and 'value="08-508 00 000"' in answer.content.decode()
    assert not Consultation.objects.exists()
    again = door().post(ASK, SENT | {"text": "900101-0017", "is_confirmed": "on"})
    assert again.status_code == 422
    assert not Consultation.objects.exists()


def test_what_may_be_a_name_is_asked_about_and_sent_when_it_is_nobodys(door: Any) -> None:
    doubt = SENT | {"text": "Kursen heter Exempla, passar den oss?"}
    answer = door().post(ASK, doubt)
    assert answer.status_code == 422
    assert "Det som pekades ut gäller ingen klient" in text_of(answer)
    assert not Consultation.objects.exists()
    assert door().post(ASK, doubt | {"is_confirmed": "on"}).status_code == 200
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"topic": ""}, "Vad gäller det: välj något"),
        ({"topic": "påhittat"}, "välj något i listan"),
        ({"name": ""}, "Ditt namn: fyll i fältet"),
        ({"phone": "", "email": ""}, "telefonnummer eller en e-postadress"),
        ({"phone": "tolv"}, "inget telefonnummer"),
        ({"phone": "", "email": "nej"}, "ingen e-postadress"),
        ({"municipality": "9999"}, "välj något i listan"),
        ({"text": "a" * 10_001}, "10001 tecken lång"),
        ({"text": "ett\x00två"}, "dolt tecken"),
        ({"text": "\u202eomvänd"}, "dolt tecken"),
        ({"text": "   "}, "Din fråga: fyll i fältet"),
    ],
)
def test_what_cannot_be_read_gets_a_calm_sentence_and_keeps_the_rest(
    change: dict[str, str], told: str, door: Any
) -> None:
    answer = door().post(ASK, SENT | change)
    assert answer.status_code == 422
    assert told in text_of(answer)
    if "text" not in change:
        assert WORDS in text_of(answer)
    assert not Consultation.objects.exists()


def test_emoji_and_a_file_that_nobody_asked_for_do_no_harm(door: Any) -> None:
    file = SimpleUploadedFile("akt.pdf", b"%PDF" + b"x" * 10_000)
    answer = door().post(ASK, SENT | {"text": "Hej 👋🏽 hur gör vi?", "akt": file})
    assert answer.status_code == 200
    assert opened(Consultation.objects.get()).content.text == "Hej 👋🏽 hur gör vi?"


def test_a_hundred_thousand_characters_are_refused_and_not_lost(door: Any) -> None:
    answer = door().post(ASK, SENT | {"text": "lång text " * 10_000})
    assert answer.status_code == 422
    assert answer.content.decode().count("lång text ") == 10_000


def test_more_than_the_hour_holds_is_answered_calmly_with_the_text_kept(
    door: Any, settings: Any
) -> None:
    settings.DOOR = {"limits": {"consult_in_all": 1}}
    assert door().post(ASK, SENT).status_code == 200
    answer = door().post(ASK, SENT | {"token": "B" * 32})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert WORDS in text_of(answer)
    assert Consultation.objects.count() == 1


def test_english_readers_meet_english_and_others_the_swedish_page(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.site.door import languages

    monkeypatch.setattr(languages, "published", lambda: ["sv", "en", "ar"])
    assert door().get(f"/en{START}").status_code == 200
    for path in (START, ASK):
        answer = door().get(f"/ar{path}")
        assert (answer.status_code, answer.url) == (302, path)


def test_a_question_for_today_is_told_to_ring(door: Any) -> None:
    answer = text_of(door().post(ASK, SENT | {"urgency": "today"}))
    assert "Är det bråttom: ring också." in answer and "112" in answer
    assert Consultation.objects.get().asked_on == timezone.localdate()
