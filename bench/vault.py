"""The vault measured beside a real key agent: opening a case with 200 notes, sealing, searching.

Usage: python -m bench.vault [TIMES], in an empty HAMN_HOME. Prints one line of JSON.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

NOTES = 200
BAR_MS = 5.0
PHRASE = "fyra ord på rad räcker"


@contextmanager
def agent() -> Iterator[None]:
    """`hamn vault agent` as a process of its own."""
    words = [sys.executable, "-m", "hamn.site.cli.main", "vault", "agent"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def timed(times: int, act: Callable[[], object]) -> dict[str, float]:
    """Middle and slow end of an act, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return {
        "p50_ms": round(statistics.median(taken), 3),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 3),
    }


def measured(times: int) -> dict[str, Any]:
    """Figures of each act; the first is the one with a bar."""
    from hamn.guards.vault import actions as vault
    from hamn.guards.vault import queries as vaults
    from hamn.guards.vault.agent import client, wire
    from hamn.guards.vault.boxes import Box
    from hamn.guards.vault.models import Grant
    from hamn.guards.vault.rules import IndexKind, Place

    rng = random.Random(1)
    box = vault.new_box(["mika"])
    places = [Place("cases_record", "sealed", str(number)) for number in range(NOTES)]
    notes = [box.seal(place, rng.randbytes(rng.randint(1000, 2000))) for place in places]
    (grant,) = Grant.objects.filter(box_id=box.id)
    item = ["mika", grant.key_version, str(box.id), wire.text(bytes(grant.sealed))]
    vault.index(box, unit="mika", kind=IndexKind.NAME, values=["Påhittad Person"])
    more = [vault.new_box(["mika"]).id for _ in range(50)]

    def cryptography() -> None:
        (found,) = client.ask("open", items=[item])
        opened = Box(box.id, frozenset({"mika"}), wire.raw(found["key"]))
        for place, note in zip(places, notes, strict=True):
            opened.open(place, note)

    return {
        "open a case with 200 notes, without the database": timed(times, cryptography),
        "open one box": timed(times, lambda: vaults.open_box(box.id, ["mika"])),
        "open 50 boxes at once": timed(times, lambda: vaults.open_boxes(more, ["mika"])),
        "seal a note of 2 kB": timed(times, lambda: box.seal(places[0], bytes(2000))),
        "find by name": timed(times, lambda: vaults.find(["mika"], IndexKind.NAME, "påhittad")),
        "make a box": timed(times, lambda: vault.new_box(["mika"])),
    }


def main(times: int) -> dict[str, Any]:
    """A centre with one unit, an agent beside it, and the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamn.site.desk.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from hamn.guards.vault import rules
    from hamn.guards.vault.agent import client, wire
    from hamn.guards.vault.models import UnitKey

    call_command("migrate", verbosity=0)
    with agent():
        words = {"unit": "mika", "version": 1, "name": "Bänken", "passphrase": PHRASE}
        version, public = client.ask("new_unit", **words, slow=True)
        raw = wire.raw(public)
        UnitKey.objects.create(
            unit="mika", version=version, public=raw, fingerprint=rules.fingerprint(raw)
        )
        return measured(times)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200), ensure_ascii=False))
