"""Floods are met by counts that live an hour in memory, and shut the door on nobody else."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hamn.core.errors import BadInput
from hamn.support.door.actions.limits import UNKNOWN, Counts
from hamn.support.door.rules import limits
from hamn.support.door.rules.limits import HOUR_S, LIMITS, TooMany


class Clock:
    """Seconds that the test turns on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counts(clock: Clock, settings: Any) -> Counts:
    settings.DOOR = {"limits": {"open_per_source": 3, "open_in_all": 5}}
    return Counts(clock)


def taken(counts: Counts, act: str, source: bytes, tries: int) -> int:
    """How many of so many tries were let in."""
    let_in = 0
    for _try in range(tries):
        try:
            counts.check(act, source)
        except TooMany:
            continue
        let_in += 1
    return let_in


def test_a_source_is_let_in_as_often_as_its_limit_and_no_more(counts: Counts) -> None:
    assert taken(counts, "open", counts.source_of("192.0.2.1"), 10) == 3


def test_a_source_that_is_full_does_not_shut_out_another(counts: Counts) -> None:
    taken(counts, "open", counts.source_of("192.0.2.1"), 10)
    assert taken(counts, "open", counts.source_of("192.0.2.2"), 1) == 1


def test_what_is_refused_is_not_counted_against_everybody(counts: Counts) -> None:
    taken(counts, "open", counts.source_of("192.0.2.1"), 500)
    assert taken(counts, "open", counts.source_of("192.0.2.2"), 2) == 2


def test_all_sources_together_have_a_limit_of_their_own(counts: Counts) -> None:
    sources = [counts.source_of(f"192.0.2.{number}") for number in range(9)]
    assert sum(taken(counts, "open", source, 1) for source in sources) == 5


def test_one_act_does_not_fill_the_hour_of_another(counts: Counts) -> None:
    source = counts.source_of("192.0.2.1")
    taken(counts, "open", source, 10)
    assert taken(counts, "read", source, 1) == 1


def test_the_refusal_says_when_to_come_back_and_then_it_is_open(
    counts: Counts, clock: Clock
) -> None:
    source = counts.source_of("192.0.2.1")
    taken(counts, "open", source, 3)
    clock.now += HOUR_S - 90
    with pytest.raises(TooMany) as refused:
        counts.check("open", source)
    assert 90 <= refused.value.retry_after_s <= 91
    assert "2 min" in str(refused.value)
    clock.now += refused.value.retry_after_s
    assert taken(counts, "open", counts.source_of("192.0.2.1"), 1) == 1


def test_with_the_hour_the_key_is_gone_so_that_a_source_is_a_new_one(
    counts: Counts, clock: Clock
) -> None:
    before = counts.source_of("192.0.2.1")
    assert counts.source_of("192.0.2.1") == before
    clock.now += HOUR_S
    assert counts.source_of("192.0.2.1") != before
    assert not counts.by_source
    assert not counts.in_all


def test_two_processes_know_the_same_source_by_different_names() -> None:
    assert Counts().source_of("192.0.2.1") != Counts().source_of("192.0.2.1")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.7", "172.17.0.1", "192.168.1.1"),
        *("fd00::1", "fe80::1%eth0", "", "unix:", "x" * 5000),
    ],
)
def test_who_cannot_be_told_apart_is_not_counted_as_one(counts: Counts, address: str) -> None:
    assert counts.source_of(address) == UNKNOWN
    assert taken(counts, "open", counts.source_of(address), 9) == 5


def test_a_subscribers_many_addresses_are_one_source(counts: Counts) -> None:
    one, other = counts.source_of("2001:db8:1:2::7"), counts.source_of("2001:db8:1:ff:f::9")
    assert one == other
    assert counts.source_of("2001:db8:1:100::7") != one
    assert counts.source_of("::ffff:192.0.2.1") == counts.source_of("192.0.2.1")


def test_reading_with_a_code_is_never_full_for_all_nor_for_who_shares_an_address(
    counts: Counts,
) -> None:
    assert LIMITS["read"] == (0, 0)
    assert taken(counts, "read", counts.source_of("192.0.2.1"), 2000) == 2000


def test_the_memory_has_an_end_and_beyond_it_nobody_is_shut_out(
    counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hamn.support.door.actions.limits.MOST_SOURCES", 10)
    for number in range(100):
        counts.check("write", number.to_bytes(16, "big"))
    assert len(counts.by_source) == 10


def test_nothing_of_the_address_is_kept(counts: Counts) -> None:
    counts.check("open", counts.source_of("192.0.2.77"))
    assert "192.0.2.77" not in repr(vars(counts))


def test_many_threads_at_once_are_counted_right(counts: Counts) -> None:
    source = counts.source_of("192.0.2.1")
    with ThreadPoolExecutor(8) as pool:
        let_in = list(pool.map(lambda _n: taken(counts, "open", source, 10), range(8)))
    assert sum(let_in) == 3


@pytest.mark.parametrize("wrong", ["30", -1, 1.5, True, None])
def test_a_limit_that_is_no_whole_number_is_refused(wrong: object) -> None:
    with pytest.raises(BadInput, match="open_in_all"):
        limits.limit_of("open", {"open_in_all": wrong})


@pytest.mark.parametrize(
    "wrong", [{"open": 30}, {"opens_in_all": 1}, {"read_per_source": "many"}, [], "30"], ids=str
)
def test_limits_that_cannot_be_counted_by_are_refused_before_the_door_opens(wrong: object) -> None:
    with pytest.raises(BadInput):
        limits.check_limits(wrong)
    limits.check_limits({"open_per_source": 0, "consult_in_all": 7})


def test_a_limit_of_zero_is_none(counts: Counts, settings: Any) -> None:
    settings.DOOR = {"limits": {"open_per_source": 0, "open_in_all": 0}}
    assert taken(counts, "open", counts.source_of("192.0.2.1"), 50) == 50
