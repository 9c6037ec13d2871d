"""The embedded database: copied while others write, and laid out only when it is whole."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from hamn.site.sqlite.base import sort_key

from .content import FLEETING, Content, content_of

PART = "database.sqlite3"


def engine() -> str:
    """The engine and its version."""
    return f"SQLite {sqlite3.sqlite_version}"


def is_empty() -> bool:
    """Whether no table stands here yet."""
    return not connection.introspection.table_names()


def save(path: Path) -> dict[str, Content]:
    """Copy the live database as it is at one moment to the file; what each table holds."""
    connection.ensure_connection()
    with closing(_opened(path)) as copy:
        connection.connection.backup(copy)
        # Overwritten with zeros, so that what is left out is not in the file's free pages either.
        copy.execute("PRAGMA secure_delete = ON")
        present = set(_tables(copy))
        for table in FLEETING:
            if table in present:
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 our own names
        copy.commit()
        # One file without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        return _contents(copy)


def contents(path: Path) -> dict[str, Content] | None:
    """What each table of the file holds; None when the file is not a whole database."""
    try:
        with closing(_opened(path)) as copy:
            if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            return _contents(copy)
    except sqlite3.DatabaseError:
        return None


def load(path: Path, expected: dict[str, Content]) -> dict[str, Content] | None:
    """Put the file in the centre's place if it holds what is expected; what it holds."""
    found = contents(path)
    if found == expected:
        place = Path(settings.DATABASES["default"]["NAME"])
        connections.close_all()
        for end in ("-wal", "-shm"):
            place.with_name(place.name + end).unlink(missing_ok=True)
        path.replace(place)
        _settle(place.parent)
    return found


def _opened(path: Path) -> sqlite3.Connection:
    opened = sqlite3.connect(path)
    # A file from elsewhere may hold views and triggers that call functions.
    opened.execute("PRAGMA trusted_schema = OFF")
    opened.create_collation("swedish", _compare)
    return opened


def _compare(one: str, other: str) -> int:
    first, second = (sort_key(one), one), (sort_key(other), other)
    return (first > second) - (first < second)


def _contents(copy: sqlite3.Connection) -> dict[str, Content]:
    return {name: content_of(_rows(copy, name)) for name in _tables(copy)}


def _tables(copy: sqlite3.Connection) -> list[str]:
    rows = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows if not name.startswith("sqlite_")]


def _rows(copy: sqlite3.Connection, table: str) -> Iterator[bytes]:
    quoted = table.replace('"', '""')
    for row in copy.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 quoted
        yield repr(row).encode("utf-8", "surrogatepass")


def _settle(folder: Path) -> None:
    """Wait until the folder's names are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
