"""Tariffs on screen: the list, one tariff with its annex, and a new one in two steps."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hamn.agreement.tariffs import actions, queries
from hamn.agreement.tariffs.forms import AdoptForm
from hamn.agreement.tariffs.models import Tariff, TariffLine
from hamn.agreement.tariffs.rules import SERVICES
from hamn.agreement.tariffs.tests.tariffs_pages import adopt_form, rows_in, text_of, url
from hamn.core.errors import BadInput
from hamn.guards.audit.models import Entry

Desk = Callable[..., Any]
READERS = ("steward", "controller", "reader", "administrator", "head")
ADOPT = {"steg": "fastst"}


@pytest.fixture
def annex(db: None) -> Tariff:
    """The centre's tariff."""
    return Tariff.objects.get()


def pages(tariff: Tariff) -> list[str]:
    return [url("list"), url("show", tariff.pk), url("export", tariff.pk, "csv")]


@pytest.mark.parametrize("who", READERS)
def test_every_role_reads_tariffs_and_only_keepers_adopt(
    desk: Desk, cast: SimpleNamespace, annex: Tariff, who: str
) -> None:
    client = desk(getattr(cast, who))
    assert [client.get(address).status_code for address in pages(annex)] == [200] * 3
    expected = 200 if who in ("steward", "controller") else 404
    assert client.get(url("adopt")).status_code == expected
    if expected == 404:
        assert client.post(url("adopt"), adopt_form(**ADOPT)).status_code == 404
        assert Tariff.objects.count() == 1


def test_a_stranger_meets_pages_that_do_not_exist(
    desk: Desk, cast: SimpleNamespace, annex: Tariff
) -> None:
    client = desk(cast.stranger)
    answers = [client.get(address).status_code for address in [*pages(annex), url("adopt")]]
    assert answers == [404] * 4


def test_a_tariff_that_does_not_exist_has_no_page(desk: Desk, cast: SimpleNamespace) -> None:
    client = desk(cast.reader)
    assert client.get(url("show", 10**9)).status_code == 404
    assert client.get(url("export", 10**9, "csv")).status_code == 404


def test_a_centre_without_a_tariff_is_told_to_make_one(
    desk: Desk, cast: SimpleNamespace, annex: Tariff
) -> None:
    annex.delete()
    assert "Ingen taxa är upplagd än." in text_of(desk(cast.controller).get(url("list")))
    assert desk(cast.controller).get(url("adopt")).status_code == 200


def test_the_page_shows_the_annex_with_shares_and_kronor(
    desk: Desk, cast: SimpleNamespace, annex: Tariff
) -> None:
    answer = desk(cast.reader).get(url("show", annex.pk))
    rows = {row[1]: row for row in rows_in(answer.context["annex"])}
    assert len(rows) == 27
    assert rows["0117"] == ["Österåker", "0117", 44_831, Decimal("1.91"), 76_499, ""]
    assert rows["0980"][4:] == [101_102, "utöver"]
    page = text_of(answer).replace("\u00a0", " ")
    assert "26 kommuner delar på 4 000 000 kr." in page
    assert "Mikamottagningen 2, KAST 1" in page


@pytest.mark.parametrize("key", ["name", "code", "population", "fee"])
def test_the_annex_can_be_sorted_both_ways(
    desk: Desk, cast: SimpleNamespace, annex: Tariff, key: str
) -> None:
    client, address = desk(cast.reader), url("show", annex.pk)
    up = rows_in(client.get(f"{address}?sortera={key}").context["annex"])
    down = rows_in(client.get(f"{address}?sortera=-{key}").context["annex"])
    assert up == down[::-1]


def test_an_annex_of_many_is_read_a_page_at_a_time(
    desk: Desk, cast: SimpleNamespace, annex: Tariff
) -> None:
    codes = list(queries.known_municipalities())[100:160]
    TariffLine.objects.bulk_create(
        TariffLine(tariff=annex, municipality_id=code, population=7, annex_kr=7) for code in codes
    )
    for order in ("name", "-code", "fee", "-population"):
        client, seen, address = desk(cast.reader), [], f"?sortera={order}"
        while address:
            found = client.get(url("show", annex.pk) + address).context["annex"]
            seen += [row[1] for row in rows_in(found)]
            address = found.next_url
        assert len(seen) == len(set(seen)) == 87


def test_the_list_counts_the_agreements_for_those_who_may_see_them(
    desk: Desk, cast: SimpleNamespace, annex: Tariff, in_force: Callable[..., Any]
) -> None:
    in_force("0117", date(2024, 6, 1))
    seen = text_of(desk(cast.reader).get(url("show", annex.pk)))
    assert "Avtal som har taxan 1" in seen and "Låst ja" in seen
    assert rows_in(desk(cast.reader).get(url("list")).context["found"])[0][-1] == 1
    assert "Avtal som har taxan" not in text_of(desk(cast.administrator).get(url("show", annex.pk)))


