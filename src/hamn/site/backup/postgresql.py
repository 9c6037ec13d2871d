"""PostgreSQL: dumped and loaded by its own programs, counted in the same snapshot as the dump."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from hamn.core.errors import BadInput, _

from .content import FLEETING, Content, content_of

PART = "database.dump"
PARTS = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
# The same values give the same text, whatever the role or the server has been told.
SAME_TEXT = (
    "SET LOCAL DateStyle = ISO; SET LOCAL TimeZone = 'UTC'; SET LOCAL IntervalStyle = postgres; "
    "SET LOCAL bytea_output = hex; SET LOCAL extra_float_digits = 1"
)


def engine() -> str:
    """The server and its version."""
    connection.ensure_connection()
    return f"PostgreSQL {_major()}"


def is_empty() -> bool:
    """Whether no table stands here yet."""
    return not connection.introspection.table_names()


def save(path: Path) -> dict[str, Content]:
    """Dump the live database as it is at one moment to the file; what each table holds.

    Raises BadInput when PostgreSQL's programs are missing or fail.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        left_out = [f"--exclude-table-data={table}" for table in FLEETING]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run("pg_dump", *options, *left_out, f"--file={path}")
        return _contents(without=FLEETING)


def load(path: Path, expected: dict[str, Content]) -> dict[str, Content] | None:
    """Load the dump, whole or not at all, and keep it if it holds what is expected.

    Raises BadInput when PostgreSQL's programs are missing or fail; then nothing is left.
    """
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run("pg_restore", *options, f"--dbname={_address()}", str(path))
    found = _contents()
    if found != expected:
        # The database was empty before, so all that is here is what was loaded now.
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return found


def _contents(without: tuple[str, ...] = ()) -> dict[str, Content]:
    names = sorted(connection.introspection.table_names())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAME_TEXT)
        return {name: content_of(() if name in without else _rows(name)) for name in names}


def _rows(table: str) -> Iterator[bytes]:
    """Each row as COPY writes it."""
    with connection.cursor() as cursor:
        statement = f"COPY {connection.ops.quote_name(table)} TO STDOUT"
        with cursor.copy(statement) as copy:
            yield from _lines(copy)


def _lines(chunks: Any) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + bytes(chunk)).split(b"\n")
        yield from lines


def _run(program: str, *words: str) -> None:
    path = _program(program)
    if program == "pg_dump":
        words = (*words, f"--dbname={_address()}")
    # By the environment: the words of a command can be read by everyone on the machine.
    secret = {"PGPASSWORD": str(connection.settings_dict["PASSWORD"])}
    done = subprocess.run(  # noqa: S603 our own words
        [path, *words, "--no-password"],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BadInput(
            _("PostgreSQL:s program {program} misslyckades och ingenting har sparats: {fault}"),
            program=program,
            fault=" ".join(done.stderr.split())[:300],
        )


def _address() -> str:
    """The database's address as PostgreSQL's programs read it, without the password.

    From the settings: the driver's own answer names options that an older program does not know.
    """
    from psycopg.conninfo import make_conninfo  # not loaded where SQLite is used

    given = connection.settings_dict
    parts = {name: str(given[key]) for name, key in PARTS.items() if given[key]}
    # What is not text is for the driver: a pool, an isolation level.
    options = {name: value for name, value in given["OPTIONS"].items() if isinstance(value, str)}
    return make_conninfo("", **parts, **options)


def _major() -> int:
    return int(connection.connection.info.server_version) // 10000


def _program(name: str) -> str:
    """The program of the server's own version; a newer one will do, an older one refuses.

    Raises BadInput when none is installed.
    """
    connection.ensure_connection()
    major = _major()
    for path in (f"/usr/lib/postgresql/{major}/bin/{name}", shutil.which(name)):
        if path and Path(path).exists() and _version(path) >= major:
            return path
    raise BadInput(
        _("Programmet {program} för PostgreSQL {major} saknas. Installera {package} och kör igen."),
        program=name,
        major=major,
        package=f"postgresql-client-{major}",
    )


def _version(path: str) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0
