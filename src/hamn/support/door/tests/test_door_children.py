"""Who is under 18 is told of the duty to act before she sends anything, kindly and truly."""

from typing import Any

import pytest

from hamn.support.door.models import Dialogue
from hamn.support.door.tests.reading import TEXT, Somebody

pytestmark = pytest.mark.django_db
DUTY = "Vi måste se till att du får skydd. Vi berättar för dig först"
NOT_SENT = "Det du skrev är inte skickat än. Läs först, skicka sedan om du vill."


@pytest.fixture
def she(door: Any) -> Somebody:
    return Somebody(door())


def test_the_duty_stands_above_the_form_of_who_is_under_18(she: Somebody) -> None:
    page = she.visits("/kontakt/5/")
    assert page.index(DUTY) < page.index("<textarea")
    assert "Efter det berättar vi för socialtjänsten" in page


def test_the_duty_is_not_said_to_hang_on_whether_we_know_who_she_is(she: Somebody) -> None:
    page = she.visits("/kontakt/5/")
    assert "vi får veta vem du är" not in page
    assert "Vet vi inte vad du heter måste vi ändå föra vidare det vi vet" in page


def test_who_comes_as_a_child_is_not_asked_for_her_age(she: Somebody) -> None:
    page = she.visits("/kontakt/5/")
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
    assert page.index(NOT_SENT) < page.index(DUTY) < page.index("<textarea")
    sent = she.sends("/kontakt/1/", text=TEXT)
    assert NOT_SENT not in sent
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


def test_nothing_is_said_to_be_unsent_before_something_was_written(she: Somebody) -> None:
    assert NOT_SENT not in she.visits("/kontakt/5/")
    assert NOT_SENT not in she.visits("/kontakt/1/")


def test_the_age_is_asked_for_before_the_words(she: Somebody) -> None:
    page = she.visits("/kontakt/1/")
    assert page.index('name="age"') < page.index("<textarea")
    assert page.index("Är du under 18 berättar vi en viktig sak") < page.index("<textarea")


@pytest.mark.parametrize("form", ["1", "2", "3", "4", "6", "7", "8", "9", "mika", "kast"])
def test_the_duty_stands_between_the_age_and_the_words_on_every_form(
    she: Somebody, form: str
) -> None:
    page = she.visits(f"/kontakt/{form}/")
    link = page.index('href="/kontakt/5/"')
    assert page.rindex('name="age"') < page.index(DUTY) < link < page.index("<textarea")
    assert "Efter det berättar vi för socialtjänsten" in page


def test_the_duty_is_told_in_the_language_of_the_form(she: Somebody) -> None:
    page = she.visits("/en/kontakt/1/")
    link = page.index('href="/en/kontakt/5/"')
    assert page.rindex('name="age"') < page.index("We tell you first") < link
    assert link < page.index("<textarea")


def test_who_does_not_want_to_say_her_age_has_read_of_the_duty_too(she: Somebody) -> None:
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=" ", age="unsaid")
    assert she.status == 422
    assert page.index(DUTY) < page.index("<textarea")
    assert page.count(DUTY) == 1


def test_a_child_reads_of_the_duty_above_what_she_writes_later_too(she: Somebody) -> None:
    she.visits("/kontakt/5/")
    she.sends("/kontakt/5/", text=TEXT)
    page = she.comes_back(she.code)
    assert page.index("112") < page.index("116 111") < page.index("<h1")
    assert page.index(TEXT) < page.index(DUTY) < page.index("<textarea")


def test_an_adult_reads_nothing_of_it_in_her_dialogue(she: Somebody) -> None:
    page = she.comes_back(she.writes())
    assert DUTY not in page and "116 111" not in page


def test_the_children_number_stands_on_the_childs_page(she: Somebody) -> None:
    page = she.visits("/kontakt/5/")
    assert page.index("112") < page.index("116 111") < page.index("<textarea")
