"""The pages of the invoices: who sees them, what they show, what they refuse."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.models import Invoice, InvoiceFile, Payment, Receipt
from hamn.agreement.invoicing.rules import DeliveryState
from hamn.agreement.invoicing.tests.factories import CODES, events, issued, sign
from hamn.ui import once

pytestmark = pytest.mark.slow
TODAY = date(2026, 3, 2)  # Österåker's invoice fell due on 14 February
PAGES = ("show", "receipt", "payment", "delivery", "deliver", "credit", "reissue")


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HAMN_HOME, settings.TRAIL_HEADS = tmp_path, tmp_path / "trail-heads.jsonl"
    monkeypatch.setattr(timezone, "localdate", lambda: TODAY)


@pytest.fixture
def row(cast: Any, in_force: Callable[..., Any], run_year: Callable[..., Any]) -> Invoice:
    """Österåker's invoice of 84 461 kr for 2026, issued 15 January."""
    return issued(cast, in_force, run_year)


def url(name: str, *args: object) -> str:
    return reverse(f"invoicing:{name}", args=[str(arg) for arg in args])


def text(answer: Any) -> str:
    """What stands on the page, its blanks made single."""
    return " ".join(unescape(answer.content.decode()).replace("\xa0", " ").split())


def day(name: str, when: date) -> dict[str, str]:
    parts = (("ar", when.year), ("manad", when.month), ("dag", when.day))
    return {f"{name}_{part}": str(value) for part, value in parts}


def paid(when: date, amount: object, **more: str) -> dict[str, str]:
    return {**day("on", when), "amount_kr": str(amount), **more}


# Who may


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["controller", "head", "steward", "reader", "administrator"])
def test_a_page_outside_the_role_answers_as_if_it_were_not_there(
    page: str, role: str, cast: Any, desk: Any, row: Invoice
) -> None:
    open_to = {
        "controller": set(PAGES),
        "head": {"show", "delivery", "deliver"},
        "steward": {"show"},
        "reader": {"show"},
        "administrator": set(),
    }
    answer = desk(getattr(cast, role)).get(url(page, row))
    assert answer.status_code == (200 if page in open_to[role] else 404)


def test_the_list_offers_nothing_to_who_may_not_see_invoices(cast: Any, desk: Any) -> None:
    for name, args in (("list", []), ("export", ["csv"]), ("import", []), ("check", [])):
        assert desk(cast.stranger).get(url(name, *args)).status_code == 404


def test_an_invoice_that_is_not_there_answers_as_one_that_is_closed(
    cast: Any, desk: Any, row: Invoice
) -> None:
    absent = desk(cast.controller).get(url("show", "999999999"))
    closed = desk(cast.administrator).get(url("show", row))
    assert absent.status_code == closed.status_code == 404


def test_a_reader_is_offered_no_act(cast: Any, desk: Any, row: Invoice) -> None:
    told = text(desk(cast.reader).get(url("show", row)))
    assert "Anteckna" not in told
    assert url("credit", row) not in told


# The list


def test_the_list_shows_the_newest_year_until_something_is_asked_for(
    cast: Any, desk: Any, in_force: Any, run_year: Any
) -> None:
    in_force("0117", date(2024, 6, 1))
    run_year(2025)
    run_year(2026)
    client = desk(cast.reader)
    assert "202600001" in text(client.get(url("list")))
    assert "202500001" not in text(client.get(url("list")))
    assert "202500001" in text(client.get(url("list") + "?ar="))


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("kommun=0117", True),
        ("kommun=ÖSTER", True),
        ("kommun=0114", False),
        ("nummer=2026", True),
        ("nummer=202600001", True),
        ("nummer=2027", False),
        ("lage=overdue", True),
        ("lage=unpaid", False),
        ("lage=paid", False),
        ("slag=yearly", True),
        ("slag=credit", False),
        ("ar=2026&lage=overdue&kommun=0117", True),
    ],
)
def test_the_list_is_limited_by_what_is_asked_for(
    asked: str, is_found: bool, cast: Any, desk: Any, row: Invoice
) -> None:
    answer = desk(cast.reader).get(f"{url('list')}?{asked}")
    assert answer.status_code == 200
    assert (url("show", row) in text(answer)) is is_found


@pytest.mark.parametrize(
    "asked",
    [
        "ar=nio",
        "ar=1999",
        "lage=%00",
        "slag=x",
        "efter=%FF",
        "sortera=x",
        "nummer=999",
        "nummer=H9",
    ],
)
def test_an_address_without_sense_gives_a_page_all_the_same(
    asked: str, cast: Any, desk: Any, row: Invoice
) -> None:
    assert desk(cast.reader).get(f"{url('list')}?{asked}").status_code in (200, 422)


