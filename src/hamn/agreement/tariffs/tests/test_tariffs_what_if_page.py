"""The what-if on screen: today beside the change, who bears what, the same as chart and file."""

import csv
import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hamn.agreement.tariffs.models import Tariff, TariffLine
from hamn.agreement.tariffs.tests.tariffs_pages import rows_in, text_of
from hamn.register.organisations.models import Municipality

pytestmark = pytest.mark.slow

Desk = Callable[..., Any]
PAGE = "/desk/taxor/jamfor/"


def ask(desk: Desk, person: object, query: str = "") -> Any:
    answer = desk(person).get(PAGE + query)
    assert answer.status_code == 200
    return answer.context


def fees(context: Any) -> dict[str, list[Any]]:
    """Today, with the change and the difference, by name."""
    return {row[0]: row[2:] for row in rows_in(context["found"])}


@pytest.mark.parametrize("who", ["steward", "controller", "reader", "administrator", "head"])
@pytest.mark.parametrize("address", [PAGE, "/desk/taxor/jamfor.svg", "/desk/taxor/jamfor.csv"])
def test_every_role_may_ask(desk: Desk, cast: SimpleNamespace, who: str, address: str) -> None:
    assert desk(getattr(cast, who)).get(address).status_code == 200
    assert desk(cast.stranger).get(address).status_code == 404


def test_the_addresses_stand_before_those_of_the_tariffs() -> None:
    assert reverse("desk:what_if") == PAGE
    assert reverse("desk:what_if_file", args=["xlsx"]) == "/desk/taxor/jamfor.xlsx"


def test_the_page_begins_with_the_latest_population_and_those_affiliated_today(
    desk: Desk, cast: SimpleNamespace, in_force: Callable[..., Any]
) -> None:
    in_force("0117", date(2024, 6, 1))
    context = ask(desk, cast.controller)
    form = context["form"]
    assert form["belopp"].value() == "4000000" and form["folkmangd"].value() == "2024"
    assert form["anslutna"].value() == ["0117"]
    assert context["now"]["provider_bears_sek"] == 4_000_000 - 76_499
    assert fees(context)["Österåker"][0] == 76_499
    assert context["then"]["total_sek"] == 4_000_000


def test_another_total_is_shown_beside_today_with_what_stockholm_bears(
    desk: Desk, cast: SimpleNamespace
) -> None:
    query = "?belopp=4500000&folkmangd=2018&tillagg=added&anslutna=0117&anslutna=0980"
    context = ask(desk, cast.controller, query)
    assert fees(context)["Österåker"] == [76_499, 86_062, 86_062 - 76_499]
    assert context["now"]["provider_bears_sek"] == 4_000_000 - 76_499 - 101_102
    assert context["then"]["invoiced_sek"] == 86_062 + 113_740
    assert context["differs_kr"] == 500_000 - (86_062 + 113_740 - 76_499 - 101_102)


def test_gotland_is_treated_in_three_ways(desk: Desk, cast: SimpleNamespace) -> None:
    def gotland(how: str) -> Any:
        query = f"?belopp=4000000&folkmangd=2018&tillagg={how}"
        return fees(ask(desk, cast.reader, query)).get("Gotland")

    assert gotland("added") == [101_102, 101_102, 0]
    assert gotland("redistributed") == [101_102, 98_610, 98_610 - 101_102]
    assert gotland("left_out") is None


def test_unticking_everyone_leaves_all_to_the_provider(
    desk: Desk, cast: SimpleNamespace, in_force: Callable[..., Any]
) -> None:
    in_force("0117", date(2024, 6, 1))
    context = ask(desk, cast.controller, "?belopp=4000000&folkmangd=2018")
    assert context["then"]["provider_bears_sek"] == 4_000_000
    assert context["shares"]["then"] == "100,0\u00a0%"


def test_an_empty_box_leaves_that_part_as_it_is(desk: Desk, cast: SimpleNamespace) -> None:
    context = ask(desk, cast.reader, "?belopp=&folkmangd=")
    assert all(row[2] == 0 for row in fees(context).values())


def test_who_may_not_see_agreements_learns_nothing_of_them(
    desk: Desk, cast: SimpleNamespace, in_force: Callable[..., Any]
) -> None:
    in_force("0117", date(2024, 6, 1))
    context = ask(desk, cast.administrator)
    assert not context["form"]["anslutna"].value()
    assert context["now"]["signed"] == 0


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("belopp=-1", "skriv minst 1"),
        ("belopp=fyra", "skriv ett heltal"),
        ("belopp=3000000000", "skriv högst"),
        ("belopp=1&folkmangd=1999", "välj något i listan"),
        ("belopp=1&tillagg=kanske", "välj något i listan"),
        ("belopp=1&anslutna=9999", "välj något i listan"),
        ("belopp=1&anslutna=0180", "välj något i listan"),
        ("belopp=%ff%00", "skriv ett heltal"),
    ],
)
def test_a_question_without_sense_says_why_and_has_no_chart_or_file(
    desk: Desk, cast: SimpleNamespace, query: str, says: str
) -> None:
    client = desk(cast.reader)
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 422
    assert says in text_of(answer) and "Vad anordnaren bär" not in text_of(answer)
    for ending in ("svg", "csv", "xlsx"):
        assert client.get(f"/desk/taxor/jamfor.{ending}?{query}").status_code == 404


def test_the_chart_and_the_file_have_the_page_s_figures(desk: Desk, cast: SimpleNamespace) -> None:
    query = "?belopp=4500000&folkmangd=2018&tillagg=added&anslutna=0117"
    client = desk(cast.reader)
    page = fees(ask(desk, cast.reader, query))
    answer = client.get(f"/desk/taxor/jamfor.csv{query}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["name"]: int(row["what_if_sek"]) for row in rows} == {
        name: row[1] for name, row in page.items()
    }
    assert [row["name"] for row in rows if row["signed"]] == ["Österåker"]
    chart = client.get(f"/desk/taxor/jamfor.svg{query}")
    assert chart.headers["Content-Type"].startswith("image/svg+xml")
    assert "Österåker" in chart.content.decode()
    narrow = client.get(f"/desk/taxor/jamfor.svg{query}&smal=1")
    assert narrow.content != chart.content
    assert client.get(f"/desk/taxor/jamfor.pdf{query}").status_code == 404


def test_a_centre_without_a_tariff_has_nothing_to_compare(
    desk: Desk, cast: SimpleNamespace
) -> None:
    Tariff.objects.all().delete()
    assert desk(cast.reader).get(PAGE).status_code == 404


def test_so_many_that_no_address_would_hold_them_are_still_compared(
    desk: Desk, cast: SimpleNamespace
) -> None:
    before = queries_for(desk, cast)
    tariff = Tariff.objects.get()
    new = [Municipality(f"x{n:03}", f"Kommun {n}", "01") for n in range(300)]
    Municipality.objects.bulk_create(new)
    TariffLine.objects.bulk_create(
        TariffLine(tariff=tariff, municipality=row, population=1_000, annex_kr=1) for row in new
    )
    context = ask(desk, cast.reader)
    assert "anslutna" not in context["form"].fields
    assert len(context["found"].rows) == 300 and context["has_more"]
    assert queries_for(desk, cast) <= before
    answer = desk(cast.reader).get("/desk/taxor/jamfor.csv")
    assert b"".join(answer.streaming_content).count(b"\n") == 1 + 326


def queries_for(desk: Desk, cast: SimpleNamespace) -> int:
    client = desk(cast.reader)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as made:
        client.get(PAGE)
    return len(made)
