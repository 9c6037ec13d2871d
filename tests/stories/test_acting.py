"""What needs a person's authority is had by showing that one is she, never by typing her name."""

import io
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from hamn.guards.access import queries
from hamn.guards.access.tests.signing import PASSWORD, code, with_password
from hamn.guards.audit.models import Entry
from hamn.site.acting import NotProved, new_key, proved_person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _fresh(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real centre with a quick hash, no key in sight, and no code used before."""
    settings.DEMO = False
    settings.MFA_TOTP_TOLERANCE = 1
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.delenv("HAMN_KEY", raising=False)
    registered = list(queries._demo)
    queries.register_demo(lambda: False)
    cache.clear()
    yield
    cache.clear()
    queries._demo[:] = registered


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that types lines at the command: `typed(password, code)`."""

    def lines(*words: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{word}\n" for word in words)))

    return lines


def test_her_password_and_a_code_show_that_it_is_she(
    typed: Callable[..., None], cast: SimpleNamespace
) -> None:
    with_password(cast.mika_head)
    typed(PASSWORD, code())
    assert proved_person(cast.mika_head.email) == cast.mika_head
    entry = Entry.objects.latest("place")
    assert (entry.event, '"totp"' in entry.facts) == ("access.signed_in", True)


@pytest.mark.parametrize(
    "words",
    [("fel lösenord", "{code}"), (PASSWORD, "000000"), (PASSWORD, ""), ("", "{code}")],
    ids=["wrong password", "wrong code", "no code", "no password"],
)
def test_a_wrong_password_or_code_shows_nothing(
    words: tuple[str, str], typed: Callable[..., None], cast: SimpleNamespace
) -> None:
    with_password(cast.mika_head)
    typed(*(word.format(code=code()) for word in words))
    with pytest.raises(NotProved):
        proved_person(cast.mika_head.email)


def test_a_code_that_was_used_shows_nothing(
    typed: Callable[..., None], cast: SimpleNamespace
) -> None:
    with_password(cast.mika_head)
    used = code()
    typed(PASSWORD, used)
    proved_person(cast.mika_head.email)
    typed(PASSWORD, used)
    with pytest.raises(NotProved):
        proved_person(cast.mika_head.email)


def test_anothers_code_shows_nothing(typed: Callable[..., None], cast: SimpleNamespace) -> None:
    with_password(cast.mika_head, app=False)
    with_password(cast.kast_head)
    typed(PASSWORD, code())
    with pytest.raises(NotProved):
        proved_person(cast.mika_head.email)


def test_an_unknown_address_gets_the_answer_of_a_wrong_password(
    typed: Callable[..., None], cast: SimpleNamespace
) -> None:
    with_password(cast.mika_head)
    told = []
    for email in (cast.mika_head.email, "nobody@test.example"):
        typed("fel lösenord", code())
        with pytest.raises(NotProved) as refused:
            proved_person(email)
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_nobody_is_taken_for_the_first_administrator(
    typed: Callable[..., None], cast: SimpleNamespace
) -> None:
    with_password(cast.first)
    typed(PASSWORD, code())
    with pytest.raises(NotProved, match="--as"):
        proved_person(None)


def test_many_wrong_passwords_are_slowed_as_at_sign_in(
    typed: Callable[..., None], cast: SimpleNamespace
) -> None:
    with_password(cast.mika_head)
    for _try in range(30):
        typed("fel lösenord", "000000")
        with pytest.raises(NotProved):
            proved_person(cast.mika_head.email)
    typed(PASSWORD, code())
    with pytest.raises(NotProved, match="för många försök"):
        proved_person(cast.mika_head.email)


def test_nothing_typed_is_told_what_to_do(
    typed: Callable[..., None], cast: SimpleNamespace, hamn: Callable[..., Any]
) -> None:
    typed()
    answer = hamn("--as", cast.mika_head.email, "disposal", "run", "--approval", 1)
    assert answer.status == 1
    assert "HAMN_KEY" in answer.err


def test_a_key_from_her_own_page_shows_it_once(
    desk: Callable[..., Any], cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk(cast.mika_head).post("/desk/konto/kommandorad/", {}).content.decode()
    found = re.search(r"<code>([\w-]{20,})</code>", page)
    assert found is not None
    monkeypatch.setenv("HAMN_KEY", found[1])
    assert proved_person(cast.mika_head.email) == cast.mika_head
    with pytest.raises(NotProved, match="använd"):
        proved_person(cast.mika_head.email)


def test_a_key_is_hers_alone(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAMN_KEY", new_key(cast.mika_worker))
    with pytest.raises(NotProved):
        proved_person(cast.mika_head.email)


def test_a_key_that_was_never_made_or_has_died_shows_nothing(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key(cast.mika_head)
    cache.clear()
    for text in (key, "x" * 10_000, "' OR 1=1"):
        monkeypatch.setenv("HAMN_KEY", text)
        with pytest.raises(NotProved):
            proved_person(cast.mika_head.email)


def test_a_key_of_one_who_has_left_shows_nothing(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    from hamn.guards.access.models import Person

    monkeypatch.setenv("HAMN_KEY", new_key(cast.mika_head))
    Person.objects.filter(pk=cast.mika_head.pk).update(is_active=False, left_on=date(2026, 1, 1))
    with pytest.raises(NotProved):
        proved_person(cast.mika_head.email)


def test_neither_the_trail_nor_the_store_holds_a_key(cast: SimpleNamespace) -> None:
    from django.db import connection

    key = new_key(cast.mika_head)
    assert key not in "".join(Entry.objects.values_list("facts", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM site_cache")
        assert key not in repr(cursor.fetchall())
