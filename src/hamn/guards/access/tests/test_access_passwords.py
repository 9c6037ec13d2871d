"""Passwords: changed by who knows the old one, given at set-up by the centre's rules."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions

from .signing import (
    PASSWORD,
    browser,
    is_in,
    real_centre,
    send_password,
    sign_in,
    with_password,
)

__all__ = ["real_centre"]
CHOSEN = "tolv gröna grodor hoppar"


def change(client: Any, old: str, new: str) -> Any:
    return client.post(
        reverse("account_change_password"),
        {"oldpassword": old, "password1": new, "password2": new},
    )


def test_a_password_is_changed_by_who_knows_the_old_one_and_all_sessions_end(
    cast: SimpleNamespace,
) -> None:
    person = with_password(cast.reader)
    here, there = browser(), browser()
    sign_in(here, person)
    sign_in(there, person)
    assert change(here, "fel lösenord helt", CHOSEN).status_code == 422
    assert change(here, PASSWORD, CHOSEN).headers["Location"] == reverse("account_login")
    assert not is_in(here) and not is_in(there)
    assert send_password(browser(), person.email, CHOSEN).status_code == 302


@pytest.mark.parametrize("old", ["a" * 257, "a" * 1_000_000, "\x00"])
def test_an_old_password_too_long_to_hash_is_refused(cast: SimpleNamespace, old: str) -> None:
    client = browser()
    sign_in(client, with_password(cast.reader))
    assert change(client, old, CHOSEN).status_code == 422


def test_a_password_given_at_set_up_follows_the_centres_rules(cast: SimpleNamespace) -> None:
    given = {"person": cast.reader, "by": cast.administrator}
    for bad in ("kort", "a" * 257, "q1w2e3r4t5y6", "reader@test.example"):
        with pytest.raises(BadInput):
            actions.set_password(password=bad, **given)
    actions.set_password(password=CHOSEN, **given)
    assert send_password(browser(), cast.reader.email, CHOSEN).status_code == 302
    with pytest.raises((NotVisible, PermissionDenied)):
        actions.set_password(password=CHOSEN, person=cast.reader, by=cast.controller)
