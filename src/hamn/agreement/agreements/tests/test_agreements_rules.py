"""Next steps, years ahead, base years, versions; and what is foreseen is what is done."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.agreement.agreements import queries, rules
from hamn.agreement.agreements.rules import NEXT_STEPS, VERBS, Changed, NextStep, Side, Status
from hamn.agreement.agreements.tests import agreements_factories as do
from hamn.guards.access.permits import registered

NOTHING = {"lacks_to_sign": False, "lacks_to_invoice": False, "is_first_year": False}


@pytest.mark.parametrize(
    ("status", "facts", "step"),
    [
        (Status.DRAFT, {}, NextStep.SIGN_FIRST),
        (Status.DRAFT, {"lacks_to_sign": True}, NextStep.COMPLETE_TO_SIGN),
        (Status.DRAFT, {"lacks_to_invoice": True}, NextStep.SIGN_FIRST),
        (Status.SIGNED_BY_ONE, {}, NextStep.SIGN_SECOND),
        (Status.SIGNED_BY_ONE, {"lacks_to_sign": True}, NextStep.COMPLETE_TO_SIGN),
        (Status.IN_FORCE, {}, NextStep.YEARLY),
        (Status.IN_FORCE, {"is_first_year": True}, NextStep.FIRST_INVOICE),
        (
            Status.IN_FORCE,
            {"is_first_year": True, "lacks_to_invoice": True},
            NextStep.COMPLETE_TO_INVOICE,
        ),
        (Status.IN_FORCE, {"lacks_to_sign": True}, NextStep.YEARLY),
        (Status.UNDER_NOTICE, {}, NextStep.AWAIT_LAST_DAY),
        (Status.UNDER_NOTICE, {"is_first_year": True}, NextStep.AWAIT_LAST_DAY),
        (Status.UNDER_NOTICE, {"lacks_to_invoice": True}, NextStep.COMPLETE_TO_INVOICE),
        (Status.ENDED, {"lacks_to_invoice": True}, NextStep.NOTHING),
        (Status.WITHDRAWN, {"lacks_to_sign": True}, NextStep.NOTHING),
    ],
)
def test_what_is_lacking_comes_before_every_other_step(
    status: Status, facts: dict[str, bool], step: NextStep
) -> None:
    assert rules.next_step(status, **NOTHING | facts) == step
    assert NEXT_STEPS[step]


def test_every_next_step_has_a_sentence_and_every_verb_a_permit() -> None:
    assert set(NEXT_STEPS) == set(NextStep)
    assert {f"agreements.{verb}" for verb in VERBS} <= set(registered())


@pytest.mark.parametrize(
    ("starts", "ends", "on", "years"),
    [
        (date(2021, 5, 1), None, date(2026, 3, 1), [2026, 2027]),
        (date(2026, 5, 1), None, date(2026, 3, 1), [2026, 2027]),
        (date(2030, 1, 1), None, date(2026, 3, 1), [2030, 2031]),
        (date(2021, 5, 1), date(2026, 12, 31), date(2026, 3, 1), [2026]),
        (date(2021, 5, 1), date(2027, 1, 5), date(2026, 3, 1), [2026, 2027]),
        (date(2021, 5, 1), date(2025, 1, 5), date(2026, 3, 1), []),
    ],
)
def test_fees_are_shown_for_the_year_that_is_next_and_the_one_after_never_past_the_end(
    starts: date, ends: date | None, on: date, years: list[int]
) -> None:
    assert rules.years_ahead(starts, ends, on=on) == years


@pytest.mark.parametrize(
    ("base", "price_level", "start", "other"),
    [(2021, 2021, 2024, 2024), (2024, 2021, 2024, 2021), (2022, 2021, 2024, 2021), (2021,) * 4],
)
def test_the_other_base_year_is_the_first_agreement_year_or_the_price_level_year(
    base: int, price_level: int, start: int, other: int
) -> None:
    assert rules.other_base_year(base, price_level_year=price_level, start_year=start) == other


def test_the_fees_of_both_readings_are_those_of_the_source(
    cast: SimpleNamespace, in_force: Any
) -> None:
    row = in_force("0117", date(2024, 6, 1), base=2024)
    first, second = queries.fees_ahead(row, on=date(2024, 7, 1))
    assert (first.year, first.fee.twelfths, first.fee.amount_kr) == (2024, 7, 44_624)
    assert (first.own.base_year, first.other.base_year) == (2024, 2021)
    assert first.other.fee.amount_kr == 47_356
    assert (second.year, second.fee.amount_kr) == (2025, 78_029)


@pytest.mark.parametrize(
    ("signed", "agreed", "expected"),
    [
        ([], None, date(2026, 3, 1)),
        ([], date(2026, 9, 1), date(2026, 9, 1)),
        ([date(2024, 5, 1)], None, date(2026, 3, 1)),
        ([date(2026, 2, 1)], date(2024, 6, 1), date(2026, 2, 1)),
    ],
)
def test_a_draft_is_expected_to_start_when_agreed_or_today(
    signed: list[date], agreed: date | None, expected: date
) -> None:
    assert rules.expected_start(signed, agreed, do.TODAY) == expected


@pytest.mark.parametrize(("seen", "is_refused"), [("", False), ("a", False), ("b", True)])
def test_only_another_version_than_the_one_seen_is_refused(
    seen: str | None, is_refused: bool
) -> None:
    if not is_refused:
        rules.check_seen(seen, "a")
        return
    with pytest.raises(Changed, match="Läs dem igen och gör om ändringen"):
        rules.check_seen(seen, "a")


def test_every_move_gives_the_agreement_another_version(cast: SimpleNamespace) -> None:
    row = do.draft(cast.steward)
    versions = [queries.version(row)]
    for move in (
        lambda: do.sign(cast.steward, row),
        lambda: do.sign(cast.steward, row, do.PROVIDER),
        lambda: do.notice(cast.steward, row),
    ):
        move()
        row.refresh_from_db()
        versions.append(queries.version(row))
    assert len(set(versions)) == 4
    assert queries.version(row) == versions[-1]


@pytest.mark.parametrize("agreed", [None, date(2024, 9, 1)])
@pytest.mark.parametrize("side", list(Side))
def test_what_is_foreseen_is_what_the_signature_does(
    cast: SimpleNamespace, side: Side, agreed: date | None
) -> None:
    other = next(one for one in Side if one != side)
    row = do.draft(cast.steward, agreed_start=agreed)
    for signs in (side, other):
        foreseen = queries.foresee_signature(
            row, side=signs, signed_on=date(2024, 6, 1), agreed_start=None, today=do.TODAY
        )
        row = do.sign(cast.steward, row, signs)
        assert (row.status, row.starts_on) == (foreseen.status, foreseen.starts_on)
    notice = queries.foresee_notice(row, received=date(2024, 10, 31), today=do.TODAY)
    row = do.notice(cast.steward, row, received=date(2024, 10, 31))
    assert row.ends_on == notice.ends_on == date(2024, 11, 30)


@pytest.mark.parametrize("verb", ["sign", "give_notice", "withdraw"])
def test_only_the_steward_is_offered_the_moves_that_are_open(
    cast: SimpleNamespace, verb: str
) -> None:
    status = "in_force" if verb == "give_notice" else "draft"
    row = do.in_state(cast, status)
    assert verb in queries.moves(cast.steward, row)
    assert queries.moves(cast.controller, row) == []
    row.status = Status.ENDED
    assert queries.moves(cast.steward, row) == []
