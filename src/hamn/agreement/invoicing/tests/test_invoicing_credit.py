"""Credit notes: whole, part and part again, always from the stored rows; and issuing anew."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.etree import fromstring

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.document import Kind
from hamn.agreement.invoicing.models import Invoice, InvoiceFile, InvoiceLine, RunOutcome
from hamn.agreement.invoicing.peppol.write import CAC, CBC
from hamn.agreement.invoicing.rules import REASONS, NotCreditable, Outcome, Reading, Stopped
from hamn.agreement.invoicing.tests import factories
from hamn.core.errors import BadInput, NotVisible

pytestmark = pytest.mark.slow

TODAY = date(2026, 3, 1)
Credit = Callable[..., Invoice]


@pytest.fixture
def invoice(
    cast: SimpleNamespace, in_force: Callable[..., Any], run_year: Callable[..., Any]
) -> Invoice:
    return factories.issued(cast, in_force, run_year)


@pytest.fixture
def credit(cast: SimpleNamespace, plain_press: Any) -> Credit:
    def make(number: str = "202600001", **changes: Any) -> Invoice:
        given = {"amount_kr": None, "reason": "Fakturerad för fel år", "today": TODAY, **changes}
        return actions.credit(number=number, by=cast.controller, press=plain_press, **given)

    return make


@pytest.fixture
def reissue(cast: SimpleNamespace, plain_press: Any) -> Callable[..., Invoice]:
    def make(number: str = "202600001") -> Invoice:
        return actions.reissue(number=number, today=TODAY, by=cast.controller, press=plain_press)

    return make


def left(cast: SimpleNamespace, number: str = "202600001") -> int:
    return queries.left_to_pay_kr(queries.invoice(cast.controller, number))


def test_a_whole_credit_reverses_every_row_and_leaves_nothing_to_pay(
    invoice: Invoice, credit: Credit, cast: SimpleNamespace
) -> None:
    note = credit()
    assert (note.kind, note.number, note.amount_kr) == (Kind.CREDIT, "202600002", 84_461)
    assert (note.credits_id, note.reason) == (invoice.pk, "Fakturerad för fel år")
    reversal = note.lines.get()
    assert (reversal.reverses_id, reversal.amount_kr) == (invoice.lines.get().pk, 84_461)
    assert left(cast) == 0


def test_a_part_leaves_the_rest_to_pay(
    invoice: Invoice, credit: Credit, cast: SimpleNamespace
) -> None:
    assert credit(amount_kr=5_000).amount_kr == 5_000
    assert left(cast) == 79_461


def test_parts_can_be_credited_down_to_the_last_krona(
    invoice: Invoice, credit: Credit, cast: SimpleNamespace
) -> None:
    for amount_kr in (1, 50_000, 34_459):
        credit(amount_kr=amount_kr)
    assert left(cast) == 1
    assert credit().amount_kr == 1
    with pytest.raises(NotCreditable, match="redan helt krediterad"):
        credit()
    with pytest.raises(NotCreditable, match="redan helt krediterad"):
        credit(amount_kr=1)
    assert left(cast) == 0
    assert factories.numbers() == [f"20260000{n}" for n in range(1, 6)]


@pytest.mark.parametrize("amount_kr", [0, -1, 84_462, 10**15])
def test_no_more_than_is_left_can_be_credited(
    amount_kr: int, invoice: Invoice, credit: Credit
) -> None:
    before = factories.stored()
    with pytest.raises(BadInput, match="202600001"):
        credit(amount_kr=amount_kr)
    assert factories.stored() == before


@pytest.mark.parametrize("reason", ["", "   ", "\n", "x" * 301])
def test_a_credit_note_says_why_in_at_most_300_characters(
    reason: str, invoice: Invoice, credit: Credit
) -> None:
    with pytest.raises(BadInput, match=r"skälet|300"):
        credit(reason=reason)
    assert credit(reason="x" * 300).reason == "x" * 300


def test_a_credit_note_cannot_be_credited(invoice: Invoice, credit: Credit) -> None:
    note = credit(amount_kr=10)
    with pytest.raises(NotCreditable, match=str(note.number)):
        credit(str(note.number))


@pytest.mark.parametrize(
    "number", ["", "999", "H0000001", "H99999999999999999", "H²", "h", "x" * 999]
)
def test_an_unknown_number_is_not_found(number: str, invoice: Invoice, credit: Credit) -> None:
    with pytest.raises(NotVisible, match=r"summary\.csv"):
        credit(number)


def test_an_invoice_from_elsewhere_is_credited_where_it_was_issued(
    in_force: Callable[..., Any], cast: SimpleNamespace, credit: Credit, tmp_path: Any
) -> None:
    in_force("0117", date(2024, 6, 1))
    path = tmp_path / "elsewhere.csv"
    path.write_text(
        "municipality_code,year,number,amount_kr,issued_on\n0117,2025,A-1,78029,2025-01-20\n"
    )
    actions.import_invoices(path=path, today=TODAY, by=cast.controller)
    with pytest.raises(NotCreditable, match="A-1"):
        credit("A-1")


def test_the_credit_note_refers_to_its_invoice_in_the_e_invoice(
    invoice: Invoice, credit: Credit
) -> None:
    note = credit(amount_kr=5_000)
    xml = bytes(InvoiceFile.objects.get(invoice=note, format="xml").content)
    root = fromstring(xml)
    path = f"{{{CAC}}}BillingReference/{{{CAC}}}InvoiceDocumentReference"
    assert root.tag.endswith("}CreditNote")
    assert root.findtext(f"{path}/{{{CBC}}}ID") == "202600001"
    assert root.findtext(f"{path}/{{{CBC}}}IssueDate") == "2026-01-15"
    assert root.findtext(f"{{{CAC}}}LegalMonetaryTotal/{{{CBC}}}PayableAmount") == "5000.00"


def test_the_credit_note_keeps_the_explanation_and_adds_its_step(
    invoice: Invoice, credit: Credit
) -> None:
    note = credit(amount_kr=5_000)
    assert note.explanation[:-1] == invoice.explanation
    assert "202600001" in note.explanation[-1]["label"]
    assert note.explanation[-1]["value"] == "5\u00a0000\u00a0kr"


def test_the_credit_note_keeps_the_parties_as_they_were_invoiced(
    invoice: Invoice, credit: Credit, cast: SimpleNamespace
) -> None:
    factories.mend(cast, factories.OSTERAKER, name="Nytt namn", buyer_reference="NY")
    note = credit()
    assert note.document is not None and invoice.document is not None
    assert note.document["buyer"] == invoice.document["buyer"]
    assert note.document["buyer_reference"] == invoice.document["buyer_reference"]


def with_rows(invoice: Invoice, amounts: list[int], cast: SimpleNamespace) -> Invoice:
    """An invoice of several rows, as later kinds of charges may have."""
    row = Invoice.objects.create(
        agreement=invoice.agreement,
        origin="own",
        kind="yearly",
        year=2025,
        number="rows",
        issued_on=date(2026, 1, 1),
        amount_kr=sum(amounts),
        document={**(invoice.document or {}), "number": "rows"},
        created_by=cast.first,
    )
    for position, amount_kr in enumerate(amounts, 1):
        InvoiceLine.objects.create(
            invoice=row, position=position, text=f"Rad {position}", amount_kr=amount_kr
        )
    return row


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    amounts=st.lists(st.integers(0, 5_000), min_size=1, max_size=12).filter(any),
    parts=st.lists(st.integers(1, 4_000), max_size=4),
)
def test_parts_never_exceed_any_row_and_end_at_the_sum(
    amounts: list[int],
    parts: list[int],
    invoice: Invoice,
    credit: Credit,
    cast: SimpleNamespace,
) -> None:
    with transaction.atomic():
        row = with_rows(invoice, amounts, cast)
        rest = sum(amounts)
        for part in parts:
            if part <= rest:
                assert credit("rows", amount_kr=part).amount_kr == part
                rest -= part
            assert_no_row_is_exceeded(row)
        if rest:
            assert credit("rows").amount_kr == rest
        assert_no_row_is_exceeded(row)
        assert left(cast, "rows") == 0
        transaction.set_rollback(True)


def assert_no_row_is_exceeded(row: Invoice) -> None:
    for line in row.lines.all():
        reversed_kr = sum(line.reversed_by.values_list("amount_kr", flat=True))
        assert 0 <= reversed_kr <= line.amount_kr


def test_a_wholly_credited_charge_is_issued_anew_with_todays_data(
    invoice: Invoice, credit: Credit, reissue: Callable[..., Invoice], cast: SimpleNamespace
) -> None:
    factories.mend(cast, factories.OSTERAKER, buyer_reference="NY-REF")
    credit()
    anew = reissue()
    assert (anew.number, anew.amount_kr, anew.round) == ("202600003", 84_461, 1)
    assert anew.document is not None and anew.document["buyer_reference"] == "NY-REF"
    credit("202600003")
    assert reissue("202600003").round == 2


def test_a_charge_is_not_issued_anew_while_any_of_it_stands(
    invoice: Invoice, credit: Credit, reissue: Callable[..., Invoice]
) -> None:
    with pytest.raises(NotCreditable, match="inte helt krediterad"):
        reissue()
    credit(amount_kr=84_460)
    with pytest.raises(NotCreditable, match="inte helt krediterad"):
        reissue()
    credit()
    reissue()
    with pytest.raises(NotCreditable):
        reissue()


def test_a_run_does_not_issue_anew_what_was_credited(
    invoice: Invoice, credit: Credit, run_year: Callable[..., Any]
) -> None:
    note = credit()
    run = run_year(2026)
    reason = RunOutcome.objects.get(run=run, code=factories.OSTERAKER)
    assert (run.issued, reason.outcome) == (0, Outcome.CREDITED)
    assert reason.facts["number"] == invoice.number != note.number
    assert "utfärdas den på nytt" in REASONS[Outcome.CREDITED].format(**reason.facts)


def test_a_charge_stands_until_its_last_krona_is_credited(
    invoice: Invoice, credit: Credit, reissue: Callable[..., Invoice]
) -> None:
    agreement = invoice.agreement_id
    credit(amount_kr=84_460)
    assert queries.charges([agreement], 2026) == {agreement: "202600001"}
    credit()
    assert queries.charges([agreement], 2026) == {}
    anew = reissue()
    assert queries.charges([agreement], 2026) == {agreement: anew.number}


@pytest.mark.parametrize(
    ("reading", "amount_kr", "twelfths"),
    [(Reading.WHOLE_YEAR, 84_461, 12), (Reading.UNTIL_END, 14_077, 2)],
)
def test_after_a_whole_credit_and_notice_the_decided_part_is_issued_anew(
    reading: Reading,
    amount_kr: int,
    twelfths: int,
    invoice: Invoice,
    credit: Credit,
    reissue: Callable[..., Invoice],
    cast: SimpleNamespace,
) -> None:
    credit()
    factories.leave(cast, factories.OSTERAKER, date(2026, 2, 1))
    with pytest.raises(Stopped, match="uppsagt med sista dag 1 mars 2026"):
        reissue()
    decide(cast, reading)
    anew = reissue()
    assert (anew.amount_kr, anew.twelfths, anew.round) == (amount_kr, twelfths, 1)
    assert left(cast, str(anew)) == amount_kr
    with pytest.raises(BadInput, match=str(anew)):
        decide(cast, Reading.NOTHING)


def test_after_a_whole_credit_and_a_decision_for_nothing_nothing_is_issued_anew(
    invoice: Invoice, credit: Credit, reissue: Callable[..., Invoice], cast: SimpleNamespace
) -> None:
    credit()
    factories.leave(cast, factories.OSTERAKER, date(2026, 2, 1))
    decide(cast, Reading.NOTHING)
    before = factories.stored()
    with pytest.raises(Stopped, match="inte fakturera 2026"):
        reissue()
    assert factories.stored() == before


def decide(cast: SimpleNamespace, reading: Reading) -> None:
    actions.decide(
        code=factories.OSTERAKER, year=2026, reading=reading, reason="Beslut", by=cast.controller
    )


def test_notice_gives_no_credit_and_no_refund(
    invoice: Invoice, cast: SimpleNamespace, run_year: Callable[..., Any]
) -> None:
    factories.leave(cast, factories.OSTERAKER, date(2026, 2, 1))
    run_year(2026, today=date(2026, 6, 1))
    assert Invoice.objects.count() == 1
    assert left(cast) == 84_461
