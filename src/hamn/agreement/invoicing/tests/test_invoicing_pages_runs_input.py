"""What people send to the pages of a year's invoicing, and what comes of it."""

import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.actions import queue
from hamn.agreement.invoicing.actions.press import Press, stopped
from hamn.agreement.invoicing.models import Invoice, InvoiceRun, NoticeDecision
from hamn.agreement.invoicing.rules import Outcome, Reading
from hamn.agreement.invoicing.tests import factories

YEAR = timezone.localdate().year
CODES = factories.CODES[:3]


def at(name: str, *arguments: object) -> str:
    if name == "decide":
        code, year = arguments
        return reverse("invoicing:decide", kwargs={"code": code, "year": year})
    return reverse(f"invoicing:{name}", args=arguments)


def text_of(answer: Any) -> str:
    return answer.content.decode().replace("\xa0", " ")


def seen_in(answer: Any) -> str:
    return str(answer.context["form"]["seen"].value())


@pytest.fixture
def under_notice(in_force: Callable[..., Any], cast: SimpleNamespace) -> str:
    """The code of a municipality whose agreement ends during the year."""
    in_force(CODES[0], date(2024, 6, 1))
    factories.leave(cast, CODES[0], date(YEAR, 3, 20))
    return CODES[0]


def decide(browser: Any, code: str, **given: str) -> Any:
    fields = {"reading": Reading.WHOLE_YEAR, "reason": "Nämndens beslut", **given}
    return browser.post(at("decide", code, YEAR), fields)


def test_a_decision_is_made_with_both_sums_in_sight(
    under_notice: str, cast: SimpleNamespace, desk: Any
) -> None:
    controller = desk(cast.controller)
    item = next(queries.preview(cast.controller, year=YEAR, only=under_notice))
    shown = text_of(controller.get(at("decide", under_notice, YEAR)))
    for reading in ("whole_year", "until_end"):
        assert shown.count(str(item.facts[reading]).replace("\xa0", " ")) == 2
    assert decide(controller, under_notice, reading=Reading.UNTIL_END).status_code == 302
    assert NoticeDecision.objects.get().reading == Reading.UNTIL_END
    item = next(queries.preview(cast.controller, year=YEAR, only=under_notice))
    assert item.outcome == Outcome.TO_ISSUE
    assert "Ett beslut finns" in text_of(controller.get(at("decide", under_notice, YEAR)))


@pytest.mark.parametrize(
    "bad",
    [
        {"reason": ""},
        {"reason": "   "},
        {"reason": "x" * 301},
        {"reason": "a\x00b"},
        {"reading": ""},
        {"reading": "half"},
    ],
    ids=repr,
)
def test_a_decision_that_cannot_be_read_keeps_what_was_written(
    bad: dict[str, str], under_notice: str, cast: SimpleNamespace, desk: Any
) -> None:
    answer = decide(desk(cast.controller), under_notice, **bad)
    assert (answer.status_code, "Det finns ett problem" in text_of(answer)) == (422, True)
    assert not NoticeDecision.objects.exists()
    if "reading" in bad:
        assert "Nämndens beslut" in text_of(answer)


def test_two_who_decide_at_once_see_each_other(
    under_notice: str, cast: SimpleNamespace, desk: Any
) -> None:
    one, other = desk(cast.controller), desk(cast.first)
    seen = seen_in(one.get(at("decide", under_notice, YEAR)))
    assert decide(other, under_notice, reading=Reading.NOTHING).status_code == 302
    late = decide(one, under_notice, seen=seen)
    assert (late.status_code, "har ändrats sedan du öppnade" in text_of(late)) == (422, True)
    assert "Nämndens beslut" in text_of(late)
    assert NoticeDecision.objects.get().reading == Reading.NOTHING
    assert decide(one, under_notice, seen=seen_in(late)).status_code == 302
    assert NoticeDecision.objects.get().reading == Reading.WHOLE_YEAR


def test_there_is_nothing_to_decide_about_an_agreement_that_goes_on_or_is_invoiced(
    under_notice: str,
    in_force: Callable[..., Any],
    cast: SimpleNamespace,
    desk: Any,
    run_year: Callable[..., Any],
) -> None:
    controller = desk(cast.controller)
    in_force(CODES[1], date(2024, 6, 1))
    assert "inget att besluta" in text_of(controller.get(at("decide", CODES[1], YEAR)))
    decide(controller, under_notice)
    run_year(YEAR)
    assert "finns redan" in text_of(controller.get(at("decide", under_notice, YEAR)))
    assert text_of(decide(controller, under_notice)).count("finns redan") == 1


@pytest.mark.parametrize("code", ["9999", "abc", "0117x", "01170"])
def test_an_unknown_municipality_is_refused_in_words(
    code: str, cast: SimpleNamespace, desk: Any
) -> None:
    controller = desk(cast.controller)
    assert controller.get(at("decide", code, YEAR)).status_code == 422
    assert controller.get(at("prepare", YEAR), {"kommun": code}).status_code == 422


