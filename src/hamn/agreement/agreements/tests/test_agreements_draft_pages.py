"""New agreements on screen: whom with, on which terms, or many from a file."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hamn.agreement.agreements.actions import _created
from hamn.agreement.agreements.models import Agreement
from hamn.agreement.agreements.rules import AlreadyAgreed
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.register.organisations.models import Party

Desk = Callable[..., Client]
CHOOSE = "/desk/avtal/nytt/"
IMPORT = "/desk/avtal/las-in/"
HEADER = "municipality_code,signed_on,starts_on,index_base_year,notice_received_on\n"


def form_of(code: str) -> str:
    return reverse("agreements:draft_for", args=[code])


def upload(text: str | bytes, name: str = "avtal.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def test_only_municipalities_without_a_living_agreement_can_be_chosen_in_swedish_order(
    cast: SimpleNamespace, desk: Desk
) -> None:
    do.draft(cast.steward, "0125")
    do.in_state(cast, "ended")
    told = do.page_text(desk(cast.steward).get(CHOOSE))
    assert "Ekerö (0125)" not in told
    assert "Stockholm (0180)" not in told
    places = [told.index(name) for name in ("Botkyrka (", "Täby (", "Värmdö (", "Österåker (")]
    assert places == sorted(places)


def test_a_municipality_without_party_data_is_named_with_the_way_to_enter_them(
    cast: SimpleNamespace, desk: Desk
) -> None:
    Party.objects.get(municipality="0128").contacts.all().delete()
    Party.objects.filter(municipality="0128").delete()
    told = do.page_text(desk(cast.steward).get(CHOOSE))
    assert '<option value="0128"' not in told
    assert reverse("organisations:show", args=["0128"]) in told
    assert desk(cast.steward).get(form_of("0128")).status_code == 404


@pytest.mark.parametrize("code", ["", "0180", "9999", "x", "\x00"])
def test_nobody_else_can_be_chosen(cast: SimpleNamespace, desk: Desk, code: str) -> None:
    answer = desk(cast.steward).post(CHOOSE, {"code": code})
    assert answer.status_code == 422
    assert "Kommun: välj något" in do.page_text(answer)


def test_the_choice_leads_to_the_terms(cast: SimpleNamespace, desk: Desk) -> None:
    answer = desk(cast.steward).post(CHOOSE, {"code": "0117"})
    assert (answer.status_code, answer.headers["Location"]) == (302, form_of("0117"))


def test_the_terms_show_the_annex_amount_and_both_readings(
    cast: SimpleNamespace, desk: Desk
) -> None:
    told = do.page_text(desk(cast.steward).get(form_of("0117")))
    this_year = date.today().year  # noqa: DTZ011 the page asks the clock too
    assert "Kommunens del är 76 499 kr om året i prisnivå 2021." in told
    for base in (2021, this_year):
        assert f"</span>{base}</td>" in told


def test_a_draft_is_laid_up_with_its_terms(cast: SimpleNamespace, desk: Desk) -> None:
    terms = {
        "reference": "SN 2024/0043",
        "agreed_start_ar": "2024",
        "agreed_start_manad": "6",
        "agreed_start_dag": "1",
        "index_base_year": "2024",
        "reason": "Beslut i nämnden",
    }
    answer = desk(cast.steward).post(form_of("0117"), terms, follow=True)
    agreement = Agreement.objects.get()
    assert answer.redirect_chain == [(reverse("agreements:show", args=[agreement.pk]), 302)]
    assert (agreement.status, agreement.reference, agreement.index_base_year) == (
        "draft",
        "SN 2024/0043",
        2024,
    )
    assert agreement.agreed_start_on == date(2024, 6, 1)
    assert "skäl: Beslut i nämnden" in do.page_text(answer)


def test_a_draft_without_anything_written_gets_the_usual_terms(
    cast: SimpleNamespace, desk: Desk
) -> None:
    desk(cast.steward).post(form_of("0117"), {})
    agreement = Agreement.objects.get()
    assert (agreement.reference, agreement.agreed_start_on) == ("", None)
    assert agreement.index_base_year == 2021


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"reference": "x" * 41}, "Diarienummer: texten är för lång"),
        ({"agreed_start_ar": "2024"}, "är inget datum"),
        ({"index_base_year": "tjugo"}, "Basår för index: skriv ett heltal"),
        ({"index_base_year": "-2021"}, "Basår för index: skriv minst"),
        ({"index_base_year": "2020"}, "Basåret för index kan inte vara 2020"),
        ({"index_base_year": "9" * 30}, "Basår för index: skriv"),
        ({"reason": "x" * 301}, "Skäl: texten är för lång"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_what_to_mend(
    cast: SimpleNamespace, desk: Desk, changed: dict[str, str], says: str
) -> None:
    answer = desk(cast.steward).post(form_of("0117"), changed)
    assert answer.status_code == 422
    assert says in do.page_text(answer)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("code", ["9999", "x", "00117", "0" * 200, "%00", "å"])
def test_a_code_that_no_municipality_has_is_not_found(
    cast: SimpleNamespace, desk: Desk, code: str
) -> None:
    assert desk(cast.steward).get(f"{CHOOSE}{code}/").status_code == 404


@pytest.mark.parametrize("code", ["0180", "0117"])
def test_the_page_of_one_who_cannot_have_a_new_agreement_says_why(
    cast: SimpleNamespace, desk: Desk, code: str
) -> None:
    do.draft(cast.steward)
    answer = desk(cast.steward).get(form_of(code))
    assert answer.status_code == 422
    told = do.page_text(answer)
    assert ("är anordnare" if code == "0180" else "har redan ett avtal (utkast)") in told


def test_two_who_draft_at_once_see_the_conflict_and_what_was_typed_stays(
    cast: SimpleNamespace, desk: Desk
) -> None:
    browser = desk(cast.steward)
    assert browser.get(form_of("0117")).status_code == 200
    do.draft(cast.first)
    answer = browser.post(form_of("0117"), {"reference": "SN 2024/1"})
    told = do.page_text(answer)
    assert answer.status_code == 422
    assert "har redan ett avtal (utkast)" in told and 'value="SN 2024/1"' in told
    assert Agreement.objects.count() == 1


def test_a_draft_that_another_connection_was_first_with_is_refused_by_the_database(
    cast: SimpleNamespace,
) -> None:
    first = do.draft(cast.steward)
    second = Agreement(party=first.party, tariff=first.tariff, index_base_year=2021)
    with pytest.raises(AlreadyAgreed, match="har redan ett avtal"):
        _created(second)
    assert Agreement.objects.count() == 1


def test_an_agreement_whose_last_day_has_passed_makes_room_for_a_new_one(
    cast: SimpleNamespace, desk: Desk
) -> None:
    do.in_state(cast, "under_notice")
    desk(cast.steward).post(form_of("0117"), {})
    statuses = Agreement.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["ended", "draft"]


# From a file ------------------------------------------------------------------------------------


def test_a_file_of_agreements_is_read_whole(cast: SimpleNamespace, desk: Desk) -> None:
    text = HEADER + "0117,2024-05-28,2024-06-01,2024,\n0125,2023-01-10,,,2025-01-01\n"
    answer = desk(cast.steward).post(IMPORT, {"file": upload(text)}, follow=True)
    assert "2 avtal lästes in." in do.page_text(answer)
    assert Agreement.objects.filter(began_elsewhere=True).count() == 2


def test_every_fault_of_a_file_is_told_by_row_and_nothing_is_kept(
    cast: SimpleNamespace, desk: Desk
) -> None:
    text = (
        HEADER + "0117,2024-05-28,,,\n0125,2999-01-01,,,\n9999,2024-01-01,,,\n0180,2024-01-01,,,\n"
    )
    answer = desk(cast.steward).post(IMPORT, {"file": upload(text)})
    told = do.page_text(answer)
    assert answer.status_code == 422
    assert "Filen avtal.csv har 3 fel och ingenting har sparats." in told
    for row, fault in ((3, "som inte har varit än"), (4, "koden 9999"), (5, "är anordnare")):
        assert f"Rad {row}: " in told and fault in told
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "tom.csv", "tom"),
        (b"\n \n", "tom.csv", "är tom"),
        (b"a,b\n1,2\n", "fel.csv", "saknar kolumnen municipality_code"),
        (b"\x00\x01\x02", "bild.png", "är inte text"),
        (b"municipality_code,signed_on\n", "rubriker.csv", "inga rader"),
        (b"municipality_code,signed_on\n0117,2024-01-01\n0117,2024-01-01\n", "x.csv", "står redan"),
        (b"x", "\u00e5" * 250 + ".csv", "saknar kolumnen"),
        (b"x", "../../etc/passwd", "saknar kolumnen"),
        (b"x", "<script>.csv", "&lt;script&gt;"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused(
    cast: SimpleNamespace, desk: Desk, content: bytes, name: str, says: str
) -> None:
    answer = desk(cast.steward).post(IMPORT, {"file": upload(content, name)})
    assert answer.status_code == 422
    assert says in do.page_text(answer)
    assert not Agreement.objects.exists()


def test_no_file_at_all_is_told(cast: SimpleNamespace, desk: Desk) -> None:
    answer = desk(cast.steward).post(IMPORT, {})
    assert "Fil med avtal (CSV): fyll i fältet" in do.page_text(answer)


def test_a_file_too_large_is_refused_before_it_is_read(cast: SimpleNamespace, desk: Desk) -> None:
    answer = desk(cast.steward).post(IMPORT, {"file": upload(b"x" * 5_000_001)})
    assert answer.status_code == 422
    assert "större än 5 MB" in do.page_text(answer)
