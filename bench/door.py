"""The door measured as people meet it, over HTTP, beside the bare work of the same messages.

Floor and door are measured in turns within one run, so that a busy machine slows both. A sender
opens the form, writes and waits for the page with the code; only the sending is timed, since the
form alone asks for nothing slow. Whose address it is, the proxy's header tells.
"""

import json
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tools.centres import Centre
from tools.doors import CUT_OFF, Answer, Door, Said, Visitor, checked, door_centre

from bench.bars import Bar
from bench.door_floor import TEXT, figures

SENDERS = 8
_WRONG_HEAD = (
    "| A right code while 200 wrong ones are sent | p50 ms | p95 ms | worst ms | reads | waits "
    "| Bar |"
)
WRONG = 200
VICTIM, ATTACKER = "198.51.100.7", "203.0.113.5"
FULL = 120


class Refused(Exception):
    """She was told to wait a moment, on a calm page."""


def measured(centre: Centre, folder: Path, times: int) -> dict[str, Any]:
    """Every figure of one run on a centre that nothing stands in."""
    door_centre(centre, folder)
    door = Door(centre)
    door.start()
    try:
        _warm(door)
        said = [Said(door.visitor().write(TEXT).code, TEXT) for _ in range(SENDERS)]
        floor = [_floor(centre, times)]
        told: dict[str, Any] = {"write alone": _alone(times, _writer(door))}
        told["read alone"] = _alone(times, _reader(door, said[0].code))
        floor.append(_floor(centre, times))
        told[f"write, {SENDERS} at once"] = _at_once(
            [_writer(door) for _ in range(SENDERS)], times // 2
        )
        told[f"read, {SENDERS} at once"] = _at_once(
            [_reader(door, one.code) for one in said], times // 2
        )
        floor.append(_floor(centre, times))
        told["a right code"] = _beside_wrong_codes(door, said, times)
        told["a full house"] = _full_house(door, centre, folder)
        assert "Traceback" not in door.told()
    finally:
        door.stop()
    told["floor write"] = _together(one["write"] for one in floor)
    told["floor read"] = _together(one["read"] for one in floor)
    return told


def _warm(door: Door) -> None:
    """Each of its processes has answered once, so that nothing is imported on the clock."""
    for _ in range(12):
        visitor = door.visitor()
        assert visitor.write(TEXT).is_receipt
        visitor.hang_up()


def _floor(centre: Centre, times: int) -> dict[str, dict[str, float]]:
    told: dict[str, dict[str, float]] = json.loads(centre.run("-m", "bench.door_floor", times))
    return told


def _together(found: Iterable[dict[str, float]]) -> dict[str, float]:
    """The middle of several runs."""
    runs = list(found)
    return {name: round(statistics.median(one[name] for one in runs), 1) for name in runs[0]}


def _writer(door: Door) -> Callable[[], Answer]:
    """A sender's next message."""
    visitor = door.visitor()

    def write() -> Answer:
        answer = visitor.write(TEXT)
        assert answer.is_receipt, (answer.status, answer.text[-800:])
        return answer

    return write


def _reader(door: Door, code: str, address: str = "") -> Callable[[], Answer]:
    """A reader who types her code and reads; the time is that of both pages."""
    visitor = door.visitor(address)

    def read() -> Answer:
        visitor.cookies.clear()
        opened = visitor.come_back(code)
        if opened.is_calm:
            raise Refused
        assert opened.status == 302, (opened.status, opened.text[-800:])
        page = visitor.read()
        assert page.status == 200 and TEXT in page.text
        return page._replace(taken_s=opened.taken_s + page.taken_s)

    return read


def _alone(times: int, act: Callable[[], Answer]) -> dict[str, float]:
    begun = time.perf_counter()
    taken = [act().taken_s for _ in range(times)]
    # With its form, as a whole visit: how many one sender gets done in a second.
    return {**figures(taken), "visits_per_s": round(times / (time.perf_counter() - begun), 1)}


def _at_once(acts: list[Callable[[], Answer]], times: int) -> dict[str, float]:
    """So many of each, all side by side. per_s: by the clock on the wall, forms included."""
    taken: list[float] = []
    failed: list[BaseException] = []

    def turn(act: Callable[[], Answer]) -> None:
        try:
            for _ in range(times):
                taken.append(act().taken_s)
        except (AssertionError, *CUT_OFF) as fault:
            failed.append(fault)

    threads = [threading.Thread(target=turn, args=(act,)) for act in acts]
    begun = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    per_s = round(len(taken) / (time.perf_counter() - begun), 1)
    for fault in failed:
        print(f"{type(fault).__name__}: {str(fault)[:400]}", file=sys.stderr)
    made = figures(taken) if len(taken) > 1 else {"p50_ms": 0, "p95_ms": 0}
    return {**made, "per_s": per_s, "errors": len(failed)}