def test_a_form_that_comes_twice_is_acted_upon_once(
    under_notice: str, cast: SimpleNamespace, desk: Any
) -> None:
    controller = desk(cast.controller)
    page = text_of(controller.get(at("decide", under_notice, YEAR)))
    once = page.partition('name="once" value="')[2].partition('"')[0]
    assert decide(controller, under_notice, once=once).status_code == 302
    assert decide(controller, under_notice, once=once).status_code == 409


def test_a_single_municipalitys_first_invoice_is_prepared_alone(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any
) -> None:
    factories.sign(in_force, CODES)
    steward = desk(cast.steward)
    page = steward.get(at("prepare", YEAR), {"kommun": CODES[1]})
    assert 'name="kommun" value="0115"' in text_of(page)
    answer = steward.post(
        at("prepare", YEAR), {"kommun": CODES[1], "seen": seen_in(page), "way": "documents"}
    )
    run = InvoiceRun.objects.get()
    assert answer.url == at("run", run.pk)
    assert (run.only, run.expected_count) == (CODES[1], 1)


def test_what_is_prepared_is_what_was_seen(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any
) -> None:
    factories.sign(in_force, CODES[:1])
    controller = desk(cast.controller)
    seen = seen_in(controller.get(at("prepare", YEAR)))
    in_force(CODES[1], date(2024, 6, 1))
    late = controller.post(at("prepare", YEAR), {"seen": seen, "way": "documents"})
    assert (late.status_code, "har ändrats sedan du öppnade" in text_of(late)) == (422, True)
    assert not InvoiceRun.objects.exists()
    given = {"seen": seen_in(late), "way": "documents"}
    assert controller.post(at("prepare", YEAR), given).status_code == 302


@pytest.mark.parametrize("given", [{}, {"way": "post"}, {"way": "documents", "seen": "x" * 200}])
def test_a_preparation_that_cannot_be_read_is_refused(
    given: dict[str, str], in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any
) -> None:
    factories.sign(in_force, CODES[:1])
    assert desk(cast.controller).post(at("prepare", YEAR), given).status_code == 422
    assert not InvoiceRun.objects.exists()


def test_a_second_run_beside_an_open_one_is_refused(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any
) -> None:
    factories.sign(in_force, CODES)
    controller = desk(cast.controller)
    assert controller.post(at("prepare", YEAR), {"way": "documents"}).status_code == 302
    again = controller.post(at("prepare", YEAR), {"way": "documents"})
    assert (again.status_code, "finns redan" in text_of(again)) == (422, True)


def test_nothing_is_prepared_when_nothing_is_to_be_issued_or_the_year_is_ahead(
    cast: SimpleNamespace, desk: Any
) -> None:
    controller = desk(cast.controller)
    shown = text_of(controller.get(at("prepare", YEAR)))
    assert "ingen faktura att utfärda" in shown
    assert controller.get(at("prepare", YEAR + 1)).status_code == 422
    ahead = text_of(controller.get(at("preview", YEAR + 1)))
    assert f"kan utfärdas från 1 januari {YEAR + 1}" in ahead
    assert at("prepare", YEAR + 1) not in ahead


def test_the_start_page_gives_each_role_its_one_next_step(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any, run_year: Callable[..., Any]
) -> None:
    def step(who: Any) -> str:
        return str(desk(who).get(at("runs")).context["step"].url)

    factories.sign(in_force, CODES)
    assert step(cast.controller) == at("preview", YEAR)
    run = actions.prepare_run(year=YEAR, today=timezone.localdate(), by=cast.controller)
    assert step(cast.controller) == at("run", run.pk)
    assert step(cast.head) == at("release", run.pk)
    assert step(cast.reader) == at("run", run.pk)
    actions.release_run(
        run_id=run.pk, expected_kr=run.expected_kr or 0, today=timezone.localdate(), by=cast.head
    )
    assert step(cast.head) == at("run", run.pk)


def test_earlier_years_without_an_invoice_are_told(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any, run_year: Callable[..., Any]
) -> None:
    factories.sign(in_force, CODES)
    run_year(2025, only=CODES[0])
    reader = desk(cast.reader)
    assert "hx-get" in text_of(reader.get(at("runs")))
    for answer in (
        reader.get(at("runs"), {"tidigare": "1"}),
        reader.get(at("runs"), headers={"HX-Request": "true"}),
    ):
        [earlier] = answer.context["earlier"]
        assert earlier["year"] == 2025
        assert len(earlier["municipalities"]) == 2
    run_year(2025)
    assert reader.get(at("runs"), {"tidigare": "1"}).context["earlier"] == []


