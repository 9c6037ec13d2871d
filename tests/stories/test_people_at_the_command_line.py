"""The first people of a centre: added and let in from the command line, where no mail is needed."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hamn.guards.access.tests.signing import with_password
from hamn.guards.audit.models import Entry
from hamn.site.acting import new_key


def test_a_new_person_chooses_her_password_by_the_link_that_the_command_gives(
    hamn: Callable[..., Any], cast: SimpleNamespace, client: Client
) -> None:
    added = hamn("person", "add", "ny@test.example", "--title", "Ny", "--role", "reader")
    assert (added.status, "Ny är tillagd" in added.out) == (0, True)
    given = hamn("person", "link", "ny@test.example")
    path = given.out.split()[-1]
    page = client.get(path, follow=True)
    assert page.status_code == 200
    assert "Välj" in page.content.decode()
    assert Entry.objects.filter(event="access.link_sent").latest("place").facts.count("first") == 1


def test_no_link_is_given_for_somebody_who_has_a_password(
    hamn: Callable[..., Any], cast: SimpleNamespace
) -> None:
    cast.reader.set_password("något långt och eget")
    cast.reader.save()
    answer = hamn("person", "link", cast.reader.email)
    assert answer.status == 1
    assert "har redan valt lösenord" in answer.err


def test_only_a_system_administrator_adds_lists_and_lets_in(
    hamn: Callable[..., Any], cast: SimpleNamespace
) -> None:
    for words in (
        ("list",),
        ("add", "x@test.example", "--title", "X", "--role", "reader"),
        ("link", cast.reader.email),
    ):
        assert hamn("--as", cast.controller.email, "person", *words).status == 1


@pytest.mark.parametrize(
    "words",
    [("add", "ny@test.example", "--title", "Ny", "--role", "reader"), ("link", "{reader}")],
    ids=["add", "link"],
)
def test_where_somebody_can_sign_in_a_typed_name_lets_nobody_in(
    words: tuple[str, ...],
    hamn: Callable[..., Any],
    cast: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = [word.format(reader=cast.reader.email) for word in words]
    with_password(cast.controller, app=False)
    assert hamn("person", *given).status == 0
    with_password(cast.controller)
    given[1] = given[1].replace("ny@", "nyare@")
    for who in ((), ("--as", cast.administrator.email)):
        refused = hamn(*who, "person", *given)
        assert (refused.status, refused.out) == (1, "")
    monkeypatch.setenv("HAMN_KEY", new_key(cast.administrator))
    assert hamn("--as", cast.administrator.email, "person", *given).status == 0
    monkeypatch.setenv("HAMN_KEY", new_key(cast.controller))
    assert hamn("--as", cast.controller.email, "person", *given).status == 1


def test_an_address_or_a_role_that_is_none_is_refused_and_nobody_is_added(
    hamn: Callable[..., Any], cast: SimpleNamespace
) -> None:
    assert hamn("person", "add", "ingen", "--title", "X", "--role", "reader").status == 1
    assert hamn("person", "add", "x@test.example", "--title", "X", "--role", "kung").status == 2
    assert hamn("person", "link", "finns-inte@test.example").status == 1
    listed = hamn("person", "list", "--format", "csv")
    assert "x@test.example" not in listed.out
    assert cast.head.email in listed.out
