"""The desk's pages for times."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hamn.support.door.actions import booking
from hamn.support.door.models import Slot
from hamn.support.door.tests.booked import a_dialogue, a_slot, standing

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TIMES = "/desk/inkorg/tider/"


def ahead(days: int = 7) -> dict[str, Any]:
    """A day to come, as the form's three boxes send it."""
    day = timezone.localdate() + timedelta(days=days)
    return {"on_ar": day.year, "on_manad": day.month, "on_dag": day.day}


def soon(worker: Any, **more: Any) -> Slot:
    slot = a_slot(worker, **more)
    slot.starts_at = timezone.now() + timedelta(days=2)
    slot.save()
    return slot


def given(**more: Any) -> dict[str, Any]:
    fields = {"unit": "mika", "form": "visit", "clock": "9.15", "minutes": "45", "place": "Rum 2"}
    return {**fields, "in_a_row": "2", "weeks": "1", **ahead(), **more}


def test_times_are_published_and_stand_in_the_list(cast: SimpleNamespace, desk: Any) -> None:
    browser = desk(cast.mika_worker)
    answer = browser.post(reverse("door:publish_times"), given(), follow=True)
    text = answer.content.decode()
    assert "Publicerade tider: 2." in text
    assert " 09:15" in text and " 10:00" in text and "ledig" in text
    assert Slot.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"unit": "kast"}, "välj något i listan"),
        ({"clock": "25.00"}, "inget klockslag"),
        ({"minutes": "5"}, "skriv minst 10"),
        ({"form": "video", "place": "mötet"}, "https://"),
        ({"place": "Rum\u202e 2"}, "dolt tecken"),
        (ahead(-2), "redan varit"),
    ],
)
def test_what_cannot_be_published_is_told_and_nothing_is_stored(
    change: dict[str, Any], told: str, cast: SimpleNamespace, desk: Any
) -> None:
    answer = desk(cast.mika_worker).post(reverse("door:publish_times"), given(**change))
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not Slot.objects.exists()


def test_a_booked_time_leads_to_its_dialogue_and_is_cancelled_or_withdrawn(
    cast: SimpleNamespace, desk: Any
) -> None:
    browser, dialogue, slot = desk(cast.mika_second), a_dialogue(), soon(cast.mika_worker)
    booking.book_time(dialogue=dialogue, slot_id=slot.pk, wants_reminder=False, now=timezone.now())
    assert "bokad" in browser.get(TIMES).content.decode()
    page = browser.get(f"{TIMES}{slot.pk}/").content.decode()
    assert reverse("door:dialogue", args=[dialogue.pk]) in page
    assert browser.get(f"{TIMES}{slot.pk}/avboka/").status_code == 200
    assert browser.post(f"{TIMES}{slot.pk}/avboka/").status_code == 302
    assert standing() == []
    assert "Personen ser" not in browser.get(f"{TIMES}{slot.pk}/dra-in/").content.decode()
    assert browser.post(f"{TIMES}{slot.pk}/dra-in/").status_code == 302
    assert str(slot.pk) not in browser.get(TIMES).content.decode()
    assert "indragen" in browser.get(f"{TIMES}{slot.pk}/").content.decode()


def test_a_dialogue_that_went_to_another_unit_is_not_opened_from_its_time(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue, slot = a_dialogue(), soon(cast.mika_worker)
    booking.book_time(dialogue=dialogue, slot_id=slot.pk, wants_reminder=False, now=timezone.now())
    dialogue.unit = "kast"
    dialogue.save()
    page = desk(cast.mika_worker).get(f"{TIMES}{slot.pk}/").content.decode()
    assert "bokad" in page and str(dialogue.pk) not in page


def test_a_time_is_booked_for_one_who_calls(cast: SimpleNamespace, desk: Any) -> None:
    browser, dialogue, slot = desk(cast.mika_worker), a_dialogue(), soon(cast.mika_worker)
    page = reverse("door:book_for_person", args=[dialogue.pk])
    assert str(slot.pk) in browser.get(page).content.decode()
    assert browser.post(page, {"slot": str(slot.pk)}).status_code == 302
    assert [row.dialogue_id for row in standing()] == [dialogue.pk]
    again = browser.post(page, {"slot": str(slot.pk)})
    assert again.status_code == 422 and "inte ledig längre" in again.content.decode()


@pytest.mark.parametrize("who", ["kast_worker", "administrator", "controller", "stranger"])
def test_others_meet_the_answer_for_what_is_not_there(
    who: str, cast: SimpleNamespace, desk: Any
) -> None:
    browser, dialogue, slot = desk(getattr(cast, who)), a_dialogue(), soon(cast.mika_worker)
    for page in (
        f"{TIMES}{slot.pk}/",
        f"{TIMES}{slot.pk}/dra-in/",
        f"{TIMES}{slot.pk}/avboka/",
        reverse("door:book_for_person", args=[dialogue.pk]),
    ):
        assert browser.get(page).status_code == 404
        assert browser.post(page, {"slot": str(slot.pk)}).status_code == 404
    slot.refresh_from_db()
    assert slot.withdrawn_at is None and standing() == []


def test_the_list_asks_as_many_questions_for_fifty_times_as_for_two(
    cast: SimpleNamespace, desk: Any
) -> None:
    browser, start = desk(cast.mika_worker), timezone.now() + timedelta(days=2)

    def publish(*places: int) -> None:
        Slot.objects.bulk_create(
            Slot(
                unit="mika",
                worker=cast.mika_worker,
                starts_at=start + timedelta(hours=place),
                minutes=45,
                form="visit",
                place="Rum 2",
            )
            for place in places
        )

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(TIMES).status_code == 200
        return len(found)

    publish(0, 1)
    asked()
    few = asked()
    publish(*range(2, 50))
    assert asked() == few