def test_a_stopped_invoice_is_told_with_rule_text_and_field_and_where_to_mend_it(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any, run_year: Callable[..., Any]
) -> None:
    def draw(document: Any, xml: bytes) -> bytes:
        if document.buyer.name.startswith("Vallentuna"):
            raise stopped("SE-R-013", "Bankgironumret ska ha sju eller åtta siffror.", "Bankgiro")
        return b"%PDF-test"

    factories.sign(in_force, CODES)
    run = run_year(YEAR, press=Press(judge=lambda xml: [], draw=draw))
    controller = desk(cast.controller)
    shown = text_of(controller.get(at("run", run.pk), {"utfall": "stopped"}))
    for told in (
        "SE-R-013",
        "Bankgironumret ska ha",
        "Fält att rätta: Bankgiro",
        "Utfärdade fakturor: 2.",
    ):
        assert told in shown
    assert reverse("organisations:edit", args=["0115"]) in shown
    assert "Förbered en ny körning" in shown
    step = controller.get(at("runs")).context["step"]
    assert step.url == f"{at('run', run.pk)}?utfall=stopped"


def test_a_run_that_broke_off_says_why_and_that_the_rest_can_be_done_again(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any
) -> None:
    factories.sign(in_force, CODES)
    today = timezone.localdate()
    run = actions.prepare_run(year=YEAR, today=today, by=cast.controller)
    actions.release_run(run_id=run.pk, expected_kr=run.expected_kr or 0, today=today, by=cast.head)
    in_force(factories.CODES[4], date(2024, 6, 1))
    queue.work(run_id=run.pk, press=Press(judge=lambda xml: []), progress=lambda _run: None)
    controller = desk(cast.controller)
    shown = text_of(controller.get(at("run", run.pk)))
    assert "Underlaget har ändrats" in shown
    assert "Förbered en ny körning" in shown
    assert controller.get(at("runs")).context["step"].url == at("run", run.pk)


def test_preview_and_result_are_given_as_files_with_their_reasons(
    in_force: Callable[..., Any], cast: SimpleNamespace, desk: Any, run_year: Callable[..., Any]
) -> None:
    factories.sign(in_force, CODES)
    reader = desk(cast.reader)
    lines = b"".join(reader.get(at("preview_file", YEAR, "csv"))).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("municipality_code,name,outcome,number,twelfths,amount_kr,reason")
    assert len(lines) == 1 + len(list(queries.preview(cast.reader, year=YEAR)))
    run = run_year(YEAR)
    answer = reader.get(at("run_file", run.pk, "xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    amounts = [row[5].value for row in book.active.iter_rows(min_row=2) if row[5].value]
    assert sorted(amounts) == sorted(Invoice.objects.values_list("amount_kr", flat=True))


@pytest.fixture
def handed_over(in_force: Callable[..., Any], run_year: Callable[..., Any]) -> list[Invoice]:
    """Three invoices that the ledger is to number."""
    factories.sign(in_force, CODES)
    run_year(YEAR, hands_over=True)
    return list(Invoice.objects.order_by("pk"))


def upload(browser: Any, text: str | bytes, name: str = "nummer.csv") -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return browser.post(at("take_back"), {"file": SimpleUploadedFile(name, content)})


def test_the_basis_is_given_until_the_numbers_have_come_back(
    handed_over: list[Invoice], cast: SimpleNamespace, desk: Any
) -> None:
    controller = desk(cast.controller)
    assert handed_over[0].reference in text_of(controller.get(at("basis", YEAR)))
    for _time in range(2):
        lines = controller.post(at("basis", YEAR)).content.decode().splitlines()
        assert len(lines) == 4
    rows = [f"{row.reference},F{row.pk},{YEAR}-01-16" for row in handed_over]
    answer = upload(controller, "\n".join(["reference,number,issued_on", *rows]))
    assert answer.url == at("runs")
    assert "Ingen faktura väntar på nummer." in text_of(controller.post(at("basis", YEAR)))
    assert set(factories.numbers()) == {f"F{row.pk}" for row in handed_over}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "reference,number\nH0000001,F1",
        "reference,number,issued_on\nH9999999,F1,2026-01-16",
        "reference,number,issued_on\nH0000001,,2026-01-16",
        "reference,number,issued_on\nH0000001,F1,2999-01-01",
        b"\xff\xfe\x00\x01",
        b"PK\x03\x04 not a list",
    ],
    ids=repr,
)
def test_a_file_of_numbers_that_cannot_be_read_leaves_everything_as_it_was(
    content: str | bytes, handed_over: list[Invoice], cast: SimpleNamespace, desk: Any
) -> None:
    answer = upload(desk(cast.controller), content)
    assert (answer.status_code, "Det finns ett problem" in text_of(answer)) == (422, True)
    assert not factories.numbers()


def test_the_name_of_an_uploaded_file_leads_nowhere(
    handed_over: list[Invoice], cast: SimpleNamespace, desk: Any
) -> None:
    answer = upload(desk(cast.controller), "reference,number\n1,2", name="../../etc/x" * 30)
    assert answer.status_code == 422
    assert "/etc" not in text_of(answer)
