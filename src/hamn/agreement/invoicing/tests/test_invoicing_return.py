"""A municipality that leaves and returns within a year never pays twice for the same months."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.models import Invoice, RunOutcome
from hamn.agreement.invoicing.rules import Outcome, Reading, Stopped
from hamn.agreement.invoicing.tests import factories

CODE = "0182"
NOTICE = date(2026, 2, 1)  # so the last day is 1 March
BACK = date(2026, 3, 10)
LATER = date(2026, 3, 15)
Run = Callable[..., Any]


@pytest.fixture
def old(in_force: Callable[..., Any]) -> Any:
    return in_force(CODE, date(2024, 6, 1))


@pytest.fixture
def new(cast: SimpleNamespace, in_force: Callable[..., Any]) -> Callable[[], Any]:
    """A function that ends the old agreement by notice and gives a new one."""

    def make() -> Any:
        factories.leave(cast, CODE, NOTICE)
        return factories.come_back(in_force, CODE, BACK)

    return make


@pytest.fixture
def decide(cast: SimpleNamespace) -> Callable[[Reading], object]:
    def make(reading: Reading) -> object:
        return actions.decide(
            code=CODE, year=2026, reading=reading, reason="Beslut", by=cast.controller
        )

    return make


def outcomes(run: Any) -> dict[int, str]:
    rows = RunOutcome.objects.filter(run=run, agreement__isnull=False)
    return dict(rows.values_list("agreement", "outcome"))


def charged() -> dict[int, int | None]:
    """The twelfths of 2026 that each agreement has been charged for."""
    rows = Invoice.objects.filter(year=2026).exclude(kind="credit")
    return dict(rows.values_list("agreement", "twelfths"))


def test_what_was_invoiced_whole_in_january_is_not_invoiced_again_in_march(
    old: Any, new: Callable[[], Any], run_year: Run, cast: SimpleNamespace
) -> None:
    run_year(2026)
    back = new()
    before = queries.year_totals(cast.controller, 2026)
    run = run_year(2026, today=LATER)
    assert run.issued == 0
    assert outcomes(run) == {old.pk: Outcome.ALREADY_INVOICED, back.pk: Outcome.PAID_BEFORE}
    reason = RunOutcome.objects.get(run=run, agreement=back)
    assert reason.facts == {"number": "202600001", "year": 2026}
    assert queries.year_totals(cast.controller, 2026) == before


def test_the_months_to_the_last_day_and_those_from_the_return_make_the_year(
    old: Any, new: Callable[[], Any], run_year: Run, decide: Callable[[Reading], object]
) -> None:
    back = new()
    decide(Reading.UNTIL_END)
    run = run_year(2026, today=LATER)
    assert (run.issued, outcomes(run)) == (2, {})
    assert charged() == {old.pk: 2, back.pk: 10}
    periods = [
        (row.document["period_from"], row.document["period_to"])
        for row in Invoice.objects.order_by("pk")
        if row.document
    ]
    assert periods == [("2026-01-01", "2026-03-01"), ("2026-03-10", "2026-12-31")]
    assert run_year(2026, today=LATER).issued == 0


def test_the_return_is_invoiced_from_its_month_when_the_old_one_was_until_its_last_day(
    old: Any,
    in_force: Callable[..., Any],
    run_year: Run,
    decide: Callable[[Reading], object],
    cast: SimpleNamespace,
) -> None:
    factories.leave(cast, CODE, NOTICE)
    assert outcomes(run_year(2026, today=NOTICE)) == {old.pk: Outcome.HELD}
    decide(Reading.UNTIL_END)
    run_year(2026, today=NOTICE)
    back = factories.come_back(in_force, CODE, BACK)
    run = run_year(2026, today=LATER)
    assert (run.issued, charged()) == (1, {old.pk: 2, back.pk: 10})


def test_two_agreements_in_one_run_charge_the_whole_year_once(
    old: Any, new: Callable[[], Any], run_year: Run, decide: Callable[[Reading], object]
) -> None:
    back = new()
    decide(Reading.WHOLE_YEAR)
    run = run_year(2026, today=LATER)
    assert (run.issued, charged()) == (1, {old.pk: 12})
    assert outcomes(run) == {back.pk: Outcome.PAID_BEFORE}
    again = run_year(2026, today=LATER)
    assert outcomes(again) == {old.pk: Outcome.ALREADY_INVOICED, back.pk: Outcome.PAID_BEFORE}
    assert RunOutcome.objects.get(run=again, agreement=back).facts["number"] == "202600001"


def test_in_one_run_a_decision_for_nothing_leaves_the_return_its_own_months(
    old: Any, new: Callable[[], Any], run_year: Run, decide: Callable[[Reading], object]
) -> None:
    back = new()
    decide(Reading.NOTHING)
    run = run_year(2026, today=LATER)
    assert outcomes(run) == {old.pk: Outcome.DECIDED_NOTHING}
    assert charged() == {back.pk: 10}


@pytest.mark.parametrize(
    ("reading", "outcome", "twelfths"),
    [
        pytest.param(Reading.UNTIL_END, None, 2, id="the months before the return"),
        pytest.param(Reading.WHOLE_YEAR, Outcome.PAID_BEFORE, None, id="months charged already"),
    ],
)
def test_what_is_decided_after_the_return_was_invoiced_charges_no_month_again(
    reading: Reading,
    outcome: Outcome | None,
    twelfths: int | None,
    old: Any,
    new: Callable[[], Any],
    run_year: Run,
    decide: Callable[[Reading], object],
) -> None:
    back = new()
    held = run_year(2026, today=LATER)
    assert (outcomes(held), charged()) == ({old.pk: Outcome.HELD}, {back.pk: 10})
    decide(reading)
    run = run_year(2026, today=LATER)
    assert outcomes(run).get(old.pk) == outcome
    assert charged().get(old.pk) == twelfths


def test_what_is_credited_whole_does_not_stand_in_the_way_of_the_return(
    old: Any, new: Callable[[], Any], run_year: Run, cast: SimpleNamespace, plain_press: Any
) -> None:
    run_year(2026)
    back = new()
    actions.credit(
        number="202600001",
        reason="Lämnade i mars",
        amount_kr=None,
        today=LATER,
        by=cast.controller,
        press=plain_press,
    )
    run = run_year(2026, today=LATER)
    assert outcomes(run) == {old.pk: Outcome.CREDITED}
    assert charged() == {old.pk: 12, back.pk: 10}


def test_the_credited_year_is_not_issued_anew_over_the_months_of_the_return(
    old: Any,
    new: Callable[[], Any],
    run_year: Run,
    decide: Callable[[Reading], object],
    cast: SimpleNamespace,
    plain_press: Any,
) -> None:
    run_year(2026)
    new()
    acting = {"today": LATER, "by": cast.controller, "press": plain_press}
    actions.credit(number="202600001", reason="Lämnade i mars", amount_kr=None, **acting)
    run_year(2026, today=LATER)
    decide(Reading.WHOLE_YEAR)
    with pytest.raises(Stopped, match="betalas inte två gånger"):
        actions.reissue(number="202600001", **acting)
    decide(Reading.UNTIL_END)
    assert actions.reissue(number="202600001", **acting).twelfths == 2


def test_the_next_year_is_charged_once_and_whole(
    old: Any, new: Callable[[], Any], run_year: Run
) -> None:
    run_year(2026)
    back = new()
    run = run_year(2027)
    assert (run.issued, outcomes(run)) == (1, {old.pk: Outcome.ENDED})
    row = Invoice.objects.get(year=2027)
    assert (row.agreement_id, row.twelfths, row.kind) == (back.pk, 12, "yearly")


@pytest.mark.parametrize("reading", list(Reading))
def test_the_preview_of_a_return_says_what_the_run_does(
    reading: Reading,
    old: Any,
    new: Callable[[], Any],
    run_year: Run,
    decide: Callable[[Reading], object],
    cast: SimpleNamespace,
) -> None:
    new()
    decide(reading)
    shown = {
        plan.agreement_id: plan.fee.twelfths if plan.fee else plan.outcome
        for plan in queries.preview(cast.controller, year=2026, only=CODE)
    }
    run = run_year(2026, today=LATER, only=CODE)
    assert {**outcomes(run), **charged()} == shown


def test_another_municipalitys_charge_does_not_stand_in_the_way(
    old: Any, in_force: Callable[..., Any], run_year: Run
) -> None:
    run_year(2026)
    other = in_force("0117", BACK)
    assert run_year(2026, today=LATER).issued == 1
    assert charged() == {old.pk: 12, other.pk: 10}
