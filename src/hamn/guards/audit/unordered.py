"""Rows stored in no order of time, so that none can be paired with what was written beside it.

A table keeps more than its columns say: SQLite a row's number in the order of arrival, PostgreSQL
the transaction that wrote it, both the place where it lies. Whoever has the database could by that
lay an identity-free row beside the entry of the trail that was written with it. The rows' keys
must be random, and no other table may refer to them.
"""

import logging

from django.db import OperationalError, connection, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations.state import StateApps

logger = logging.getLogger(__name__)

WITHOUT_ROWID = " WITHOUT ROWID"
LONGEST_WAIT = "5s"  # whoever writes a fact waits behind us


def without_order(table: str) -> migrations.RunPython:
    """A migration step after which SQLite stores the table's rows by their random key alone.

    Whatever rebuilds the table later, as Django does for most alterations, needs the step again.
    """

    def forward(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
        if editor.connection.vendor == "sqlite":
            with editor.connection.cursor() as cursor:
                _rebuild(cursor, table)

    return migrations.RunPython(forward)


def shuffle(table: str) -> bool:
    """Whether the table was written anew: in the order of its random keys, in one transaction.

    Triggers that refuse changes stand as before. Nobody reads or writes the table meanwhile; one
    that others do not let go of, as while it is backed up, is left for another night.
    """
    rewrite = _rebuild if connection.vendor == "sqlite" else _rewrite
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            rewrite(cursor, table)
    except OperationalError:
        logger.exception("not stored anew: %s", table)
        return False
    return True


def _rebuild(cursor: CursorWrapper, table: str) -> None:
    """SQLite: the same table without row numbers, its pages filled from the first key to the last.

    What the old pages said is overwritten. Indexes and triggers are made again as they were.
    """
    cursor.execute(
        "SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [table]
    )
    rows = cursor.fetchall()
    [made] = [sql for kind, sql in rows if kind == "table"]
    new = f"{table}__new"
    made = made.replace(f'"{table}"', f'"{new}"', 1).removesuffix(WITHOUT_ROWID)
    cursor.execute("PRAGMA secure_delete")
    [before] = cursor.fetchone()
    cursor.execute("PRAGMA secure_delete = ON")
    for statement in (
        made + WITHOUT_ROWID,
        f'INSERT INTO "{new}" SELECT * FROM "{table}" ORDER BY id',  # noqa: S608 our own names
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "{new}" RENAME TO "{table}"',
        *(sql for kind, sql in rows if kind != "table"),
        f"PRAGMA secure_delete = {before}",
    ):
        cursor.execute(statement)


def _rewrite(cursor: CursorWrapper, table: str) -> None:
    """PostgreSQL: emptied and filled again, so that all rows name one transaction, this one."""
    aside = f"{table}_aside"
    for statement in (
        f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'",
        f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE',
        f'CREATE TEMPORARY TABLE "{aside}" AS SELECT * FROM "{table}"',  # noqa: S608 our own names
        f'ALTER TABLE "{table}" DISABLE TRIGGER USER',
        f'TRUNCATE "{table}"',
        f'INSERT INTO "{table}" SELECT * FROM "{aside}" ORDER BY id',  # noqa: S608 our own names
        f'ALTER TABLE "{table}" ENABLE TRIGGER USER',
        f'DROP TABLE "{aside}"',
        "SET LOCAL lock_timeout = DEFAULT",
    ):
        cursor.execute(statement)