def test_the_sums_are_those_of_the_chosen_invoices(
    cast: Any, desk: Any, row: Invoice, plain_press: Any
) -> None:
    number = str(row)
    actions.record_payment(
        number=number, on=date(2026, 2, 1), amount_kr=50_000, today=TODAY, by=cast.controller
    )
    actions.credit(
        number=number,
        reason="§ 10",
        amount_kr=4_461,
        today=TODAY,
        by=cast.controller,
        press=plain_press,
    )
    for asked in ("", "ar=2026", "nummer=2026", "kommun=0117"):
        told = text(desk(cast.reader).get(f"{url('list')}?{asked}"))
        for sum_ in ("84 461 kr", "4 461 kr", "50 000 kr", "30 000 kr"):
            assert f'<p class="hamn-card__value">{sum_}' in told
    alone = text(desk(cast.reader).get(url("list") + "?slag=credit"))
    assert '<p class="hamn-card__value">4 461 kr</p><p class="hamn-card__label">krediterat' in alone


def test_ten_times_as_many_invoices_cost_no_more_queries(
    cast: Any, desk: Any, in_force: Any, run_year: Any, django_assert_max_num_queries: Any
) -> None:
    client = desk(cast.reader)
    sign(in_force, CODES[:2])
    run_year(2026)
    client.get(url("list"))
    with django_assert_max_num_queries(20) as few:
        client.get(url("list"))
    sign(in_force, CODES[2:])
    for year in (2024, 2025, 2026):
        run_year(year, today=date(2026, 1, 20))
    with django_assert_max_num_queries(len(few)):
        assert "Valda fakturor: 33" in text(client.get(url("list") + "?ar="))


@pytest.mark.parametrize("order", ["nummer", "-nummer", "ar", "-ar"])
def test_page_by_page_every_invoice_is_met_once_in_every_order(
    order: str, cast: Any, desk: Any, in_force: Any, run_year: Any
) -> None:
    sign(in_force, CODES, date(2022, 1, 3))
    for year in range(2022, 2027):
        run_year(year, today=date(2026, 1, 20))
    client, asked, met = desk(cast.reader), f"?ar=&sortera={order}", []
    while asked:
        shown = text(client.get(url("list") + asked))
        met += re.findall(r"fakturor/(20\d{7})/\"", shown)
        following = re.search(r'rel="next" href="([^"]+)"', shown)
        asked = following[1] if following else ""
    assert len(met) == len(set(met)) == 5 * len(CODES) > 50


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_holds_the_same_invoices_as_the_list(
    form: str, cast: Any, desk: Any, in_force: Any, run_year: Any
) -> None:
    sign(in_force, CODES[:3])
    run_year(2025)
    run_year(2026)
    answer = desk(cast.reader).get(url("export", form) + "?ar=2026")
    content = b"".join(answer.streaming_content)
    assert f"fakturor-2026.{form}" in answer["Content-Disposition"]
    if form == "csv":
        numbers = [
            one["number"] for one in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        ]
    else:
        sheet: Any = load_workbook(io.BytesIO(content)).active
        numbers = [one.value for (one,) in sheet.iter_rows(2, 4, 1, 1)]
    assert numbers == ["202600001", "202600002", "202600003"]


# One invoice


def test_the_page_gives_every_step_with_its_clause(cast: Any, desk: Any, row: Invoice) -> None:
    told = text(desk(cast.reader).get(url("show", row)))
    assert "Kommunens folkmängd 31 december 2018" in told
    assert "44 831 invånare" in told
    assert "Uppräkning med 2 % per år från 2021 till 2026" in told
    assert told.count("#paragraf-6") >= len(row.explanation)
    assert "förfallen" in told


def test_the_due_date_counts_from_receipt(cast: Any, desk: Any, row: Invoice) -> None:
    client = desk(cast.controller)
    assert "14 februari 2026, räknat från fakturadagen" in text(client.get(url("show", row)))
    answer = client.post(url("receipt", row), day("on", date(2026, 2, 10)), follow=True)
    assert "senast 12 mars 2026" in text(answer)
    assert "på fakturan står 14 februari 2026" in text(answer)
    assert "förfallen" not in text(answer)


@pytest.mark.parametrize("form", ["pdf", "xml"])
def test_a_document_comes_as_it_was_issued_and_runs_nothing(
    form: str, cast: Any, desk: Any, row: Invoice
) -> None:
    answer = desk(cast.reader).get(url("file", row, form))
    stored = InvoiceFile.objects.get(invoice=row, format=form)
    assert answer.content == bytes(stored.content)
    assert answer["Content-Disposition"] == f'attachment; filename="202600001.{form}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_no_other_form_of_the_document_exists(cast: Any, desk: Any, row: Invoice) -> None:
    assert desk(cast.reader).get(url("file", row, "html")).status_code == 404


# Received and paid


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Mottagen: fyll i fältet."),
        (day("on", date(2026, 1, 14)), "ligger inte mellan fakturadagen"),
        (day("on", date(2026, 3, 3)), "ligger inte mellan fakturadagen"),
        ({"on_ar": "2026", "on_manad": "2", "on_dag": "30"}, "är inget datum"),
        ({"on_ar": "-1", "on_manad": "x" * 5000, "on_dag": "\x00"}, "är inget datum"),
    ],
)
def test_a_day_that_cannot_be_is_refused_where_it_was_written(
    given: dict[str, str], told: str, cast: Any, desk: Any, row: Invoice
) -> None:
    answer = desk(cast.controller).post(url("receipt", row), given)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Receipt.objects.exists()


