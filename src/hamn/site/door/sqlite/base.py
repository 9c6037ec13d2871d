"""SQLite behind an authorizer: what reach.py does not name, no statement of the door can do."""

from typing import Any

from hamn.site.sqlite import base

from ..reach import REACH, Held


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that may do what the door needs, and nothing else."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection whose every statement is judged before it is run."""
        connection = super().get_new_connection(conn_params)
        _keep_rows(connection)
        connection.set_authorizer(Held())
        return connection


def _keep_rows(connection: Any) -> None:
    """INSERT OR REPLACE deletes a row, and the authorizer is not asked: a trigger of this
    connection's own is, since recursive_triggers is on."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for table in sorted({name for (name,) in found} & REACH.keys()):
        connection.execute(
            f'CREATE TEMP TRIGGER "kept_{table}" BEFORE DELETE ON main."{table}" '
            "BEGIN SELECT RAISE(ABORT, 'the door deletes nothing'); END"
        )