def _beside_wrong_codes(door: Door, said: list[Said], times: int) -> dict[str, Any]:
    """A right code, idle and while somebody sends 200 wrong ones, in each way of sending them."""
    read = _reader(door, said[0].code, VICTIM)
    told: dict[str, Any] = {"idle": _alone(times, read)}
    ways = {
        "8 at a time": (8, ATTACKER, True),
        "50 at a time": (50, ATTACKER, True),
        "50 at a time, one form": (50, ATTACKER, False),
        "50 at a time, from the reader's own address": (50, VICTIM, True),
    }
    for name, (senders, address, has_forms) in ways.items():
        told[name] = _while_wrong(door, read, senders, address, has_forms=has_forms)
    return told


def _while_wrong(
    door: Door, read: Callable[[], Answer], senders: int, address: str, *, has_forms: bool
) -> dict[str, Any]:
    """Times of the right code while the wrong ones are sent, and what those were answered."""
    wrong = _wrong_codes(WRONG)
    common = door.visitor(address).token("/svar/")
    tokens = [door.visitor(address).token("/svar/") if has_forms else common for _ in wrong]
    left, answers = list(zip(wrong, tokens, strict=True)), Counter[int]()

    def send() -> None:
        visitor: Visitor = door.visitor(address)
        while left:
            code, token = left.pop()
            answers[visitor.come_back(code, token).status] += 1

    threads = [threading.Thread(target=send) for _ in range(senders)]
    for one in threads:
        one.start()
    taken, refused = [], 0
    while any(one.is_alive() for one in threads):
        try:
            taken.append(read().taken_s)
        except Refused:
            refused += 1
            time.sleep(0.1)
    for one in threads:
        one.join()
    told = {"reads": len(taken), "refused": refused, "answers": dict(sorted(answers.items()))}
    return {**_spread(taken), **told}


def _spread(taken_s: list[float]) -> dict[str, float]:
    if not taken_s:
        return {"p50_ms": 0, "p95_ms": 0, "worst_ms": 0}
    slow = statistics.quantiles(taken_s, n=20)[-1] if len(taken_s) > 1 else max(taken_s)
    return {
        "p50_ms": round(statistics.median(taken_s) * 1000, 1),
        "p95_ms": round(min(slow, max(taken_s)) * 1000, 1),
        "worst_ms": round(max(taken_s) * 1000, 1),
    }


def _wrong_codes(count: int) -> list[str]:
    """Codes that are whole and open nothing, so that each costs its hash."""
    from hamn.support.door.rules import codes

    return [codes.new_code() for _ in range(count)]


def _full_house(door: Door, centre: Centre, folder: Path) -> dict[str, Any]:
    """What many more senders at once than can be served are told, and whether what was accepted
    is there."""
    answers: list[Answer] = []
    ready = threading.Barrier(FULL)

    def send(number: int) -> None:
        visitor = door.visitor(f"198.51.100.{number % 250}")
        token = visitor.token()
        ready.wait()
        try:
            answers.append(visitor.send(token, TEXT))
        except CUT_OFF as fault:
            answers.append(Answer(0, repr(fault), {}, 0))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(FULL)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    said = [Said(one.code, TEXT) for one in answers if one.is_receipt]
    found = checked(centre, folder, said)
    return {
        "answers": dict(sorted(Counter(one.status for one in answers).items())),
        "rough": sum(not (one.is_receipt or one.is_calm) for one in answers),
        "worst_ms": round(max(one.taken_s for one in answers) * 1000),
        "accepted": len(said),
        "lost": found["lost"] + found["unread"],
    }


def rows(told: dict[str, Any], bars: dict[str, Bar]) -> list[str]:
    """The figures as the tables of docs/performance.md, each with its bar (bars.of_door)."""
    made = ["| The door | a second | p50 ms | p95 ms | Bar |", "|---|---|---|---|---|"]
    for act in ("write", "read"):
        for name in (f"floor {act}", f"{act} alone", f"{act}, {SENDERS} at once"):
            cells = [told[name][key] for key in ("per_s", "p50_ms", "p95_ms")]
            made.append(_row(name, *cells, bars.get(name, "")))
    made += ["", _WRONG_HEAD, "|---|---|---|---|---|---|---|"]
    for name, one in told["a right code"].items():
        cells = [one.get(key, "–") for key in ("p50_ms", "p95_ms", "worst_ms", "reads", "refused")]
        answers = f" ({_counted(one['answers'])})" if "answers" in one else ""
        made.append(_row(name + answers, *cells, bars.get(name, "")))
    full = told["a full house"]
    made += [
        "",
        f"{FULL} senders at the same moment: {_counted(full['answers'])}; "
        f"{full['rough']} without a calm page; slowest {full['worst_ms']} ms; "
        f"{full['accepted']} acknowledged, {full['lost']} of them lost. {bars['a full house']}",
    ]
    return made


def _row(*cells: object) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def _counted(answers: dict[int, int]) -> str:
    return ", ".join(f"{count} × {status}" for status, count in answers.items())
