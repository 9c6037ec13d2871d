"""The register on screen: who sees it, what is found, what one municipality's page tells."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hamn.guards.access.rules import Role
from hamn.register.organisations import actions, queries
from hamn.register.organisations.models import ContactPerson, Municipality, Party, Population
from hamn.register.organisations.tests.organisations_pages import text_of, url

pytestmark = pytest.mark.slow

Desk = Callable[..., Any]
READ = [
    ("list",),
    ("show", "0117"),
    ("show", "1480"),
    ("population_chart", "0117"),
    ("export", "csv"),
    ("export", "xlsx"),
]
WRITE = [
    ("edit", "0117"),
    ("add_contact", "0117"),
    ("import_parties",),
    ("import_population",),
]
READERS = ("steward", "controller", "reader", "administrator", "head", "mika_worker", "officer")
KEEPERS = ("steward", "controller")


def names_in(desk: Desk, person: object, query: str = "") -> list[str]:
    """The municipalities of the list, in its order."""
    answer = desk(person).get(url("list") + query)
    assert answer.status_code == 200
    return [row[0][2].text for row in answer.context["found"].rows]


@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("view", READ, ids="-".join)
def test_every_role_reads_the_register(
    desk: Desk, cast: SimpleNamespace, who: str, view: tuple[str, ...]
) -> None:
    assert desk(getattr(cast, who)).get(url(*view)).status_code == 200


@pytest.mark.parametrize("who", [*READERS, "stranger"])
@pytest.mark.parametrize("view", WRITE, ids="-".join)
def test_a_form_answers_only_the_keepers_as_if_it_existed(
    desk: Desk, cast: SimpleNamespace, who: str, view: tuple[str, ...]
) -> None:
    expected = 200 if who in KEEPERS else 404
    client = desk(getattr(cast, who))
    assert client.get(url(*view)).status_code == expected
    if who not in KEEPERS:
        assert client.post(url(*view), {}).status_code == 404


@pytest.mark.parametrize("view", [*READ, *WRITE], ids="-".join)
def test_a_stranger_meets_the_page_of_what_does_not_exist(
    desk: Desk, cast: SimpleNamespace, view: tuple[str, ...]
) -> None:
    assert desk(cast.stranger).get(url(*view)).status_code == 404


@pytest.mark.parametrize("code", ["9999", "abcd", "117", "0117 ", "%00", "'"])
@pytest.mark.parametrize("view", ["show", "edit", "add_contact", "population_chart"])
def test_a_municipality_that_does_not_exist_has_no_page(
    desk: Desk, cast: SimpleNamespace, view: str, code: str
) -> None:
    assert desk(cast.controller).get(url(view, code)).status_code == 404


def test_the_list_begins_with_the_own_county_and_all_other_parties(
    desk: Desk, cast: SimpleNamespace
) -> None:
    names = names_in(desk, cast.reader)
    assert len(names) == 27
    assert {"Gotland", "Stockholm", "Österåker"} < set(names)
    assert names[0] == "Botkyrka" and names[-1] == "Österåker"


@pytest.mark.parametrize(
    "words", ["österåker", "ÖSTERÅKER", "åker", "0117", "  Österåker ", "Österåkers kommun"]
)
def test_a_municipality_is_found_however_it_is_written(
    desk: Desk, cast: SimpleNamespace, words: str
) -> None:
    assert "Österåker" in names_in(desk, cast.reader, f"?namn={words}")


def test_a_search_without_a_county_looks_in_the_whole_country(
    desk: Desk, cast: SimpleNamespace
) -> None:
    assert names_in(desk, cast.reader, "?namn=göteborg") == ["Göteborg"]
    assert names_in(desk, cast.reader, "?namn=göteborg&lan=01") == []
    assert names_in(desk, cast.reader, "?lan=09") == ["Gotland"]


def test_a_search_for_a_sign_of_the_database_finds_nothing(
    desk: Desk, cast: SimpleNamespace
) -> None:
    assert names_in(desk, cast.reader, "?namn=%25") == []
    assert names_in(desk, cast.reader, "?namn=_") == []


@pytest.mark.parametrize(
    "query",
    ["?lan=xx", "?uppgifter=sant", "?sortera=bort", "?efter=xyz", "?fore=", "?namn=" + "x" * 99],
)
def test_an_address_without_sense_gives_a_page_all_the_same(
    desk: Desk, cast: SimpleNamespace, query: str
) -> None:
    assert desk(cast.reader).get(url("list") + query).status_code in (200, 422)


def test_the_whole_country_is_read_a_page_at_a_time_in_order(
    desk: Desk, cast: SimpleNamespace
) -> None:
    client, names, address = desk(cast.reader), [], "?lan=alla"
    while address:
        found = client.get(url("list") + address).context["found"]
        names += [row[0][2].text for row in found.rows]
        address = found.next_url
    assert len(names) == len(set(names)) == 290
    assert names == list(Municipality.objects.order_by("name").values_list("name", flat=True))
    codes = client.get(url("list") + "?lan=alla&sortera=-code").context["found"]
    assert [row[1][2] for row in codes.rows][:2] == ["2584", "2583"]


def test_what_is_missing_is_found_and_counted_as_the_page_of_each_tells(
    desk: Desk, cast: SimpleNamespace
) -> None:
    Party.objects.filter(municipality="0117").update(department="", billing_code="")
    Party.objects.filter(municipality="0138").update(buyer_reference="")
    ContactPerson.objects.filter(party__municipality="0160").update(valid_until="2022-01-01")
    assert names_in(desk, cast.reader, "?uppgifter=underskrift") == ["Täby", "Österåker"]
    assert names_in(desk, cast.reader, "?uppgifter=fakturering") == ["Tyresö", "Österåker"]
    assert "Stockholm" in names_in(desk, cast.reader, "?uppgifter=med")
    assert "Österåker" not in names_in(desk, cast.reader, "?uppgifter=utan&lan=alla")
    page = text_of(desk(cast.reader).get(url("list") + "?namn=österåker"))
    assert "1 saknas för avtal ; 1 saknas för faktura" in page


def test_each_thing_missing_has_a_link_to_where_it_is_mended(
    desk: Desk, cast: SimpleNamespace
) -> None:
    Party.objects.filter(municipality="0117").update(department="", participant_id="")
    ContactPerson.objects.filter(party__municipality="0117").delete()
    context = desk(cast.steward).get(url("show", "0117")).context
    assert [(link.text, link.url) for link in context["to_sign"]] == [
        ("Avdelning eller enhet", url("edit", "0117") + "#id_department"),
        ("Kontaktperson", url("add_contact", "0117")),
    ]
    assert [link.url for link in context["to_invoice"]] == [
        url("edit", "0117") + "#id_participant_id"
    ]
    form = desk(cast.steward).get(url("edit", "0117")).content.decode()
    assert 'id="id_department"' in form and 'id="id_participant_id"' in form


def test_who_may_not_mend_reads_what_is_missing_without_links(
    desk: Desk, cast: SimpleNamespace
) -> None:
    Party.objects.filter(municipality="0117").update(department="")
    answer = desk(cast.reader).get(url("show", "0117"))
    assert [(link.text, link.url) for link in answer.context["to_sign"]] == [
        ("Avdelning eller enhet", "")
    ]
    assert url("edit", "0117") not in answer.content.decode()


def test_the_provider_lacks_nothing_for_an_agreement_with_itself(
    desk: Desk, cast: SimpleNamespace
) -> None:
    context = desk(cast.steward).get(url("show", "0180")).context
    assert (context["to_sign"], context["to_invoice"]) == ([], [])


def test_a_municipality_without_party_data_says_what_to_do(
    desk: Desk, cast: SimpleNamespace
) -> None:
    keeper, reader = (
        text_of(desk(person).get(url("show", "1480"))) for person in (cast.steward, cast.reader)
    )
    assert "Kommunen har inga partsuppgifter än." in keeper and "Lägg upp uppgifter" in keeper
    assert "En avtalshandläggare eller controller lägger upp dem." in reader


def test_links_to_agreements_and_invoices_are_only_for_those_who_may_open_them(
    desk: Desk, cast: SimpleNamespace
) -> None:
    def links(person: object) -> tuple[bool, bool]:
        body = desk(person).get(url("show", "0117")).content.decode()
        return "/desk/avtal/?kommun=0117" in body, "/desk/fakturor/?kommun=0117" in body

    assert links(cast.controller) == (True, True)
    assert links(cast.administrator) == (False, False)


def test_contacts_stand_by_their_dates_as_present_or_past(
    desk: Desk, cast: SimpleNamespace
) -> None:
    party = Party.objects.get(municipality="0117")
    for title, until in (("Avgången chef", date(2022, 1, 31)), ("Tillträdande chef", None)):
        start = date(2021, 1, 1) if until else date(2100, 1, 1)
        ContactPerson.objects.create(
            party=party, role="faktura", title=title, valid_from=start, valid_until=until
        )
    context = desk(cast.reader).get(url("show", "0117")).context
    now = {row[0][2] for row in context["contacts"].rows}
    assert now == {"Socialchef", "Tillträdande chef"}
    assert [row[0][2] for row in context["past"].rows] == ["Avgången chef"]


def test_the_population_stands_year_by_year_with_its_source(
    desk: Desk, cast: SimpleNamespace
) -> None:
    page = text_of(desk(cast.reader).get(url("show", "0117")))
    assert "49\u00a0787 invånare den 31 december 2024" in page.replace("49 787", "49\u00a0787")
    rows = desk(cast.reader).get(url("show", "0117")).context["years"].rows
    assert [row[0][2] for row in rows] == list(range(2024, 2017, -1))
    assert [row[2][2] for row in rows][-2:] == ["+743", "–"]
    assert {row[3][2] for row in rows} == {"SCB, BefolkningNy (BE0101N1)"}


def test_the_chart_is_an_image_of_its_own_with_the_same_figures(
    desk: Desk, cast: SimpleNamespace
) -> None:
    answer = desk(cast.reader).get(url("population_chart", "0117"))
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "Österåker" in answer.content.decode()
    page = desk(cast.reader).get(url("show", "0117")).content.decode()
    assert url("population_chart", "0117") in page and "44\u00a0831 invånare 2018" in page


def test_a_municipality_without_any_population_has_no_chart_and_says_so(
    desk: Desk, cast: SimpleNamespace
) -> None:
    Population.objects.filter(municipality="1480").delete()
    answer = desk(cast.controller).get(url("show", "1480"))
    assert "folkmangd.svg" not in answer.content.decode()
    assert "Ingen folkmängd är inläst för kommunen." in text_of(answer)
    assert desk(cast.controller).get(url("population_chart", "1480")).status_code == 404


def rows_of(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_what_the_list_shows(desk: Desk, cast: SimpleNamespace) -> None:
    rows = rows_of(desk(cast.reader).get(url("export", "csv") + "?lan=09"))
    assert [(row["municipality_code"], row["inhabitants"]) for row in rows] == [("0980", "60971")]
    assert rows[0]["contact_title"] == "Socialchef"


def test_a_saved_file_can_be_read_in_again_and_changes_nothing(
    desk: Desk, cast: SimpleNamespace, tmp_path: Path
) -> None:
    answer = desk(cast.steward).get(url("export", "csv") + "?uppgifter=med&lan=alla")
    path = tmp_path / "kommuner.csv"
    path.write_bytes(b"".join(answer.streaming_content))
    before = (
        list(Party.objects.order_by("pk").values()),
        list(ContactPerson.objects.order_by("pk").values()),
    )
    saved = actions.import_parties(path=path, today=date(2026, 3, 1), by=cast.steward)
    assert len(saved) == 27
    assert (
        list(Party.objects.order_by("pk").values()),
        list(ContactPerson.objects.order_by("pk").values()),
    ) == before


def test_a_file_of_another_kind_does_not_exist(desk: Desk, cast: SimpleNamespace) -> None:
    assert desk(cast.reader).get(url("export", "pdf")).status_code == 404


@pytest.mark.parametrize("view", [("list",), ("show", "0117")], ids="-".join)
def test_a_page_asks_the_database_as_often_for_three_rows_as_for_thirty(
    desk: Desk, cast: SimpleNamespace, view: tuple[str, ...]
) -> None:
    def asked() -> int:
        client = desk(cast.reader)
        client.get(url(*view))
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get(url(*view)).status_code == 200
        return len(queries_made)

    party = Party.objects.get(municipality="0117")
    few = asked()
    for code in Municipality.objects.filter(county="12").values_list("code", flat=True)[:30]:
        Party.objects.create(municipality_id=code, name=code, organisation_number="")
    ContactPerson.objects.bulk_create(
        ContactPerson(party=party, role="avtal", title=str(n), valid_from=date(2021, 1, 1))
        for n in range(30)
    )
    assert asked() == few


def test_the_file_asks_the_database_as_often_for_all_as_for_one(
    desk: Desk, cast: SimpleNamespace
) -> None:
    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as queries_made:
            rows_of(desk(cast.reader).get(url("export", "csv") + query))
        return len(queries_made)

    assert asked("?lan=09") == asked("")


def test_every_role_has_been_asked() -> None:
    assert len(READERS) == len(Role)


def test_lacks_reads_one_party_as_the_list_reads_them_all(cast: SimpleNamespace) -> None:
    on = date(2026, 1, 15)
    Party.objects.filter(municipality="0117").update(postal_city="")
    ContactPerson.objects.filter(party__municipality="0138").delete()
    everyone = queries.municipalities_for(cast.reader, on=on, county="alla", data="med")
    lacking = {
        row.code
        for row in everyone
        if queries.lacks(row.party, has_contact=row.has_contact).to_sign
    }
    asked = queries.municipalities_for(cast.reader, on=on, county="alla", data="underskrift")
    assert lacking == {row.code for row in asked} == {"0117", "0138"}
