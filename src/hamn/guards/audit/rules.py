"""How entries are chained and what a broken chain shows. Pure.

hash = SHA-256(previous hash + canonical JSON of the entry's columns). The place in the chain is
part of what is hashed, and the previous hash is stored too, so that each entry can be judged
alone: a changed entry is told from a removed and from a moved one.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from hamn.core.errors import _

START = "0" * 64


class Row(NamedTuple):
    """One entry as the database returns it."""

    place: int
    at: str
    event: str
    by: str
    via: str
    on: str
    facts: str
    previous: str
    hash: str


class Head(NamedTuple):
    """The chain's end at some moment, kept outside the database."""

    place: int
    hash: str
    at: str


class Fault(StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    REWRITTEN = "rewritten"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: what, at which place, and a second place where it helps."""

    fault: Fault
    place: int
    other: int | None = None


FINDINGS: dict[Fault, str] = {
    Fault.CHANGED: _("Post {place} är ändrad."),
    Fault.MOVED: _("Post {place} är flyttad; den hörde hemma på plats {other}."),
    Fault.REMOVED: _("Posterna {place}–{other} är borttagna."),
    Fault.REWRITTEN: _(
        "Kedjan är omskriven någonstans från post {place} till {other}: den stämmer inte med en "
        "sparad ände."
    ),
    Fault.CUT_OFF: _("Slutet är avklippt: post {place} fanns när änden sparades."),
}


def canonical(facts: Mapping[str, object]) -> str:
    """JSON that is the same text for the same facts: sorted keys, no blanks, UTF-8."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def chained_hash(row: Row, *, place: int | None = None) -> str:
    """The hash the row should have, at its own place or at another."""
    content = json.dumps(
        [place or row.place, row.at, row.event, row.by, row.via, row.on, row.facts],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256((row.previous + content).encode()).hexdigest()


def faults_in(rows: Iterable[Row], *, places: int) -> Iterator[Finding]:
    """Every fault of the chain's own making, in order; rows come by place.

    places: how many entries there are, for telling a moved entry from a changed one.
    """
    expected, previous, tells = 1, START, 10
    for row in rows:
        if row.place != expected:
            yield Finding(Fault.REMOVED, expected, row.place - 1)
        intact = chained_hash(row) == row.hash
        if not intact:
            # Looking for where the entry came from costs a pass, so only the first ones get it.
            origin = _true_place(row, places) if tells else None
            tells = max(0, tells - 1)
            yield Finding(Fault.MOVED if origin else Fault.CHANGED, row.place, origin)
        elif row.previous != previous and row.place == expected:
            yield Finding(Fault.CHANGED, row.place - 1)
        expected, previous = row.place + 1, row.hash


def _true_place(row: Row, places: int) -> int | None:
    tries = range(1, places + 2)
    return next((place for place in tries if chained_hash(row, place=place) == row.hash), None)


def faults_against(heads: Iterable[Head], hashes: Mapping[int, str]) -> Iterator[Finding]:
    """The first head that the chain no longer matches: cut off before it, or rewritten.

    hashes: the stored hash at each head's place, where there is an entry.
    """
    sound = 0
    for head in sorted(heads):
        if head.place not in hashes:
            yield Finding(Fault.CUT_OFF, head.place)
            return
        if hashes[head.place] != head.hash:
            yield Finding(Fault.REWRITTEN, sound + 1, head.place)
            return
        sound = head.place
