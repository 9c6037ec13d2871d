"""A run killed with -9 loses and doubles nothing; two at once stay apart (security F1)."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.centres import Centre, new_centre

WORKER = Path(__file__).with_name("worker.py")

AGREEMENTS = 26


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """26 agreements in force and nothing invoiced."""
    centre = new_centre(tmp_path_factory.mktemp("built"))
    centre.run(WORKER, "build")
    yield centre
    centre.remove()


@pytest.fixture
def centre(built: Centre, tmp_path: Path) -> Iterator[Centre]:
    """A copy of it for one test."""
    copy = built.copy(tmp_path / "copy")
    yield copy
    copy.remove()


def assert_whole(found: dict[str, Any], *, count: int) -> None:
    """Every invoice once, with its row, its documents and its entry, and no number missing."""
    assert found["numbers"] == [f"2026{place:05d}" for place in range(1, count + 1)]
    charges = [tuple(charge) for charge in found["charges"] if charge[2] != "credit"]
    assert len(charges) == len(set(charges)) == AGREEMENTS
    assert found["last_place"] == count
    assert (found["lines"], found["files"], found["told"]) == (count, 2 * count, count)
    assert found["is_trail_sound"]


def kill_and_finish(centre: Centre, rng: random.Random, kills: int) -> int:
    """Kill that many runs, then let one finish; how many were killed while at work."""
    at_work = sum(
        centre.run_and_kill(WORKER, "run", 0.02, after_s=rng.uniform(0.0, 0.5))
        for _ in range(kills)
    )
    centre.run(WORKER, "run", 0)
    assert_whole(json.loads(centre.run(WORKER, "check")), count=AGREEMENTS)
    return at_work


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_run_goes_on_where_it_stopped(centre: Centre, seed: int) -> None:
    assert kill_and_finish(centre, random.Random(seed), kills=2) >= 1


@pytest.mark.slow
def test_a_second_run_gives_nothing_new(centre: Centre) -> None:
    assert centre.run(WORKER, "run", 0).split() == ["ready", str(AGREEMENTS)]
    assert centre.run(WORKER, "run", 0).split() == ["ready", "0"]
    assert_whole(json.loads(centre.run(WORKER, "check")), count=AGREEMENTS)


@pytest.mark.slow
def test_two_runs_at_once_share_the_work_without_a_gap_or_a_double(centre: Centre) -> None:
    both = [centre.start(WORKER, "run", 0.01), centre.start(WORKER, "run", 0.01)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum(int(out.split()[1]) for out, _err in said) == AGREEMENTS
    assert_whole(json.loads(centre.run(WORKER, "check")), count=AGREEMENTS)


@pytest.mark.slow
def test_credit_notes_made_at_once_take_numbers_without_a_gap(centre: Centre) -> None:
    centre.run(WORKER, "run", 0)
    three = [centre.start(WORKER, "credit", 5) for _ in range(3)]
    said = [process.communicate(timeout=120) for process in three]
    assert [process.returncode for process in three] == [0, 0, 0], said
    assert_whole(json.loads(centre.run(WORKER, "check")), count=AGREEMENTS + 15)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(25))
def test_fifty_kills_lose_and_double_nothing(built: Centre, tmp_path: Path, seed: int) -> None:
    centre = built.copy(tmp_path / "copy")
    try:
        kill_and_finish(centre, random.Random(1000 + seed), kills=2)
    finally:
        centre.remove()
