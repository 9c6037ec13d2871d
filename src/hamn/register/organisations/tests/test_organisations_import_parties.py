"""Parties come from a CSV, all or none, with every fault by its row."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from stdnum import luhn

from hamn.core.errors import BadInput, FaultsInFile, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.register.organisations import actions, queries
from hamn.register.organisations.models import ContactPerson, Party

TODAY = date(2026, 3, 1)
Import = Callable[..., list[Party]]


def number(body: str) -> str:
    """An invented organisation number with a valid check digit."""
    return body + luhn.calc_check_digit(body)


HABO, ALVKARLEBY = number("402030500"), number("402031900")


@pytest.fixture
def load(cast: SimpleNamespace, tmp_path: Path) -> Import:
    def run(header: str, *rows: str, today: date = TODAY, by: object = None) -> list[Party]:
        path = tmp_path / "parter.csv"
        path.write_text("\n".join([header, *rows]), encoding="utf-8")
        return actions.import_parties(path=path, today=today, by=by or cast.steward)

    return run


def faults(load: Import, header: str, *rows: str) -> list[str]:
    with pytest.raises(FaultsInFile) as refused:
        load(header, *rows)
    return [str(fault) for fault in refused.value.faults]


SHORT = "municipality_code,organisation_number"
WITH_CONTACT = f"{SHORT},contact_role,contact_title,contact_email,contact_phone"
WITH_DATES = f"{WITH_CONTACT},contact_valid_from,contact_valid_until"


def test_a_new_party_has_all_that_the_file_says(load: Import) -> None:
    header = (
        f"{SHORT},name,is_example_number,department,postal_street,postal_code,postal_city,"
        "billing_street,billing_code,billing_city,participant_id,buyer_reference"
    )
    row = (
        f"305,{HABO[:6]}-{HABO[6:]},Håbo kommun,ja,Socialförvaltningen,Exempelgatan 1,100 01,"
        f"Exempelstad,Fakturaboxen 1,10002,Exempelby,0007:{HABO},EX0305-SOC"
    )
    [party] = load(header, row)
    party.refresh_from_db()
    assert (party.municipality_id, party.name, party.organisation_number) == (
        "0305",
        "Håbo kommun",
        HABO,
    )
    assert (party.postal_code, party.billing_code) == ("10001", "10002")
    assert (party.billing_street, party.billing_city) == ("Fakturaboxen 1", "Exempelby")
    assert party.participant_id == f"0007:{HABO}"
    assert party.is_example_number and not party.is_provider


def test_a_new_party_without_a_name_gets_the_municipality_s(load: Import) -> None:
    [party] = load(SHORT, f"0305,{HABO}")
    assert party.name == "Håbo"
    assert not party.is_example_number


def test_what_the_file_leaves_out_stays_as_it_was(load: Import, cast: SimpleNamespace) -> None:
    before = queries.party(cast.reader, "0117")
    load(
        f"{SHORT},name,billing_street,buyer_reference,postal_city",
        f"0117,{before.organisation_number},,Fakturaboxen 7,NY-REF,",
    )
    after = queries.party(cast.reader, "0117")
    assert after.pk == before.pk
    assert (after.billing_street, after.buyer_reference) == ("Fakturaboxen 7", "NY-REF")
    assert (after.name, after.postal_city) == ("Österåkers kommun", before.postal_city)
    assert (after.participant_id, after.department) == (before.participant_id, before.department)


def test_loading_the_same_file_again_adds_no_party_and_no_contact(load: Import) -> None:
    row = f"0305,{HABO},avtal,Socialchef,socialchef@habo.example,08-465 004 70"
    load(WITH_CONTACT, row)
    before = (Party.objects.count(), ContactPerson.objects.count())
    load(WITH_CONTACT, row, today=date(2026, 9, 1))
    assert (Party.objects.count(), ContactPerson.objects.count()) == before


def test_every_fault_is_listed_with_its_row_and_nothing_is_stored(load: Import) -> None:
    before = (Party.objects.count(), Entry.objects.count())
    assert faults(
        load,
        f"{WITH_DATES},postal_code,participant_id",
        f"0305,{HABO},,,,,,,,",
        f"9999,{ALVKARLEBY},,,,,,,,",
        f"tre,{ALVKARLEBY},,,,,,,,",
        f"0319,{ALVKARLEBY[:-1]}{(int(ALVKARLEBY[-1]) + 1) % 10},,,,,,,,",
        "0319,900101-0017,,,,,,,,",
        "0319,,,,,,,,,",
        f"0319,{ALVKARLEBY},,,,,,,1234,",
        f"0319,{ALVKARLEBY},,,,,,,,0007:{HABO}",
        f"0319,{ALVKARLEBY},,,,,,,,2120000142",
        f"0319,{ALVKARLEBY},avtal,Chef,ingen adress,,,,,",
        f"0319,{ALVKARLEBY},avtal,Chef,,inget nummer,,,,",
        f"0319,{ALVKARLEBY},avtal,Chef,,,2024-02-30,,,",
        f"0319,{ALVKARLEBY},avtal,Chef,,,2024-02-28,2024-02-27,,",
    ) == [
        "Rad 3: Ingen kommun har koden 9999. Koderna står i kommunregistret, till exempel 0117.",
        "Rad 4: Kommunkoden ”tre” ska ha fyra siffror, till exempel 0117.",
        f"Rad 5: Organisationsnumret ”{ALVKARLEBY[:-1]}{(int(ALVKARLEBY[-1]) + 1) % 10}” är "
        "felskrivet: kontrollsiffran stämmer inte. Jämför med avtalet.",
        "Rad 6: ”900101-0017” ser ut som ett personnummer. Ange organisationens nummer; dess "
        "tredje siffra är minst 2.",
        "Rad 7: Organisationsnumret ”” ska ha tio siffror, till exempel 212000-0142. Rätta numret.",
        "Rad 8: Postnumret ”1234” ska ha fem siffror, till exempel 184 86.",
        f"Rad 9: Peppol-id ”0007:{HABO}” hör inte till organisationsnumret {ALVKARLEBY[:6]}-"
        f"{ALVKARLEBY[6:]}. Det ska vara 0007:{ALVKARLEBY}, eller ett id i en annan serie. "
        "Rätta det som är fel.",
        "Rad 10: Peppol-id ”2120000142” ska skrivas 0007: följt av tio siffror. Rätta Peppol-id.",
        "Rad 11: ”ingen adress” är ingen e-postadress. Rätta den.",
        "Rad 12: ”inget nummer” är inget telefonnummer. Skriv till exempel 08-508 00 000.",
        "Rad 13: ”2024-02-30” är inget datum. Skriv år-månad-dag, till exempel 2024-06-01.",
        "Rad 14: Kontaktpersonens slutdatum ligger före startdatumet. Rätta ett av dem.",
    ]
    assert (Party.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((f"0305,{HABO}", f"305,{ALVKARLEBY}"), "Rad 3: Kommunkoden 0305 står redan på rad 2"),
        (
            (f"0305,{HABO}", f"0319,{HABO}"),
            f"Rad 3: Organisationsnumret {HABO} står redan på rad 2",
        ),
        (
            ("0305,212000-0142",),
            "Rad 2: Organisationsnumret 212000-0142 är redan inlagt för Stockholms stad. Rätta",
        ),
    ],
    ids=["municipality twice", "number twice", "the provider's number"],
)
def test_two_parties_never_share_a_code_or_a_number(
    load: Import, rows: tuple[str, ...], says: str
) -> None:
    [fault] = faults(load, SHORT, *rows)
    assert fault.startswith(says)
    assert not Party.objects.filter(municipality__in=["0305", "0319"]).exists()


def test_two_parties_may_swap_numbers_in_one_file(load: Import, cast: SimpleNamespace) -> None:
    one, other = (queries.party(cast.reader, code).organisation_number for code in ("0114", "0115"))
    load(f"{SHORT},participant_id", f"0114,{other},0007:{other}", f"0115,{one},0007:{one}")
    assert queries.party(cast.reader, "0114").organisation_number == other


@pytest.mark.parametrize(
    ("column", "longest", "named"),
    [
        ("name", 120, "namn"),
        ("department", 120, "avdelning eller enhet"),
        ("buyer_reference", 60, "er referens (beställarreferens)"),
        ("postal_city", 60, "postadress, ort"),
        ("contact_title", 120, "kontaktperson"),
        ("contact_role", 80, "kontaktpersonens roll"),
    ],
)
def test_a_text_too_long_for_its_field_is_refused_by_the_field_s_name(
    load: Import, column: str, longest: int, named: str
) -> None:
    columns = ["contact_title"] if column == "contact_role" else []
    header = ",".join([SHORT, column, *columns])
    end = "".join(f",{c}" for c in columns)
    load(header, f"0305,{HABO},{'å' * longest}{end}")
    [fault] = faults(load, header, f"0305,{HABO},{'å' * (longest + 1)}{end}")
    assert fault == f"Rad 2: Fältet {named} är längre än {longest} tecken. Korta det."


def test_a_contact_s_phone_is_kept_in_its_international_form(load: Import) -> None:
    [party] = load(WITH_CONTACT, f"0305,{HABO},,Socialchef,,08-465 00 470")
    assert party.contacts.get().phone == "+46846500470"
    assert party.contacts.get().role == "avtal"
    assert party.contacts.get().valid_from == TODAY


@pytest.mark.parametrize(
    ("on", "title"),
    [
        ("2023-12-31", None),
        ("2024-01-01", "Enhetschef"),
        ("2024-12-31", "Enhetschef"),
        ("2025-01-01", None),
        ("2025-03-01", "Socialchef"),
        ("2030-01-01", "Socialchef"),
    ],
)
def test_a_contact_counts_from_her_first_day_to_her_last(
    load: Import, on: str, title: str | None
) -> None:
    load(WITH_DATES, f"0305,{HABO},avtal,Enhetschef,,,2024-01-01,2024-12-31")
    [party] = load(WITH_DATES, f"0305,{HABO},avtal,Socialchef,,,2025-03-01,")
    found = queries.contacts_on([party.pk], date.fromisoformat(on)).get(party.pk)
    assert (found.title if found else None) == title


def test_a_service_s_own_contact_is_nobody_an_invoice_names(load: Import) -> None:
    [party] = load(WITH_CONTACT, f"0305,{HABO},mika,Enhetschef,,")
    assert queries.contacts_on([party.pk], TODAY) == {}


def test_of_two_contacts_the_later_one_is_asked(load: Import) -> None:
    load(WITH_DATES, f"0305,{HABO},avtal,Tidigare,,,2024-01-01,")
    [party] = load(WITH_DATES, f"0305,{HABO},faktura,Senare,,,2025-01-01,")
    assert queries.contacts_on([party.pk], TODAY)[party.pk].title == "Senare"


def test_each_party_leaves_an_entry_without_its_data(load: Import, cast: SimpleNamespace) -> None:
    [party] = load(f"{SHORT},department", f"0305,{HABO},Socialförvaltningen")
    entry = Entry.objects.get(on=f"organisations.party:{party.pk}")
    assert (entry.event, entry.by) == (
        "organisations.party_saved",
        f"access.person:{cast.steward.pk}",
    )
    assert "department" in json.loads(entry.facts)["fields"]
    assert "Socialförvaltningen" not in entry.facts


def test_the_import_never_makes_a_party_the_provider(load: Import) -> None:
    [party] = load(f"{SHORT},is_provider", f"0305,{HABO},ja")
    party.refresh_from_db()
    assert not party.is_provider


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("reader", PermissionDenied),
        ("administrator", PermissionDenied),
        ("stranger", NotVisible),
    ],
)
def test_who_may_not_save_parties_imports_none(
    load: Import, cast: SimpleNamespace, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        load(SHORT, f"0305,{HABO}", by=getattr(cast, who))
    assert not Party.objects.filter(municipality="0305").exists()


def test_the_command_tells_each_fault_on_a_line_and_stops_with_status_1(
    hamn: Callable[..., SimpleNamespace], tmp_path: Path
) -> None:
    path = tmp_path / "parter.csv"
    path.write_text(f"{SHORT}\n9999,{HABO}\n0305,12\n", encoding="utf-8")
    answer = hamn("party", "import", path)
    assert answer.status == 1
    assert "parter.csv har 2 fel och ingenting har sparats" in answer.err
    assert "Rad 2: " in answer.err and "Rad 3: " in answer.err
    assert "Traceback" not in answer.err + answer.out


def test_the_command_saves_parties(hamn: Callable[..., SimpleNamespace], tmp_path: Path) -> None:
    path = tmp_path / "parter.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{SHORT}\r\n0305;{HABO}".replace(",", ";").encode())
    answer = hamn("party", "import", path)
    assert (answer.status, answer.err) == (0, "")
    assert "1 parter sparades." in answer.out


def test_a_bad_file_is_no_refusal_in_the_trail(
    hamn: Callable[..., SimpleNamespace], tmp_path: Path
) -> None:
    before = Entry.objects.count()
    assert hamn("party", "import", tmp_path / "borta.csv").status == 1
    assert Entry.objects.count() == before


def test_a_contact_s_last_day_may_be_her_first() -> None:
    row = {
        "contact_title": "Socialchef",
        "contact_valid_from": "2024-02-29",
        "contact_valid_until": "2024-02-29",
    }
    contact = actions.read_contact(row, today=TODAY)
    assert contact is not None
    assert contact["valid_until"] == contact["valid_from"] == date(2024, 2, 29)


def test_a_row_without_a_contact_s_title_names_no_contact() -> None:
    assert actions.read_contact({"contact_phone": "fel"}, today=TODAY) is None


@pytest.mark.parametrize("text", ["@", "a@", "@b.example", "a b@c.example", "a@localhost"])
def test_what_is_no_email_address_is_refused(text: str) -> None:
    from hamn.register.organisations import rules

    with pytest.raises(BadInput, match="är ingen e-postadress"):
        rules.email(text)
