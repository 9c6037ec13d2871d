"""What the door may do with the database: what it needs and nothing else, on both databases.

Every test that uses the fixture `door` meets the same bounds: here are the statements that must
never pass, and the table itself.
"""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from tests.at_the_door import held

from hamn.core.errors import BadInput
from hamn.site.door import role
from hamn.site.door.reach import LOCKED, REACH, ROLE, grants
from hamn.site.door.sqlite.base import DatabaseWrapper
from hamn.site.settings import sqlite as settings_of_sqlite

pytestmark = pytest.mark.django_db
REFUSED = (
    "SELECT id FROM cases_case",
    "SELECT count(*) FROM cases_case",
    "SELECT sealed FROM cases_record",
    "SELECT email FROM access_person",
    "SELECT password FROM access_person",
    "SELECT * FROM audit_entry",
    "SELECT sealed FROM vault_grant",
    "SELECT digest FROM vault_indexentry",
    "SELECT assigned_to_id FROM door_dialogue",
    "SELECT case_id FROM door_dialogue",
    "SELECT by_id FROM door_message",
    "SELECT count(*) FROM door_calendarkey",
    "SELECT session_data FROM django_session",
    "SELECT id FROM door_dialogue WHERE id IN (SELECT id FROM cases_case)",
    "SELECT id FROM door_dialogue WHERE EXISTS (SELECT 1 FROM cases_case)",
    "DELETE FROM door_message",
    "DELETE FROM door_dialogue",
    "DELETE FROM vault_grant",
    "UPDATE door_message SET visibility = 'unit'",
    "UPDATE door_message SET sealed = ''",
    "UPDATE door_dialogue SET assigned_to_id = NULL",
    "UPDATE door_dialogue SET unit = 'kast'",
    "UPDATE door_dialogue SET box = NULL",
    "UPDATE door_dialogue SET version = (SELECT count(*) FROM cases_case)",
    "UPDATE vault_unitkey SET public = ''",
    "UPDATE vault_grant SET sealed = ''",
    "UPDATE door_doorsalt SET salt = ''",
    "UPDATE door_pagetext SET body = ''",
    "UPDATE access_person SET is_active = TRUE",
    "INSERT INTO access_person (email) VALUES ('intruder@test.example')",
    "INSERT INTO door_pagetext (page) VALUES ('start')",
    "INSERT INTO door_message SELECT * FROM door_message",
    "INSERT INTO audit_entry (id) VALUES (1)",
    "DROP TABLE door_message",
    "ALTER TABLE door_message ADD COLUMN more integer",
    "CREATE TABLE mine (a integer)",
    "CREATE INDEX mine ON door_message (place)",
)
ON_SQLITE = (
    "SELECT name FROM sqlite_master",
    "ATTACH DATABASE ':memory:' AS other",
    "PRAGMA writable_schema = 1",
    "PRAGMA table_info(cases_case)",
    "SELECT load_extension('other')",
    "SELECT rowid FROM door_message",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    "CREATE TEMP TABLE mine (a integer)",
    "CREATE TEMP TRIGGER mine AFTER INSERT ON door_message BEGIN SELECT 1; END",
    "VACUUM INTO 'copy.sqlite3'",
    "REPLACE INTO door_doorsalt (id, salt) VALUES (1, '')",
)
ON_POSTGRESQL = (
    "TRUNCATE door_message",
    "SELECT * FROM vault_sealedbox, cases_case",
    "CREATE ROLE other",
    "GRANT SELECT ON cases_case TO PUBLIC",
    "COPY door_message TO PROGRAM 'cat'",
    "COPY door_message TO '/tmp/copy'",
    "SELECT pg_read_file('/etc/hostname')",
    "LOCK TABLE door_message IN ACCESS EXCLUSIVE MODE",
    "SELECT id FROM door_message FOR UPDATE",
)


