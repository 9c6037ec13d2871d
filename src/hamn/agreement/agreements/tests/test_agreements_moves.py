"""The table of moves and the rules of dates, cell by cell."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.agreement.agreements import rules
from hamn.agreement.agreements.rules import LIVING, MOVES, NAMES, Status, WrongState
from hamn.core.errors import BadInput

ALLOWED = {
    ("draft", "signed_by_one"),
    ("draft", "withdrawn"),
    ("signed_by_one", "in_force"),
    ("signed_by_one", "withdrawn"),
    ("in_force", "under_notice"),
    ("under_notice", "ended"),
}
DAYS = st.dates(date(2018, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize("present", Status)
@pytest.mark.parametrize("wanted", Status)
def test_a_move_is_allowed_only_when_the_terms_allow_it(present: Status, wanted: Status) -> None:
    if (present, wanted) in ALLOWED:
        rules.check_move(present, wanted)
        return
    with pytest.raises(WrongState) as refused:
        rules.check_move(present, wanted)
    assert NAMES[present] in str(refused.value) and NAMES[wanted] in str(refused.value)


def test_every_state_has_its_moves_and_a_name() -> None:
    assert MOVES.keys() == NAMES.keys() == set(Status)
    assert {status for status in Status if MOVES[status]} == LIVING


@given(st.lists(st.sampled_from(Status), max_size=12))
def test_no_sequence_of_wishes_leaves_the_table_or_lives_again(wishes: list[Status]) -> None:
    present, seen = Status.DRAFT, [Status.DRAFT]
    for wanted in wishes:
        try:
            rules.check_move(present, wanted)
        except WrongState:
            continue
        present = wanted
        seen.append(present)
    assert len(seen) == len(set(seen))
    assert all(pair in ALLOWED for pair in pairwise(seen))


@given(st.lists(DAYS, min_size=1, max_size=2), st.none() | DAYS)
def test_the_start_is_the_later_of_last_signature_and_agreed_start(
    signed: list[date], agreed: date | None
) -> None:
    assert rules.starts_on(signed, agreed) == max([*signed, agreed or date.min])


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2023-01-31", "2023-02-28"),
        ("2024-01-31", "2024-02-29"),
        ("2024-02-15", "2024-03-15"),
        ("2024-12-31", "2025-01-31"),
    ],
)
def test_notice_ends_on_the_same_day_next_month(received: str, last: str) -> None:
    assert rules.notice_ends(date.fromisoformat(received)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("base", "start", "fits"),
    [(2020, 2024, 0), (2021, 2024, 1), (2024, 2024, 1), (2025, 2024, 0), (2030, None, 1)],
)
def test_the_index_base_lies_from_the_price_level_to_the_first_year(
    base: int, start: int | None, fits: int
) -> None:
    if fits:
        rules.check_index_base(base, price_level_year=2021, start_year=start)
        return
    with pytest.raises(BadInput, match=f"Basåret för index kan inte vara {base}"):
        rules.check_index_base(base, price_level_year=2021, start_year=start)
