"""One run of one size in a process of its own: seconds for each phase, peak memory, floors.

The centre has been built by `python -m bench.centre SIZE`, in a process whose memory is not ours.
Usage: python -m bench.measure SIZE PARTS, where PARTS names what the press does of `write`,
`judge` and `draw`, joined by commas. Prints one line of JSON.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

PARTS = {"write", "judge", "draw"}


class Clock:
    """Seconds spent inside the functions it has wrapped."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def on(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed under the name."""

        @wraps(function)
        def timed(*arguments: Any, **more: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*arguments, **more)
            finally:
                taken = time.perf_counter() - start
                self.seconds[name] = self.seconds.get(name, 0.0) + taken

        return timed


def main(size: int, parts: set[str]) -> dict[str, Any]:
    """Figures of one run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    from bench import centre
    from hamn.agreement.invoicing import actions
    from hamn.agreement.invoicing.actions.press import Press
    from hamn.guards.audit.actions import via
    from hamn.site.acting import acting_person

    via.set("bench")
    clock = Clock()
    usual = Press()
    press = Press(
        write=clock.on("write", usual.write) if "write" in parts else lambda document: b"<xml/>",
        judge=clock.on("judge", usual.judge) if "judge" in parts else lambda xml: [],
        draw=clock.on("draw", usual.draw) if "draw" in parts else lambda document, xml: b"",
    )
    person = acting_person(None)
    before = _peak_mib()
    start = time.perf_counter()
    run = actions.run_year(year=2026, today=centre.TODAY, by=person, press=press)
    total = time.perf_counter() - start
    assert run.issued == size, (run.issued, size)
    return {
        "size": size,
        "total_s": total,
        "store_s": total - sum(clock.seconds.values()),
        **{f"{name}_s": clock.seconds.get(name) for name in sorted(PARTS)},
        "peak_mib": _peak_mib(),
        "peak_before_mib": before,
    }


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), set(sys.argv[2].split(",")))))
