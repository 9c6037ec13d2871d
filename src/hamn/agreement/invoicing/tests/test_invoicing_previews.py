"""The preview a page at a time and its totals: the same as the whole preview, and always quick."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hamn.agreement.invoicing import actions, queries
from hamn.agreement.invoicing.queries import previews
from hamn.agreement.invoicing.rules import Outcome, Plan, Reading
from hamn.agreement.invoicing.tests import factories
from hamn.agreement.invoicing.tests.factories import CODES, OSTERAKER
from hamn.agreement.invoicing.tests.test_invoicing_run import mixed
from hamn.core.errors import BadInput
from hamn.register.organisations.models import Party

pytestmark = pytest.mark.slow

__all__ = ["mixed"]  # the fixture: an agreement for each thing that can come of a year

InForce = Callable[..., Any]
YEARS = [2021, 2022, 2023, 2024, 2025, 2026, 2027]


@pytest.fixture
def everything(
    mixed: None, in_force: InForce, run_year: Any, cast: SimpleNamespace, plain_press: Any
) -> None:
    """Beside the mixed ones, two that left and came back, and charges that stand or are credited.

    In 2025: 0162 came back to a year that is not charged, 0163 to one that is.
    """
    factories.sign(in_force, ("0162", "0163"), date(2022, 9, 1))
    run_year(2025, today=date(2025, 1, 15), only="0163")
    for code in ("0162", "0163"):
        factories.leave(cast, code, date(2025, 2, 1))
        factories.come_back(in_force, code, date(2025, 3, 10))
    for code in ("0114", "0115", "0117"):
        run_year(2025, today=date(2025, 6, 1), only=code)
    for number, amount_kr in (("202500002", None), ("202500003", 100)):
        actions.credit(
            number=number,
            reason="Fel",
            amount_kr=amount_kr,
            today=date(2025, 7, 1),
            by=cast.controller,
            press=plain_press,
        )


def whole(cast: SimpleNamespace, year: int) -> list[Plan]:
    """The whole preview in code order, as the pages must give it."""
    return sorted(queries.preview(cast.reader, year=year), key=lambda plan: plan.code)


def pages(cast: SimpleNamespace, year: int, limit: int, outcome: Outcome | None) -> list[Plan]:
    """All pages after each other, turned as a reader would."""
    found: list[Plan] = []
    while page := queries.preview_page(
        cast.reader,
        year=year,
        after=found[-1].code if found else None,
        limit=limit,
        outcome=outcome,
    ):
        found += page
    return found


@pytest.mark.usefixtures("everything")
def test_the_pages_together_are_the_preview(cast: SimpleNamespace) -> None:
    met = set()
    for year in YEARS:
        wanted = whole(cast, year)
        met |= {plan.outcome for plan in wanted}
        for limit in (1, 4, 100):
            assert pages(cast, year, limit, None) == wanted, (year, limit)
            for outcome in Outcome:
                chosen = [plan for plan in wanted if plan.outcome == outcome]
                assert pages(cast, year, limit, outcome) == chosen, (year, limit, outcome)
    assert met == set(Outcome) - {Outcome.ISSUED, Outcome.STOPPED}


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("only", [None, "0114", OSTERAKER, "0128", "0163", "0180", "0980"])
def test_the_totals_are_those_of_the_preview(only: str | None, cast: SimpleNamespace) -> None:
    for year in YEARS:
        plans = list(queries.preview(cast.reader, year=year, only=only))
        totals = queries.totals_now(cast.reader, year, only)
        fees = [plan for plan in plans if plan.fee and plan.other_reading]
        assert totals.count == len(fees), year
        assert totals.sum_kr == sum(plan.fee.amount_kr for plan in fees if plan.fee), year
        other_kr = sum(plan.other_reading.amount_kr for plan in fees if plan.other_reading)
        assert totals.other_kr == other_kr, year
        assert totals.by_outcome == Counter(plan.outcome for plan in plans), year


def test_a_municipality_that_came_back_is_planned_once_however_far_apart_its_agreements_are(
    in_force: InForce, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(OSTERAKER, date(2022, 9, 1))
    factories.leave(cast, OSTERAKER, date(2025, 2, 1))
    actions.decide(
        code=OSTERAKER,
        year=2025,
        reading=Reading.WHOLE_YEAR,
        reason="Avtal",
        by=cast.controller,
    )
    factories.sign(in_force, CODES[:2])
    factories.come_back(in_force, OSTERAKER, date(2025, 4, 10))
    one_batch = list(queries.preview(cast.reader, year=2025))
    monkeypatch.setattr(queries.in_batches, "__defaults__", (1,))
    monkeypatch.setattr(previews, "TOTALS_BATCH", 1)
    assert list(queries.preview(cast.reader, year=2025)) == one_batch
    assert queries.totals_now(cast.reader, 2025).count == 3
    assert [plan.outcome for plan in one_batch if plan.code == OSTERAKER] == [
        Outcome.TO_ISSUE,
        Outcome.PAID_BEFORE,
    ]


def test_totals_are_counted_anew_when_anything_has_happened(
    in_force: InForce, run_year: Any, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    factories.sign(in_force, CODES)
    assert queries.run_totals(cast.reader, 2026).count == 11
    with django_assert_num_queries(1):
        assert queries.run_totals(cast.reader, 2026).count == 11
    in_force("0160", date(2024, 6, 1))
    assert queries.run_totals(cast.reader, 2026).count == 12
    factories.mend(cast, OSTERAKER, buyer_reference="")
    assert queries.run_totals(cast.reader, 2026).by_outcome[Outcome.INCOMPLETE] == 1
    run_year(2026)
    assert queries.run_totals(cast.reader, 2026).count == 0
    assert queries.run_totals(cast.reader, 2026, OSTERAKER).by_outcome == {Outcome.INCOMPLETE: 1}


def asked(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        read()
    return len(seen)


@pytest.mark.parametrize("outcome", [None, Outcome.TO_ISSUE, Outcome.NO_AGREEMENT])
def test_a_page_asks_the_database_as_often_for_twenty_agreements_as_for_two(
    outcome: Outcome | None, in_force: InForce, cast: SimpleNamespace
) -> None:
    codes = Party.objects.filter(is_provider=False).values_list("municipality_id", flat=True)[:20]
    counts = []
    for some in (codes[:2], codes[2:]):
        factories.sign(in_force, list(some))
        read = lambda: queries.preview_page(cast.reader, year=2026, outcome=outcome)  # noqa: E731
        read()
        counts.append((asked(read), asked(lambda: queries.totals_now(cast.reader, 2026))))
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 12


def test_the_year_of_a_page_can_be_an_agreements(cast: SimpleNamespace) -> None:
    for read in (
        lambda: queries.preview_page(cast.reader, year=1),
        lambda: queries.run_totals(cast.reader, 1),
    ):
        with pytest.raises(BadInput, match="kan inte stämma"):
            read()


def test_what_an_invoice_waits_for_is_told_with_its_fields(
    in_force: InForce, run_year: Any, cast: SimpleNamespace
) -> None:
    factories.sign(in_force, CODES)
    in_force("0160", date(2026, 5, 1))
    factories.mend(cast, "0115", buyer_reference="", billing_city="")
    factories.mend(cast, "0114", participant_id="")
    factories.mend(cast, "0160", buyer_reference="")
    found = queries.missing_before_invoicing(cast.reader, 2026)
    told = {row.party.municipality_id: [item.field for item in lacks] for row, lacks in found}
    assert told == {
        "0114": ["participant_id"],
        "0115": ["billing_city", "buyer_reference"],
        "0160": ["buyer_reference"],
    }
    assert list(told) == sorted(told)
    assert len(queries.missing_before_invoicing(cast.reader, 2026, limit=2)) == 2
    assert {row.party.municipality_id for row, _l in previews_of(cast, 2025)} == {"0114", "0115"}
    factories.mend(cast, "0114", participant_id="0007:2120000100")
    run_year(2026, only="0114", today=date(2026, 1, 20))
    factories.mend(cast, "0114", participant_id="")
    assert "0114" not in {row.party.municipality_id for row, _l in previews_of(cast, 2026)}


def previews_of(cast: SimpleNamespace, year: int) -> list[Any]:
    return queries.missing_before_invoicing(cast.reader, year)
