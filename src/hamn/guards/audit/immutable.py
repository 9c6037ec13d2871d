"""Rows that may be added but never changed, held by triggers on SQLite and PostgreSQL.

A shell, a bug and `QuerySet.update()` all meet the same refusal. Used by migrations only.
"""

from collections.abc import Sequence

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def append_only(table: str, *, key: str = "id") -> migrations.RunPython:
    """A migration step after which no row of the table can be updated, deleted or truncated."""
    update = _refuse(table, "UPDATE")
    return _run([*update, *_refuse(table, "DELETE"), _replace(table, key)], no_truncate=table)


def frozen_columns(table: str, columns: Sequence[str], *, key: str = "id") -> migrations.RunPython:
    """A step after which these columns of a row can never be set again, and no row deleted."""
    update = _refuse(table, "UPDATE", of=f" OF {', '.join(columns)}")
    return _run([*update, *_refuse(table, "DELETE"), _replace(table, key)], no_truncate=table)


def refused_while(table: str, operations: Sequence[str], *, when: str) -> migrations.RunPython:
    """A step after which the operations are refused on rows for which the condition holds."""
    return _run([pair for operation in operations for pair in _refuse(table, operation, when=when)])


def no_truncate(table: str) -> migrations.RunPython:
    """A step after which the table cannot be emptied at once, past the triggers on its rows."""
    return _run([], no_truncate=table)


def _refuse(table: str, operation: str, *, of: str = "", when: str = "") -> list[tuple[str, str]]:
    """Statements as pairs of (vendor, SQL); PostgreSQL's WHEN takes no subquery, its body does."""
    name = f"{table}_no_{operation.lower()}" + ("_while" if when else "")
    says = f"hamn: {operation.lower()} on {table} is refused: its rows are kept as written"
    head = f"CREATE TRIGGER {name} BEFORE {operation}{of} ON {table} FOR EACH ROW"
    condition = f"WHEN ({when})" if when else ""
    row = "OLD" if operation == "DELETE" else "NEW"
    return [
        ("sqlite", f"{head} {condition} BEGIN SELECT RAISE(ABORT, '{says}'); END"),
        (
            "postgresql",
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {when or 'TRUE'} THEN RAISE EXCEPTION '{says}'; END IF; RETURN {row}; END $$",
        ),
        ("postgresql", f"{head} EXECUTE FUNCTION {name}()"),
    ]


def _replace(table: str, key: str) -> tuple[str, str]:
    """SQLite's REPLACE INTO deletes the old row without asking the trigger on DELETE."""
    says = f"hamn: replace on {table} is refused: its rows are kept as written"
    head = f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW"
    when = f"WHEN NEW.{key} IN (SELECT {key} FROM {table})"  # noqa: S608 names of migrations
    return ("sqlite", f"{head} {when} BEGIN SELECT RAISE(ABORT, '{says}'); END")


def _truncate(table: str) -> list[tuple[str, str]]:
    name, says = f"{table}_no_truncate", f"hamn: truncate on {table} is refused"
    body = f"BEGIN RAISE EXCEPTION '{says}'; END"
    return [
        (
            "postgresql",
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        ),
        (
            "postgresql",
            f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}()",
        ),
    ]


def _run(statements: list[tuple[str, str]], *, no_truncate: str = "") -> migrations.RunPython:
    statements = [*statements, *(_truncate(no_truncate) if no_truncate else [])]

    def forward(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
        for vendor, statement in statements:
            if vendor == editor.connection.vendor:
                editor.execute(statement, params=None)

    return migrations.RunPython(forward)
