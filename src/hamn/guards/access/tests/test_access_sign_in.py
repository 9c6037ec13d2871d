"""Signing in: password, then a code; the same answer for everyone who may not."""

import re
import statistics
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse

from hamn.guards.access import actions, queries
from hamn.guards.access.adapter import device
from hamn.guards.access.models import Person
from hamn.guards.audit.models import Entry

from .signing import (
    PASSWORD,
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
def reader(cast: SimpleNamespace) -> Person:
    return with_password(cast.reader)


def shown_error(answer: Any) -> str:
    found = re.search(r"error-summary__list\">.*?<li>(.*?)</li>", answer.content.decode(), re.S)
    return re.sub("<[^>]+>", "", found[1]).strip() if found else ""


def test_password_and_code_lead_to_the_desk(reader: Person) -> None:
    client = browser()
    first = send_password(client, reader.email)
    assert first.headers["Location"] == reverse("mfa_authenticate")
    second = send_code(client)
    assert second.headers["Location"] == reverse("desk:start")
    assert is_in(client)


def test_the_address_may_be_written_in_any_case(reader: Person) -> None:
    client = browser()
    assert send_password(client, reader.email.upper()).status_code == 302
    assert send_code(client).status_code == 302


def test_the_password_alone_opens_nothing(reader: Person) -> None:
    client = browser()
    send_password(client, reader.email)
    assert not is_in(client)
    assert client.get(reverse("mfa_index")).headers["Location"].startswith(reverse("account_login"))


def test_the_same_code_twice_is_refused(reader: Person) -> None:
    first, second = browser(), browser()
    send_password(first, reader.email)
    used = code()
    cache.delete(f"hamn:code:{reader.pk}:{used}")
    assert send_code(first, used).status_code == 302
    send_password(second, reader.email)
    answer = send_code(second, used)
    assert answer.status_code == 422 and "redan använts" in shown_error(answer)


def test_a_used_code_stays_used_as_long_as_it_would_hold(reader: Person) -> None:
    first, second = browser(), browser()
    send_password(first, reader.email)
    used = code()
    cache.delete(f"hamn:code:{reader.pk}:{used}")
    assert send_code(first, used).status_code == 302
    # allauth itself forgets it after one period; with a tolerance it holds for three.
    cache.delete(f"allauth.mfa.totp.used?user={reader.pk}&code={used}")
    send_password(second, reader.email)
    assert send_code(second, used).status_code == 422


@pytest.mark.parametrize("steps", [-3, 3, 9])
def test_a_code_of_another_time_is_refused(reader: Person, steps: int) -> None:
    client = browser()
    send_password(client, reader.email)
    assert send_code(client, code(steps=steps)).status_code == 422


@pytest.mark.parametrize("text", ["", "12345", "abcdef", "١٢٣٤٥٦", "1" * 5000, "\x00", "000 000"])
def test_what_is_no_code_is_refused_and_breaks_nothing(reader: Person, text: str) -> None:
    client = browser()
    send_password(client, reader.email)
    answer = client.post(reverse("mfa_authenticate"), {"code": text})
    assert answer.status_code == 422 and not is_in(client)


def test_a_recovery_code_opens_once(reader: Person) -> None:
    codes = recovery_codes(reader)
    first, second = browser(), browser()
    send_password(first, reader.email)
    assert send_code(first, codes[0]).status_code == 302
    send_password(second, reader.email)
    assert send_code(second, codes[0]).status_code == 422
    assert send_code(second, codes[1]).status_code == 302


def recovery_codes(person: Person) -> list[str]:
    """Ten codes made on the page, as the person makes them."""
    client = browser()
    sign_in(client, person)
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    return re.findall(r"<li>(\d{8})</li>", page)


def refused_people(cast: SimpleNamespace) -> dict[str, str]:
    """Addresses that may not come in with the right password, by why."""
    with_password(cast.steward)
    left = with_password(cast.controller, app=False)
    Person.objects.filter(pk=left.pk).update(is_active=False, left_on="2026-01-01")
    demo = with_password(cast.head)
    Person.objects.filter(pk=demo.pk).update(is_demo=True)
    return {
        "unknown": "ingen@test.example",
        "no_password": cast.reader.email,
        "has_left": left.email,
        "demo_only": demo.email,
    }


@pytest.mark.parametrize("why", ["unknown", "no_password", "has_left", "demo_only"])
def test_everyone_who_may_not_gets_the_answer_of_a_wrong_password(
    cast: SimpleNamespace, why: str
) -> None:
    address = refused_people(cast)[why]
    wrong = send_password(browser(), cast.steward.email, "ett annat lösenord")
    answer = send_password(browser(), address)
    assert answer.status_code == wrong.status_code == 422
    assert shown_error(answer) == shown_error(wrong) != ""
    assert set(answer.cookies) == set(wrong.cookies)
    assert lengths(answer, address) == lengths(wrong, cast.steward.email)


def lengths(answer: Any, address: str) -> int:
    """The page's size without what differs by chance: tokens, nonce and the address itself."""
    text = answer.content.decode().replace(address, "")
    return len(re.sub(r'(nonce|value)="[^"]*"', "", text))


@pytest.mark.parametrize("why", ["unknown", "no_password", "has_left", "demo_only"])
def test_the_trail_tells_why_but_holds_neither_address_nor_number(
    cast: SimpleNamespace, why: str
) -> None:
    address = refused_people(cast)[why]
    before = Entry.objects.count()
    send_password(browser(), address)
    (row,) = Entry.objects.filter(place__gt=before)
    person = queries.with_address(address)
    assert row.event == "access.sign_in_failed" and row.by == "system"
    assert row.on == (thing(person) if person else "")
    assert row.facts == f'{{"why":"{why}"}}'
    assert "@" not in row.facts + row.on and "127.0.0.1" not in row.facts


def test_a_failed_sign_in_stays_in_the_trail(reader: Person) -> None:
    send_password(browser(), reader.email, "fel lösenord helt")
    assert trail("sign_in_failed")[-1] == ("system", thing(reader), {"why": "wrong_password"})


def test_a_failed_sign_in_is_never_written_inside_another_transaction(reader: Person) -> None:
    from django.db import transaction

    from hamn.guards.access.actions.signing_in import Why

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        actions.record_failed_sign_in(reader, Why.WRONG_PASSWORD)


def test_the_trail_tells_of_signing_in_with_what_and_of_signing_out(reader: Person) -> None:
    client = browser()
    sign_in(client, reader)
    assert trail("signed_in")[-1] == (
        *(thing(reader),) * 2,
        {"methods": ["password", "totp"]},
    )
    client.post(reverse("account_logout"))
    assert trail("signed_out")[-1][:2] == (thing(reader), thing(reader))
    assert not is_in(client)


def test_a_wrong_code_is_told_to_the_trail(reader: Person) -> None:
    client = browser()
    send_password(client, reader.email)
    send_code(client, "000000" if code() != "000000" else "111111")
    assert trail("sign_in_failed")[-1] == ("system", thing(reader), {"why": "wrong_code"})


def test_signing_out_needs_a_form_and_not_a_link(reader: Person) -> None:
    client = browser()
    sign_in(client, reader)
    assert client.get(reverse("account_logout")).status_code == 200
    assert is_in(client)


def test_the_session_gets_a_new_id_at_sign_in_and_the_old_one_is_dead_after(
    reader: Person,
) -> None:
    client = browser()
    client.get(reverse("account_login"))
    send_password(client, reader.email)
    waiting = client.session.session_key
    send_code(client)
    inside = client.session.session_key
    assert inside != waiting
    client.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key__in=[waiting, inside]).exists()


