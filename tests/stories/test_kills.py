"""A run killed with -9 loses and doubles nothing; two at once stay apart.

Both ways into a run: the command line, and the worker with a released run.
"""

import json
import random
import time
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
@pytest.mark.parametrize("seed", [1])
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


def assert_released_run_is_whole(found: dict[str, Any]) -> None:
    """All of it issued once, each outcome told once, every document in its folder."""
    assert_whole(found, count=AGREEMENTS)
    assert found["run"] == ["finished", AGREEMENTS, AGREEMENTS, AGREEMENTS]
    assert found["outcomes"] == ["0180"]
    documents = [f"{number}.{form}" for number in found["numbers"] for form in ("pdf", "xml")]
    assert found["delivered"] == [*documents, "summary.csv"]


def kill_workers_and_finish(centre: Centre, rng: random.Random, kills: int) -> int:
    """Kill that many workers on a released run, then let one finish; how many were at work."""
    centre.run(WORKER, "release")
    at_work = sum(
        centre.run_and_kill(WORKER, "work", 0.03, after_s=rng.uniform(0.1, 0.6))
        for _ in range(kills)
    )
    centre.run(WORKER, "work", 0)
    assert_released_run_is_whole(json.loads(centre.run(WORKER, "check")))
    return at_work


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_a_released_run_outlives_its_workers(centre: Centre, seed: int) -> None:
    assert kill_workers_and_finish(centre, random.Random(seed), kills=2) >= 1


@pytest.mark.slow
def test_a_worker_told_to_stop_leaves_the_rest_of_its_run_to_the_next(centre: Centre) -> None:
    centre.run(WORKER, "release")
    process = centre.start(WORKER, "work", 0.05)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    time.sleep(0.6)
    process.terminate()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, "Arbetaren slutar" in out) == (0, True), err
    state, planned, looked_at, issued = json.loads(centre.run(WORKER, "check"))["run"]
    assert (state, planned) == ("released", AGREEMENTS)
    assert 0 < looked_at == issued < AGREEMENTS
    centre.run(WORKER, "work", 0)
    assert_released_run_is_whole(json.loads(centre.run(WORKER, "check")))


@pytest.mark.slow
def test_two_workers_on_one_run_double_nothing(centre: Centre) -> None:
    centre.run(WORKER, "release")
    # The second takes the first one's task at once, as if it were dead.
    both = [centre.start(WORKER, "work", 0.02)]
    assert both[0].stdout is not None and both[0].stdout.readline() == "ready\n"
    time.sleep(0.4)
    both.append(centre.start(WORKER, "work", 0.02))
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert_released_run_is_whole(json.loads(centre.run(WORKER, "check")))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(25))
def test_fifty_kills_of_workers_lose_and_double_nothing(
    built: Centre, tmp_path: Path, seed: int
) -> None:
    centre = built.copy(tmp_path / "copy")
    try:
        kill_workers_and_finish(centre, random.Random(2000 + seed), kills=2)
    finally:
        centre.remove()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(25))
def test_fifty_kills_lose_and_double_nothing(built: Centre, tmp_path: Path, seed: int) -> None:
    centre = built.copy(tmp_path / "copy")
    try:
        kill_and_finish(centre, random.Random(1000 + seed), kills=2)
    finally:
        centre.remove()
