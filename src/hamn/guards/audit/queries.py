"""Reads of the trail."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.models import QuerySet

from hamn.core.errors import BadInput, _

from .events import registered
from .models import Entry
from .rules import Finding, Head, Row, faults_against, faults_in

# Without these the trail could be changed by ordinary means; a verification misses them by name.
TRIGGERS = {
    "sqlite": {"audit_entry_no_update", "audit_entry_no_delete", "audit_entry_no_replace"},
    "postgresql": {"audit_entry_no_update", "audit_entry_no_delete", "audit_entry_no_truncate"},
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found."""

    entries: int
    findings: tuple[Finding, ...]
    missing_triggers: tuple[str, ...]
    anchored: int  # the last place that an exported head vouches for
    heads: int

    @property
    def is_sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return not (self.findings or self.missing_triggers)

    @property
    def unanchored(self) -> int:
        """Entries later than the last exported head: chained, but not yet anchored."""
        return max(0, self.entries - self.anchored)


def verify(heads_file: Path, *, most: int = 100) -> Verdict:
    """The whole chain recomputed, and held against every exported head.

    most: findings listed at the most; a rewritten table would otherwise list each of its rows.
    """
    heads = exported_heads(heads_file)
    last = Entry.objects.order_by("-place").values_list("place", flat=True).first() or 0
    places = {head.place for head in heads}
    hashes: dict[int, str] = {}
    findings: list[Finding] = []
    for finding in faults_in(_noting(_rows(), places, hashes), places=last):
        if len(findings) < most:
            findings.append(finding)
    findings.extend(faults_against(heads, hashes))
    return Verdict(
        entries=Entry.objects.count(),
        findings=tuple(findings),
        missing_triggers=tuple(sorted(TRIGGERS[connection.vendor] - _triggers())),
        anchored=max(places, default=0),
        heads=len(heads),
    )


def exported_heads(heads_file: Path) -> list[Head]:
    """The heads exported so far, oldest first; none when nothing was exported yet.

    Raises BadInput when a line is not a head: then the file itself has been tampered with.
    """
    if not heads_file.exists():
        return []
    try:
        lines = heads_file.read_text(encoding="utf-8").splitlines()
        return [_head(line) for line in lines if line.strip()]
    except (ValueError, TypeError, OSError):
        raise BadInput(
            _("Filen {name} med spårets ändar går inte att läsa. Hämta den ur säkerhetskopian."),
            name=heads_file,
        ) from None


def entries_on(on: str) -> list[Entry]:
    """The history of one thing, oldest first."""
    return list(Entry.objects.filter(on=on).order_by("place"))


def _head(line: str) -> Head:
    head = Head(**json.loads(line))
    if not (isinstance(head.place, int) and isinstance(head.hash, str)):
        raise TypeError(line)
    return head


def _rows() -> Iterator[Row]:
    fields = Row._fields
    return map(Row._make, Entry.objects.order_by("place").values_list(*fields).iterator(5000))


def _noting(rows: Iterator[Row], places: set[int], hashes: dict[int, str]) -> Iterator[Row]:
    for row in rows:
        if row.place in places:
            hashes[row.place] = row.hash
        yield row


def _triggers() -> frozenset[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return frozenset(name for (name,) in cursor.fetchall())


def latest(rooms: Collection[str], *, most: int) -> list[Entry]:
    """The newest entries of some rooms' events, newest first."""
    return list(of_rooms(rooms).order_by("-place")[:most])


def of_rooms(rooms: Collection[str]) -> QuerySet[Entry]:
    """The entries whose events are those of some rooms."""
    events = [event for event in registered() if event.partition(".")[0] in rooms]
    return Entry.objects.filter(event__in=events)