def test_who_saw_another_receipt_meets_the_conflict_and_then_goes_on(
    cast: Any, desk: Any, row: Invoice
) -> None:
    actions.record_receipt(number=str(row), on=date(2026, 1, 20), today=TODAY, by=cast.controller)
    client = desk(cast.controller)
    sent = {**day("on", date(2026, 1, 22)), "seen": "None"}
    answer = client.post(url("receipt", row), sent)
    assert answer.status_code == 422
    assert "har ändrats sedan du öppnade sidan" in text(answer)
    assert 'name="seen" value="2026-01-20"' in text(answer)
    assert 'value="22"' in text(answer)
    assert client.post(url("receipt", row), {**sent, "seen": "2026-01-20"}).status_code == 302
    assert Receipt.objects.get().received_on == date(2026, 1, 22)


def test_a_payment_leaves_what_is_not_paid(cast: Any, desk: Any, row: Invoice) -> None:
    client = desk(cast.controller)
    assert 'value="84461"' in text(client.get(url("payment", row)))
    answer = client.post(url("payment", row), paid(date(2026, 2, 3), "80 000 kr"), follow=True)
    assert "4 461 kr är kvar att betala" in text(answer)
    assert events()[-1] == "invoicing.paid"


def test_a_paid_invoice_takes_no_more_money(cast: Any, desk: Any, row: Invoice) -> None:
    client = desk(cast.controller)
    client.post(url("payment", row), paid(date(2026, 2, 3), 84_461))
    assert url("payment", row) not in text(client.get(url("show", row)))
    assert "redan helt betald" in text(client.get(url("payment", row)))
    assert client.post(url("payment", row), paid(date(2026, 2, 3), 1)).status_code == 422


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("", "Belopp: fyll i fältet."),
        ("-5", "Belopp: skriv minst 1."),
        ("84462", "finns 84 461 kr kvar att betala"),
        ("9" * 40, "Belopp: skriv ett heltal"),
        ("1e5", "Belopp: skriv ett heltal"),
        ("٣", "Belopp: skriv ett heltal"),
    ],
)
def test_an_amount_that_cannot_be_is_refused(
    amount: str, told: str, cast: Any, desk: Any, row: Invoice
) -> None:
    answer = desk(cast.controller).post(url("payment", row), paid(date(2026, 2, 3), amount))
    assert answer.status_code == 422
    assert told in text(answer)
    assert not Payment.objects.exists()


def test_the_same_form_sent_twice_is_one_payment(cast: Any, desk: Any, row: Invoice) -> None:
    client = desk(cast.controller)
    sent = paid(date(2026, 2, 3), 100, once=once.token(cast.controller.pk))
    assert client.post(url("payment", row), sent).status_code == 302
    assert client.post(url("payment", row), sent).status_code == 409
    # Also when the cache that knows what was sent is gone.
    cache.clear()
    answer = client.post(url("payment", row), sent)
    assert answer.status_code == 422
    assert "är redan antecknad" in text(answer)
    assert Payment.objects.count() == 1


# On its way


def test_the_carriers_word_is_kept_and_the_next_steps_follow(
    cast: Any, desk: Any, row: Invoice
) -> None:
    client = desk(cast.controller)
    before = text(client.get(url("delivery", row)))
    assert "Inlämnad" in before
    assert "Transportören har fört fram" not in before
    client.post(url("deliver", row))
    sent = {"state": "rejected", "detail": "BII-T01"}
    answer = client.post(url("delivery", row), sent, follow=True)
    assert "leverans: avvisad" in text(answer)
    assert "BII-T01" in text(answer)
    assert queries.delivery_state(row) is DeliveryState.REJECTED


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "välj något"),
        ({"state": "flown"}, "välj något"),
        ({"state": "accepted"}, "Lämna in den först"),
        ({"state": "submitted", "detail": "x" * 301}, "texten är för lång"),
    ],
)
def test_a_step_that_cannot_be_is_refused(
    given: dict[str, str], told: str, cast: Any, desk: Any, row: Invoice
) -> None:
    answer = desk(cast.controller).post(url("delivery", row), given)
    assert answer.status_code == 422
    assert told in text(answer)
    assert queries.delivery_state(row) is None


def test_handing_over_again_gives_the_same_bytes_and_says_when_they_lay_there(
    cast: Any, desk: Any, row: Invoice, tmp_path: Path
) -> None:
    client = desk(cast.controller)
    pdf = tmp_path / "invoices" / "2026" / "202600001.pdf"
    assert "med samma innehåll som när" in text(client.post(url("deliver", row), follow=True))
    assert pdf.read_bytes() == b"%PDF-test"
    assert "låg redan i mappen" in text(client.post(url("deliver", row), follow=True))
    pdf.unlink()
    assert "igen, samma dokument" in text(client.post(url("deliver", row), follow=True))
