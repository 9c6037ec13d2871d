"""What is decided for a year of an agreement under notice."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.agreements.rules import Side
from hamn.agreement.invoicing import actions
from hamn.agreement.invoicing.actions.press import Press
from hamn.agreement.invoicing.models import Invoice, NoticeDecision, RunOutcome
from hamn.agreement.invoicing.rules import Outcome, Reading
from hamn.agreement.invoicing.tests import factories
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


def test_the_decision_is_of_the_agreement_that_ends_in_the_year_not_of_the_next(
    under_notice: Any, in_force: Callable[..., Any], decide: Callable[..., NoticeDecision]
) -> None:
    factories.come_back(in_force, "0117", date(2026, 5, 4))
    assert decide(Reading.UNTIL_END).agreement_id == under_notice.pk
    with pytest.raises(BadInput, match="inte sagt upp"):
        decide(year=2027)


@pytest.mark.parametrize("year", [0, 26, 2017, 2101, 20260])
def test_an_impossible_year_is_not_decided(
    year: int, under_notice: Any, decide: Callable[..., NoticeDecision]
) -> None:
    with pytest.raises(BadInput, match=f"Året {year} kan inte stämma"):
        decide(year=year)
    assert not NoticeDecision.objects.exists()


def test_a_year_before_the_agreement_is_not_decided(
    under_notice: Any, decide: Callable[..., NoticeDecision]
) -> None:
    with pytest.raises(BadInput, match="inget avtal 2023"):
        decide(year=2023)


def press_that_meanwhile(does: Callable[[], object]) -> Press:
    """A press during whose first drawing something else is done, as by someone else just then."""
    first = iter([does])

    def draw(document: Any, xml: bytes) -> bytes:
        next(first, lambda: None)()
        return b"%PDF-test"

    return Press(judge=lambda xml: [], draw=draw)


@pytest.mark.parametrize(
    ("changed_to", "amounts"),
    [(Reading.UNTIL_END, [28_154]), (Reading.NOTHING, []), (Reading.WHOLE_YEAR, [84_461])],
)
def test_a_decision_changed_while_the_documents_are_written_is_followed(
    changed_to: Reading,
    amounts: list[int],
    under_notice: Any,
    decide: Callable[..., NoticeDecision],
    run_year: Callable[..., Any],
) -> None:
    decide(Reading.WHOLE_YEAR)
    run = run_year(2026, today=RUN_ON, press=press_that_meanwhile(lambda: decide(changed_to)))
    assert run.issued == len(amounts)
    assert list(Invoice.objects.values_list("amount_kr", flat=True)) == amounts
    assert factories.numbers() == ["202600001"][: len(amounts)]
    assert RunOutcome.objects.filter(run=run, code="0117").count() == 1 - len(amounts)


def test_notice_while_the_documents_are_written_holds_the_invoice(
    in_force: Callable[..., Any], run_year: Callable[..., Any], cast: SimpleNamespace
) -> None:
    factories.sign(in_force, ("0117", "0120"))
    notice = press_that_meanwhile(lambda: factories.leave(cast, "0120", date(2026, 1, 15)))
    run = run_year(2026, press=notice)
    assert (run.issued, factories.numbers()) == (1, ["202600001"])
    assert RunOutcome.objects.get(run=run, code="0120").outcome == Outcome.HELD


@pytest.mark.parametrize("code", ["9999", "abc", ""])
def test_an_unknown_municipality_is_refused(
    code: str, decide: Callable[..., NoticeDecision]
) -> None:
    with pytest.raises((BadInput, NotVisible)):
        decide(code=code)
