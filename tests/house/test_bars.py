"""`make bench` fails where the door is over a bar: what is slow, refused or lost is never met."""

import copy
import sys
from typing import Any

import pytest
from bench import __main__ as bench
from bench import bars, door

# As docs/performance.md has them.
MEASURED: dict[str, Any] = {
    "floor write": {"per_s": 49.2, "p50_ms": 20.3, "p95_ms": 21.4},
    "write alone": {"per_s": 31.6, "p50_ms": 31.6, "p95_ms": 33.4},
    "write, 8 at once": {"per_s": 38.5, "p50_ms": 191, "p95_ms": 231, "errors": 0},
    "floor read": {"per_s": 50.8, "p50_ms": 19.7, "p95_ms": 20.2},
    "read alone": {"per_s": 29.6, "p50_ms": 33.7, "p95_ms": 34.8},
    "read, 8 at once": {"per_s": 40.3, "p50_ms": 194, "p95_ms": 214, "errors": 0},
    "a right code": {
        "idle": {"p50_ms": 33.0, "p95_ms": 36.2},
        "8 at a time": {
            **{"p50_ms": 46.4, "p95_ms": 71.7, "worst_ms": 90, "reads": 40, "refused": 0},
            "answers": {422: 200},
        },
    },
    "a full house": {
        **{"rough": 0, "lost": 0, "accepted": 66, "worst_ms": 1800},
        "answers": {200: 66, 503: 54},
    },
}
WRONG = ("a right code", "8 at a time")


def measured(*place: str, **changed: float) -> dict[str, Any]:
    """The figures, with one row's changed."""
    told = copy.deepcopy(MEASURED)
    row = told
    for name in place:
        row = row[name]
    row.update(changed)
    return told


def test_what_keeps_every_bar_is_met() -> None:
    assert bars.unmet(bars.of_door(MEASURED, 8)) == []


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        (("write alone",), {"p50_ms": 40.7}),
        (("read alone",), {"p50_ms": 39.5}),
        (("write alone",), {"p50_ms": 0}),
        (("write, 8 at once",), {"per_s": 19.9}),
        (("write, 8 at once",), {"p95_ms": 250}),
        (("write, 8 at once",), {"errors": 1}),
        (("read, 8 at once",), {"p95_ms": 251}),
        (("read, 8 at once",), {"p95_ms": 0}),
        (WRONG, {"p95_ms": 72.5}),
        (WRONG, {"refused": 1}),
        # Nobody got in at all: no time is not a short one.
        (WRONG, {"reads": 0, "p95_ms": 0}),
        (("a full house",), {"rough": 1}),
        (("a full house",), {"lost": 1}),
        (("a full house",), {"accepted": 0}),
    ],
)
def test_a_row_over_its_bar_is_not_met_and_no_other_is(
    place: tuple[str, ...], changed: dict[str, float]
) -> None:
    found = bars.of_door(measured(*place, **changed), 8)
    assert [name for name, bar in found.items() if not bar.is_met] == [place[-1]]
    (told,) = bars.unmet(found)
    assert place[-1] in told


def test_every_row_is_printed_with_its_bar() -> None:
    told = measured(*WRONG, p95_ms=284)
    printed = door.rows(told, bars.of_door(told, 8))
    assert sum(": met" in line for line in printed) == 5
    (over,) = [line for line in printed if "not met" in line]
    assert over.startswith("| 8 at a time") and "(7.85)" in over
    columns = {line.count("|") for line in printed if line.startswith("|")}
    assert columns == {6, 8}


@pytest.mark.parametrize(("unmet", "status"), [([], 0), (["write alone: slow"], 1)])
def test_the_run_fails_when_a_bar_is_not_met(
    unmet: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(bench, "door", lambda times: unmet)
    monkeypatch.setattr(sys, "argv", ["bench", "--database", "sqlite", "--only-door"])
    assert bench.main() == status
    assert ("Not met: write alone" in capsys.readouterr().out) == bool(unmet)
