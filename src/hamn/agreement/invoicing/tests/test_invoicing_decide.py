"""What is decided for a year of an agreement under notice."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.agreements.rules import Side
from hamn.agreement.invoicing import actions
from hamn.agreement.invoicing.models import Invoice, NoticeDecision, RunOutcome
from hamn.agreement.invoicing.rules import Outcome, Reading
from hamn.core.errors import BadInput, NotVisible


@pytest.fixture
def under_notice(in_force: Callable[..., Any], cast: SimpleNamespace) -> Any:
    """Österåker's agreement, whose last day is 20 April 2026."""
    row = in_force("0117", date(2024, 6, 1))
    return agreements.give_notice(
        agreement_id=row.pk,
        received=date(2026, 3, 20),
        from_side=Side.MUNICIPALITY,
        reason="test",
        today=date(2026, 3, 20),
        by=cast.steward,
    )


@pytest.fixture
def decide(cast: SimpleNamespace) -> Callable[..., NoticeDecision]:
    def make(reading: Reading = Reading.WHOLE_YEAR, **changes: Any) -> NoticeDecision:
        given = {"code": "0117", "year": 2026, "reason": "Nämndens beslut", **changes}
        return actions.decide(reading=reading, by=cast.controller, **given)

    return make


RUN_ON = date(2026, 3, 25)


@pytest.mark.parametrize(
    ("reading", "amount_kr"),
    [(Reading.WHOLE_YEAR, 84_461), (Reading.UNTIL_END, 28_154), (Reading.NOTHING, None)],
)
def test_the_next_run_follows_the_decision(
    reading: Reading,
    amount_kr: int | None,
    under_notice: Any,
    decide: Callable[..., NoticeDecision],
    run_year: Callable[..., Any],
) -> None:
    held = run_year(2026, today=RUN_ON)
    assert RunOutcome.objects.get(run=held, code="0117").outcome == Outcome.HELD
    decide(reading)
    run_year(2026, today=RUN_ON)
    assert (
        list(Invoice.objects.values_list("amount_kr", flat=True)) == [amount_kr][: amount_kr or 0]
    )


def test_a_decision_can_be_changed_until_it_is_carried_out(
    under_notice: Any, decide: Callable[..., NoticeDecision], run_year: Callable[..., Any]
) -> None:
    decide(Reading.NOTHING)
    decide(Reading.UNTIL_END)
    run_year(2026, today=RUN_ON)
    assert NoticeDecision.objects.count() == 1
    with pytest.raises(BadInput, match="202600001"):
        decide(Reading.NOTHING)


def test_a_decision_for_one_year_says_nothing_of_another(
    under_notice: Any, decide: Callable[..., NoticeDecision], run_year: Callable[..., Any]
) -> None:
    decide(Reading.WHOLE_YEAR, year=2025)
    run = run_year(2026, today=RUN_ON)
    assert RunOutcome.objects.get(run=run, code="0117").outcome == Outcome.HELD


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_needs_its_reason(
    reason: str, under_notice: Any, decide: Callable[..., NoticeDecision]
) -> None:
    with pytest.raises(BadInput, match="skälet"):
        decide(reason=reason)
    assert not NoticeDecision.objects.exists()


def test_there_is_nothing_to_decide_without_notice(
    in_force: Callable[..., Any], decide: Callable[..., NoticeDecision]
) -> None:
    in_force("0117", date(2024, 6, 1))
    with pytest.raises(BadInput, match="inte sagt upp"):
        decide()


@pytest.mark.parametrize("code", ["9999", "abc", ""])
def test_an_unknown_municipality_is_refused(
    code: str, decide: Callable[..., NoticeDecision]
) -> None:
    with pytest.raises((BadInput, NotVisible)):
        decide(code=code)