@pytest.mark.parametrize("length", [257, 5000, 1_000_000])
def test_a_password_too_long_to_hash_is_refused_at_once(reader: Person, length: int) -> None:
    started = time.process_time()
    answer = send_password(browser(), reader.email, "a" * length)
    assert answer.status_code == 422
    assert time.process_time() - started < 0.2
    assert not trail("sign_in_failed")


@pytest.mark.parametrize(
    "address", ["", "inte en adress", "a" * 300 + "@x.se", "\x00@x.se", "@", "=1+1", "å@ä.ö"]
)
def test_what_is_no_address_is_refused_and_breaks_nothing(db: None, address: str) -> None:
    client = browser()
    assert send_password(client, address).status_code == 422
    assert not is_in(client)


def test_signing_up_does_not_exist(db: None) -> None:
    for path in ("/desk/konto/skapa/", "/desk/konto/signup/", "/accounts/signup/"):
        assert browser().get(path).status_code == 404


def test_where_one_was_going_is_where_one_comes(reader: Person) -> None:
    client = browser()
    there = reverse("usersessions_list")
    asked = client.get(there)
    answer = client.post(asked.headers["Location"], {"login": reader.email, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert send_code(client).headers["Location"] == there


def test_nobody_is_sent_on_to_another_host(reader: Person) -> None:
    client = browser()
    address = reverse("account_login") + "?next=https://ond.example/"
    client.post(address, {"login": reader.email, "password": PASSWORD})
    assert send_code(client).headers["Location"] == reverse("desk:start")


def test_strangers_share_a_limit_that_a_known_browser_does_not(
    reader: Person, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "100/m/ip,20/5m/key"}
    known = browser()
    sign_in(known, reader)
    known.post(reverse("account_logout"))
    for _try in range(21):
        answer = send_password(browser(), reader.email, "gissning nummer x")
    assert "för många försök" in shown_error(answer)
    # Right or wrong, a browser that the account has never met is refused for now …
    assert "för många försök" in shown_error(send_password(browser(), reader.email))
    # … and one that it knows is not.
    assert send_password(known, reader.email).status_code == 302
    assert send_code(known).status_code == 302


def test_an_attacker_at_the_same_address_does_not_shut_a_known_browser_out(
    reader: Person,
) -> None:
    known = browser()
    sign_in(known, reader)
    known.post(reverse("account_logout"))
    for number in range(12):
        send_password(browser(), f"person{number}@test.example")
    assert "för många försök" in shown_error(send_password(browser(), reader.email))
    assert send_password(known, reader.email).status_code == 302
    assert send_code(known).status_code == 302


def test_wrong_codes_from_one_browser_do_not_stop_another_that_is_known(reader: Person) -> None:
    known, thief = browser(), browser()
    sign_in(known, reader)
    known.post(reverse("account_logout"))
    send_password(thief, reader.email)
    for _try in range(12):
        answer = send_code(thief, "000000" if code() != "000000" else "111111")
    assert "för många försök" in shown_error(answer)
    send_password(known, reader.email)
    assert send_code(known).status_code == 302


def test_a_known_browser_has_a_limit_of_its_own(reader: Person) -> None:
    known = browser()
    sign_in(known, reader)
    known.post(reverse("account_logout"))
    answers = [send_password(known, reader.email, "gissning nummer x") for _try in range(21)]
    assert "för många försök" in shown_error(answers[20])
    assert "för många försök" not in shown_error(answers[19])


def test_too_many_tries_are_told_to_the_trail_once_and_do_not_fill_it(reader: Person) -> None:
    for _try in range(30):
        send_password(browser(), reader.email, "gissning nummer x")
    reasons = [facts["why"] for _by, _on, facts in trail("sign_in_failed")]
    assert reasons == ["wrong_password"] * 10 + ["too_many"]


def test_the_cookie_of_a_known_browser_is_kept_from_scripts_and_other_sites(
    reader: Person,
) -> None:
    client = browser()
    cookie = sign_in(client, reader).cookies[device.COOKIE]
    assert cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Strict"
    assert reader.email not in cookie.value


@pytest.mark.parametrize("value", ["", "x", "a:b:c", "å" * 9000])
def test_a_forged_cookie_makes_no_browser_known(reader: Person, value: str, rf: Any) -> None:
    request = rf.get("/")
    request.COOKIES[device.COOKIE] = value
    assert device.device_of(request, reader) == ""


def test_the_cookie_of_one_person_makes_no_browser_known_to_another(
    reader: Person, cast: SimpleNamespace, rf: Any
) -> None:
    client = browser()
    request = rf.get("/")
    request.COOKIES[device.COOKIE] = sign_in(client, reader).cookies[device.COOKIE].value
    assert device.device_of(request, reader)
    assert not device.device_of(request, cast.steward)


def test_a_shared_browser_remembers_eight_people_and_forgets_the_first(rf: Any) -> None:
    from django.http import HttpResponse

    request = rf.get("/")
    for pk in range(1, 11):
        response = HttpResponse()
        device.remember(request, response, Person(pk=pk))
        request.COOKIES[device.COOKIE] = response.cookies[device.COOKIE].value
    known = [pk for pk in range(1, 11) if device.device_of(request, Person(pk=pk))]
    assert known == list(range(3, 11))


def test_secrets_are_sealed_at_rest(reader: Person) -> None:
    (row,) = reader.authenticator_set.all()
    assert SECRET not in str(row.data)


@pytest.mark.slow
def test_an_unknown_address_takes_as_long_as_a_known_one(
    cast: SimpleNamespace, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
    with_password(cast.steward)
    addresses = {**refused_people(cast), "wrong": cast.steward.email}
    taken: dict[str, list[float]] = {why: [] for why in addresses}
    for _round in range(9):
        for why, address in addresses.items():
            client = browser()
            started = time.process_time()
            send_password(client, address, "fel lösenord helt")
            taken[why].append(time.process_time() - started)
    middle = {why: statistics.median(times) for why, times in taken.items()}
    # Without the hash an answer takes a tenth of this.
    assert max(middle.values()) < 1.25 * min(middle.values()), middle
