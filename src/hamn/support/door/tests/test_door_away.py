"""The database is away when somebody sends what she wrote: her words stay, and are sent once."""

import logging
from functools import partial
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext
from tests import at_the_door

from hamn.support.door.actions import dialogues, limits
from hamn.support.door.models import Dialogue, Message
from hamn.support.door.tests.reading import TEXT, Somebody
from hamn.support.door.views.public import contact, conversation, opened

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BUSY = (
    "Just nu är det många här samtidigt. Ingenting har gått förlorat: vänta några sekunder och "
    "skicka igen."
)
# All of the database, or writing alone: then the whole page can still be drawn.
FAULTS = [(OperationalError, ""), (InterfaceError, ""), (OperationalError, "INSERT")]
# The database says what she wrote.
away = partial(at_the_door.away, told=TEXT)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits.forget()


@pytest.fixture
def she(door: Any) -> Somebody:
    return Somebody(door())


def is_kept(she: Somebody, text: str = TEXT) -> None:
    """She is told to wait a little, and what she wrote stands in the form."""
    assert she.status == 503
    assert she.page is not None and int(she.page.headers["Retry-After"]) > 0
    assert text in she.text.partition("<textarea")[2].partition("</textarea>")[0]
    assert "data-leave" in she.text


@pytest.mark.parametrize(("fault", "begins"), FAULTS)
def test_a_first_message_stays_in_its_form_and_is_sent_with_the_same_code(
    she: Somebody, fault: type[Exception], begins: str
) -> None:
    she.visits("/kontakt/1/")
    form = she.carried
    with away(fault, begins):
        page = she.sends("/kontakt/1/", text=TEXT, age="adult", phone="070-174 06 05")
    is_kept(she)
    assert BUSY in page
    assert "070-174 06 05" in page
    assert "Vid fara: ring 112" in page or begins
    assert she.carried["token"] == form["token"]
    she.sends("/kontakt/1/", text=TEXT, age="adult")
    code = she.code
    she.sends("/kontakt/1/", text=TEXT, age="adult", **form)
    assert she.code == code
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("fault", "begins"), FAULTS)
def test_a_further_message_stays_in_its_form_and_is_sent_once(
    she: Somebody, fault: type[Exception], begins: str
) -> None:
    she.comes_back(she.writes())
    form = she.carried
    with away(fault, begins):
        page = she.sends("/svar/dialog/", text="Mer påhittat")
    is_kept(she, "Mer påhittat")
    assert BUSY in page
    assert she.carried == form
    assert "Mer påhittat" in she.sends("/svar/dialog/", text="Mer påhittat")
    she.sends("/svar/dialog/", text="Mer påhittat", **form)
    assert Message.objects.count() == 2


def test_her_words_stay_in_her_language(she: Somebody) -> None:
    from hamn.site.door import languages

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(languages, "_approved", lambda: ["en"])
        she.comes_back(she.writes())
        she.visits("/en/svar/dialog/")
        with away():
            page = she.sends("/en/svar/dialog/", text="Mer påhittat")
    is_kept(she, "Mer påhittat")
    with translation.override("en"):
        assert gettext(BUSY) != BUSY
        assert gettext(BUSY) in page
    assert 'action="/en/svar/dialog/"' in page


@pytest.mark.parametrize("age", ["", "child"])
def test_a_first_message_that_is_not_taken_yet_stays_too(she: Somebody, age: str) -> None:
    she.visits("/kontakt/1/")
    token = she.carried["token"]
    with away():
        page = she.sends("/kontakt/1/", text=TEXT, age=age)
    assert TEXT in page.partition("<textarea")[2]
    assert she.carried["token"] == token
    assert ('id="skydd"' in page) == (age == "child")


@pytest.mark.parametrize("begins", ["", "SELECT"])
def test_what_she_wrote_before_her_code_was_asked_for_stays(she: Somebody, begins: str) -> None:
    code = she.writes()
    she.visits("/svar/")
    with away(begins=begins):
        page = she.sends("/svar/", code=code, text="Mer påhittat")
    is_kept(she, "Mer påhittat")
    assert BUSY in page
    assert "Mer påhittat" in she.sends("/svar/", code=code, text="Mer påhittat")
    assert "Din dialog" in she.text


def test_a_message_that_was_stored_just_before_the_database_left_is_not_doubled(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    she.comes_back(she.writes())
    real = dialogues.add_person_message

    def stored_and_gone(*given: Any, **named: Any) -> Any:
        real(*given, **named)
        raise OperationalError

    monkeypatch.setattr(conversation, "add_person_message", stored_and_gone)
    she.sends("/svar/dialog/", text="Mer påhittat")
    is_kept(she, "Mer påhittat")
    monkeypatch.undo()
    she.sends("/svar/dialog/", text="Mer påhittat")
    assert Message.objects.count() == 2


def test_the_code_is_shown_though_the_database_leaves_just_after_the_message(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    she.visits("/kontakt/1/")
    real = contact.receipt_page

    def drawn_alone(*given: Any, **named: Any) -> Any:
        with away():
            return real(*given, **named)

    monkeypatch.setattr(contact, "receipt_page", drawn_alone)
    she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert len(she.code) == 20
    assert Dialogue.objects.count() == 1


def test_nothing_of_what_she_wrote_is_logged_or_shown_as_a_fault(
    she: Somebody, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    she.visits("/kontakt/1/")
    with away():
        page = she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert page.count(TEXT) == 1
    she.comes_back(she.writes())
    with away():
        page = she.sends("/svar/dialog/", text=TEXT)
    assert page.count(TEXT) == 1
    assert TEXT not in caplog.text
    assert not any(record.exc_info for record in caplog.records)


def test_the_kept_words_are_shown_to_nobody_but_who_has_the_dialogue_open(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    she.comes_back(she.writes())
    monkeypatch.setattr(opened, "LIVES", opened.LIVES * -1)
    with away():
        page = she.sends("/svar/dialog/", text="Mer påhittat")
    assert "Kom tillbaka med din kod" in page
    assert "Mer påhittat" in page
    assert TEXT not in page


def test_a_page_that_is_only_opened_says_that_it_is_to_be_tried_again(she: Somebody) -> None:
    she.comes_back(she.writes())
    for address in ("/kontakt/1/", "/svar/dialog/"):
        with away():
            she.visits(address)
        assert she.status == 503
        assert she.page is not None and "Retry-After" in she.page.headers
        assert "<textarea" not in she.text
