"""Second factors at rest, taken away by an administrator, and prepared for the demo."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions, queries
from hamn.guards.access.actions.sealing import seal, unseal
from hamn.guards.access.adapter import demo_code
from hamn.guards.access.models import Person
from hamn.guards.access.rules import (
    DemoOnly,
    OwnAccount,
    ResetReason,
    WrongStanding,
)

from .signing import (
    SECRET,
    browser,
    code,
    is_in,
    real_centre,
    send_code,
    send_password,
    sign_in,
    thing,
    trail,
    with_password,
)

__all__ = ["real_centre"]


@pytest.fixture
def newcomer(cast: SimpleNamespace) -> Person:
    """A person with a password and no second factor yet."""
    return with_password(cast.reader, app=False)


@pytest.fixture
def reader(cast: SimpleNamespace) -> Person:
    return with_password(cast.reader)


def test_a_sealed_secret_opens_for_its_owner_alone(settings: Any) -> None:
    sealed = seal(SECRET, owner=7)
    assert SECRET not in sealed and seal(SECRET, owner=7) != sealed
    assert unseal(sealed, owner=7) == SECRET
    with pytest.raises(BadInput, match="går inte att läsa"):
        unseal(sealed, owner=8)


@pytest.mark.parametrize("change", ["v2.", "", "v1.!", "v1.AAAA"])
def test_a_changed_secret_does_not_open(change: str) -> None:
    with pytest.raises(BadInput):
        unseal(change + seal(SECRET, owner=7)[10:], owner=7)


def test_a_secret_sealed_under_the_last_key_still_opens(settings: Any) -> None:
    sealed = seal(SECRET, owner=7)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "en helt annan hemlighet som är lång nog"
    with pytest.raises(BadInput):
        unseal(sealed, owner=7)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed, owner=7) == SECRET


def test_a_secret_moved_to_another_persons_row_signs_nobody_in(
    reader: Person, cast: SimpleNamespace
) -> None:
    thief = with_password(cast.steward)
    stolen = thief.authenticator_set.get().data
    reader.authenticator_set.update(data=stolen)
    client = browser()
    send_password(client, reader.email)
    answer = send_code(client)
    assert answer.status_code == 422 and not is_in(client)


def reset(cast: SimpleNamespace, person: Person, by: Person | None = None) -> Person:
    return actions.reset_second_factor(
        person_id=person.pk, reason=ResetReason.LOST, by=by or cast.administrator
    )


def test_a_reset_takes_the_factors_away_and_ends_every_session(
    reader: Person, cast: SimpleNamespace
) -> None:
    client = browser()
    sign_in(client, reader)
    reset(cast, reader)
    assert not reader.authenticator_set.exists()
    assert not is_in(client)
    fact = {"reason": "lost", "removed": ["totp"], "suspended": []}
    assert trail("second_factor_reset") == [(thing(cast.administrator), thing(reader), fact)]


def test_nobody_resets_her_own_second_factor(cast: SimpleNamespace) -> None:
    with_password(cast.administrator)
    with pytest.raises(OwnAccount):
        reset(cast, cast.administrator)


def test_there_must_be_something_to_reset(newcomer: Person, cast: SimpleNamespace) -> None:
    with pytest.raises(WrongStanding, match="ingen andra faktor"):
        reset(cast, newcomer)


@pytest.mark.parametrize("who", ["steward", "controller", "head", "stranger"])
def test_only_a_system_administrator_resets(
    reader: Person, cast: SimpleNamespace, who: str
) -> None:
    with pytest.raises((NotVisible, PermissionDenied)):
        reset(cast, reader, by=getattr(cast, who))
    assert queries.has_second_factor(reader)


def test_the_demo_shows_the_code_and_nobody_else_does(reader: Person, settings: Any) -> None:
    settings.DEMO = True
    assert demo_code(reader) is None
    actions.prepare_demo_sign_in(person=reader, password="demo", totp_secret=SECRET)
    shown = demo_code(reader)
    assert (
        shown is not None
        and shown.code in {code(), code(steps=-1)}
        and 0 < shown.seconds_left <= 30
    )
    client = browser()
    send_password(client, reader.email, "demo")
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert shown.code in page
    settings.DEMO = False
    assert demo_code(reader) is None


def test_a_prepared_sign_in_opens_in_the_demo_and_nowhere_else(
    reader: Person, settings: Any
) -> None:
    settings.DEMO = True
    actions.prepare_demo_sign_in(person=reader, password="demo", totp_secret=SECRET)
    inside, outside = browser(), browser()
    send_password(inside, reader.email, "demo")
    send_code(inside)
    assert is_in(inside)
    settings.DEMO = False
    send_password(outside, reader.email, "demo")
    send_code(outside)
    assert not is_in(outside)


def test_nobody_signs_in_to_the_demos_database_in_earnest(reader: Person) -> None:
    queries.register_demo(lambda: True)
    client = browser()
    assert send_password(client, reader.email).status_code == 422
    assert trail("sign_in_failed")[-1][2] == {"why": "demo_only"}


def test_a_real_centre_prepares_no_open_sign_in(reader: Person) -> None:
    with pytest.raises(DemoOnly):
        actions.prepare_demo_sign_in(person=reader, password="demo", totp_secret=SECRET)


def test_the_demos_own_database_may_be_prepared_before_it_is_served(reader: Person) -> None:
    queries.register_demo(lambda: True)
    actions.prepare_demo_sign_in(person=reader, password="demo", totp_secret=SECRET)
    assert Person.objects.get(pk=reader.pk).is_demo
    assert trail("demo_prepared")[-1][1] == thing(reader)


@pytest.mark.parametrize("why", ["has_left", "demo_only"])
def test_a_key_opens_no_door_for_one_who_may_not_come_in(reader: Person, rf: Any, why: str) -> None:
    from allauth.account.adapter import get_adapter
    from django.contrib.messages.storage.base import BaseStorage
    from django.contrib.sessions.backends.db import SessionStore

    reader.is_active, reader.is_demo = why != "has_left", why == "demo_only"
    request = rf.get("/")
    request.session, request._messages = SessionStore(), BaseStorage(request)
    answer = get_adapter(request).pre_login(request, reader)
    assert answer is not None and answer.headers["Location"] == reverse("account_login")
    assert trail("sign_in_failed")[-1] == ("system", thing(reader), {"why": why})
