"""A second factor is demanded: enrolled by this session, shown by this session, reset with care."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from hamn.guards.access import actions, queries
from hamn.guards.access.actions.sealing import seal
from hamn.guards.access.models import Person
from hamn.guards.access.rules import (
    LastSecondFactor,
    WrongStanding,
)

from .signing import (
    PASSWORD,
    SECRET,
    browser,
    code,
    is_in,
    real_centre,
    send_password,
    sign_in,
    thing,
    trail,
    with_password,
)

__all__ = ["real_centre"]
KEY = {"type": "webauthn", "data": {"name": "Nyckel 1", "credential": {}}}


@pytest.fixture
def newcomer(cast: SimpleNamespace) -> Person:
    """A person with a password and no second factor yet."""
    return with_password(cast.reader, app=False)


@pytest.fixture
def reader(cast: SimpleNamespace) -> Person:
    return with_password(cast.reader)


def secret_of(client: Any) -> str:
    """The secret that the page shows, as a person types it into her app."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    return re.search(r'hamn-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")  # type: ignore[index]


def enrol(client: Any, person: Person) -> Any:
    secret = secret_of(client)
    cache.delete(f"hamn:code:{person.pk}:{code(secret)}")
    return client.post(reverse("mfa_activate_totp"), {"code": code(secret)})


def test_a_session_by_password_alone_gets_no_further_than_adding_a_second_factor(
    newcomer: Person,
) -> None:
    client = browser()
    send_password(client, newcomer.email)
    for name in ("mfa_index", "usersessions_list", "account_change_password", "desk:overview"):
        assert client.get(reverse(name)).headers["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_session_that_enrols_an_app_is_let_in_and_gets_its_recovery_codes(
    newcomer: Person,
) -> None:
    client = browser()
    send_password(client, newcomer.email)
    waiting = client.session.session_key
    answer = enrol(client, newcomer)
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert is_in(client)
    assert client.session.session_key != waiting
    page = client.get(answer.headers["Location"]).content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", page)) == 10


def test_the_trail_tells_of_the_app_and_of_the_recovery_codes(newcomer: Person) -> None:
    client = browser()
    send_password(client, newcomer.email)
    enrol(client, newcomer)
    me = thing(newcomer)
    assert trail("second_factor_added") == [(me, me, {"kind": "totp"})]
    assert trail("recovery_codes_made") == [(me, me, {})]


def test_a_wrong_code_enrols_nothing_and_shows_the_same_secret_again(newcomer: Person) -> None:
    client = browser()
    send_password(client, newcomer.email)
    secret = secret_of(client)
    wrong = "000000" if code(secret) != "000000" else "111111"
    answer = client.post(reverse("mfa_activate_totp"), {"code": wrong})
    assert answer.status_code == 422 and secret[:4] in answer.content.decode()
    assert not queries.has_second_factor(newcomer)


def test_a_waiting_session_does_not_become_strong_because_another_enrolled(
    newcomer: Person,
) -> None:
    thief, owner = browser(), browser()
    send_password(thief, newcomer.email)
    send_password(owner, newcomer.email)
    enrol(owner, newcomer)
    assert is_in(owner) and not is_in(thief)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"):
        there = thief.get(reverse(name)).headers["Location"]
        assert there == reverse("mfa_reauthenticate")
    assert not is_in(thief)


def test_a_waiting_session_cannot_enrol_with_a_form_it_opened_before(newcomer: Person) -> None:
    thief, owner = browser(), browser()
    send_password(thief, newcomer.email)
    secret = secret_of(thief)
    send_password(owner, newcomer.email)
    enrol(owner, newcomer)
    thief.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert not is_in(thief)


@pytest.mark.parametrize("kind", ["totp", "webauthn"])
def test_the_rule_itself_refuses_a_weak_session_when_there_is_a_factor(
    reader: Person, kind: str
) -> None:
    with pytest.raises(WrongStanding, match="har redan en andra faktor"):
        actions.check_may_enrol(reader, kind, is_strong=False)


def test_two_apps_at_once_are_one_app(reader: Person) -> None:
    with pytest.raises(WrongStanding, match="har redan en app"):
        actions.check_may_enrol(reader, "totp", is_strong=True)


def test_a_waiting_session_is_let_in_by_the_code_that_the_owner_has(newcomer: Person) -> None:
    client = browser()
    send_password(client, newcomer.email)
    newcomer.authenticator_set.create(type="totp", data={"secret": seal(SECRET, owner=newcomer.pk)})
    assert not is_in(client)
    cache.delete(f"hamn:code:{newcomer.pk}:{code()}")
    client.post(reverse("mfa_reauthenticate"), {"code": code()})
    assert is_in(client)


def test_the_password_once_more_is_not_a_second_factor(newcomer: Person) -> None:
    client = browser()
    send_password(client, newcomer.email)
    newcomer.authenticator_set.create(type="totp", data={"secret": seal(SECRET, owner=newcomer.pk)})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert not is_in(client)


