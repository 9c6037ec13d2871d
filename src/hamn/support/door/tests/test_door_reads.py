"""What stands above each form: who reads it when, and whom to call instead."""

import re
from datetime import datetime, timedelta
from html import escape
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from hamn.core.identifiers import shown_phone
from hamn.support.door.rules.hours import HERE
from hamn.support.door.tests.inbox import NOW
from hamn.support.door.tests.reading import Somebody
from hamn.support.door.views.public.opened import LIVES
from hamn.support.door.views.public.reads import now_of
from hamn.support.services import queries as catalogue

pytestmark = pytest.mark.django_db

NUMBER = "+46850800000"
NIGHT = NOW - timedelta(hours=8)  # 02:00 on the same Monday


@pytest.mark.parametrize("language", ["sv", "en", "es", "ro", "th", "ar"])
def test_the_number_to_call_instead_is_pressed_and_read_from_left_to_right(language: str) -> None:
    service = catalogue.service("mika")
    service.phone = NUMBER
    with translation.override(language):
        told = now_of(service, service.unit, NOW).call
        assert escape(service.title) in told
    number = re.search(r'<a class="govuk-link" href="tel:(.+?)"><span dir="ltr">(.+?)</span>', told)
    assert number is not None
    assert number.groups() == (NUMBER, shown_phone(NUMBER))
    assert "{" not in told
    assert ("Du kan också ringa" in told) == (language == "sv")


def test_a_name_with_signs_of_html_is_shown_as_it_is_written() -> None:
    service = catalogue.service("mika")
    service.phone, service.name, service.name_en = NUMBER, "A <b> & B", "A <b> & B"
    assert "A &lt;b&gt; &amp; B" in now_of(service, service.unit, NOW).call


def test_at_night_the_number_stands_with_the_hours_in_which_it_is_answered() -> None:
    service = catalogue.service("mika")
    service.phone, service.hours, service.hours_en = NUMBER, "vardagar 9–16", "weekdays 9–16"
    told = now_of(service, service.unit, NIGHT)
    assert told.reads_at is not None
    assert told.call.endswith("(telefontider: vardagar 9–16).")
    with translation.override("ar"):
        told = now_of(service, service.unit, NIGHT)
    assert '<span lang="en" dir="ltr">weekdays 9–16</span>' in told.call


def test_a_number_without_hours_stands_only_while_somebody_reads() -> None:
    service = catalogue.service("mika")
    service.phone, service.hours, service.hours_en = NUMBER, "", ""
    assert shown_phone(NUMBER) in now_of(service, service.unit, NOW).call
    assert now_of(service, service.unit, NIGHT).call == ""


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("2026-11-23 02:40", "före kl. 8 i dag."),
        ("2026-11-22 23:59", "före kl. 8 i morgon."),
        ("2026-11-23 16:00", "före kl. 8 i morgon."),
        ("2026-11-20 17:00", "före måndag kl. 8."),
        ("2026-12-23 17:00", "före måndag kl. 8."),
    ],
)
def test_the_day_on_which_somebody_reads_cannot_be_taken_for_another(sent: str, told: str) -> None:
    service = catalogue.service("mika")
    now = now_of(service, "mika", datetime.fromisoformat(sent).replace(tzinfo=HERE))
    page = render_to_string("door/public/dialogue/now.html", {"now": now, "service": service})
    assert f"Ingen läser detta {told}" in page


def test_a_service_without_a_number_tells_of_none() -> None:
    service = catalogue.service("mika")
    service.phone = ""
    assert now_of(service, service.unit, NOW).call == ""


@pytest.mark.slow
def test_the_page_with_the_code_says_that_a_time_is_booked_in_the_dialogue(door: Any) -> None:
    she = Somebody(door())
    she.writes()
    assert "I dialogen kan du också boka en tid" in she.text


@pytest.mark.slow
def test_an_open_dialogue_says_after_how_long_it_closes(door: Any) -> None:
    she = Somebody(door())
    she.comes_back(she.writes())
    assert timedelta(minutes=30) == LIVES
    assert "stängs dialogen en halvtimme efter att du senast" in she.text
