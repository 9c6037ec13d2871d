"""The person's own pages for times, through the door as it is."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from hamn.support.door.actions import booking, limits, times
from hamn.support.door.actions.dialogues import open_dialogue
from hamn.support.door.models import Booking, Dialogue, Slot
from hamn.support.door.rules.codes import new_code
from hamn.support.door.tests.booked import a_notice, a_slot, standing

pytestmark = pytest.mark.django_db

PAGE = "/tider/"


@pytest.fixture(autouse=True)
def fresh() -> None:
    limits.forget()


@pytest.fixture
def visitor(door: Any) -> Callable[..., tuple[Any, Dialogue]]:
    """A function that gives a browser with a dialogue open in it, and the dialogue."""

    def came_back(**more: Any) -> tuple[Any, Dialogue]:
        code = new_code()
        fields: dict[str, Any] = {
            "code": code,
            "text": "Hej",
            "situation": "compensation",
            "service": "mika",
            "language": "sv",
            "is_child": False,
            "origin": "web",
            "token": code.encode(),
            "now": timezone.now(),
        }
        dialogue = open_dialogue(**fields | more)
        browser = door()
        assert browser.post("/svar/", {"code": code}).status_code == 302
        return browser, dialogue

    return came_back


@pytest.fixture
def slot(cast: SimpleNamespace) -> Slot:
    """A free time, two days ahead."""
    return soon(cast.mika_worker)


def soon(worker: Any, days: float = 2, **more: Any) -> Slot:
    slot = a_slot(worker, **more)
    slot.starts_at = timezone.now() + timedelta(days=days)
    slot.save()
    return slot


def proof(page: Any) -> str:
    """What the page's forms are proven by."""
    return page.content.decode().split('name="proof" value="')[1].split('"')[0]


def send(browser: Any, address: str, form_at: str = PAGE, **fields: Any) -> Any:
    """The form filled in as a person does: from the page that it stands on."""
    return browser.post(address, {"proof": proof(browser.get(form_at)), **fields})


def test_a_person_books_sees_moves_and_cancels(
    visitor: Any, slot: Slot, cast: SimpleNamespace
) -> None:
    browser, dialogue = visitor()
    other = soon(cast.mika_worker, days=3)
    answer = send(browser, PAGE, slot=str(slot.pk))
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    (row,) = standing()
    assert (row.slot_id, row.dialogue_id) == (slot.pk, dialogue.pk)
    page = browser.get(PAGE).content.decode()
    assert "besök" in page and "Rum 2" in page
    move, cancel = f"{PAGE}{row.pk}/flytta/", f"{PAGE}{row.pk}/avboka/"
    assert move in page and cancel in page
    assert send(browser, move, move, slot=str(other.pk)).status_code == 302
    (moved,) = standing()
    assert moved.slot_id == other.pk
    cancel = f"{PAGE}{moved.pk}/avboka/"
    assert send(browser, cancel, cancel).status_code == 302
    assert standing() == []
    assert "Du har ingen bokad tid" in browser.get(PAGE).content.decode()


def test_without_an_open_dialogue_the_code_is_asked_for(door: Any, slot: Slot) -> None:
    browser = door()
    for address in (PAGE, f"{PAGE}{uuid4()}/flytta/", f"{PAGE}{uuid4()}/avboka/"):
        for answer in (browser.get(address), browser.post(address, {"slot": str(slot.pk)})):
            text = answer.content.decode()
            assert "Din kod" in text and str(slot.pk) not in text
    assert standing() == []


def test_a_form_from_elsewhere_books_nothing(visitor: Any, slot: Slot) -> None:
    browser, _dialogue = visitor()
    for fields in ({}, {"proof": "AAAA"}, {"proof": "å"}):
        browser.post(PAGE, {"slot": str(slot.pk), **fields})
    assert standing() == []


def test_another_units_times_are_not_offered_and_not_booked(
    visitor: Any, cast: SimpleNamespace
) -> None:
    browser, _dialogue = visitor()
    foreign = soon(cast.kast_worker, unit="kast")
    soon(cast.mika_worker)
    assert str(foreign.pk) not in browser.get(PAGE).content.decode()
    answer = send(browser, PAGE, slot=str(foreign.pk))
    assert answer.status_code == 422 and "inte ledig längre" in answer.content.decode()
    assert standing() == []


@pytest.mark.parametrize(
    "sent", ["", "abc", "\0", "🙂", "00000000-0000-0000-0000-000000000000", "9" * 5000]
)
def test_no_sense_is_answered_calmly_and_books_nothing(sent: str, visitor: Any, slot: Slot) -> None:
    browser, _dialogue = visitor()
    answer = send(browser, PAGE, slot=sent)
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.content.decode()
    assert standing() == []


