"""Writing to the trail: always inside the transaction of the change it tells about."""

import json
import os
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from django.db import connection, models, transaction

from .models import Entry
from .queries import exported_heads
from .rules import START, Head, Row, canonical, chained_hash

SYSTEM = "system"
# The way in, set once by whoever opens it: the command line, a face, a task.
via: ContextVar[str] = ContextVar("via", default=SYSTEM)

_CHAIN_LOCK = 0x4841_4D4E  # "HAMN": PostgreSQL's advisory lock; SQLite's write lock is the lock


class Happening(NamedTuple):
    """One event waiting to be recorded."""

    event: StrEnum
    on: models.Model | str | None
    facts: Mapping[str, object]


def record(
    event: StrEnum,
    *,
    by: models.Model | None,
    on: models.Model | str | None = None,
    **facts: object,
) -> None:
    """Append one event.

    by: the person, or None for the system itself. on: the row it is about, or for a sealed record
    the name under which the trail knows it (`Box.trail_name`). facts: never the id of a sealed row;
    `Box.name_of` gives its name.
    """
    record_many([Happening(event, on, facts)], by=by)


def record_many(happenings: Iterable[Happening], *, by: models.Model | None) -> None:
    """Append events in order, in one insert; the caller's transaction holds the chain's lock."""
    happenings = list(happenings)
    if not happenings:
        return
    with transaction.atomic():
        place, previous = _locked_end()
        at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        rows: list[Entry] = []
        for event, on, facts in happenings:
            place += 1
            row = Row(
                place,
                at,
                event.value,
                _id(by),
                via.get(),
                _id(on, ""),
                canonical(facts),
                previous,
                "",
            )
            previous = chained_hash(row)
            rows.append(Entry(**row._replace(hash=previous)._asdict()))
        Entry.objects.bulk_create(rows, batch_size=500)


def export_head(heads_file: Path) -> Head | None:
    """Write the chain's end to the file outside the database; None when nothing is new.

    The line is on disk when this returns. A head vouches for every entry up to its place.
    Raises BadInput when the file there is not a list of heads: nothing is added to a damaged one.
    """
    last = Entry.objects.order_by("-place").values_list("place", "hash").first()
    if last is None:
        return None
    head = Head(*last, at=datetime.now(UTC).isoformat(timespec="seconds"))
    heads_file.parent.mkdir(parents=True, exist_ok=True)
    if _last_place(heads_file) == head.place:
        return None
    with heads_file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(head._asdict()) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return head


def thing_id(thing: models.Model) -> str:
    """The opaque id under which the trail knows a row: `agreements.agreement:12`."""
    return f"{thing._meta.label_lower}:{thing.pk}"


def _id(thing: models.Model | str | None, nobody: str = SYSTEM) -> str:
    if isinstance(thing, str):
        return thing
    return thing_id(thing) if thing is not None else nobody


def _locked_end() -> tuple[int, str]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    end = Entry.objects.order_by("-place").values_list("place", "hash").first()
    return end or (0, START)


def _last_place(heads_file: Path) -> int:
    heads = exported_heads(heads_file)
    return heads[-1].place if heads else 0