def test_the_annex_as_a_file_has_the_same_figures(
    desk: Desk, cast: SimpleNamespace, annex: Tariff
) -> None:
    answer = desk(cast.reader).get(url("export", annex.pk, "csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = {row["municipality_code"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows["0117"]["annex_kr"], rows["0117"]["share_percent"]) == ("76499", "1.91")
    assert desk(cast.reader).get(url("export", annex.pk, "xlsx")).status_code == 200
    assert desk(cast.reader).get(url("export", annex.pk, "pdf")).status_code == 404


def test_a_page_asks_the_database_as_often_for_three_tariffs_as_for_thirty(
    desk: Desk, cast: SimpleNamespace, annex: Tariff
) -> None:
    def asked() -> int:
        client = desk(cast.reader)
        client.get(url("list"))
        with CaptureQueriesContext(connection) as made:
            assert client.get(url("list")).status_code == 200
        return len(made)

    few = asked()
    terms = {"total_kr": 1, "population_year": 2018, "index_percent": 2, "all_population": 1}
    Tariff.objects.bulk_create(
        Tariff(name=f"Prov {n}", price_level_year=2021, valid_from=date(2020, 1, 1), **terms)
        for n in range(30)
    )
    assert asked() == few


def test_the_form_begins_with_the_terms_in_use(desk: Desk, cast: SimpleNamespace) -> None:
    form = desk(cast.controller).get(url("adopt")).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert (shown["total_kr"], shown["index_percent"], shown["mika"]) == (4_000_000, "2", "2")
    assert (shown["counties"], shown["additions"]) == (["01"], "Gotland")
    assert not shown["name"]


def test_the_form_has_a_box_for_every_service() -> None:
    assert set(SERVICES) <= set(AdoptForm.base_fields)


def test_the_first_step_shows_the_fees_and_stores_nothing(
    desk: Desk, cast: SimpleNamespace, annex: Tariff
) -> None:
    answer = desk(cast.controller).post(url("adopt"), adopt_form())
    assert answer.status_code == 200
    rows = {row[0]: row for row in rows_in(answer.context["fees"])}
    assert len(rows) == 27 and rows["Gotland"][-1] == "utöver"
    assert sum(row[3] for row in rows.values() if not row[-1]) == 4_500_000
    assert rows["Österåker"][4] == 76_499
    assert rows["Österåker"][5] == rows["Österåker"][3] - 76_499
    page = text_of(answer).replace("\u00a0", " ")
    assert "26 kommuner delar på 4 500 000 kr" in page and "Uppräkning 2,5 % per år" in page
    assert "En fastställd taxa ändras inte." in page
    assert (Tariff.objects.count(), Entry.objects.filter(event="tariffs.adopted").count()) == (1, 1)


def test_the_second_step_adopts_exactly_what_was_shown(
    desk: Desk, cast: SimpleNamespace, annex: Tariff
) -> None:
    client = desk(cast.controller)
    shown = client.post(url("adopt"), adopt_form())
    answer = client.post(url("adopt"), hidden_fields(shown) | ADOPT)
    tariff = Tariff.objects.get(name="Taxa 2027")
    assert answer.status_code == 302 and answer.headers["Location"] == url("show", tariff.pk)
    fees = dict(tariff.lines.values_list("municipality__name", "annex_kr"))
    assert fees == {row[0]: row[3] for row in rows_in(shown.context["fees"])}
    assert {post.service: post.posts for post in tariff.posts.all()} == {
        "mika": 2,
        "kast": 1,
        "coordinator_adult": Decimal("1.5"),
    }
    assert (tariff.index_percent, tariff.valid_from) == (Decimal("2.5"), date(2027, 1, 1))
    assert tariff == queries.in_use(cast.reader)


def hidden_fields(answer: Any) -> dict[str, Any]:
    """What the preview's form sends."""
    body = answer.content.decode().partition('method="post" novalidate')[2]
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', body)
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}


def test_from_the_preview_one_can_go_back_and_change(desk: Desk, cast: SimpleNamespace) -> None:
    client = desk(cast.controller)
    shown = client.post(url("adopt"), adopt_form())
    back = client.post(url("adopt"), hidden_fields(shown) | {"steg": "andra"})
    assert back.status_code == 200
    assert back.context["form"]["name"].value() == "Taxa 2027"
    assert Tariff.objects.count() == 1


def test_the_same_question_may_be_asked_twice_but_adopted_once(
    desk: Desk, cast: SimpleNamespace
) -> None:
    client = desk(cast.controller)
    [token] = re.findall(r'name="once" value="([^"]+)"', client.get(url("adopt")).content.decode())
    first = client.post(url("adopt"), adopt_form(once=token))
    again = client.post(url("adopt"), adopt_form(once=token))
    assert (first.status_code, again.status_code) == (200, 200)
    sure = hidden_fields(again) | ADOPT
    assert client.post(url("adopt"), sure).status_code == 302
    assert client.post(url("adopt"), sure).status_code == 409
    assert Tariff.objects.count() == 2


def test_an_older_day_than_the_one_in_use_is_pointed_out(desk: Desk, cast: SimpleNamespace) -> None:
    answer = desk(cast.controller).post(url("adopt"), adopt_form(valid_from="2020-01-01"))
    assert "gäller från en senare dag" in text_of(answer)


BAD = {
    "no name": ({"name": " "}, "fyll i fältet"),
    "a name that is taken": ({"name": "Avtalsmall 2021, folkmängd 2018"}, "redan en taxa som"),
    "too long a name": ({"name": "x" * 81}, "texten är för lång"),
    "no total": ({"total_kr": ""}, "fyll i fältet"),
    "a negative total": ({"total_kr": "-5"}, "skriv minst 1"),
    "a total in words": ({"total_kr": "fyra"}, "skriv ett heltal"),
    "too large a total": ({"total_kr": "3000000000"}, "skriv högst"),
    "a year without figures": ({"population_year": "2026"}, "31 december 2026 saknas för"),
    "no county": ({"counties": []}, "välj något"),
    "an unknown county": ({"counties": ["99"]}, "välj något i listan"),
    "an unknown addition": ({"additions": "Atlantis"}, "ska ha fyra siffror"),
    "an addition that also shares": ({"additions": "0117"}, "både delar beloppet och betalar"),
    "no posts": ({"mika": "", "kast": "", "coordinator_adult": ""}, "hur många anställningar"),
    "no number of posts": ({"mika": "två"}, "”två” är inget tal"),
    "too many posts": ({"mika": "100"}, "kan inte stämma"),
    "a negative index": ({"index_percent": "-1"}, "är inget tal"),
    "too high an index": ({"index_percent": "100"}, "kan inte vara 100 procent"),
    "other digits": ({"index_percent": "٢"}, "är inget tal"),
    "no such day": ({"valid_from": "2027-02-29"}, "inget datum"),
    "a price level before time": ({"price_level_year": "1066"}, "skriv minst"),
}


@pytest.mark.parametrize("step", ["", "fastst"], ids=["preview", "adopt"])
@pytest.mark.parametrize(("changed", "says"), BAD.values(), ids=BAD)
def test_a_tariff_that_cannot_be_right_is_refused_at_either_step(
    desk: Desk, cast: SimpleNamespace, changed: dict[str, Any], says: str, step: str
) -> None:
    form = adopt_form(**changed) | ({"steg": step} if step else {})
    answer = desk(cast.controller).post(url("adopt"), form)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert Tariff.objects.count() == 1
    assert answer.context["form"]["price_level_year"].value() == form["price_level_year"]


def test_a_name_taken_after_the_preview_is_refused(desk: Desk, cast: SimpleNamespace) -> None:
    client = desk(cast.controller)
    shown = client.post(url("adopt"), adopt_form())
    other = desk(cast.steward)
    assert other.post(url("adopt"), adopt_form(**ADOPT)).status_code == 302
    answer = client.post(url("adopt"), hidden_fields(shown) | ADOPT)
    assert answer.status_code == 422
    assert "Det finns redan en taxa som heter" in text_of(answer)


def test_a_name_taken_at_the_same_moment_is_refused_by_the_database(annex: Tariff) -> None:
    terms = {"total_kr": 1, "population_year": 2024, "index_percent": 2, "all_population": 1}
    with pytest.raises(BadInput, match="Det finns redan en taxa som heter"):
        actions._create(
            name=annex.name, price_level_year=2026, valid_from=date(2026, 1, 1), **terms
        )


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("", ()),
        (" , ;", ()),
        ("Gotland", ("0980",)),
        ("gotland; 0117", ("0980", "0117")),
        ("Upplands Väsby,Gotland,0980", ("0114", "0980")),
        ("980", ("0980",)),
    ],
)
def test_municipalities_are_read_by_name_or_code(typed: str, codes: tuple[str, ...]) -> None:
    assert queries.read_codes(typed) == codes
