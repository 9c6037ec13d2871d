"""The database is away when a professional sends a question: it stays in its form, and is one."""

import logging
from html import unescape
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext
from tests.at_the_door import away

from hamn.insight.consultations import actions
from hamn.insight.consultations.models import Consultation
from hamn.insight.consultations.tests.questions import WORDS
from hamn.insight.consultations.tests.test_consultations_public import ASK, SENT, START
from hamn.support.door.actions import limits

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BUSY = (
    "Just nu är det många här samtidigt. Ingenting har gått förlorat: vänta några sekunder och "
    "skicka igen."
)
# All of the database, or writing alone: then the nearest municipality is still known.
FAULTS = [(OperationalError, ""), (InterfaceError, ""), (OperationalError, "INSERT")]


@pytest.fixture(autouse=True)
def a_new_hour() -> None:
    limits.forget()


def is_kept(answer: Any) -> str:
    """The page: told to wait a little, with everything that was typed in its form."""
    shown = unescape(answer.content.decode())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert WORDS in shown.partition("<textarea")[2].partition("</textarea>")[0]
    for name in ("name", "phone", "workplace", "token"):
        assert f'value="{SENT[name]}"' in shown
    for name in ("topic", "kind", "urgency", "profession", "municipality"):
        of_it = shown.partition(f'name="{name}"')[2].partition(f'value="{SENT[name]}"')[2]
        assert {"checked", "selected"} & set(of_it.partition(">")[0].split())
    assert "välj något i listan" not in shown
    return shown


@pytest.mark.parametrize(("fault", "begins"), FAULTS)
def test_a_question_stays_in_its_form_and_is_sent_once(
    door: Any, fault: type[Exception], begins: str
) -> None:
    with away(fault, begins):
        answer = door().post(ASK, SENT)
    assert BUSY in is_kept(answer)
    assert not Consultation.objects.exists()
    for _time in range(2):
        assert door().post(ASK, SENT).status_code == 200
    assert Consultation.objects.count() == 1


def test_a_long_question_stays_whole(door: Any) -> None:
    long = ("ord " * 2_500).strip()
    with away():
        answer = door().post(ASK, SENT | {"text": long})
    assert long in answer.content.decode()


def test_a_question_that_is_not_taken_yet_stays_too(door: Any) -> None:
    with away():
        answer = door().post(ASK, SENT | {"topic": ""})
    assert answer.status_code == 422
    assert "Vad gäller det: välj något" in answer.content.decode()
    assert WORDS in answer.content.decode()


def test_a_question_that_was_stored_just_before_the_database_left_is_not_doubled(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = actions.ask

    def stored_and_gone(**named: Any) -> Any:
        real(**named)
        raise OperationalError

    monkeypatch.setattr(actions, "ask", stored_and_gone)
    is_kept(door().post(ASK, SENT))
    monkeypatch.undo()
    assert "Din fråga är mottagen" in door().post(ASK, SENT).content.decode()
    assert Consultation.objects.count() == 1


def test_the_question_stays_in_the_language_it_was_asked_in(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.site.door import languages

    monkeypatch.setattr(languages, "published", lambda: ["sv", "en"])
    with away():
        shown = is_kept(door().post(f"/en{ASK}", SENT))
    with translation.override("en"):
        assert gettext(BUSY) != BUSY
        assert gettext(BUSY) in shown


def test_nothing_of_the_question_is_logged(door: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with away(told=WORDS):
        answer = door().post(ASK, SENT)
    assert answer.content.decode().count(WORDS) == 1
    assert WORDS not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_a_page_that_is_only_opened_is_to_be_tried_again(door: Any) -> None:
    for address in (START, ASK):
        with away():
            answer = door().get(address)
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert "<textarea" not in answer.content.decode()
