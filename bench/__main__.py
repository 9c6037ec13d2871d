"""Measures invoicing at 26 to 10 000 agreements and prints the tables of docs/performance.md.

Usage: python -m bench --database sqlite|postgresql [--sizes 290,1000,10000]
Ends with 1, once everything is printed, when a row of the door is over its bar (bench/bars.py).
"""

import argparse
import json
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.centres import Centre, new_centre

BARS = "Bars: 250 stored, 400 UBL, 100 PDF a second; 110 MiB at 1 000; the real year under 5 s."


@contextmanager
def built(size: int) -> Iterator[Centre]:
    """A centre of that size, gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="hamn-bench-"))
    centre = new_centre(home)
    try:
        centre.run("-m", "bench.centre", size)
        yield centre
    finally:
        centre.remove()
        shutil.rmtree(home, ignore_errors=True)


def measured(centre: Centre, size: int, parts: str) -> dict[str, Any]:
    """Figures of one run in a process of its own, with the process's whole time."""
    start = time.perf_counter()
    figures: dict[str, Any] = json.loads(centre.run("-m", "bench.measure", size, parts))
    return {**figures, "process_s": time.perf_counter() - start}


def row(figures: dict[str, Any]) -> str:
    """One line of the table: rates for each phase, peak memory."""
    size = figures["size"]
    rates = [figures[f"{part}_s"] for part in ("store", "write", "judge", "draw")]
    told = [f"{size / taken:,.0f}" if taken else "–" for taken in rates]
    cells = [f"{size:,}", *told, f"{figures['peak_mib']:.0f}", f"{figures['process_s']:.1f}"]
    return "| " + " | ".join(cells).replace(",", " ") + " |"


def pages(size: int, times: int) -> None:
    """The desk's pages on a centre with ten years of invoices."""
    with built(size) as centre:
        centre.run("-m", "bench.history", 10)
        told = json.loads(centre.run("-m", "bench.pages", times))
    print(f"\n{size:,} agreements, ten years of invoices".replace(",", " "))
    print("\n| Page | p50 ms | p95 ms | queries | kB |\n|---|---|---|---|---|")
    for name, one in told["pages"].items():
        figures = f"{one['p50_ms']:.0f} | {one['p95_ms']:.0f} | {one['queries']} | {one['kb']:.0f}"
        print(f"| {name} | {figures} |")
    bare = told["against_bare"]
    print(
        f"\nOverview {bare['overview_per_s']:.0f} requests a second, a bare page with the same "
        f"queries {bare['bare_per_s']:.0f}: {bare['times']:.2f} times",
        flush=True,
    )


def vault(times: int) -> None:
    """The vault beside a key agent of its own."""
    home = Path(tempfile.mkdtemp(prefix="hamn-bench-"))
    centre = new_centre(home)
    try:
        told = json.loads(centre.run("-m", "bench.vault", times))
    finally:
        centre.remove()
        shutil.rmtree(home, ignore_errors=True)
    print("\n| The vault | p50 ms | p95 ms |\n|---|---|---|")
    for name, one in told.items():
        print(f"| {name} | {one['p50_ms']:.2f} | {one['p95_ms']:.2f} |", flush=True)


def cases(size: int, times: int) -> None:
    """Casework on a centre of so many sealed cases, beside a key agent of its own."""
    home = Path(tempfile.mkdtemp(prefix="hamn-bench-cases-"))
    centre = new_centre(home)
    try:
        told = json.loads(centre.run("-m", "bench.cases", size, times))
    finally:
        centre.remove()
        shutil.rmtree(home, ignore_errors=True)
    print(f"\n{size:,} sealed cases, filled in {told['fill_s']:.0f} s".replace(",", " "))
    print("\n| Page | p50 ms | p95 ms | queries | kB | vault ms | agent asked |")
    print("|---|---|---|---|---|---|---|")
    for name, one in told["pages"].items():
        sealed = f"{one['agent_ms']:.1f} + {one['aead_ms']:.1f} | {one['asked']:.0f}"
        figures = f"{one['p50_ms']:.0f} | {one['p95_ms']:.0f} | {one['queries']} | {one['kb']:.0f}"
        print(f"| {name} | {figures} | {sealed} |", flush=True)


def casework() -> None:
    """Casework at both sizes."""
    for size in (1_000, 200_000):
        cases(size, times=40)


def door(times: int) -> list[str]:
    """The door over HTTP beside the bare work of the same messages, in turns within one run.

    Returns the rows that do not meet their bar.
    """
    from bench import bars
    from bench import door as doors

    folder = Path(tempfile.mkdtemp(prefix="hamn-bench-door-"))
    centre = new_centre(folder / "home")
    try:
        told = doors.measured(centre, folder, times)
    finally:
        centre.remove()
        shutil.rmtree(folder, ignore_errors=True)
    kept = bars.of_door(told, doors.SENDERS)
    print("\n" + "\n".join(doors.rows(told, kept)), flush=True)
    return bars.unmet(kept)


def desk() -> None:
    """The pages of the desk at both sizes."""
    for size in (26, 10_000):
        pages(size, times=100 if size == 26 else 40)


def main() -> int:
    """Print every table for one database; 1 when a row of the door is over its bar."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--database", required=True)
    reader.add_argument("--sizes", default="290,1000,10000")
    only = reader.add_mutually_exclusive_group()
    for name in ("pages", "cases", "door"):
        only.add_argument(f"--only-{name}", action="store_const", const=name, dest="only")
    arguments = reader.parse_args()
    parts = {
        "pages": (desk, lambda: vault(times=200)),
        "cases": (casework,),
        "door": (lambda: unmet.extend(door(times=100)),),
    }
    unmet: list[str] = []
    for name, measures in parts.items():
        if arguments.only in (None, name):
            for measure in measures:
                measure()
    if arguments.only is None:
        invoicing(arguments.database, arguments.sizes)
    for one in unmet:
        print(f"\nNot met: {one}", flush=True)
    return 1 if unmet else 0


def invoicing(database: str, sizes: str) -> None:
    """Invoices in each phase, and the same work with the libraries alone."""
    floors: dict[str, Any] = {}
    print(f"## {database}, Python {platform.python_version()}\n\n{BARS}\n")
    print(
        "Invoices per second in each phase; the last two: peak MiB, seconds of the whole process.\n"
    )
    print("| Agreements | store | UBL | validate | PDF | MiB | s |")
    print("|---|---|---|---|---|---|---|")
    with built(26) as centre:
        print(row(measured(centre, 26, "write,judge,draw")), flush=True)
    for size in map(int, sizes.split(",")):
        with built(size) as centre:
            print(row(measured(centre, size, "write,judge,draw")), flush=True)
            if size == 1_000:
                floors = json.loads(centre.run("-m", "bench.floors"))
    for parts in ("write", "write,draw"):
        with built(1_000) as centre:
            print(row(measured(centre, 1_000, parts)), flush=True)
    if not floors:
        return
    print("\nThe bare work on the same 1 000 invoices, in the same run:\n")
    print(
        f"- the same rows in one transaction with the driver alone: {floors['rows_per_s']:,.0f}/s"
    )
    print(f"- the same XML serialised by lxml alone: {floors['xml_per_s']:,.0f}/s")
    print(f"- the same PDFs compiled by Typst alone: {floors['pdf_per_s']:,.0f}/s")


if __name__ == "__main__":
    sys.exit(main())
