"""The public information pages: by situation, by service, in every language that is shown."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from hamn.guards.access.queries import by_email
from hamn.support.door.actions import texts as actions
from hamn.support.door.rules.languages import LANGUAGES
from hamn.support.services.models import Service

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = (
    *("/", "/vag/1/", "/vag/2/", "/vag/3/", "/vag/4/", "/vag/5/"),
    *("/mika/", "/kast/", "/regionkoordinator/", "/om-svar/", "/dolj-spar/", "/tillganglighet/"),
)
PREFIXES = {code: "" if code == "sv" else f"/{code}" for code in LANGUAGES}


def text_at(door: Any, address: str) -> str:
    answer = door().get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_is_there_in_every_language_and_says_which_it_is(code: str, door: Any) -> None:
    for address in PAGES:
        text = text_at(door, PREFIXES[code] + address)
        direction = "rtl" if code == "ar" else "ltr"
        assert f'<html lang="{code}" dir="{direction}"' in text
        assert text.count("<h1") == 1


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_link_of_our_own_leads_to_a_page_in_the_same_language(code: str, door: Any) -> None:
    found = set()
    for address in PAGES:
        main = text_at(door, PREFIXES[code] + address).partition("<main")[2].partition("</main")[0]
        found |= set(re.findall(r'href="(/[^"]*)"', main))
    assert PREFIXES[code] + "/kontakt/" in found and PREFIXES[code] + "/vag/5/" in found
    client = door()
    for one in found:
        assert one.startswith(PREFIXES[code] + "/"), one
        assert client.get(one).status_code in (200, 302), one


def test_the_start_page_goes_by_situation_in_plain_words(door: Any) -> None:
    text = text_at(door, "/")
    for words in (
        "Jag har sex mot ersättning",
        "Någon utnyttjar mig",
        "Jag köper sex och vill sluta",
        "Jag är anhörig",
        "Jag är under 18",
        "Jag möter någon i mitt arbete",
        "Du kan alltid höra av dig, även anonymt",
    ):
        assert words in text
    assert 'href="/yrkesverksam/"' in text and 'href="/svar/"' in text


def test_no_title_and_no_address_tells_what_a_page_is_about(door: Any) -> None:
    titles = {re.findall("<title>(.*?)</title>", text_at(door, page))[0] for page in PAGES}
    assert len(titles) == 1
    assert not re.search("sex|kast|mika|prostitu", titles.pop().lower())


def test_the_alarm_comes_before_all_else_where_danger_is_possible(door: Any) -> None:
    for address in (
        *("/vag/1/", "/vag/2/", "/vag/4/", "/vag/5/", "/kontakt/4/"),
        *("/mika/", "/regionkoordinator/", "/en/mika/"),
    ):
        main = text_at(door, address).partition("<main")[2]
        assert main.index('href="tel:112"') < main.index("<h1"), address


def test_pages_for_who_is_in_no_danger_begin_with_what_they_are_about(door: Any) -> None:
    for address in ("/vag/3/", "/kast/"):
        main = text_at(door, address).partition("<main")[2]
        assert "door-emergency" not in main.partition("<h1")[0], address


def test_the_young_read_of_the_duty_to_act_before_they_write(door: Any) -> None:
    text = text_at(door, "/vag/5/")
    assert text.index("Vi berättar för dig först") < text.rindex('href="/kontakt/5/"')
    assert "116 111" in text and "utan att säga vad du heter" in text


def test_a_service_page_says_that_it_is_free_and_anonymous_with_phone_and_hours(door: Any) -> None:
    text = text_at(door, "/mika/")
    assert "Det kostar ingenting, och du får vara anonym." in text
    assert 'href="tel:+46846500402"' in text and "08-465 004 02" in text
    assert "vardagar 9–16" in text
    english = text_at(door, "/en/mika/")
    assert "weekdays 9–16" in english and "vardagar" not in english
    arabic = text_at(door, "/ar/mika/")
    assert 'lang="en" dir="ltr">weekdays 9–16' in arabic


@pytest.mark.parametrize("page", ["/mika/", "/kast/", "/regionkoordinator/"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_service_page_says_that_a_time_is_booked_with_the_code_of_what_one_wrote(
    code: str, page: str, door: Any
) -> None:
    body = text_at(door, PREFIXES[code] + page).partition('"door-text"')[2].partition("</div")[0]
    assert body.count(f'href="{PREFIXES[code]}/svar/"') == 1
    if code == "sv":
        assert "För att boka" in body and "får en kod" in body


@pytest.mark.parametrize(
    ("page", "hours"),
    [
        ("/mika/", ["vardagar 9–16"]),
        ("/kast/", ["vardagar 9–16"]),
        ("/regionkoordinator/", ["vardagar 9–16", "vardagar 8–17"]),
    ],
)
def test_every_service_says_when_it_is_reached_and_so_does_one_without_hours(
    page: str, hours: list[str], door: Any
) -> None:
    assert re.findall("vardagar [0-9]+–[0-9]+", text_at(door, page)) == hours
    Service.objects.update(hours="", hours_en="")
    text = text_at(door, page)
    assert "vardagar" not in text.partition('"door-facts"')[2].partition("</section")[0]
    assert text.count("Inga fasta telefontider.") == len(hours)


def test_both_coordinators_stand_on_one_page_with_a_number_each(door: Any) -> None:
    text = text_at(door, "/regionkoordinator/")
    assert "08-465 004 04" in text and "08-465 004 05" in text
    assert "Regionkoordinator barn och unga" in text


def test_another_centres_service_has_a_page_of_its_own(door: Any) -> None:
    row = Service.objects.get(pk="mika")
    row.code, row.name, row.description = "ankar", "Ankaret", "Samtal för den som vill."
    row.save(force_insert=True)
    assert "Ankaret" in text_at(door, "/")
    text = text_at(door, "/verksamhet/ankar/")
    assert "Samtal för den som vill." in text and "Ankaret" in text
    # Whether somebody in danger comes there is not known.
    assert "door-emergency" in text.partition("<h1")[0]
    officer = by_email("information_officer@test.example")
    publish(officer, page_code="service:ankar", title="Hos Ankaret", body="Kom in.")
    assert "Kom in." in text_at(door, "/verksamhet/ankar/")
    assert "Hos Ankaret" in text_at(door, "/")


def test_a_service_that_the_centre_has_no_more_is_not_there(door: Any) -> None:
    Service.objects.filter(pk="kast").update(valid_until=date(2026, 1, 1))
    assert door().get("/kast/").status_code == 404
    assert 'href="/kast/"' not in text_at(door, "/").partition("Vilka vi är")[2]


@pytest.mark.parametrize(
    "address", ["/vag/0/", "/vag/6/", "/vag/99/", "/verksamhet/none/", "/xx/", "/vag/1'--/"]
)
def test_what_is_not_there_is_told_calmly(address: str, door: Any) -> None:
    answer = door().get(address)
    assert answer.status_code == 404
    assert "Sidan finns inte" in answer.content.decode()


def test_a_withdrawn_page_is_not_there_and_nothing_leads_to_it(door: Any) -> None:
    officer = by_email("information_officer@test.example")
    actions.withdraw(page_code="situation:buys", language="es", by=officer)
    assert door().get("/es/vag/3/").status_code == 404
    assert 'href="/es/vag/3/"' not in text_at(door, "/es/")
    assert door().get("/vag/3/").status_code == 200


def test_a_language_that_is_not_shown_is_not_there(door: Any) -> None:
    officer = by_email("information_officer@test.example")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    actions.withdraw_language(language="th", now=now, by=officer)
    assert door().get("/th/").status_code == 404
    assert "ไทย" not in text_at(door, "/")


def test_the_page_on_answers_says_in_which_languages_they_are_given(door: Any) -> None:
    text = text_at(door, "/om-svar/")
    assert "Vi svarar på svenska och engelska." in text
    assert 'lang="ar" dir="rtl">العربية' in text


def test_a_page_asks_the_database_a_few_times_and_only_to_read(door: Any) -> None:
    asked: list[str] = []

    def counted(execute: Any, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    for address in PAGES:
        asked.clear()
        with connection.execute_wrapper(counted):
            door().get(address)
        assert 0 < len(asked) <= 5 and all(sql.startswith("SELECT") for sql in asked)


def test_reading_leaves_no_cookie_and_nothing_in_a_cache(door: Any) -> None:
    for address in PAGES:
        answer = door().get(address)
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"


def test_what_an_officer_writes_is_escaped_on_the_page(door: Any) -> None:
    officer = by_email("information_officer@test.example")
    publish(officer, page_code="start", title="<script>a</script>", body="<img src=x onerror=b>")
    text = text_at(door, "/")
    assert "<script>a" not in text and "<img" not in text
    assert "&lt;img src=x onerror=b&gt;" in text


def publish(officer: Any, *, page_code: str, title: str, body: str) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    draft = actions.save_draft(
        page_code=page_code,
        language="sv",
        title=title,
        body=body,
        review_by=date(2027, 11, 1),
        seen="",
        now=now,
        by=officer,
    )
    seen = actions.seen_of(draft)
    actions.publish(page_code=page_code, language="sv", seen=seen, now=now, by=officer)