def run(statement: str) -> None:
    with held(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        if cursor.description:
            cursor.fetchall()


def statements() -> tuple[str, ...]:
    return REFUSED + (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)


def test_what_the_door_has_no_need_of_is_refused(db: None) -> None:
    passed = []
    for statement in statements():
        try:
            run(statement)
        except DatabaseError:
            continue
        passed.append(statement)
    assert passed == []


def test_the_same_statements_are_none_of_them_mistaken(db: None) -> None:
    """Without the bounds the reads and the deletions pass: it is the bounds that stop them."""
    for statement in REFUSED:
        if statement.startswith(("SELECT", "DELETE FROM door_message")):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_every_column_of_the_table_is_there(db: None) -> None:
    with connection.cursor() as cursor:
        for table, reach in REACH.items():
            described = connection.introspection.get_table_description(cursor, table)
            there = {column.name for column in described}
            assert reach.reads | reach.changes <= there, table


def test_no_column_is_changed_that_is_not_read_and_nothing_is_ever_deleted() -> None:
    assert all(reach.changes <= reach.reads for reach in REACH.values())
    assert not [line for line in grants(ROLE, database="hamn") if "DELETE" in line]
    assert set(LOCKED) <= set(REACH)


def test_what_is_needed_passes(db: None) -> None:
    for table, reach in REACH.items():
        columns = ", ".join(f'"{name}"' for name in sorted(reach.reads))
        run(f'SELECT {columns} FROM "{table}" LIMIT 1')
        run(f'SELECT count(*) FROM "{table}"')


def test_on_postgresql_the_role_is_given_exactly_the_table_and_more_is_noticed(db: None) -> None:
    if connection.vendor == "sqlite":
        with pytest.raises(BadInput, match="har inga roller"):
            role.set_role()
        return
    with held():
        role.check_role()
    for given in (
        "GRANT SELECT ON cases_case TO hamn_door",
        "GRANT SELECT (sealed) ON vault_grant TO hamn_door",
        "GRANT DELETE ON door_message TO hamn_door",
        "GRANT UPDATE (visibility) ON door_message TO hamn_door",
        "GRANT INSERT ON access_person TO hamn_door",
    ):
        _execute(given)
        with held(), pytest.raises(BadInput, match="får mer än den ska"):
            role.check_role()
        assert role.set_role() == ROLE
        with held():
            role.check_role()


def test_on_postgresql_a_role_that_lacks_something_is_noticed_too(db: None) -> None:
    if connection.vendor == "sqlite":
        return
    _execute("REVOKE INSERT ON door_message FROM hamn_door")
    with held(), pytest.raises(BadInput, match="saknar rättigheter: door_message"):
        role.check_role()


def test_the_role_is_named_by_the_address_in_the_centres_file(settings: Any) -> None:
    assert role.role_name() == ROLE
    address = {"door_database": "postgresql://other_door@/hamn"}
    with override_settings(SYSTEM={**settings.SYSTEM, **address}):
        assert role.role_name() == "other_door"


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_on_sqlite_a_row_is_not_replaced_either(tmp_path: Path) -> None:
    """The authorizer is not asked of the deletion in a REPLACE; the connection's own trigger is."""
    database = tmp_path / "hamn.sqlite3"
    connected = DatabaseWrapper(_like_the_door(database))
    with sqlite3.connect(database) as raw:
        raw.execute("CREATE TABLE door_message (id integer PRIMARY KEY, sealed text, token text)")
        raw.execute("INSERT INTO door_message VALUES (1, 'first', 'a')")
    with connected.cursor() as cursor:
        cursor.execute("INSERT INTO door_message (id, sealed) VALUES (2, 'second')")
        for statement in (
            "INSERT OR REPLACE INTO door_message (id, sealed) VALUES (1, 'other')",
            "REPLACE INTO door_message (id, sealed) VALUES (1, 'other')",
            "DELETE FROM door_message",
        ):
            with pytest.raises(DatabaseError):
                cursor.execute(statement)
    connected.close()
    with sqlite3.connect(database) as raw:
        assert raw.execute("SELECT id, sealed FROM door_message").fetchall() == [
            (1, "first"),
            (2, "second"),
        ]


def _like_the_door(database: Path) -> dict[str, Any]:
    given = {**connection.settings_dict, "ENGINE": "hamn.site.door.sqlite", "NAME": database}
    return {**given, "OPTIONS": settings_of_sqlite()["OPTIONS"]}


def test_who_writes_waits_as_long_for_her_turn_on_either_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from hamn.site.door import settings as of_the_door

    monkeypatch.setattr(of_the_door, "DATABASE", "")
    monkeypatch.setattr(of_the_door, "SYSTEM", {})
    monkeypatch.delenv("HAMN_DOOR_DATABASE", raising=False)
    embedded = of_the_door._database()["OPTIONS"]
    assert "busy_timeout=5000;" in embedded["init_command"]
    assert embedded["timeout"] == 5
    monkeypatch.setenv("HAMN_DOOR_DATABASE", "postgresql://door@localhost/hamn")
    assert "lock_timeout=5s" in of_the_door._database()["OPTIONS"]["options"]
