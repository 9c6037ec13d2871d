"""Signing in as a test does it: a real password, a real code, a browser that keeps cookies."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hamn.guards.access import queries
from hamn.guards.access.actions.sealing import seal
from hamn.guards.access.models import Person
from hamn.guards.audit.models import Entry

PASSWORD = "sju sjösjuka sjömän sköljdes"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BEHIND_TLS = {"x-forwarded-proto": "https"}


@pytest.fixture(autouse=True)
def real_centre(settings: Any, db: None) -> Iterator[None]:
    """A centre that is no demonstration, with a quick hash and letters that are sent at once."""
    settings.DEMO = False
    # A code that is read just before the app changes it still opens.
    settings.MFA_TOTP_TOLERANCE = 1
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.MAIL = {"host": "post.example"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    registered = list(queries._demo)
    queries.register_demo(lambda: False)
    yield
    queries._demo[:] = registered


def browser(**more: Any) -> Client:
    """A browser that has never been here."""
    return Client(headers=BEHIND_TLS, **more)


def with_password(person: Person, *, app: bool = True) -> Person:
    """The person with the password and, unless told otherwise, an app."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    person.authenticator_set.all().delete()
    if app:
        person.authenticator_set.create(type="totp", data={"secret": seal(SECRET, owner=person.pk)})
    return person


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """The code that the app shows now, or some steps from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def send_password(client: Client, email: str, password: str = PASSWORD) -> Any:
    """The first step."""
    return client.post(reverse("account_login"), {"login": email, "password": password})


def send_code(client: Client, text: str | None = None) -> Any:
    """The second step; a used code is forgotten, so that a test need not wait for the next."""
    if text is None:
        cache.delete_many([f"hamn:code:{pk}:{code()}" for pk in range(1, 60)])
        for pk in range(1, 60):
            cache.delete(f"allauth.mfa.totp.used?user={pk}&code={code()}")
    return client.post(reverse("mfa_authenticate"), {"code": text or code()})


def sign_in(client: Client, person: Person) -> Any:
    """Both steps."""
    send_password(client, person.email)
    return send_code(client)


def is_in(client: Client) -> bool:
    """Whether the browser gets its person's own page."""
    return client.get(reverse("mfa_index")).status_code == 200


def trail(event: str) -> list[tuple[str, str, dict[str, Any]]]:
    """By whom, on what, and the facts of every entry of the event, oldest first."""
    rows = Entry.objects.filter(event=f"access.{event}").order_by("place")
    return [(row.by, row.on, json.loads(row.facts)) for row in rows]


def thing(row: Any) -> str:
    """The id by which the trail knows a row."""
    return f"{row._meta.label_lower}:{row.pk}"
