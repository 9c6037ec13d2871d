"""Several processes book at once: no time is given twice, none is lost, nobody meets an error."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.centres import Centre, new_centre

BOOKER = Path(__file__).with_name("door_booker.py")
SLOTS = 24
NAMES = ("a", "b", "c", "d")

pytestmark = pytest.mark.slow


class Bookers:
    """Five processes on one centre, that are asked at the same moment and then each heard."""

    def __init__(self, centre: Centre) -> None:
        pipe = subprocess.PIPE
        command = [sys.executable, str(BOOKER), "serve"]
        self.processes = [
            subprocess.Popen(command, env=centre.environment, stdin=pipe, stdout=pipe, text=True)
            for _each in range(5)
        ]
        assert [self._said(process) for process in self.processes] == ["ready"] * 5

    def at_once(self, *asked: str) -> list[str]:
        """What each process answers to its own line."""
        for process, line in zip(self.processes, asked, strict=False):
            assert process.stdin is not None
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
        return [self._said(process) for process, _line in zip(self.processes, asked, strict=False)]

    def found(self) -> dict[str, Any]:
        """What stands in the database."""
        return dict(json.loads(self.at_once("check")[0]))

    def end(self) -> None:
        for process in self.processes:
            process.communicate(timeout=60)

    @staticmethod
    def _said(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the process met an error"
        return line.strip()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bookers]:
    """A unit with free times and dialogues, and the processes that want them."""
    centre = new_centre(tmp_path_factory.mktemp("built"))
    centre.run(BOOKER, "build", SLOTS)
    bookers = Bookers(centre)
    yield bookers
    bookers.end()
    centre.remove()


@pytest.fixture
def bookers(started: Bookers) -> Bookers:
    """The same, with nothing booked."""
    assert started.at_once("reset") == ["done"]
    return started


def test_four_who_want_every_time_get_each_once(bookers: Bookers) -> None:
    granted = bookers.at_once(*(f"book {name}" for name in NAMES))
    assert sum(map(int, granted)) == SLOTS
    stands = bookers.found()
    assert (stands["standing"], stands["doubled"], stands["ever"]) == (SLOTS, 0, SLOTS)
    assert stands["facts"] == SLOTS


def test_one_dialogue_in_four_windows_gets_no_more_times_than_one_may_have(
    bookers: Bookers,
) -> None:
    bookers.at_once(*(f"few {name}" for name in NAMES))
    assert bookers.found()["of_a"] == 3


def test_of_four_who_move_to_the_same_time_one_does_and_three_keep_theirs(bookers: Bookers) -> None:
    came = bookers.at_once(*(f"move {name}" for name in NAMES))
    assert sorted(came) == ["kept", "kept", "kept", "moved"]
    stands = bookers.found()
    assert (stands["standing"], stands["doubled"], stands["ever"]) == (4, 0, 5)


def test_a_time_that_staff_withdraw_meanwhile_is_nobodys(bookers: Bookers) -> None:
    *granted, was_booked = bookers.at_once(*(f"book {name}" for name in NAMES), "withdraw")
    stands = bookers.found()
    assert (stands["standing"], stands["withdrawn"]) == (0, 0)
    assert sum(map(int, granted)) == int(was_booked) == stands["ever"]
