"""What is charged for a year, or why not: tables, and every day of two years."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from hamn.agreement.agreements.rules import LONGEST_REASON
from hamn.agreement.invoicing import rules
from hamn.agreement.invoicing.document import Kind
from hamn.agreement.invoicing.rules import DeliveryState, Outcome, Reading
from hamn.agreement.invoicing.tests.factories import terms
from hamn.core.errors import BadInput
from hamn.core.money import half_up

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("starts", "base", "year", "amount_kr", "twelfths", "kind"),
    [
        pytest.param(date(2024, 6, 1), 2024, 2024, 44_624, 7, Kind.FIRST, id="H14 1 June"),
        pytest.param(date(2024, 5, 15), 2024, 2024, 50_999, 8, Kind.FIRST, id="Z10 15 May"),
        pytest.param(date(2024, 5, 16), 2024, 2024, 44_624, 7, Kind.FIRST, id="Z10 16 May"),
        pytest.param(date(2024, 1, 1), 2024, 2024, 76_499, 12, Kind.FIRST, id="1 January"),
        pytest.param(date(2024, 12, 15), 2024, 2024, 6_375, 1, Kind.FIRST, id="15 December"),
        pytest.param(date(2024, 6, 1), 2024, 2025, 78_029, 12, Kind.YEARLY, id="second year"),
        pytest.param(date(2024, 6, 1), 2021, 2024, 47_356, 7, Kind.FIRST, id="Z8 base 2021, 7/12"),
        pytest.param(date(2023, 6, 1), 2021, 2024, 81_181, 12, Kind.YEARLY, id="Z8 base 2021"),
        pytest.param(date(2024, 12, 20), 2024, 2025, 78_029, 12, Kind.YEARLY, id="December, next"),
    ],
)
def test_a_year_is_charged(
    starts: date, base: int, year: int, amount_kr: int, twelfths: int, kind: Kind
) -> None:
    plan = rules.plan(terms(starts=starts, index_base_year=base), year=year)
    assert plan.fee is not None
    assert (plan.outcome, plan.kind) == (Outcome.TO_ISSUE, kind)
    assert (plan.fee.amount_kr, plan.fee.twelfths) == (amount_kr, twelfths)
    assert plan.reason == ""


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


def twelfths_by_the_agreements_words(day: date) -> int:
    """§ 6 read with a calendar and nothing else: count the months that are left to pay."""
    next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    days = (next_month - day.replace(day=1)).days
    first_half = range(1, days // 2 + 1)
    months = [month for month in range(1, 13) if month > day.month]
    return len(months) + (day.day in first_half)


@pytest.mark.parametrize("year", [2024, 2025])
def test_every_signing_date_gives_its_first_invoice(year: int) -> None:
    days = days_of(year)
    assert len(days) == (366 if year == 2024 else 365)
    for day in days:
        plan = rules.plan(terms(starts=day, index_base_year=2021), year=year)
        twelfths = twelfths_by_the_agreements_words(day)
        if twelfths == 0:
            assert (plan.outcome, day.month, day.day > 15) == (Outcome.NOTHING_THIS_YEAR, 12, True)
            continue
        assert plan.fee is not None
        factor = Fraction(51, 50) ** (year - 2021)
        assert plan.fee.twelfths == twelfths, day
        assert plan.fee.amount_kr == half_up(76_499 * factor * twelfths / 12), day
        assert plan.period == (day, date(year, 12, 31))


@pytest.mark.parametrize("year", [2024, 2025])
def test_a_later_signing_never_pays_more(year: int) -> None:
    amounts = []
    for day in days_of(year):
        fee = rules.plan(terms(starts=day), year=year).fee
        amounts.append(fee.amount_kr if fee else 0)
    assert amounts == sorted(amounts, reverse=True)


@pytest.mark.parametrize("day", range(16, 32))
def test_decembers_later_half_pays_nothing_this_year_and_all_of_the_next(day: int) -> None:
    these = terms(starts=date(2025, 12, day), index_base_year=2025)
    now, then = rules.plan(these, year=2025), rules.plan(these, year=2026)
    assert now.outcome == Outcome.NOTHING_THIS_YEAR
    assert f"{day} december 2025" in now.reason and "0/12 för 2025" in now.reason
    assert then.fee is not None
    assert (then.fee.twelfths, then.kind, then.period) == (
        12,
        Kind.YEARLY,
        (date(2026, 1, 1), date(2026, 12, 31)),
    )


HINDRANCES: list[Any] = [
    pytest.param({"starts": None}, Outcome.NOT_IN_FORCE, "inte undertecknat", id="not signed"),
    pytest.param(
        {"starts": date(2027, 2, 1)},
        Outcome.STARTS_LATER,
        "börjar gälla 1 februari 2027",
        id="starts later",
    ),
    pytest.param(
        {"ends": date(2025, 12, 31)}, Outcome.ENDED, "upphörde 31 december 2025", id="ended"
    ),
    pytest.param(
        {"charged": "202600007"},
        Outcome.ALREADY_INVOICED,
        "Faktura 202600007 finns redan för 2026",
        id="invoiced",
    ),
    pytest.param(
        {"starts": date(2026, 3, 1), "ends": date(2026, 1, 20)},
        Outcome.ENDED,
        "upphörde 20 januari 2026",
        id="ended before it began",
    ),
    pytest.param(
        {"charged": "202600007", "is_credited": True},
        Outcome.CREDITED,
        "utfärdas den på nytt",
        id="credited whole",
    ),
    pytest.param(
        {"paid_periods": [("202600007", date(2026, 1, 1), date(2026, 12, 31))]},
        Outcome.PAID_BEFORE,
        "fakturerad med 202600007 under kommunens andra avtal",
        id="paid under another agreement",
    ),
    pytest.param(
        {"paid_periods": [("A-1", date(2026, 12, 31), date(2026, 12, 31))]},
        Outcome.PAID_BEFORE,
        "A-1",
        id="one day paid under another agreement",
    ),
    pytest.param(
        {"charged": "202600007", "ends": date(2026, 3, 1)},
        Outcome.ALREADY_INVOICED,
        "202600007",
        id="invoiced before it was held",
    ),
    pytest.param(
        {"ends": date(2026, 3, 1), "decision": Reading.NOTHING},
        Outcome.DECIDED_NOTHING,
        "inte fakturera 2026",
        id="decided",
    ),
    pytest.param(
        {"ends": date(2026, 1, 12), "decision": Reading.UNTIL_END},
        Outcome.DECIDED_NOTHING,
        "inte fakturera 2026",
        id="decided until an end in the first half of January: 0/12",
    ),
    pytest.param(
        {"missing": ("Peppol-id", "er referens (beställarreferens)")},
        Outcome.INCOMPLETE,
        "Österåkers kommun saknar: Peppol-id, er referens (beställarreferens).",
        id="incomplete",
    ),
]


@pytest.mark.parametrize(("changes", "outcome", "words"), HINDRANCES)
def test_nothing_is_issued_and_the_reason_says_why(
    changes: dict[str, Any], outcome: Outcome, words: str
) -> None:
    plan = rules.plan(terms(**changes), year=2026)
    assert (plan.outcome, plan.fee, plan.period) == (outcome, None, None)
    assert words in plan.reason


@pytest.mark.parametrize("ends", [date(2027, 1, 1), date(2027, 1, 20), date(2028, 6, 1)])
def test_a_last_day_in_a_later_year_leaves_this_one_whole(ends: date) -> None:
    plan = rules.plan(terms(ends=ends), year=2026)
    assert plan.fee is not None
    assert (plan.outcome, plan.fee.twelfths) == (Outcome.TO_ISSUE, 12)
    assert plan.period == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("ends", [date(2026, 1, 1), date(2026, 12, 31)])
def test_a_last_day_in_the_year_is_held(ends: date) -> None:
    assert rules.plan(terms(ends=ends), year=2026).outcome == Outcome.HELD


@pytest.mark.parametrize("year", [2024, 2025])
def test_until_a_last_day_and_from_any_later_start_no_month_is_paid_twice(year: int) -> None:
    days = days_of(year)
    for place, last in enumerate(days[:-1]):
        until = terms(
            starts=date(2022, 9, 1),
            ends=last,
            decision=Reading.UNTIL_END,
            index_base_year=2021,
        )
        old = rules.plan(until, year=year)
        paid = [("A-1", *old.period)] if old.period else []
        for wait in (1, 2, 10, 16, 40):
            if place + wait >= len(days):
                continue
            back = terms(starts=days[place + wait], index_base_year=2021, paid_periods=paid)
            new = rules.plan(back, year=year)
            assert new.outcome in (Outcome.TO_ISSUE, Outcome.NOTHING_THIS_YEAR), (last, wait)
            twelfths = sum(plan.fee.twelfths for plan in (old, new) if plan.fee)
            assert twelfths == 12 if wait == 1 else twelfths <= 12, (last, wait)


def test_an_agreement_under_notice_is_held_with_both_readings() -> None:
    plan = rules.plan(terms(ends=date(2026, 1, 22), starts=date(2022, 9, 1)), year=2026)
    assert (plan.outcome, plan.fee) == (Outcome.HELD, None)
    assert f"Hela året: 79{NBSP}590{NBSP}kr" in plan.reason
    assert f"Till sista dagen: 1/12 = 6{NBSP}632{NBSP}kr" in plan.reason


@pytest.mark.parametrize(
    ("reading", "amount_kr", "twelfths", "last"),
    [
        (Reading.WHOLE_YEAR, 79_590, 12, date(2026, 12, 31)),
        (Reading.UNTIL_END, 26_530, 4, date(2026, 4, 20)),
    ],
)
def test_a_decision_gives_its_reading(
    reading: Reading, amount_kr: int, twelfths: int, last: date
) -> None:
    plan = rules.plan(terms(ends=date(2026, 4, 20), decision=reading), year=2026)
    assert plan.fee is not None
    assert (plan.fee.amount_kr, plan.fee.twelfths) == (amount_kr, twelfths)
    assert plan.period == (date(2026, 1, 1), last)


def test_until_the_end_of_the_first_year_counts_from_the_start() -> None:
    these = terms(starts=date(2026, 3, 1), ends=date(2026, 5, 31), decision=Reading.UNTIL_END)
    plan = rules.plan(these, year=2026)
    assert plan.fee is not None
    assert (plan.fee.twelfths, plan.period) == (3, (date(2026, 3, 1), date(2026, 5, 31)))


@pytest.mark.parametrize("year", [2024, 2025])
def test_twelfths_to_a_last_day_and_from_the_next_make_a_year(year: int) -> None:
    for last in days_of(year)[:-1]:
        assert rules.elapsed_twelfths(last, year=year) == 12 - twelfths_by_the_agreements_words(
            last + timedelta(days=1)
        )
    assert rules.elapsed_twelfths(date(year, 12, 31), year=year) == 12


@pytest.mark.parametrize(
    ("base", "starts", "other"),
    [
        pytest.param(2021, date(2024, 6, 1), 2024, id="default shows the first year"),
        pytest.param(2024, date(2024, 6, 1), 2021, id="own base shows the price level"),
        pytest.param(2021, date(2021, 6, 1), 2021, id="signed in the price level year"),
    ],
)
def test_the_other_reading_of_the_base_year_is_shown(base: int, starts: date, other: int) -> None:
    plan = rules.plan(terms(index_base_year=base, starts=starts), year=2026)
    assert plan.other_base_year == other
    assert plan.fee is not None and plan.other_reading is not None
    swapped = rules.plan(terms(index_base_year=other, starts=starts), year=2026).fee
    assert plan.other_reading.amount_kr == (swapped.amount_kr if swapped else None)


def test_every_outcome_that_gives_no_invoice_has_a_reason_and_a_name() -> None:
    without = set(Outcome) - {Outcome.TO_ISSUE, Outcome.ISSUED}
    assert set(rules.REASONS) == without
    assert set(rules.OUTCOME_NAMES) == set(Outcome)


def test_a_year_that_has_not_begun_is_refused() -> None:
    rules.check_year_begun(2026, today=date(2026, 1, 1))
    with pytest.raises(rules.YearNotBegun, match="2027 har inte börjat"):
        rules.check_year_begun(2027, today=date(2026, 12, 31))


def test_a_reason_has_the_same_limit_as_that_of_an_agreement() -> None:
    rules.check_reason("x" * LONGEST_REASON)
    with pytest.raises(BadInput, match=f"längre än {LONGEST_REASON} tecken"):
        rules.check_reason("x" * (LONGEST_REASON + 1))


@pytest.mark.parametrize("year", [0, 26, 2017, 2101, 20260])
def test_an_impossible_year_is_refused(year: int) -> None:
    with pytest.raises(BadInput, match=str(year)):
        rules.check_year(year)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (None, date(2026, 2, 14)),
        (date(2026, 1, 15), date(2026, 2, 14)),
        (date(2026, 1, 30), date(2026, 3, 1)),
        (date(2024, 1, 30), date(2024, 2, 29)),
    ],
)
def test_payment_is_due_30_days_after_receipt_or_else_after_issue(
    received: date | None, due: date
) -> None:
    assert rules.due_on(issued_on=date(2026, 1, 15), received_on=received) == due


def test_a_number_is_digits_with_the_year_of_issue() -> None:
    series = rules.series_name("7", date(2026, 1, 15))
    assert rules.number_in(series, 1) == "7202600001"
    assert rules.number_in(rules.series_name("", date(2026, 1, 15)), 12345) == "202612345"


ALLOWED = {
    (None, "submitted"),
    ("submitted", "submitted"),
    ("submitted", "transported"),
    ("submitted", "accepted"),
    ("submitted", "rejected"),
    ("transported", "submitted"),
    ("transported", "accepted"),
    ("transported", "rejected"),
    ("accepted", "submitted"),
    ("rejected", "submitted"),
    ("rejected", "accepted"),
}


@pytest.mark.parametrize("present", [None, *DeliveryState])
@pytest.mark.parametrize("wanted", list(DeliveryState))
def test_a_delivery_takes_only_the_steps_of_its_table(
    present: DeliveryState | None, wanted: DeliveryState
) -> None:
    if (present, wanted) in ALLOWED:
        rules.check_delivery(present, wanted)
        return
    with pytest.raises(rules.NotDeliverable, match=rules.DELIVERY_NAMES[wanted]):
        rules.check_delivery(present, wanted)
