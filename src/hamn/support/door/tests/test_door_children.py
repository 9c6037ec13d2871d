"""Who is under 18 is told of the duty to act before she sends anything, kindly and truly."""

from typing import Any

import pytest

from hamn.support.door.models import Dialogue
from hamn.support.door.tests.reading import TEXT, Somebody

pytestmark = pytest.mark.django_db
DUTY = "måste vi se till att du får skydd"
FIRST = "Vi berättar för dig först"


@pytest.fixture
def she(door: Any) -> Somebody:
    return Somebody(door())


def test_the_duty_stands_above_the_form_of_who_is_under_18(she: Somebody) -> None:
    page = she.visits("/kontakt/5/")
    assert page.index(DUTY) < page.index("<textarea")
    assert FIRST in page
    assert 'name="age"' not in page


def test_what_a_child_writes_goes_to_the_coordinator_for_children(she: Somebody) -> None:
    she.visits("/kontakt/5/")
    she.sends("/kontakt/5/", text=TEXT)
    assert len(she.code) == 20
    row = Dialogue.objects.get()
    assert (row.unit, row.is_child, row.situation) == ("coordinator_child", True, "child")


def test_who_says_so_only_when_she_sends_is_told_first_and_keeps_her_words(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=TEXT, age="child")
    assert not Dialogue.objects.exists()
    assert DUTY in page
    assert TEXT in page
    she.sends("/kontakt/1/", text=TEXT)
    row = Dialogue.objects.get()
    assert (row.unit, row.is_child, row.situation) == ("coordinator_child", True, "compensation")


def test_who_does_not_say_her_age_is_met_as_anyone(she: Somebody) -> None:
    she.writes(age="unsaid")
    row = Dialogue.objects.get()
    assert (row.unit, row.is_child) == ("mika", False)


def test_the_age_is_asked_for_where_it_decides(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=TEXT)
    assert she.status == 422
    assert "Hur gammal är du: välj något." in page
    assert TEXT in page


def test_the_children_number_stands_on_the_childs_page(she: Somebody) -> None:
    page = she.visits("/kontakt/5/")
    assert page.index("112") < page.index("116 111") < page.index("<textarea")
