"""The year's run: what it issues, and that it can be repeated, broken off and gone on with."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.agreements import queries as agreement_queries
from hamn.agreement.agreements.rules import Side, SigningMethod
from hamn.agreement.invoicing import actions, queries, rules
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.models import Invoice, InvoiceRun, RunOutcome
from hamn.agreement.invoicing.rules import Outcome, Reading
from hamn.agreement.invoicing.tests import factories
from hamn.agreement.invoicing.tests.factories import CODES, OSTERAKER, PowerCut
from hamn.core.errors import BadInput
from hamn.register.organisations.models import Party

State = InvoiceRun.State
Run = Callable[..., InvoiceRun]
InForce = Callable[..., Any]

pytestmark = pytest.mark.slow


def series(year: int, count: int) -> list[str]:
    return [f"{year}{place:05d}" for place in range(1, count + 1)]


def outcomes(run: InvoiceRun) -> dict[str, str]:
    return dict(RunOutcome.objects.filter(run=run).values_list("code", "outcome"))


def test_a_run_issues_one_invoice_to_each_agreement(in_force: InForce, run_year: Run) -> None:
    factories.sign(in_force, CODES)
    run = run_year(2026)
    assert (run.state, run.planned, run.looked_at, run.issued) == (State.FINISHED, 11, 11, 11)
    assert factories.numbers() == series(2026, 11)
    row = Invoice.objects.get(agreement__party__municipality=OSTERAKER)
    assert (row.amount_kr, row.twelfths, row.kind) == (84_461, 12, "yearly")
    assert (row.issued_on, row.due_on) == (date(2026, 1, 15), date(2026, 2, 14))
    assert row.lines.get().text.endswith(" 2026, 12/12")


def test_the_provider_and_those_without_agreement_get_their_reason(
    in_force: InForce, run_year: Run
) -> None:
    factories.sign(in_force, CODES)
    found = outcomes(run_year(2026))
    assert found["0180"] == Outcome.PROVIDER
    assert found["0980"] == Outcome.NO_AGREEMENT
    assert len(found) == 27 - len(CODES)


def test_a_second_run_gives_nothing_new(in_force: InForce, run_year: Run) -> None:
    factories.sign(in_force, CODES)
    run_year(2026)
    before = factories.stored()
    again = run_year(2026)
    assert factories.stored() == before
    assert (again.issued, again.state) == (0, State.FINISHED)
    reasons = RunOutcome.objects.filter(run=again, outcome=Outcome.ALREADY_INVOICED)
    assert {row.facts["number"] for row in reasons} == set(series(2026, 11))


def test_an_agreement_signed_later_takes_the_next_number(in_force: InForce, run_year: Run) -> None:
    factories.sign(in_force, CODES[:3])
    run_year(2026)
    in_force("0160", date(2026, 1, 10))
    assert run_year(2026).issued == 1
    assert factories.numbers() == series(2026, 4)


def test_a_run_for_one_municipality_leaves_the_others(in_force: InForce, run_year: Run) -> None:
    factories.sign(in_force, CODES)
    run = run_year(2026, only=OSTERAKER)
    assert (run.issued, run.planned, outcomes(run)) == (1, 1, {})


@pytest.mark.parametrize("after", [0, 1, 4, 10])
def test_a_power_cut_in_a_batch_leaves_nothing_of_it(
    after: int, in_force: InForce, run_year: Run
) -> None:
    factories.sign(in_force, CODES)
    with pytest.raises(PowerCut):
        run_year(2026, press=factories.failing_press(after))
    assert factories.stored() == {"Invoice": 0, "InvoiceLine": 0, "InvoiceFile": 0, "series": 0}
    assert "invoicing.issued" not in factories.events()
    run_year(2026)
    assert factories.numbers() == series(2026, 11)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.in_batches, "__defaults__", (4,))


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize(("after", "kept"), [(4, 4), (5, 4), (8, 8), (10, 8)])
def test_a_run_goes_on_where_a_power_cut_stopped_it(
    after: int, kept: int, in_force: InForce, run_year: Run
) -> None:
    factories.sign(in_force, CODES)
    with pytest.raises(PowerCut):
        run_year(2026, press=factories.failing_press(after))
    assert factories.numbers() == series(2026, kept)
    assert InvoiceRun.objects.get().looked_at == kept
    again = run_year(2026)
    assert (again.issued, again.state) == (11 - kept, State.FINISHED)
    assert factories.numbers() == series(2026, 11)
    assert factories.events("invoicing.issued") == ["invoicing.issued"] * 11
    states = InvoiceRun.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.INTERRUPTED, State.FINISHED]


@pytest.mark.usefixtures("small_batches")
def test_a_failure_between_two_batches_loses_nothing(in_force: InForce, run_year: Run) -> None:
    factories.sign(in_force, CODES)

    def pull_the_plug(run: InvoiceRun) -> None:
        raise PowerCut

    with pytest.raises(PowerCut):
        run_year(2026, progress=pull_the_plug)
    assert factories.numbers() == series(2026, 4)
    assert run_year(2026).issued == 7
    assert factories.numbers() == series(2026, 11)


def test_a_failure_while_storing_takes_no_number_and_leaves_no_row(
    in_force: InForce, run_year: Run
) -> None:
    factories.sign(in_force, CODES)
    texts_for_bytes: Any = Press(judge=lambda xml: [], draw=lambda document, xml: "not bytes")
    with pytest.raises(TypeError):
        run_year(2026, press=texts_for_bytes)
    assert factories.stored() == {"Invoice": 0, "InvoiceLine": 0, "InvoiceFile": 0, "series": 0}
    assert run_year(2026).issued == 11


@pytest.mark.usefixtures("small_batches")
def test_progress_is_told_after_each_batch(in_force: InForce, run_year: Run) -> None:
    factories.sign(in_force, CODES)
    told: list[tuple[int, int, int]] = []
    run_year(2026, progress=lambda run: told.append((run.looked_at, run.planned, run.issued)))
    assert told == [(4, 11, 4), (8, 11, 8), (11, 11, 11)]


@pytest.mark.usefixtures("small_batches")
def test_a_cancelled_run_keeps_what_it_issued_and_the_next_completes_it(
    in_force: InForce, run_year: Run, cast: SimpleNamespace
) -> None:
    factories.sign(in_force, CODES)
    run = run_year(2026, progress=lambda run: actions.cancel_run(run_id=run.pk, by=cast.controller))
    # Asked for after the first batch, so the second is not issued.
    assert (run.state, run.issued) == (State.CANCELLED, 4)
    assert run_year(2026).issued == 7
    assert factories.numbers() == series(2026, 11)


JUDGED = Press(draw=lambda document, xml: b"%PDF-test")  # the real judge


def test_a_stopped_invoice_takes_no_number_and_the_rest_goes_on(
    in_force: InForce, run_year: Run, cast: SimpleNamespace
) -> None:
    factories.sign(in_force, CODES)
    right = Party.objects.get(municipality="0120").participant_id
    Party.objects.filter(municipality="0120").update(participant_id="0007:1234567890")
    run = run_year(2026, press=JUDGED)
    assert run.issued == 10
    assert factories.numbers() == series(2026, 10)
    stopped = RunOutcome.objects.get(run=run, outcome=Outcome.STOPPED)
    reason = rules.REASONS[Outcome.STOPPED].format(**stopped.facts)
    assert stopped.code == "0120"
    assert "PEPPOL-COMMON-R049" in stopped.facts["rules"]
    assert "PEPPOL-COMMON-R049" in reason
    assert "Fält att rätta: " in reason
    assert factories.events("invoicing.stopped") == ["invoicing.stopped"]

    factories.mend(cast, "0120", participant_id=right)
    assert run_year(2026, press=JUDGED).issued == 1
    row = Invoice.objects.get(agreement__party__municipality="0120")
    assert row.number == "202600011"


def test_a_name_that_no_page_can_show_stops_only_its_own_invoice(
    in_force: InForce, run_year: Run
) -> None:
    factories.sign(in_force, ("0114", "0120"))
    Party.objects.filter(municipality="0114").update(billing_city="Hamn \U0001f6a2")
    run = run_year(2026, press=Press(judge=lambda xml: []))
    stopped = RunOutcome.objects.get(run=run, outcome=Outcome.STOPPED)
    assert (run.issued, stopped.code, stopped.facts["rules"]) == (1, "0114", "HAMN-TEXT")
    assert "\U0001f6a2" in stopped.facts["text"]


def test_a_year_not_begun_is_previewed_but_not_issued(
    in_force: InForce, run_year: Run, cast: SimpleNamespace
) -> None:
    factories.sign(in_force, CODES)
    plans = list(queries.preview(cast.controller, year=2027))
    assert sum(plan.outcome == Outcome.TO_ISSUE for plan in plans) == 11
    before = factories.events()
    with pytest.raises(rules.YearNotBegun):
        run_year(2027, today=date(2026, 12, 31))
    with pytest.raises(BadInput):
        run_year(1, today=date(2026, 12, 31))
    assert (factories.numbers(), factories.events()) == ([], before)
    assert run_year(2027, today=date(2027, 1, 1)).issued == 11


def _sign_by_one(code: str, cast: SimpleNamespace) -> None:
    row = agreements.draft(
        code=code, index_base_year=None, agreed_start=None, reference="", by=cast.steward
    )
    agreements.sign(
        agreement_id=row.pk,
        side=Side.MUNICIPALITY,
        signed_on=date(2024, 3, 1),
        agreed_start=None,
        title="Socialchef",
        method=SigningMethod.PAPER,
        today=date(2026, 1, 1),
        by=cast.steward,
    )


def _give_notice(code: str, received: date, cast: SimpleNamespace) -> None:
    agreements.give_notice(
        agreement_id=agreement_queries.latest(cast.steward, code).pk,
        received=received,
        from_side=Side.MUNICIPALITY,
        reason="test",
        today=date(2026, 1, 10),
        by=cast.steward,
    )


@pytest.fixture
def mixed(in_force: InForce, cast: SimpleNamespace) -> None:
    """An agreement for each thing that can come of a year."""
    in_force("0114", date(2021, 2, 10))
    in_force("0115", date(2024, 5, 16), base=2024)
    in_force("0117", date(2024, 5, 30), start=date(2024, 6, 1), base=2024)
    in_force("0120", date(2024, 12, 20))
    in_force("0123", date(2025, 12, 17))
    in_force("0125", date(2025, 12, 1), start=date(2026, 3, 1))
    _sign_by_one("0126", cast)
    for code in ("0127", "0128", "0136", "0138", "0139", "0160"):
        in_force(code, date(2022, 9, 1))
    for code in ("0127", "0128", "0136", "0138"):
        _give_notice(code, date(2025, 12, 20), cast)
    _give_notice("0139", date(2023, 6, 30), cast)
    for code, reading in (
        ("0128", Reading.WHOLE_YEAR),
        ("0136", Reading.UNTIL_END),
        ("0138", Reading.NOTHING),
    ):
        for year in (2025, 2026):
            actions.decide(
                code=code, year=year, reading=reading, reason="Avtal", by=cast.controller
            )
    factories.mend(cast, "0160", buyer_reference="")


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize("year", [2021, 2022, 2023, 2024, 2025, 2026])
def test_what_is_previewed_is_what_is_issued(
    year: int, run_year: Run, cast: SimpleNamespace
) -> None:
    def shown(row: dict[str, Any]) -> tuple[Any, ...]:
        return row["outcome"], row["facts"], row["twelfths"], row["amount_kr"]

    previewed = {}
    for plan in queries.preview(cast.controller, year=year):
        done = replace(plan, outcome=Outcome.ISSUED) if plan.fee else plan
        previewed[plan.code] = shown(queries.plan_row(done))
    run = run_year(year, today=date(2026, 1, 15))
    rows = queries.run_rows(cast.controller, run)
    issued = {row["municipality_code"]: shown(row) for row in rows}
    assert issued == previewed
    assert len(issued) == 27


@pytest.mark.usefixtures("mixed")
def test_a_run_meets_every_outcome_with_its_reason(
    run_year: Run, in_force: InForce, cast: SimpleNamespace, plain_press: Press
) -> None:
    factories.sign(in_force, ("0162", "0163"), date(2022, 9, 1))
    run_year(2025, today=date(2025, 1, 15), only="0163")
    for code in ("0162", "0163"):
        factories.leave(cast, code, date(2025, 2, 1))
    factories.come_back(in_force, "0163", date(2025, 3, 10))
    run = run_year(2025, today=date(2026, 1, 15))
    actions.credit(
        number="202600001",
        reason="Fel",
        amount_kr=None,
        today=date(2026, 1, 15),
        by=cast.controller,
        press=plain_press,
    )
    again = run_year(2025, today=date(2026, 1, 16))
    found = set(outcomes(run).values()) | set(outcomes(again).values())
    assert found == set(Outcome) - {Outcome.TO_ISSUE, Outcome.ISSUED, Outcome.STOPPED}
    for row in RunOutcome.objects.all():
        assert "{" not in rules.REASONS[Outcome(row.outcome)].format(**row.facts)


def test_numbers_follow_the_year_of_issue_without_a_gap(
    in_force: InForce, run_year: Run, cast: SimpleNamespace, plain_press: Press
) -> None:
    factories.sign(in_force, CODES[:3])
    run_year(2025, today=date(2025, 12, 30))
    run_year(2024, today=date(2026, 1, 2))
    actions.credit(
        number="202500002",
        reason="Fel",
        amount_kr=10,
        today=date(2026, 1, 3),
        by=cast.controller,
        press=plain_press,
    )
    run_year(2026)
    assert factories.numbers() == [*series(2025, 3), *series(2026, 7)]


def test_the_database_holds_one_charge_for_an_agreement_and_year(
    in_force: InForce, run_year: Run, cast: SimpleNamespace
) -> None:
    row = factories.issued(cast, in_force, run_year)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.create(
            agreement=row.agreement,
            origin="own",
            kind="first",
            year=2026,
            number="another",
            issued_on=date(2026, 2, 1),
            amount_kr=1,
            created_by=cast.first,
        )


def test_the_stored_explanation_is_what_is_computed_anew(
    in_force: InForce, run_year: Run, cast: SimpleNamespace
) -> None:
    factories.sign(in_force, CODES)
    in_force("0980", date(2026, 1, 16))
    run_year(2026, today=date(2026, 2, 1))
    rows = list(queries.to_look_at(cast.controller))
    plans = {p.agreement_id: p for p in queries.plans(rows, year=2026, anew=True)}
    assert Invoice.objects.count() == len(plans) == 12
    for invoice in Invoice.objects.all():
        fee = plans[invoice.agreement_id].fee
        assert fee is not None
        assert invoice.explanation == [step.as_data() for step in fee.steps]
        assert invoice.explanation[-1]["clause"] == "avtalet § 6"
        assert all(step["label"] and step["value"] for step in invoice.explanation)


@pytest.mark.parametrize("year", [2024, 2026])
def test_plans_ask_the_database_as_often_for_twenty_agreements_as_for_one(
    year: int, in_force: InForce, run_year: Run, cast: SimpleNamespace
) -> None:
    codes = Party.objects.filter(is_provider=False).values_list("municipality_id", flat=True)[:20]
    factories.sign(in_force, list(codes))
    run_year(2026)  # with charges that stand, and in 2024 with none
    rows = list(queries.to_look_at(cast.controller))
    counts = []
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as asked:
            queries.plans(some, year=year)
        counts.append(len(asked))
    assert len(rows) == 20
    assert counts[0] == counts[1] <= 6


def test_a_run_with_no_agreements_ends_and_issues_nothing(run_year: Run) -> None:
    run = run_year(2026)
    assert (run.state, run.planned, run.issued) == (State.FINISHED, 0, 0)
    assert len(outcomes(run)) == 27