def test_a_time_that_another_took_meanwhile_is_said_and_the_rest_is_offered(
    visitor: Any, slot: Slot, cast: SimpleNamespace
) -> None:
    browser, _dialogue = visitor()
    other, free = visitor()[1], soon(cast.mika_worker, days=3)
    page = browser.get(PAGE)
    booking.book_time(dialogue=other, slot_id=slot.pk, wants_reminder=False, now=timezone.now())
    answer = browser.post(PAGE, {"proof": proof(page), "slot": str(slot.pk)})
    text = answer.content.decode()
    assert answer.status_code == 422 and "inte ledig längre" in text
    assert str(free.pk) in text and str(slot.pk) not in text


def test_the_same_form_sent_twice_is_one_booking_and_no_error(visitor: Any, slot: Slot) -> None:
    browser, _dialogue = visitor()
    fields = {"proof": proof(browser.get(PAGE)), "slot": str(slot.pk)}
    assert [browser.post(PAGE, fields).status_code for _each in range(2)] == [302, 302]
    assert len(standing()) == Booking.objects.count() == 1


def test_a_booking_of_another_is_as_if_it_was_not_there(visitor: Any, slot: Slot) -> None:
    browser, other = visitor()[0], visitor()[1]
    row = booking.book_time(
        dialogue=other, slot_id=slot.pk, wants_reminder=False, now=timezone.now()
    )
    soon(slot.worker, days=4)
    for verb in ("flytta", "avboka", "paminnelse"):
        answer = send(browser, f"{PAGE}{row.pk}/{verb}/", slot=str(slot.pk), wants_reminder="ja")
        assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    row.refresh_from_db()
    assert (row.cancelled_at, row.wants_reminder) == (None, False)


def test_a_reminder_is_offered_to_who_has_asked_for_notices_and_to_nobody_else(
    visitor: Any, slot: Slot
) -> None:
    browser, dialogue = visitor()
    assert "wants_reminder" not in browser.get(PAGE).content.decode()
    send(browser, PAGE, slot=str(slot.pk), wants_reminder="on")
    assert standing()[0].wants_reminder is False
    a_notice(dialogue)
    address = f"{PAGE}{standing()[0].pk}/paminnelse/"
    for word, wants in (("ja", True), ("nej", False)):
        assert send(browser, address, wants_reminder=word).status_code == 302
        assert standing()[0].wants_reminder is wants


def test_a_time_that_staff_cancelled_is_told_of_and_its_link_is_gone(
    visitor: Any, cast: SimpleNamespace
) -> None:
    browser, _dialogue = visitor()
    slot = soon(cast.mika_worker, form="video", place="https://mote.example/ett-rum")
    assert "mote.example" not in browser.get(PAGE).content.decode()
    send(browser, PAGE, slot=str(slot.pk))
    page = browser.get(PAGE).content.decode()
    assert 'href="https://mote.example/ett-rum"' in page and "noreferrer" in page
    times.withdraw_time(slot_id=slot.pk, by=cast.mika_worker, now=timezone.now())
    page = browser.get(PAGE).content.decode()
    assert "Vi har behövt avboka" in page and "mote.example" not in page


def test_her_times_stand_above_what_was_written_also_one_that_staff_cancelled(
    visitor: Any, slot: Slot, cast: SimpleNamespace
) -> None:
    browser, _dialogue = visitor()
    assert "Dina tider" not in browser.get("/svar/dialog/").content.decode()
    send(browser, PAGE, slot=str(slot.pk))
    text = browser.get("/svar/dialog/").content.decode()
    assert "Dina tider" in text and "avboka den här" not in text
    times.withdraw_time(slot_id=slot.pk, by=cast.mika_worker, now=timezone.now())
    assert "Vi har behövt avboka den här tiden" in browser.get("/svar/dialog/").content.decode()


def test_nobody_empties_the_list(visitor: Any, cast: SimpleNamespace, settings: Any) -> None:
    settings.DOOR = {**settings.DOOR, "limits": {"book_in_all": 2}}
    browser, _dialogue = visitor()
    slots = [soon(cast.mika_worker, days=day) for day in (2, 3, 4)]
    answers = [send(browser, PAGE, slot=str(slot.pk)).status_code for slot in slots]
    assert (answers, len(standing())) == ([302, 302, 429], 2)


def test_the_pages_are_in_the_language_of_the_address(visitor: Any, slot: Slot) -> None:
    browser, _dialogue = visitor()
    page = browser.get(PAGE)
    assert 'lang="sv"' in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
