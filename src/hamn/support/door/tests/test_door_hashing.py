"""The slow hash in turns: nobody who floods it makes somebody else wait for the whole flood."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from hamn.support.door.actions import hashing
from hamn.support.door.actions.hashing import Busy, Turns


class Line:
    """Threads that each take a turn and note in which order they had it."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.order: list[str] = []
        self.refused: list[str] = []
        self.threads: list[threading.Thread] = []

    def joins(self, name: str, source: bytes, form: bytes) -> None:
        """Somebody joins, and stands there before this returns."""

        def act() -> None:
            try:
                with self.turns.turn(source, form):
                    self.order.append(name)
            except Busy:
                self.refused.append(name)

        before = self.turns.waiting
        thread = threading.Thread(target=act)
        self.threads.append(thread)
        thread.start()
        wait_until(lambda: self.turns.waiting > before or not thread.is_alive() or self.refused)

    def done(self) -> None:
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()


def wait_until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_sources_take_turns_whatever_the_length_of_their_lines() -> None:
    line = Line(Turns(slots=1))
    with line.turns.turn(b"x", b"x"):
        for number in range(6):
            line.joins(f"flood {number}", b"flood", b"form %d" % number)
        line.joins("somebody", b"other", b"form")
    line.done()
    assert line.order.index("somebody") == 1


def test_forms_of_one_source_take_turns_too() -> None:
    line = Line(Turns(slots=1))
    with line.turns.turn(b"", b"x"):
        line.joins("flood 1", b"", b"flood")
        line.joins("flood 2", b"", b"flood")
        line.joins("somebody", b"", b"her form")
    line.done()
    assert line.order == ["flood 1", "somebody", "flood 2"]


def test_one_form_waits_at_most_twice() -> None:
    line = Line(Turns(slots=1))
    with line.turns.turn(b"", b"x"):
        for number in range(4):
            line.joins(str(number), b"", b"same")
    line.done()
    assert line.refused == ["2", "3"]
    assert line.order == ["0", "1"]


def test_when_too_many_wait_the_longest_line_gives_way_to_somebody_else() -> None:
    line = Line(Turns(slots=1, most_waiting=4))
    with line.turns.turn(b"x", b"x"):
        for number in range(4):
            line.joins(f"flood {number}", b"flood", b"form %d" % number)
        line.joins("somebody", b"other", b"form")
        wait_until(lambda: line.refused)
        assert len(line.refused) == 1
        assert line.refused[0].startswith("flood")
        assert line.turns.waiting == 4
    line.done()
    assert "somebody" in line.order


def test_when_too_many_wait_who_has_the_longest_line_is_refused_at_once() -> None:
    line = Line(Turns(slots=1, most_waiting=3))
    with line.turns.turn(b"x", b"x"):
        for number in range(3):
            line.joins(f"flood {number}", b"flood", b"form %d" % number)
        started = time.monotonic()
        with pytest.raises(Busy), line.turns.turn(b"flood", b"one more"):
            pass
        assert time.monotonic() - started < 0.5
    line.done()
    assert len(line.order) == 3


def test_who_waits_too_long_is_told_so_and_leaves_the_line() -> None:
    turns = Turns(slots=1, wait_s=0.05)
    with turns.turn(b"x", b"x"), pytest.raises(Busy) as refused, turns.turn(b"y", b"y"):
        pass
    assert refused.value.retry_after_s > 0
    assert (turns.waiting, turns.free, dict(turns.lines)) == (0, 1, {})


def test_a_fault_in_a_turn_gives_the_slot_back() -> None:
    turns = Turns(slots=1)
    with pytest.raises(KeyError), turns.turn(b"x", b"x"):
        raise KeyError
    with turns.turn(b"x", b"x"):
        assert turns.free == 0
    assert turns.free == 1


def test_a_thousand_turns_of_many_leave_every_slot_free() -> None:
    turns = Turns(slots=2, most_waiting=1000)
    inside = 0
    most = 0
    lock = threading.Lock()

    def act(number: int) -> None:
        nonlocal inside, most
        for step in range(40):
            with turns.turn(b"%d" % (number % 5), b"%d %d" % (number, step)):
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=act, args=(number,)) for number in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most <= 2
    assert (turns.free, turns.waiting, dict(turns.lines)) == (2, 0, {})


@pytest.mark.django_db
def test_a_code_is_hashed_with_the_centres_own_salt() -> None:
    from hamn.support.door.models import DoorSalt
    from hamn.support.door.rules.keys import derive

    hashing._salt.cache_clear()
    salt = bytes(DoorSalt.objects.get().salt)
    assert len(salt) == 16
    assert hashing.hashed("0" * 20) == derive("0" * 20, salt)


@pytest.mark.django_db
def test_every_centre_has_a_salt_of_its_own_that_cannot_be_two() -> None:
    from django.db import IntegrityError

    from hamn.support.door.models import DoorSalt

    assert bytes(DoorSalt.objects.get().salt) != bytes(16)
    with pytest.raises(IntegrityError):
        DoorSalt.objects.create(id=2, salt=b"x" * 16)


def test_one_address_never_fills_the_lines_for_the_others() -> None:
    turns = Turns(slots=1, most_waiting=32, wait_s=0.01, most_of_a_source=3)
    with turns.turn(b"one", b"first"):
        waiting = [turns._enter(b"one", b"form %d" % number) for number in range(3)]
        assert None not in waiting
        with pytest.raises(Busy):
            turns._enter(b"one", b"another")
        assert turns._enter(b"other", b"form") is not None
        # Those who cannot be told apart are not one.
        assert [turns._enter(b"", b"form %d" % number) for number in range(9)].count(None) == 0


def rested_s(turns: Turns) -> float:
    start = time.monotonic()
    turns.rest(0.2)
    return time.monotonic() - start


def test_who_sends_wrong_codes_alone_is_not_held_back() -> None:
    assert rested_s(Turns(slots=1)) < 0.1


def test_who_sends_wrong_codes_while_others_wait_is_held_back() -> None:
    line = Line(Turns(slots=1))
    with line.turns.turn(b"x", b"x"):
        line.joins("somebody", b"other", b"form")
        assert rested_s(line.turns) >= 0.2
    line.done()
    assert line.turns.resting == 0


def test_those_who_are_held_back_never_take_more_than_a_third_of_the_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hashing, "MOST_RESTING", 0)
    line = Line(Turns(slots=1))
    with line.turns.turn(b"x", b"x"):
        line.joins("somebody", b"other", b"form")
        assert rested_s(line.turns) < 0.1
    line.done()
