"""The pages that issue and judge: credit notes, invoices anew, those from elsewhere, e-invoices."""

from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.models import Invoice, InvoiceFile
from hamn.agreement.invoicing.rules import DeliveryState
from hamn.agreement.invoicing.tests.factories import issued, mend
from hamn.guards.audit.queries import exported_heads

pytestmark = pytest.mark.slow
TODAY = date(2026, 3, 2)
HEADER = "municipality_code;year;number;amount_kr;issued_on\n"
WHOLE = {"scope": "whole", "reason": "Fel kommun", "steg": "bekrafta"}


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HAMN_HOME = tmp_path
    settings.TRAIL_HEADS = tmp_path / "trail-heads.jsonl"
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


def uploaded(content: str | bytes, name: str = "fakturor.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


# Credited


def test_what_a_credit_note_leads_to_is_shown_before_anything_is_issued(
    cast: Any, desk: Any, row: Invoice
) -> None:
    actions.record_payment(
        number=str(row), on=date(2026, 2, 1), amount_kr=None, today=TODAY, by=cast.controller
    )
    sent = {"scope": "part", "amount_kr": "4 461", "reason": "Enligt § 10 <b>"}
    answer = desk(cast.controller).post(url("credit", row), sent)
    assert answer.status_code == 200
    assert "Kontrollera krediteringen" in text(answer)
    assert "En kreditfaktura på 4 461 kr utfärdas med dagens datum, 2 mars 2026." in text(answer)
    assert "Ska betalas tillbaka" in text(answer)
    assert 'name="reason" value="Enligt § 10 <b>"' in text(answer)
    assert "&lt;b&gt;" in answer.content.decode()
    assert Invoice.objects.count() == 1


def test_a_confirmed_credit_note_is_issued_delivered_anchored_and_linked_both_ways(
    cast: Any, desk: Any, row: Invoice, settings: Any
) -> None:
    client = desk(cast.controller)
    sent = {"scope": "part", "amount_kr": "4 461", "reason": "Enligt § 10"}
    answer = client.post(url("credit", row), {**sent, "steg": "bekrafta"}, follow=True)
    note = Invoice.objects.get(kind="credit")
    assert answer.redirect_chain == [(url("show", note), 302)]
    assert "Kreditfaktura 202600002 på 4 461 kr är utfärdad." in text(answer)
    assert url("show", row) in text(answer)
    assert "Del av faktura 202600001 som krediteras" in text(answer)
    assert url("show", note) in text(client.get(url("show", row)))
    assert (settings.HAMN_HOME / "invoices" / "2026" / "202600002.xml").exists()
    assert queries.delivery_state(note) is DeliveryState.SUBMITTED
    assert exported_heads(settings.TRAIL_HEADS)


def test_what_was_written_is_there_to_change(cast: Any, desk: Any, row: Invoice) -> None:
    sent = {"scope": "part", "amount_kr": "4461", "reason": "Enligt § 10", "steg": "andra"}
    answer = desk(cast.controller).post(url("credit", row), sent)
    assert 'value="4461"' in text(answer)
    assert "Enligt § 10</textarea>" in text(answer)
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize("step", ["", "bekrafta"])
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Hur mycket ska krediteras: välj något."),
        ({"scope": "all"}, "välj något i listan"),
        ({"scope": "part"}, "fyll i hur mycket, eller välj allt som är kvar"),
        ({"scope": "part", "amount_kr": "0"}, "skriv minst 1"),
        ({"scope": "part", "amount_kr": "84462"}, "det går att kreditera högst 84 461 kr"),
        ({"scope": "whole", "reason": ""}, "Skäl: fyll i fältet."),
        ({"scope": "whole", "reason": "   "}, "Skäl: fyll i fältet."),
        ({"scope": "whole", "reason": "x" * 301}, "Skäl: texten är för lång."),
    ],
)
def test_a_credit_note_that_cannot_be_is_refused_in_both_steps(
    step: str, given: dict[str, str], told: str, cast: Any, desk: Any, row: Invoice
) -> None:
    sent = {"reason": "Skäl", **given, "steg": step}
    answer = desk(cast.controller).post(url("credit", row), sent)
    assert answer.status_code == 422
    assert told in text(answer)
    assert Invoice.objects.count() == 1


def test_who_confirms_what_others_have_changed_meets_the_conflict_first(
    cast: Any, desk: Any, row: Invoice, plain_press: Any
) -> None:
    actions.credit(
        number=str(row),
        reason="En annan",
        amount_kr=1_000,
        today=TODAY,
        by=cast.first,
        press=plain_press,
    )
    client = desk(cast.controller)
    answer = client.post(url("credit", row), {**WHOLE, "seen": "0.0"})
    assert answer.status_code == 422
    assert "har ändrats sedan du öppnade sidan" in text(answer)
    assert 'name="seen" value="1000.0"' in text(answer)
    assert "83 461 kr kan krediteras" in text(answer)
    assert client.post(url("credit", row), {**WHOLE, "seen": "1000.0"}).status_code == 302
    assert queries.is_credited(queries.invoice(cast.reader, str(row)))


