"""A browser at the door: every request goes through the door's own settings, not the desk's, and
may do no more with the database than the door may (hamn.site.door.reach)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.client import ClientHandler

from hamn.site.door import settings as of_the_door
from hamn.site.door.reach import ROLE, Held

# What a test process has once and keeps: its apps, its database, its home, its logs.
KEPT = {
    *("INSTALLED_APPS", "DATABASES", "DATABASE", "HAMN_HOME", "CENTRE_FILE", "TRAIL_HEADS"),
    *("LOGGING", "LOGGING_CONFIG", "PASSWORD_HASHERS", "TASKS", "SYSTEM", "DOOR", "DEMO"),
    *("ALLOWED_HOSTS", "AUTH_USER_MODEL"),
}


def door_settings() -> dict[str, Any]:
    """The settings in which the door's process differs from the one that the tests run in."""
    given = {name: getattr(of_the_door, name) for name in dir(of_the_door) if name.isupper()}
    return {
        name: value
        for name, value in given.items()
        if name not in KEPT and getattr(settings, name, None) != value
    }


@contextmanager
def held() -> Iterator[None]:
    """The test's own connection, for a while no more than the door's: by the authorizer on SQLite,
    as the role on PostgreSQL."""
    connection.ensure_connection()
    raw: Any = connection.connection
    if connection.vendor == "sqlite":
        raw.set_authorizer(Held())
    else:
        raw.execute(f"SET ROLE {ROLE}")
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            raw.set_authorizer(None)
        elif not raw.closed and not connection.needs_rollback:
            raw.execute("RESET ROLE")


class DoorHandler(ClientHandler):
    """Django's own handler with the door's middleware, made anew for each browser."""

    def __call__(self, environ: dict[str, Any]) -> HttpResponse:
        """The door's answer, rendered and done before its settings are left."""
        with override_settings(**door_settings()), held():
            return super().__call__(environ)


class AtTheDoor(Client):
    """A browser at the door, behind the proxy that speaks TLS."""

    def __init__(self, **more: Any) -> None:
        headers = {"x-forwarded-proto": "https", **more.pop("headers", {})}
        super().__init__(headers=headers, **more)
        self.handler = DoorHandler(enforce_csrf_checks=False)


@contextmanager
def away(
    fault: type[Exception] = OperationalError, begins: str = "", told: str = ""
) -> Iterator[None]:
    """Meanwhile no statement that begins so reaches the database, which says what it was asked.

    told: stands in what it says, too.
    """

    def fails(execute: Any, sql: str, given: Any, *more: Any) -> Any:
        # A savepoint is the test's own: the door's transactions are whole ones.
        if sql.startswith(begins) and "SAVEPOINT" not in sql:
            raise fault(f"{sql} {given} {told}")
        return execute(sql, given, *more)

    with connection.execute_wrapper(fails):
        yield
