"""The bars that the door is held to, and whether what was measured meets them."""

from dataclasses import dataclass
from typing import Any

# security.md F9 and F12; the bare work is measured in the same run.
TIMES, MOST_P95_MS, LEAST_PER_S = 2, 250, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """What a row is held to, with its own figure where it has one."""

    says: str
    is_met: bool

    def __str__(self) -> str:
        return f"{self.says}: {'met' if self.is_met else '**not met**'}"


def of_door(told: dict[str, Any], senders: int) -> dict[str, Bar]:
    """The bar of each row that has one, by the row's name."""
    codes = told["a right code"]
    return {
        "write alone": _within(told["write alone"], told["floor write"], "p50_ms", "the bare work"),
        **{
            f"{act}, {senders} at once": _at_once(told[f"{act}, {senders} at once"])
            for act in ("write", "read")
        },
        "read alone": _within(told["read alone"], told["floor read"], "p50_ms", "the bare work"),
        **{name: _beside(one, codes["idle"]) for name, one in codes.items() if name != "idle"},
        "a full house": _full(told["a full house"]),
    }


def unmet(bars: dict[str, Bar]) -> list[str]:
    """The rows that are over their bar, as the end of the run tells them."""
    return [f"{name}: {bar.says}" for name, bar in bars.items() if not bar.is_met]


def _within(one: dict[str, float], floor: dict[str, float], figure: str, of: str) -> Bar:
    """Nothing measured is no figure under the bar."""
    times = one[figure] / floor[figure] if one[figure] and floor[figure] else float("inf")
    return Bar(f"within {TIMES} times {of} ({times:.2f})", times <= TIMES)


def _at_once(one: dict[str, float]) -> Bar:
    says = f"{LEAST_PER_S} a second, p95 under {MOST_P95_MS} ms, no error ({one['errors']})"
    is_quick = one["per_s"] >= LEAST_PER_S and 0 < one["p95_ms"] < MOST_P95_MS
    return Bar(says, is_quick and not one["errors"])


def _beside(one: dict[str, Any], idle: dict[str, float]) -> Bar:
    """A right code that is told to wait has not been read in time either."""
    bar = _within(one, idle, "p95_ms", "idle p95")
    says = f"{bar.says}, none told to wait ({one['refused']})"
    return Bar(says, bar.is_met and one["reads"] > 0 and not one["refused"])


def _full(one: dict[str, Any]) -> Bar:
    says = f"a receipt or a calm page, nothing lost ({one['rough']}, {one['lost']})"
    return Bar(says, one["accepted"] > 0 and not one["rough"] and not one["lost"])
