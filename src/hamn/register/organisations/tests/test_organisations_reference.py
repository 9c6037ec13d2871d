"""The reference data that come with Hamn are whole and agree with what was published."""

import csv
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from hamn.agreement.tariffs import reference
from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.register.organisations import actions, queries, rules
from hamn.register.organisations.models import County, Municipality, Party, Population

ANNEX_ROWS = list(csv.DictReader(reference.ANNEX_2018.read_text(encoding="utf-8").splitlines()))
SUMS = {2018: 10_230_185, 2024: 10_587_710}


def test_sweden_has_290_municipalities_in_21_counties(db: None) -> None:
    assert (Municipality.objects.count(), County.objects.count()) == (290, 21)
    assert all(row.code[:2] == row.county_id for row in Municipality.objects.all())


@pytest.mark.parametrize("year", range(2018, 2025))
def test_every_municipality_has_a_population_with_its_source(year: int, db: None) -> None:
    rows = Population.objects.filter(year=year)
    assert rows.count() == 290
    assert set(rows.values_list("source", flat=True)) == {"SCB, BefolkningNy (BE0101N1)"}


@pytest.mark.parametrize(("year", "people"), SUMS.items(), ids=str)
def test_the_country_sums_to_its_published_population(year: int, people: int, db: None) -> None:
    counts = Population.objects.filter(year=year).values_list("inhabitants", flat=True)
    assert sum(counts) == people


@pytest.mark.parametrize("row", ANNEX_ROWS, ids=lambda row: row["name"])
def test_the_annex_has_the_population_of_2018(row: dict[str, str], cast: SimpleNamespace) -> None:
    code = row["municipality_code"]
    stored = queries.populations(cast.reader, year=2018, codes=[code])
    assert stored == {code: int(row["population_2018_12_31"])}
    assert queries.municipality(cast.reader, code).name == row["name"]


def test_gotland_had_59_249_inhabitants_and_is_in_the_police_region_stockholm(db: None) -> None:
    gotland = Municipality.objects.select_related("county").get(code="0980")
    assert gotland.county.police_region == "Stockholm"
    assert queries.reference_populations(2018, ["0980"]) == {"0980": 59_249}


def test_the_police_region_stockholm_is_the_county_and_gotland(db: None) -> None:
    counties = County.objects.filter(police_region="Stockholm").order_by("code")
    assert [county.code for county in counties] == ["01", "09"]


def test_the_stored_register_equals_the_one_read_from_file(cast: SimpleNamespace) -> None:
    codes = queries.known_municipalities()
    assert dict(Municipality.objects.values_list("code", "name")) == codes
    for year in range(2018, 2025):
        stored = queries.populations(cast.reader, year=year, codes=codes)
        assert stored == queries.reference_populations(year, codes)


def test_the_county_of_stockholm_has_26_municipalities_in_code_order(
    cast: SimpleNamespace,
) -> None:
    codes = [row.code for row in queries.municipalities(cast.reader, counties=["01"])]
    assert codes == [row["municipality_code"] for row in ANNEX_ROWS]


def test_loading_again_changes_nothing_but_the_trail(cast: SimpleNamespace) -> None:
    Population.objects.filter(municipality="0117", year=2018).update(inhabitants=1)
    actions.load_reference(by=cast.administrator)
    assert Population.objects.count() == 7 * 290
    assert Population.objects.get(municipality="0117", year=2018).inhabitants == 1
    assert Entry.objects.filter(event="organisations.reference_loaded").count() == 2


@pytest.mark.parametrize("who", ["steward", "controller", "reader"])
def test_only_the_system_administrator_loads_reference_data(
    who: str, cast: SimpleNamespace
) -> None:
    with pytest.raises(PermissionDenied):
        actions.load_reference(by=getattr(cast, who))