def test_what_is_credited_whole_can_only_be_issued_anew(cast: Any, desk: Any, row: Invoice) -> None:
    client = desk(cast.controller)
    assert "helt krediterad kan utfärdas" in text(client.get(url("reissue", row)))
    client.post(url("credit", row), WHOLE)
    assert "redan helt krediterad" in text(client.get(url("credit", row)))
    assert "redan helt krediterad" in text(client.post(url("credit", row), WHOLE))
    asked = text(client.get(url("reissue", row)))
    assert "En ny faktura på 84 461 kr för 2026 utfärdas i dag till Österåkers kommun" in asked
    answer = client.post(url("reissue", row), follow=True)
    assert "Faktura 202600003 på 84 461 kr är utfärdad." in text(answer)
    assert "Den här är utfärdad på nytt i stället för den." in text(answer)
    assert "redan utfärdad på nytt som 202600003" in text(client.get(url("reissue", row)))
    assert client.post(url("reissue", row)).status_code == 422


def test_an_invoice_that_lacks_something_now_is_not_issued_anew(
    cast: Any, desk: Any, row: Invoice
) -> None:
    client = desk(cast.controller)
    client.post(url("credit", row), WHOLE)
    mend(cast, "0117", organisation_number="")
    answer = client.get(url("reissue", row))
    assert "saknar" in text(answer)
    assert "hamn party import" not in text(answer)


def test_a_credit_note_is_not_credited_itself(cast: Any, desk: Any, row: Invoice) -> None:
    client = desk(cast.controller)
    client.post(url("credit", row), WHOLE)
    note = Invoice.objects.get(kind="credit")
    assert "En kreditfaktura krediteras inte" in text(client.get(url("credit", note)))
    assert url("payment", note) not in text(client.get(url("show", note)))


def test_a_folder_that_cannot_be_written_undoes_nothing_and_is_told(
    cast: Any, desk: Any, row: Invoice, settings: Any
) -> None:
    (settings.HAMN_HOME / "invoices").write_text("a file in the folder's place")
    answer = desk(cast.controller).post(url("credit", row), WHOLE, follow=True)
    assert "Filerna kunde inte skrivas på servern" in text(answer)
    assert "är utfärdad" in text(answer)
    assert Invoice.objects.filter(kind="credit").count() == 1


# From elsewhere


def test_every_fault_of_a_file_is_told_by_row_and_nothing_is_stored(
    cast: Any, desk: Any, in_force: Any
) -> None:
    in_force("0117", date(2024, 6, 1))
    rows = "0117;2025;4711;0;2025-01-15\n9999;2025;4712;1000;2025-01-15\n0117;x;4713;1;2025-01-15\n"
    answer = desk(cast.controller).post(url("import"), {"file": uploaded(HEADER + rows)})
    assert answer.status_code == 422
    for place in (2, 3, 4):
        assert f"Rad {place}:" in text(answer)
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("content", ["", "\x00\x01", "a;b\n1;2\n", b"\xff\xfe\x00"])
def test_what_is_no_list_of_invoices_is_refused(content: Any, cast: Any, desk: Any) -> None:
    answer = desk(cast.controller).post(url("import"), {"file": uploaded(content)})
    assert answer.status_code == 422


def test_an_invoice_from_elsewhere_is_shown_without_document_and_acts_on_it(
    cast: Any, desk: Any, in_force: Any
) -> None:
    in_force("0117", date(2024, 6, 1))
    client = desk(cast.controller)
    sent = {"file": uploaded(f"{HEADER}0117;2025;A/47 #1?;1000;2025-01-15\n")}
    assert "1 fakturor från annat håll" in text(client.post(url("import"), sent, follow=True))
    told = text(client.get(url("show", "A/47 #1?")))
    assert "Kreditera den där" in told
    assert client.get(url("file", "A/47 #1?", "pdf")).status_code == 422
    assert "i ett annat system" in text(client.get(url("delivery", "A/47 #1?")))
    assert "Kreditera den där" in text(client.get(url("credit", "A/47 #1?")))


# E-invoices held to the rules


def test_an_invoice_of_our_own_passes(cast: Any, desk: Any, row: Invoice) -> None:
    xml = bytes(InvoiceFile.objects.get(invoice=row, format="xml").content)
    answer = desk(cast.reader).post(url("check"), {"file": uploaded(xml, "egen.xml")})
    assert answer.status_code == 200
    assert "Resultat för egen.xml" in text(answer)
    assert "Filen följer reglerna och kan skickas." in text(answer)


def test_each_broken_rule_is_told_with_what_to_mend(cast: Any, desk: Any, row: Invoice) -> None:
    xml = bytes(InvoiceFile.objects.get(invoice=row, format="xml").content)
    broken = xml.replace(b"84461.00</cbc:PayableAmount>", b"1.00</cbc:PayableAmount>")
    assert broken != xml
    answer = desk(cast.reader).post(url("check"), {"file": uploaded(broken, "fel.xml")})
    assert "underkänd" in text(answer)
    assert "BR-CO-16" in text(answer)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"<a", "HAMN-XML"),
        (b"\xff\xfe<a/>", "HAMN-ENCODING"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "HAMN-DTD"),
        (b"<a/>", "HAMN-KIND"),
        (b"<a>" + b" " * 2_100_000 + b"</a>", "HAMN-SIZE"),
    ],
)
def test_a_hostile_file_is_judged_and_nothing_of_it_is_read(
    content: bytes, rule: str, cast: Any, desk: Any
) -> None:
    answer = desk(cast.reader).post(url("check"), {"file": uploaded(content, "<b>.xml")})
    assert answer.status_code == 200
    assert rule in text(answer)
    assert "root:" not in text(answer)
    assert "<b>.xml" not in answer.content.decode()


def test_no_file_is_asked_for(cast: Any, desk: Any) -> None:
    answer = desk(cast.reader).post(url("check"), {})
    assert answer.status_code == 422
    assert "fyll i fältet" in text(answer)
