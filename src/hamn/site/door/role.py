"""The door's role on PostgreSQL: made and granted by the administrator, checked at every start."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from hamn.core.errors import BadInput, _

from .reach import LOCKED, REACH, ROLE, grants, quoted

NO_POWERS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS"

_HAS = """
SELECT c.relname, a.attname,
       has_column_privilege(c.oid, a.attnum, 'SELECT'),
       has_column_privilege(c.oid, a.attnum, 'UPDATE'),
       has_table_privilege(c.oid, 'INSERT') OR has_column_privilege(c.oid, a.attnum, 'INSERT'),
       has_table_privilege(c.oid, 'DELETE, TRUNCATE, TRIGGER')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND a.attnum > 0 AND NOT a.attisdropped
"""
_BECOMES = """
SELECT rolname FROM pg_roles
WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')
"""


def role_name() -> str:
    """The role that the centre's file names as the door's; else the usual name."""
    address = settings.SYSTEM.get("door_database", "")
    if not address:
        return ROLE
    from psycopg.conninfo import conninfo_to_dict  # not loaded where SQLite is used

    return str(conninfo_to_dict(address).get("user") or ROLE)


def set_role(role: str | None = None) -> str:
    """Make the role when it is not there, and give it exactly what the door needs; its name.

    Raises BadInput on SQLite, which has no roles, and where Hamn's own role may not do it.
    """
    if connection.vendor != "postgresql":
        raise BadInput(
            _("Den inbyggda databasen har inga roller. Dörren hålls där av sin egen anslutning.")
        )
    name = role or role_name()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _make(cursor, name)
            for statement in grants(name, database=str(connection.settings_dict["NAME"])):
                cursor.execute(statement)
    except ProgrammingError:
        raise BadInput(
            _(
                "Hamns roll i databasen får inte skapa rollen {role} eller ge den rättigheter. Kör "
                "som databasens administratör: createuser --login {role}, och sedan igen."
            ),
            role=name,
        ) from None
    return name


def demo_address() -> str:
    """How the demo's own door reaches PostgreSQL: as the usual role, made on the spot."""
    from psycopg.conninfo import make_conninfo  # not loaded where SQLite is used

    return make_conninfo(settings.DATABASE, user=set_role(ROLE), password=None)


def check_role() -> None:
    """Pass only where the role that we are may do what the door needs, and nothing else.

    Raises BadInput that names the first tables where it is not so.
    """
    beyond, short = sorted(set(_beyond())), sorted(set(_short()))
    if beyond:
        raise BadInput(
            _(
                "Dörrens roll i databasen får mer än den ska: {names}. Kör som administratör: "
                "hamn door role, och starta igen."
            ),
            names=", ".join(beyond[:5]),
        )
    if short:
        raise BadInput(
            _(
                "Dörrens roll i databasen saknar rättigheter: {names}. Kör som administratör: "
                "hamn door role, och starta igen."
            ),
            names=", ".join(short[:5]),
        )


def _make(cursor: Any, name: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE ROLE {quoted(name)} {NO_POWERS}")


def _privileges() -> list[tuple[str, str, bool, bool, bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(_HAS)
        rows: list[tuple[str, str, bool, bool, bool, bool]] = cursor.fetchall()
    return rows


def _beyond() -> Iterator[str]:
    for table, column, reads, changes, adds, destroys in _privileges():
        reach = REACH.get(table)
        may_read = reach is not None and column in reach.reads
        may_change = reach is not None and (column in reach.changes or LOCKED.get(table) == column)
        may_add = reach is not None and reach.adds
        if destroys or (adds and not may_add):
            yield table
        if (reads and not may_read) or (changes and not may_change):
            yield f"{table}.{column}"
    with connection.cursor() as cursor:
        cursor.execute(_BECOMES)
        yield from (str(row[0]) for row in cursor.fetchall())


def _short() -> Iterator[str]:
    has = {(table, column): more for table, column, *more in _privileges()}
    for table, reach in REACH.items():
        for column in reach.reads | reach.changes:
            reads, changes, *_more = has.get((table, column), [False, False])
            if not reads or (column in reach.changes and not changes):
                yield f"{table}.{column}"
        if reach.adds and not any(
            more[2] for (name, _column), more in has.items() if name == table
        ):
            yield table
