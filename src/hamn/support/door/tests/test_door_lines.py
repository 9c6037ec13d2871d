"""Whoever writes finds a line that is hers, and it leads to the service that meets her."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError

from hamn.support.door.models import Dialogue
from hamn.support.door.rules.pages import Situation, number_of
from hamn.support.door.tests.reading import TEXT, Somebody
from hamn.support.services.models import Service

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SERVICE_PAGES = {
    "/mika/": "mika",
    "/kast/": "kast",
    "/regionkoordinator/": "coordinator_adult",
}


@pytest.fixture
def she(door: Any) -> Somebody:
    return Somebody(door())


def sent_from(she: Somebody, address: str, age: str = "adult") -> Dialogue:
    she.visits(address)
    page = she.sends(address, text=TEXT, age=age)
    assert she.status == 200, page
    if age == "child":
        assert not Dialogue.objects.exists()
        she.sends(address, text=TEXT)
    return Dialogue.objects.get()


def main_of(text: str) -> str:
    return text.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize("page", SERVICE_PAGES)
def test_who_writes_from_a_service_page_is_met_by_that_service(she: Somebody, page: str) -> None:
    links = set(re.findall(r'href="(/kontakt/[^"]*)"', main_of(she.visits(page))))
    assert links == {f"/kontakt{page}"}, "the text and the button lead to the same form"
    title = Service.objects.get(pk=SERVICE_PAGES[page]).title
    assert f"Du skriver till {title}." in she.visits(links.pop())
    row = sent_from(she, f"/kontakt{page}")
    assert (row.unit, row.service) == (SERVICE_PAGES[page],) * 2
    assert (row.situation, row.is_child) == ("service", False)


@pytest.mark.parametrize("page", [*SERVICE_PAGES, "/4/", "/6/", "/7/", "/8/", "/9/"])
def test_who_is_under_18_meets_the_coordinator_for_children_from_every_form(
    she: Somebody, page: str
) -> None:
    row = sent_from(she, f"/kontakt{page}", age="child")
    assert (row.unit, row.is_child) == ("coordinator_child", True)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("Jag är anhörig till någon som köper sex", "kast"),
        ("Jag är anhörig till någon annan, eller är osäker", "mika"),
        ("Porr eller sex har tagit över mitt liv", "kast"),
        ("Jag skadar mig själv med sex", "mika"),
        ("Något annat", "mika"),
    ],
)
def test_each_line_of_the_writing_page_leads_where_it_says(
    she: Somebody, line: str, unit: str
) -> None:
    found = re.search(rf'href="([^"]*)">{line}<', she.visits("/kontakt/"))
    assert found is not None, line
    assert sent_from(she, found[1]).unit == unit


def test_a_relative_chooses_between_two_buttons_on_her_own_page(she: Somebody) -> None:
    page = main_of(she.visits("/vag/4/"))
    buttons = re.findall(r'<a class="govuk-button" href="([^"]*)">([^<]*)<', page)
    numbers = [number_of(Situation.RELATIVE_OF_BUYER), number_of(Situation.RELATIVE)]
    assert [address for address, _name in buttons] == [f"/kontakt/{one}/" for one in numbers]
    assert "någon som köper sex" in buttons[0][1] and "osäker" in buttons[1][1]


def test_who_names_nothing_is_told_who_reads_it_and_that_it_can_be_passed_on(
    she: Somebody,
) -> None:
    page = she.visits(f"/kontakt/{number_of(Situation.OTHER)}/")
    assert "Du skriver till Mikamottagningen. Passar någon annan bättre hjälper vi dig dit." in page
    assert "hjälper vi dig dit" not in she.visits("/kontakt/1/")


def test_a_professional_finds_her_way_from_the_writing_page(she: Somebody) -> None:
    assert 'href="/yrkesverksam/">Jag möter någon i mitt arbete<' in she.visits("/kontakt/")
    assert 'href="/en/yrkesverksam/"' in main_of(she.visits("/en/kontakt/"))


@pytest.mark.parametrize("address", ["finns-inte", "coordinator_child", "coordinator"])
def test_a_service_that_has_no_page_at_the_address_has_no_form(she: Somebody, address: str) -> None:
    she.visits(f"/kontakt/{address}/")
    assert she.status == 404
    she.sends(f"/kontakt/{address}/", text=TEXT, age="adult")
    assert she.status == 404 and not Dialogue.objects.exists()


def test_who_writes_while_the_database_is_away_keeps_her_words(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    she.visits("/kontakt/kast/")

    def is_away(*_any: object, **_more: object) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as away:
        away.setattr("hamn.support.door.views.public.contact.catalogue.offered", is_away)
        away.setattr("hamn.support.door.views.public.contact.catalogue.service", is_away)
        away.setattr("hamn.support.door.views.public.contact.open_dialogue", is_away)
        page = she.sends("/kontakt/kast/", text=TEXT, age="adult")
    assert she.status == 503 and TEXT in page
    she.sends("/kontakt/kast/", text=TEXT, age="adult")
    assert Dialogue.objects.get().unit == "kast"


def test_a_service_of_the_centres_own_has_a_form_of_its_own(she: Somebody) -> None:
    mika = Service.objects.get(pk="mika")
    mika.pk, mika.unit, mika.position = "ankar", "kast", 90
    mika.save(force_insert=True)
    links = re.findall(r'href="(/kontakt/[^"]*)"', main_of(she.visits("/verksamhet/ankar/")))
    assert links == ["/kontakt/ankar/"]
    row = sent_from(she, "/kontakt/ankar/")
    assert (row.service, row.unit) == ("ankar", "kast")


def test_a_service_that_is_offered_no_more_has_no_form(she: Somebody) -> None:
    Service.objects.filter(pk="kast").update(valid_until=date(2026, 1, 1))
    she.visits("/kontakt/kast/")
    assert she.status == 404


def test_the_emergency_numbers_come_first_but_where_nobody_is_in_danger(she: Somebody) -> None:
    for address in ("mika", "regionkoordinator", "6", "8", "9"):
        before = main_of(she.visits(f"/kontakt/{address}/")).partition("<h1")[0]
        assert "door-emergency" in before, address
    for address in ("kast", "3", "7"):
        before = main_of(she.visits(f"/kontakt/{address}/")).partition("<h1")[0]
        assert "door-emergency" not in before, address