def test_a_missing_population_is_refused_and_never_zero(cast: SimpleNamespace) -> None:
    Population.objects.filter(municipality="0117", year=2018).delete()
    with pytest.raises(BadInput, match=r"Folkmängden 31 december 2018 saknas för 0117\. Läs in"):
        queries.populations(cast.reader, year=2018, codes=["0114", "0117"])


def test_a_year_without_reference_data_is_refused() -> None:
    with pytest.raises(BadInput, match="Folkmängden 31 december 1999 saknas för 0114, 0117"):
        queries.reference_populations(1999, ["0117", "0114"])


@pytest.mark.parametrize("inhabitants", [0, -1])
def test_the_database_holds_no_population_of_zero(inhabitants: int, db: None) -> None:
    row = Population(municipality_id="0117", year=1999, inhabitants=inhabitants, source="Prov")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_database_holds_one_provider(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(municipality="0117").update(is_provider=True)


@pytest.mark.parametrize(
    ("text", "code"), [("0117", "0117"), ("117", "0117"), (" 0980 ", "0980"), ("1480", "1480")]
)
def test_a_zero_that_a_spreadsheet_dropped_is_put_back(text: str, code: str) -> None:
    assert rules.known_code(text, queries.known_municipalities()) == code


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "ska ha fyra siffror, till exempel 0117"),
        ("17", "ska ha fyra siffror"),
        ("00117", "ska ha fyra siffror"),
        ("Österåker", "ska ha fyra siffror"),
        ("０１１７", "ska ha fyra siffror"),
        ("9999", "Ingen kommun har koden 9999"),
        ("0100", "Ingen kommun har koden 0100"),
    ],
)
def test_a_code_that_no_municipality_has_is_refused(
    text: str, says: str, cast: SimpleNamespace
) -> None:
    with pytest.raises(BadInput) as refused:
        queries.municipality(cast.reader, text)
    assert says in str(refused.value)


def test_a_party_is_found_by_its_code_with_or_without_the_zero(cast: SimpleNamespace) -> None:
    assert queries.party(cast.reader, "117") == queries.party(cast.reader, "0117")


def test_a_municipality_without_party_data_is_told_how_to_get_them(cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible, match=r"Håbo \(0305\) har inga partsuppgifter ännu"):
        queries.party(cast.reader, "0305")


def test_stockholm_is_the_provider(cast: SimpleNamespace) -> None:
    assert queries.provider() == queries.party(cast.reader, "0180")
    assert queries.provider().organisation_number == "2120000142"


@pytest.mark.usefixtures("db")
def test_before_setup_there_is_no_provider() -> None:
    Party.objects.update(is_provider=False)
    with pytest.raises(NotVisible, match=r"Ingen anordnare är inlagd\. Kör ”hamn setup” först"):
        queries.provider()


READS = {
    "municipality": lambda who: queries.municipality(who, "0117"),
    "municipalities": lambda who: queries.municipalities(who, counties=["01"]),
    "party": lambda who: queries.party(who, "0117"),
    "parties": queries.parties,
    "populations": lambda who: queries.populations(who, year=2018, codes=["0117"]),
}


@pytest.mark.parametrize("read", READS)
def test_a_stranger_reads_nothing_and_staff_read_everything(
    read: str, cast: SimpleNamespace
) -> None:
    with pytest.raises(NotVisible):
        READS[read](cast.stranger)
    for who in (cast.steward, cast.controller, cast.reader, cast.administrator):
        assert READS[read](who)


def test_what_a_party_lacks_is_told_in_the_order_of_the_form() -> None:
    lacking = rules.missing({"department": "Socialförvaltningen"}, rules.NEEDED_TO_SIGN)
    assert [item.name for item in lacking] == [
        "organisationsnummer",
        "postadress, gata eller box",
        "postadress, postnummer",
        "postadress, ort",
        "kontaktperson",
    ]
    assert rules.missing(dict.fromkeys(rules.NEEDED_TO_SIGN, "x"), rules.NEEDED_TO_SIGN) == []
