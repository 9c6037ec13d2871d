"""The pages of published totals."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from hamn.insight.followup import actions, queries
from hamn.insight.followup.models import PublishedTotal
from hamn.insight.followup.tests.figures import NOW, count, known, share

pytestmark = pytest.mark.django_db
LIST = "followup:list"
SENT = {
    "measure": "stopped_buying",
    "service": "kast",
    "residence": "",
    "from_year": "2018",
    "to_year": "",
    "unit": "percent",
    "low": "94",
    "high": "",
    "wording": "94 9%",
    "base_state": "unknown",
    "base": "",
    "source": "Påhittad rapport, sidan 4",
    "note": "",
}


@pytest.fixture
def stopped(cast: SimpleNamespace) -> PublishedTotal:
    return actions.enter_total(figure=share(), now=NOW, by=cast.controller)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_what_the_form_tells_stands_in_the_list_as_published_with_unknown_base(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.head)
    answer = client.post(reverse("followup:enter_total"), SENT, follow=True)
    assert answer.redirect_chain == [(reverse(LIST), 302)]
    shown = text_of(answer)
    for told in ("94 %", "publicerat", "okänt antal svar", "Har slutat köpa sex", "2018"):
        assert told in shown
    row = queries.totals_for(cast.reader).get()
    assert queries.figure_of(row) == share(wording="94 9%")
    assert "94 9%" in text_of(client.get(reverse("followup:show", args=[row.pk])))


def test_a_range_and_words_are_read_from_the_form(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.controller)
    enter = reverse("followup:enter_total")
    client.post(enter, SENT | {"low": "20", "high": "25,5", "to_year": "2019"})
    client.post(
        enter, SENT | {"unit": "words", "low": "", "wording": "de flesta", "from_year": "2017"}
    )
    shown = text_of(client.get(reverse(LIST)))
    assert "20–25,5 %" in shown
    assert "2018–2019" in shown
    assert "de flesta" in shown


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"low": "101"}, "mellan 0 och 100 procent"),
        ({"low": "nästan alla"}, "inget tal"),
        ({"base_state": "known"}, "antalet svar bara när det är känt"),
        ({"base_state": ""}, "välj något"),
        ({"from_year": "2100"}, "gäller år från 1950"),
        ({"source": ""}, "Källa: fyll i fältet"),
        ({"measure": "påhittat"}, "välj något i listan"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    wrong: dict[str, str], told: str, cast: SimpleNamespace, desk: Any
) -> None:
    answer = desk(cast.controller).post(reverse("followup:enter_total"), SENT | wrong)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert "94 9%" in text_of(answer)
    assert not PublishedTotal.objects.exists()


def test_a_correction_shows_both_versions_with_the_reason(
    cast: SimpleNamespace, desk: Any, stopped: PublishedTotal
) -> None:
    client = desk(cast.controller)
    correct = reverse("followup:correct_total", args=[stopped.pk])
    assert 'value="94"' in client.get(correct).content.decode()
    answer = client.post(correct, SENT | {"low": "49", "reason": "Felläst."}, follow=True)
    shown = text_of(answer)
    for told in ("94 %", "49 %", "rättad", "gäller", "Felläst."):
        assert told in shown
    old = text_of(client.get(reverse("followup:show", args=[stopped.pk])))
    assert "Siffran är rättad och gäller inte längre" in old
    assert correct not in old
    late = client.post(correct, SENT | {"low": "50", "reason": "Felläst."})
    assert late.status_code == 422
    assert "har rättats sedan du öppnade sidan" in text_of(late)


def test_shares_of_unknown_bases_are_not_put_together_and_known_ones_are(
    cast: SimpleNamespace, desk: Any, stopped: PublishedTotal
) -> None:
    client = desk(cast.reader)
    address = f"{reverse(LIST)}?matt=stopped_buying"
    assert "Tillsammans" not in text_of(client.get(address))
    actions.enter_total(figure=known("60", 20, 2019), now=NOW, by=cast.controller)
    assert "Andelarna räknas inte ihop" in text_of(client.get(address))
    correction = {"reason": "Antalet hittades.", "now": NOW, "by": cast.controller}
    actions.correct_total(total_id=stopped.pk, figure=known("90", 10, 2018), **correction)
    assert "Tillsammans 70 %." in text_of(client.get(address))


def test_the_file_marks_every_row_as_published_and_writes_unknown_bases_in_words(
    cast: SimpleNamespace, desk: Any, stopped: PublishedTotal
) -> None:
    actions.enter_total(figure=count(), now=NOW, by=cast.controller)
    client = desk(cast.reader)
    answer = client.get(reverse("followup:export", args=["csv"]) + "?matt=stopped_buying")
    header, *rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert header.startswith("kind,measure,residence,service,from_year")
    assert rows == [
        "publicerat,Har slutat köpa sex,alla,KAST,2018,2018,,en andel i procent,94.00,94.00,,"
        "okänt antal svar,"
        '"Påhittad rapport, sidan 4",'
    ]
    book = client.get(reverse("followup:export", args=["xlsx"]))
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["publicerat", "publicerat"]
    assert client.get(reverse("followup:export", args=["pdf"])).status_code == 404


def test_a_reader_sees_no_button_and_finds_no_form(
    cast: SimpleNamespace, desk: Any, stopped: PublishedTotal
) -> None:
    client = desk(cast.reader)
    assert "Lägg in en publicerad siffra" not in text_of(client.get(reverse(LIST)))
    shown = text_of(client.get(reverse("followup:show", args=[stopped.pk])))
    assert "Rätta siffran" not in shown
    for address in (
        reverse("followup:enter_total"),
        reverse("followup:correct_total", args=[stopped.pk]),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, SENT).status_code == 404


def test_the_menu_leads_those_who_may_see_to_follow_up(cast: SimpleNamespace, desk: Any) -> None:
    for who, is_shown in (("head", True), ("reader", True), ("steward", False)):
        page = desk(getattr(cast, who)).get(reverse("desk:overview")).content.decode()
        assert (reverse(LIST) in page) is is_shown


def test_a_list_of_any_length_asks_the_database_equally_often(
    cast: SimpleNamespace, desk: Any, django_assert_max_num_queries: Any
) -> None:
    def asked() -> int:
        with django_assert_max_num_queries(60) as queries_made:
            client.get(reverse(LIST))
        return len(queries_made)

    client = desk(cast.reader)
    for year in range(2000, 2002):
        figure = share(from_year=year, to_year=year)
        actions.enter_total(figure=figure, now=NOW, by=cast.controller)
    client.get(reverse(LIST))
    few = asked()
    for year in range(2002, 2020):
        figure = share(from_year=year, to_year=year)
        actions.enter_total(figure=figure, now=NOW, by=cast.controller)
    assert asked() == few
