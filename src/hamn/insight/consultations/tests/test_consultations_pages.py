"""The desk's pages: the list, one question, and logging on one screen."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.insight.consultations.models import Consultation, ConsultationFact
from hamn.insight.consultations.tests.questions import ANSWER, NAME, WORDS, ask, log

pytestmark = pytest.mark.django_db
# All that a person must choose; the rest the form brings itself.
CHOSEN = {"municipality": "0117", "topic": "method"}


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def address(name: str, row: Consultation) -> str:
    return reverse(f"consultations:{name}", args=[row.pk])


def sent(**more: str) -> dict[str, str]:
    """The form as it comes when nothing but the two choices was touched."""
    today = timezone.localdate()
    usual = {
        "unit": "mika",
        "profession": "social_services",
        "kind": "advice",
        "way": "phone",
        "minutes": "15",
        "on_ar": str(today.year),
        "on_manad": str(today.month),
        "on_dag": str(today.day),
        "urgency": "later",
    }
    return {**usual, **CHOSEN, **more}


def test_two_choices_are_enough_to_log_what_came_by_phone(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_worker)
    form = client.get(reverse("consultations:log_consultation")).content.decode()
    assert '<option value="phone" selected>' in form
    assert '<option value="advice" selected>' in form
    assert 'value="15"' in form
    answer = client.post(reverse("consultations:log_consultation"), sent(), follow=True)
    assert "Konsultationen är antecknad och räknad." in text_of(answer)
    row = Consultation.objects.get()
    assert (row.state, row.municipality, row.minutes) == ("answered", "0117", 15)
    assert ConsultationFact.objects.count() == 1


def test_nothing_is_logged_without_its_two_choices_and_what_was_typed_is_kept(
    cast: SimpleNamespace, desk: Any
) -> None:
    lacking = sent(topic="", municipality="", text="En anteckning som står kvar")
    answer = desk(cast.mika_worker).post(reverse("consultations:log_consultation"), lacking)
    assert answer.status_code == 422
    assert "Vad gällde det: välj något" in text_of(answer)
    assert "En anteckning som står kvar" in text_of(answer)
    assert not Consultation.objects.exists()


def test_a_note_about_a_client_is_asked_about_once_and_saved_when_it_is_nobodys(
    cast: SimpleNamespace, desk: Any
) -> None:
    client, new = desk(cast.mika_worker), reverse("consultations:log_consultation")
    doubt = sent(text="Kursen heter Exempla.")
    shown = client.post(new, doubt)
    assert shown.status_code == 422
    assert "ser ut att innehålla ett namn (rad 1)" in text_of(shown)
    assert "Det som pekades ut gäller ingen klient" in text_of(shown)
    assert "Kursen heter Exempla." in text_of(shown)
    client.post(new, doubt | {"is_confirmed": "on"})
    assert Consultation.objects.count() == 1
    number = sent(text="900101-0017", is_confirmed="on")
    assert client.post(new, number).status_code == 422
    assert Consultation.objects.count() == 1


def test_a_supervision_with_a_region_is_logged_without_any_municipality(
    cast: SimpleNamespace, desk: Any
) -> None:
    given = sent(municipality="none", kind="supervision", profession="health_care", minutes="90")
    desk(cast.mika_worker).post(reverse("consultations:log_consultation"), given)
    fact = ConsultationFact.objects.get()
    assert (fact.municipality, fact.municipality_class) == ("", "no_municipality")
    assert (fact.kind, fact.minutes) == ("supervision", 90)


def test_the_list_tells_what_waits_without_a_name_or_a_word_of_it(
    cast: SimpleNamespace, desk: Any
) -> None:
    ask(urgency="today")
    shown = text_of(desk(cast.mika_worker).get(reverse("consultations:list")))
    for told in ("Väntar på svar (1)", "Mina (0)", "Österåker", "socialtjänst", "i dag eller"):
        assert told in shown
    for hidden in (NAME, WORDS, "fragar@kommun.example"):
        assert hidden not in shown
    other = text_of(desk(cast.kast_worker).get(reverse("consultations:list")))
    assert "Väntar på svar (0)" in other and "Österåker" not in other


def test_from_the_list_to_the_answer(cast: SimpleNamespace, desk: Any) -> None:
    row, client = ask(), desk(cast.mika_worker)
    shown = text_of(client.get(address("show", row)))
    for told in (NAME, WORDS, "08-508 000 00", "Österåker saknar avtal", "Jag svarar"):
        assert told in shown
    client.post(address("take_consultation", row))
    form = client.get(address("answer_consultation", row))
    assert "hänvisad vidare (kommunen saknar avtal)" in text_of(form)
    today = timezone.localdate()
    told = {
        **{"outcome": "answered", "way": "email", "minutes": "20", "answer": ANSWER},
        **{"on_ar": str(today.year), "on_manad": str(today.month), "on_dag": str(today.day)},
        "seen": "2",
    }
    done = client.post(address("answer_consultation", row), told, follow=True)
    assert "Svaret är antecknat och räknat." in text_of(done)
    assert ANSWER in text_of(done)
    assert "Rätta" in text_of(done) and "Anteckna svaret" not in text_of(done)


def test_a_question_of_a_municipality_with_agreement_cannot_be_pointed_elsewhere(
    cast: SimpleNamespace, desk: Any
) -> None:
    row = ask(municipality="0180")
    form = text_of(desk(cast.mika_worker).get(address("answer_consultation", row)))
    assert "kommunen saknar avtal" not in form


def test_it_is_handed_over_corrected_and_removed_on_its_pages(
    cast: SimpleNamespace, desk: Any
) -> None:
    client, row = desk(cast.mika_worker), ask()
    client.post(address("hand_consultation", row), {"unit": "kast"})
    assert client.get(address("show", row)).status_code == 404
    assert desk(cast.kast_worker).get(address("show", row)).status_code == 200
    logged = log(cast.mika_worker)
    correct = address("correct_consultation", logged)
    assert '<option value="0117" selected>' in client.get(correct).content.decode()
    client.post(correct, sent(municipality="0182", seen="1"))
    logged.refresh_from_db()
    assert logged.municipality == "0182"
    client.post(address("remove_consultation", logged), {})
    assert not Consultation.objects.filter(pk=logged.pk).exists()


def test_every_page_is_as_if_not_there_for_who_is_of_another_unit(
    cast: SimpleNamespace, desk: Any
) -> None:
    row = log(cast.mika_worker)
    names = ("show", "answer_consultation", "hand_consultation", "correct_consultation")
    for person in (cast.kast_worker, cast.controller, cast.reader, cast.administrator):
        client = desk(person)
        for name in (*names, "remove_consultation"):
            assert client.get(address(name, row)).status_code == 404
            assert client.post(address(name, row), sent(seen="1")).status_code == 404
        assert client.post(address("take_consultation", row)).status_code == 404
    assert Consultation.objects.get().version == 1


def test_who_only_counts_is_led_to_the_counts(cast: SimpleNamespace, desk: Any) -> None:
    answer = desk(cast.controller).get(reverse("consultations:list"))
    assert answer.status_code == 302
    assert answer.url == reverse("consultations:counts")
    assert desk(cast.reader).get(reverse("consultations:list")).status_code == 404


def test_a_list_of_any_length_asks_the_database_equally_often(
    cast: SimpleNamespace, desk: Any, django_assert_max_num_queries: Any
) -> None:
    client = desk(cast.mika_worker)

    def asked() -> int:
        with django_assert_max_num_queries(60) as queries_made:
            client.get(reverse("consultations:list"))
        return len(queries_made)

    ask()
    client.get(reverse("consultations:list"))
    few = asked()
    for _place in range(12):
        ask()
    assert asked() == few
