"""The desk's pages for services."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.support.services import queries
from hamn.support.services.models import TurnedAwayEvent

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ASK = "/desk/verksamheter/vem/"
AWAY = "/desk/verksamheter/vem/hanvisad/"
QUESTION = {
    "service_code": "mika",
    "municipality": "0188",
    "age": "adult",
    "on_ar": "2024",
    "on_manad": "5",
    "on_dag": "14",
}
FOUND = {**QUESTION, "wants_help": "ja", "pointed_to": ["helpline"]}


def test_everyone_with_a_role_sees_the_catalogue(cast: SimpleNamespace, desk: Any) -> None:
    for person in (cast.reader, cast.kast_worker, cast.administrator):
        text = desk(person).get(reverse("services:list")).content.decode()
        assert "Mikamottagningen" in text and "Regionkoordinator barn och unga" in text
    assert desk(cast.stranger).get(reverse("services:list")).status_code == 404


def test_the_catalogue_is_english_for_who_reads_english(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.reader)
    client.cookies["hamn_language"] = "en"
    text = client.get(reverse("services:show", args=["mika"])).content.decode()
    assert "The Mika clinic" in text and "Self-harm by sex" in text


def test_a_service_shows_its_regime_and_the_decision_it_rests_on(
    cast: SimpleNamespace, desk: Any
) -> None:
    text = desk(cast.reader).get(reverse("services:show", args=["mika"])).content.decode()
    assert "EXEMPEL 2025/0001, 1 juli 2025" in text
    assert "kostnadsfritt" in text
    assert reverse("services:save_service", args=["mika"]) not in text
    assert desk(cast.reader).get(reverse("services:show", args=["nobody"])).status_code == 404


def test_a_question_is_answered_with_sentence_clause_and_next_steps(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.reader)
    assert client.get(ASK).status_code == 200
    answer = client.post(ASK, {**QUESTION, "age": "child"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Vi hjälper dig redan nu" in text
    assert "avtalet § 3, SoL 3:1" in text and "SoL 19:1" in text
    assert "Regionkoordinator barn och unga" in text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_question_may_be_asked_again_at_once(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_worker)
    page = client.get(ASK).content.decode()
    token = page.partition('name="once" value="')[2].partition('"')[0]
    for _again in range(2):
        assert client.post(ASK, {**QUESTION, "once": token}).status_code == 200


def test_a_question_leaves_nothing_in_the_address(cast: SimpleNamespace, desk: Any) -> None:
    text = desk(cast.reader).post(ASK, QUESTION).content.decode()
    assert "0188&" not in text and "?municipality" not in text
    assert '<form method="post" novalidate>' in text


@pytest.mark.parametrize(
    "change",
    [
        {"service_code": "nobody"},
        {"municipality": "9999"},
        {"age": "old"},
        {"age": ""},
        {"on_dag": "32"},
        {"on_ar": "1999"},
    ],
)
def test_a_question_that_makes_no_sense_is_an_error_on_the_page(
    change: dict[str, str], cast: SimpleNamespace, desk: Any
) -> None:
    answer = desk(cast.reader).post(ASK, {**QUESTION, **change})
    assert answer.status_code == 422
    assert "Det finns ett problem" in answer.content.decode()


def test_a_workers_own_service_is_chosen_beforehand(cast: SimpleNamespace, desk: Any) -> None:
    form = desk(cast.kast_worker).get(ASK).context["form"]
    assert form.initial["service_code"] == "kast"
    assert form.initial["on"] == timezone.localdate()
    assert desk(cast.reader).get(ASK).context["form"].initial["service_code"] == ""


def test_the_nearest_municipalities_come_first(cast: SimpleNamespace, desk: Any) -> None:
    form = desk(cast.reader).get(ASK).context["form"]
    codes = [code for code, _name in form.fields["municipality"].choices]
    assert codes[:4] == ["unknown", "declined", "0180", "0127"]
    assert codes.index("0980") > codes.index("0117")
    assert len(codes) == 292


def test_only_the_units_own_staff_are_offered_to_register(cast: SimpleNamespace, desk: Any) -> None:
    for person, is_offered in (
        (cast.mika_worker, True),
        (cast.kast_worker, False),
        (cast.reader, False),
    ):
        text = desk(person).post(ASK, QUESTION).content.decode()
        assert "hänvisad vidare (kommunen saknar avtal)" in text
        assert (AWAY in text) == is_offered
    text = desk(cast.mika_worker).post(ASK, {**QUESTION, "is_acute": "on"}).content.decode()
    assert AWAY not in text


def test_an_event_is_begun_from_the_answer_shown_confirmed_and_then_stored(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    begun = client.post(AWAY, {**QUESTION, "steg": "begin"})
    assert begun.status_code == 200
    assert begun.context["form"].initial["municipality"] == "0188"
    shown = client.post(AWAY, FOUND)
    text = shown.content.decode()
    assert "Ja, registrera" in text and "under 18" in text
    assert not TurnedAwayEvent.objects.exists()
    done = client.post(AWAY, {**FOUND, "steg": "bekrafta"})
    assert done.headers["Location"] == ASK
    row = TurnedAwayEvent.objects.get()
    assert (row.happened_on, row.municipality) == (date(2024, 5, 14), "0188")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"age": "child"}, "hänvisas aldrig bort"),
        ({"age": "unknown"}, "fyllt 18"),
        ({"is_acute": "on"}, "alltid hjälp"),
        ({"is_trafficking_suspected": "on"}, "alltid hjälp"),
        ({"municipality": "declined"}, "inte säger sin hemkommun"),
        ({"municipality": "0180"}, "rätt till hjälpen"),
        ({"on_ar": "2099"}, "inte varit än"),
        ({"pointed_to": []}, "Vart hänvisade du"),
        ({"service_code": "kast"}, "Det finns ett problem"),
    ],
)
def test_whom_the_service_helps_cannot_be_registered_on_any_step(
    change: dict[str, Any], told: str, cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    for step in ({}, {"steg": "bekrafta"}):
        answer = client.post(AWAY, {**FOUND, **change, **step})
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert not TurnedAwayEvent.objects.exists()


def test_the_unit_sees_its_events_and_takes_a_mistake_back(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    client.post(AWAY, {**FOUND, "steg": "bekrafta"})
    listed = reverse("services:turned_away", args=["mika"])
    text = client.get(listed).content.decode()
    assert "Norrtälje" in text and "stödtelefon" in text
    address = reverse("services:take_back", args=[TurnedAwayEvent.objects.get().pk])
    assert address in text
    assert "Norrtälje" in client.get(address).content.decode()
    assert client.post(address).headers["Location"] == listed
    assert "Norrtälje" not in client.get(listed).content.decode()
    assert client.post(address).status_code == 422
    for person in (cast.kast_worker, cast.administrator):
        assert desk(person).get(listed).status_code == 404
        assert desk(person).get(address).status_code == 404


def test_a_head_saves_the_decision_on_the_page(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_head)
    address = reverse("services:save_service", args=["mika"])
    form = client.get(address).context["form"]
    sent = {
        "seen": form.initial["seen"],
        "regime": "full",
        "decision_reference": "",
        "phone": "08-465 004 09",
        "hours": "måndagar",
        "hours_en": "Mondays",
    }
    assert client.post(address, sent).status_code == 302
    row = queries.service("mika")
    assert (row.regime, row.hours_en, row.decision_on) == ("full", "Mondays", None)
    again = client.post(address, {**sent, "hours": "tisdagar"})
    assert again.status_code == 422
    assert "ändrats sedan du öppnade" in again.content.decode()
    wrong = client.post(
        address, {**sent, "seen": queries.version(row), "regime": "identity_exempt"}
    )
    assert wrong.status_code == 422 and "14:5" in wrong.content.decode()
    assert desk(cast.kast_head).get(address).status_code == 404