def test_the_only_second_factor_cannot_be_removed(reader: Person) -> None:
    client = browser()
    sign_in(client, reader)
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.status_code == 422 and "enda andra faktor" in answer.content.decode()
    assert queries.has_second_factor(reader)
    with pytest.raises(LastSecondFactor):
        actions.check_may_remove(reader, reader.authenticator_set.get(type="totp").pk)


def test_an_app_beside_a_key_can_be_removed_and_the_trail_tells(reader: Person) -> None:
    client = browser()
    sign_in(client, reader)
    reader.authenticator_set.create(**KEY)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not reader.authenticator_set.filter(type="totp").exists()
    assert trail("second_factor_removed")[-1][2] == {"kind": "totp"}
    assert is_in(client)


def test_a_key_beside_an_app_can_be_removed_and_one_alone_cannot(reader: Person) -> None:
    client = browser()
    sign_in(client, reader)
    key = reader.authenticator_set.create(**KEY)
    where = reverse("mfa_remove_webauthn", args=[key.pk])
    assert client.post(where).headers["Location"] == reverse("mfa_index")
    assert trail("second_factor_removed")[-1][2] == {"kind": "webauthn"}
    key = reader.authenticator_set.create(**KEY)
    reader.authenticator_set.filter(type="totp").delete()
    answer = client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert answer.status_code == 422 and reader.authenticator_set.filter(pk=key.pk).exists()


def test_a_key_is_renamed_by_its_owner_and_by_nobody_else(
    reader: Person, cast: SimpleNamespace
) -> None:
    key = reader.authenticator_set.create(**KEY)
    hers, other = browser(), browser()
    sign_in(hers, reader)
    where = reverse("mfa_edit_webauthn", args=[key.pk])
    assert hers.post(where, {"name": "Jobbdatorn"}).status_code == 302
    sign_in(other, with_password(cast.steward))
    assert other.post(where, {"name": "Tjuvens"}).status_code == 404
    assert other.get(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Jobbdatorn"


@pytest.mark.parametrize("name", ["", "x" * 61, "\x00"])
def test_a_key_gets_no_name_that_cannot_be_shown(reader: Person, name: str) -> None:
    key = reader.authenticator_set.create(**KEY)
    client = browser()
    sign_in(client, reader)
    answer = client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": name})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "credential",
    [
        *("", "{", "[]", "1", "null", '"x"', "{}", '{"response": 1}', "[" * 2000),
        '{"response": {"userHandle": "MQ"}}',
        '{"response": {"userHandle": "enp6enp6enp6enp6eg"}}',
        '{"response": {"userHandle": "Å"}, "id": null, "rawId": 7, "type": []}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
        '"authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}}',
    ],
)
def test_an_answer_that_no_key_gave_opens_nothing_and_breaks_nothing(
    reader: Person, credential: str
) -> None:
    client = browser()
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.headers["Location"] == reverse("account_login")
    send_password(client, reader.email)
    answer = client.post(reverse("mfa_authenticate"), {"credential": credential})
    assert answer.status_code == 422 and not is_in(client)
    sign_in(client, reader)
    answer = client.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential})
    assert answer.status_code == 422
    assert not reader.authenticator_set.filter(type="webauthn").exists()


def test_a_wrong_key_is_told_to_the_trail_with_whose_it_claimed_to_be(reader: Person) -> None:
    handle = f'{{"response": {{"userHandle": "{encoded(reader.pk)}"}}}}'
    browser().post(reverse("mfa_login_webauthn"), {"credential": handle})
    assert trail("sign_in_failed")[-1] == ("system", thing(reader), {"why": "wrong_key"})


def encoded(pk: int) -> str:
    from django.utils.http import int_to_base36
    from fido2.utils import websafe_encode

    return str(websafe_encode(int_to_base36(pk).encode()))


def test_recovery_codes_are_a_file_with_a_swedish_name(reader: Person) -> None:
    client = browser()
    sign_in(client, reader)
    client.post(reverse("mfa_generate_recovery_codes"))
    answer = client.get(reverse("mfa_download_recovery_codes"))
    assert "reservkoder.txt" in answer.headers["Content-Disposition"]
    assert len(re.findall(rb"^\d{8}$", answer.content, re.M)) == 10
    assert trail("recovery_codes_made")[-1][0] == thing(reader)


def test_recovery_codes_that_are_not_there_answer_as_a_page_that_is_not(reader: Person) -> None:
    client = browser()
    sign_in(client, reader)
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 404
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 404


def test_after_a_while_she_shows_who_she_is_before_she_changes_anything(reader: Person) -> None:
    client = browser()
    sign_in(client, reader)
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 1000
    session.save()
    answer = client.get(reverse("mfa_generate_recovery_codes"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    client.post(answer.headers["Location"], {"password": PASSWORD})
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
