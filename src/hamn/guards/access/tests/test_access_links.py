"""Invitations and forgotten passwords: a link by e-mail, once, for a time, telling nothing."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions, queries
from hamn.guards.access.actions.links import Links, links
from hamn.guards.access.models import Person
from hamn.guards.access.rules import NoMail, Role, WrongStanding

from .signing import (
    browser,
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
ORIGIN = "https://desk.example"
NEW = {"email": "Ny@Centrum.example", "title": "Ekonom", "origin": ORIGIN}
CHOSEN = "tolv gröna grodor hoppar"


def invite(cast: SimpleNamespace, **more: Any) -> Person:
    given = {**NEW, "roles": [Role.READER], "by": cast.administrator, **more}
    return actions.invite(**given)


def link_in(letter: Any) -> str:
    """The path of the link, as a browser follows it."""
    address = re.search(r"https://\S+", letter.body)[0]  # type: ignore[index]
    return urlsplit(address).path


def choose(client: Any, link: str, password: str = CHOSEN) -> Any:
    there = client.get(link)
    if there.status_code != 302:
        return there
    return client.post(there.headers["Location"], {"password1": password, "password2": password})


def test_an_invited_person_gets_a_link_chooses_a_password_and_adds_a_second_factor(
    cast: SimpleNamespace,
) -> None:
    person = invite(cast)
    (letter,) = mail.outbox
    assert letter.to == ["ny@centrum.example"]
    client = browser()
    assert choose(client, link_in(letter)).headers["Location"] == reverse("account_login")
    assert send_password(client, "ny@centrum.example", CHOSEN).status_code == 302
    step = client.get(reverse("mfa_index"))
    assert step.headers["Location"] == reverse("mfa_activate_totp")
    assert queries.roles_of(person) == {Role.READER}


def test_the_letter_says_neither_whom_nor_what_the_centre_is_for(cast: SimpleNamespace) -> None:
    invite(cast)
    (letter,) = mail.outbox
    text = (letter.subject + letter.body).lower()
    for word in ("mika", "kast", "prostitution", "människohandel", "sex", "ekonom", "läsare"):
        assert word not in text


def test_the_trail_tells_of_the_invitation_and_that_the_link_was_sent(
    cast: SimpleNamespace,
) -> None:
    person = invite(cast)
    assert trail("person_invited") == [
        (thing(cast.administrator), thing(person), {"roles": ["reader"]})
    ]
    assert trail("link_sent") == [("system", thing(person), {"kind": "invitation"})]


def test_without_a_post_office_the_invitation_is_refused_and_nothing_is_stored(
    cast: SimpleNamespace, settings: Any
) -> None:
    settings.MAIL = {}
    with pytest.raises(NoMail, match=r"kan inte skicka e-post.*centre\.toml"):
        invite(cast)
    assert not queries.is_known("ny@centrum.example") and not mail.outbox


def test_the_demo_needs_no_post_office(cast: SimpleNamespace, settings: Any) -> None:
    settings.MAIL, settings.DEMO = {}, True
    invite(cast)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "reader@test.example"},
        {"email": "READER@test.example"},
        {"email": "inte en adress"},
        {"email": ""},
        {"email": "a" * 300 + "@x.se"},
        {"title": ""},
        {"title": "  "},
        {"title": "x" * 201},
        {"roles": []},
    ],
)
def test_an_invitation_that_cannot_be_is_refused_whole(
    cast: SimpleNamespace, wrong: dict[str, Any]
) -> None:
    before = Person.objects.count()
    with pytest.raises(BadInput):
        invite(cast, **wrong)
    assert Person.objects.count() == before and not mail.outbox


@pytest.mark.parametrize("who", ["steward", "controller", "reader", "head", "stranger"])
def test_only_a_system_administrator_invites(cast: SimpleNamespace, who: str) -> None:
    with pytest.raises((NotVisible, PermissionDenied)):
        invite(cast, by=getattr(cast, who))
    assert not mail.outbox


def test_a_new_link_goes_only_to_one_who_waits_for_it(cast: SimpleNamespace) -> None:
    person = invite(cast)
    again = {"origin": ORIGIN, "by": cast.administrator}
    actions.invite_again(person_id=person.pk, **again)
    assert len(mail.outbox) == 2
    with_password(person)
    with pytest.raises(WrongStanding, match="väntar inte på någon inbjudan"):
        actions.invite_again(person_id=person.pk, **again)


def test_a_link_holds_once(cast: SimpleNamespace) -> None:
    invite(cast)
    link = link_in(mail.outbox[0])
    assert choose(browser(), link).status_code == 302
    answer = choose(browser(), link)
    page = browser().get(answer.headers["Location"]) if answer.status_code == 302 else answer
    assert page.status_code == 410 and "gäller inte längre" in page.content.decode()


def later(monkeypatch: pytest.MonkeyPatch, *, hours: float) -> None:
    moment = timezone.make_naive(timezone.now()) + timedelta(hours=hours)
    monkeypatch.setattr(Links, "_now", lambda self: moment)


@pytest.mark.parametrize(("hours", "holds"), [(71.9, True), (72.1, False)])
def test_an_invitation_holds_for_three_days(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, hours: float, holds: bool
) -> None:
    person = invite(cast)
    key = links.make_token(person)
    later(monkeypatch, hours=hours)
    assert links.check_token(person, key) is holds


@pytest.mark.parametrize(("hours", "holds"), [(0.9, True), (1.1, False)])
def test_a_link_for_a_forgotten_password_holds_for_an_hour(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, hours: float, holds: bool
) -> None:
    person = with_password(cast.reader)
    key = links.make_token(person)
    later(monkeypatch, hours=hours)
    assert links.check_token(person, key) is holds


def test_a_link_dies_when_its_owner_leaves_and_does_not_wake_when_she_is_back(
    cast: SimpleNamespace,
) -> None:
    person = invite(cast)
    key = links.make_token(person)
    day, by = date(2026, 1, 15), cast.administrator
    actions.leave(person_id=person.pk, on=day, today=day, by=by)
    assert not links.check_token(queries.fresh(person), key)
    actions.come_back(person_id=person.pk, roles=[Role.READER], origin=ORIGIN, by=by)
    assert not links.check_token(queries.fresh(person), key)


def test_one_persons_key_opens_nobody_elses_account(cast: SimpleNamespace) -> None:
    hers, others = with_password(cast.reader), with_password(cast.steward)
    assert not links.check_token(others, links.make_token(hers))


@pytest.mark.parametrize("path", ["1-x", "zzzzzzzzzzzzz-abc", "0-valj", "1-valj", "1-" + "a" * 99])
def test_a_link_that_nobody_made_says_that_it_does_not_hold(
    cast: SimpleNamespace, path: str
) -> None:
    client = browser()
    answer = client.get(f"/desk/konto/lank/{path}/", follow=True, secure=True)
    assert answer.status_code == 410
    assert "gäller inte längre" in answer.content.decode()


@pytest.mark.parametrize("path", ["x", "", "1-ÅÄÖ", "1-" + "a" * 200, "-" * 20])
def test_what_is_no_link_is_no_page(db: None, path: str) -> None:
    assert browser().get(f"/desk/konto/lank/{path}/").status_code == 404


def test_the_key_of_a_link_stands_in_no_address_bar(cast: SimpleNamespace) -> None:
    invite(cast)
    link = link_in(mail.outbox[0])
    there = browser().get(link).headers["Location"]
    key = link.rstrip("/").partition("-")[2].partition("-")[2]
    assert key and key not in there


def forgot(client: Any, email: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": email})


def test_a_forgotten_password_is_replaced_by_a_link_and_the_second_factor_stays(
    cast: SimpleNamespace,
) -> None:
    person = with_password(cast.reader)
    client = browser()
    forgot(client, person.email)
    choose(client, link_in(mail.outbox[0]))
    assert send_password(browser(), person.email).status_code == 422
    send_password(client, person.email, CHOSEN)
    assert not is_in(client)
    send_code(client)
    assert is_in(client)
    assert trail("password_set")[-1] == (thing(person), thing(person), {"first": False})


def test_a_new_password_ends_every_session_of_the_old(cast: SimpleNamespace) -> None:
    person = with_password(cast.reader)
    old, fresh = browser(), browser()
    sign_in(old, person)
    forgot(fresh, person.email)
    choose(fresh, link_in(mail.outbox[0]))
    assert not is_in(old)
    assert not person.usersession_set.exists()


@pytest.mark.parametrize("email", ["reader@test.example", "ingen@test.example"])
def test_without_a_post_office_a_forgotten_password_says_so_to_everyone(
    cast: SimpleNamespace, settings: Any, email: str
) -> None:
    settings.MAIL = {}
    answer = forgot(browser(), email)
    assert answer.status_code == 422 and "kan inte skicka e-post" in answer.content.decode()


@pytest.mark.parametrize("who", ["unknown", "left"])
def test_whether_an_address_is_known_is_not_told(cast: SimpleNamespace, who: str) -> None:
    known = with_password(cast.reader)
    Person.objects.filter(pk=cast.steward.pk).update(is_active=False, left_on=date(2026, 1, 1))
    other = {"unknown": "ingen@test.example", "left": cast.steward.email}[who]
    one, two = forgot(browser(), known.email), forgot(browser(), other)
    assert one.status_code == two.status_code == 302
    assert one.headers["Location"] == two.headers["Location"]
    assert set(one.cookies) == set(two.cookies)
    assert [letter.to for letter in mail.outbox] == [[known.email]]


def test_the_same_work_waits_for_the_worker_whether_or_not_the_address_is_known(
    cast: SimpleNamespace, settings: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    counts = []
    for email in (with_password(cast.reader).email, "ingen@test.example"):
        with CaptureQueriesContext(connection) as seen:
            actions.request_link(email, ORIGIN)
        counts.append([query["sql"].split()[0] for query in seen])
    assert counts[0] == counts[1] and "INSERT" in counts[0]
    assert not mail.outbox


def test_no_key_lies_in_the_tables_of_the_tasks(cast: SimpleNamespace, settings: Any) -> None:
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    person = with_password(cast.reader)
    actions.request_link(person.email, ORIGIN)
    (row,) = DBTaskResult.objects.all()
    assert row.args_kwargs == {"args": [person.pk, ORIGIN, "new_password"], "kwargs": {}}


def test_nobody_fills_anothers_mailbox_nor_stops_her_from_getting_a_link(
    cast: SimpleNamespace,
) -> None:
    person = with_password(cast.reader)
    known, attacker = browser(), browser()
    sign_in(known, person)
    known.post(reverse("account_logout"))
    for _try in range(8):
        assert forgot(attacker, person.email).status_code == 302
    assert len(mail.outbox) == 5
    forgot(known, person.email)
    assert len(mail.outbox) == 6


def test_an_attacker_at_the_same_address_does_not_stop_a_known_browser_from_getting_a_link(
    cast: SimpleNamespace,
) -> None:
    person = with_password(cast.reader)
    known = browser()
    sign_in(known, person)
    known.post(reverse("account_logout"))
    for number in range(25):
        forgot(browser(), f"person{number}@test.example")
    forgot(browser(), person.email)
    assert not mail.outbox
    forgot(known, person.email)
    assert len(mail.outbox) == 1


def test_no_second_copy_of_an_address_is_kept(cast: SimpleNamespace) -> None:
    from allauth.account.models import EmailAddress

    person = with_password(cast.reader)
    client = browser()
    forgot(client, person.email)
    choose(client, link_in(mail.outbox[0]))
    send_password(client, person.email, CHOSEN)
    send_code(client)
    assert is_in(client) and not EmailAddress.objects.exists()


def test_whoever_holds_the_mailbox_is_let_past_an_attack(cast: SimpleNamespace) -> None:
    person = with_password(cast.reader)
    for _try in range(12):
        send_password(browser(), person.email, "gissning nummer x")
    client = browser()
    forgot(client, person.email)
    choose(client, link_in(mail.outbox[0]))
    assert send_password(client, person.email, CHOSEN).status_code == 302


@pytest.mark.parametrize(
    "password", ["", "kort", "a" * 257, "elva tecken", "q1w2e3r4t5y6", "reader@test.example"]
)
def test_a_password_that_will_not_do_is_refused_with_one_sentence(
    cast: SimpleNamespace, password: str
) -> None:
    person = with_password(cast.reader)
    client = browser()
    forgot(client, person.email)
    answer = choose(client, link_in(mail.outbox[0]), password)
    assert answer.status_code == 422
    assert trail("password_set") == []


def test_two_passwords_that_differ_are_refused(cast: SimpleNamespace) -> None:
    person = with_password(cast.reader)
    client = browser()
    forgot(client, person.email)
    there = client.get(link_in(mail.outbox[0]))
    answer = client.post(
        there.headers["Location"], {"password1": CHOSEN, "password2": CHOSEN + "x"}
    )
    assert answer.status_code == 422 and "inte lika" in answer.content.decode()
