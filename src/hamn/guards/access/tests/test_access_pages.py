"""The pages of accounts, people and units: who sees which, and what comes of what is sent."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from hamn.guards.access import actions, permits, queries, rules
from hamn.guards.access import urls as room
from hamn.guards.access.models import Person
from hamn.guards.access.rules import NAMES, Role

from .signing import browser, real_centre, trail, with_password

__all__ = ["real_centre"]
WHO = ["steward", "controller", "reader", "head", "administrator", "stranger", "first"]


@pytest.fixture(autouse=True)
def one_unit() -> Iterator[None]:
    registered = list(rules._unit_source)
    rules.register_units(lambda: {"blue": "Blå"})
    yield
    rules._unit_source[:] = registered


def patterns(urls: list[Any]) -> Iterator[URLPattern]:
    for one in urls:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def test_every_address_says_who_may_come() -> None:
    found = list(patterns(room.urlpatterns))
    assert len(found) > 35
    for one in found:
        permit = getattr(one.callback, "permit", None)
        assert permit in {*permits.registered(), "everyone", "signed_in"}, one.name


def test_every_address_is_a_page_or_no_page_for_each_role_as_the_table_says(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    row = actions.propose_member(
        person_id=cast.head.pk, unit="blue", is_head=True, by=cast.administrator
    )
    arguments = {"person_id": cast.reader.pk, "membership_id": row.pk}
    resolver = get_resolver()
    for one in patterns(room.urlpatterns[1:]):
        names = list(one.pattern.converters)
        if not set(names) <= set(arguments):
            continue
        url = reverse(f"access:{one.name}", kwargs={name: arguments[name] for name in names})
        permit = resolver.resolve(url).func.permit  # type: ignore[union-attr]
        for who in WHO:
            person = getattr(cast, who)
            thing = row if "membership_id" in names else None
            may = permit == "signed_in" or permits.allows(person, permit, thing)
            status = desk(person).get(url).status_code
            visible = any(
                permits.allows(person, f"access.{verb}", row)
                for verb in ("grant_member", "end_member", "accept_headship")
            )
            if one.name in {"end_session", "end_other_sessions"}:
                assert status == 405, (who, url)
            elif "membership_id" in names:
                passes = visible and permits.allows(person, permit)
                assert (status == 200) == passes, (who, url, status)
            else:
                assert (status == 200) == may, (who, url, status)
            assert status in {200, 404, 405}


@pytest.mark.parametrize("name", ["access:people", "access:unit", "mfa_index", "usersessions_list"])
def test_nobody_is_sent_to_sign_in_and_learns_nothing(db: None, name: str) -> None:
    answer = browser().get(reverse(name))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_a_person_who_is_not_there_and_one_that_is_hidden_answer_alike(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    client = desk(cast.controller)
    there = client.get(reverse("access:person", args=[cast.reader.pk]))
    nowhere = client.get(reverse("access:person", args=[10**12]))
    assert there.status_code == nowhere.status_code == 404
    assert scrubbed(there) == scrubbed(nowhere)


def scrubbed(answer: Any) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode())


def test_the_list_shows_roles_second_factor_and_who_has_left(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    with_password(cast.steward)
    day = timezone.localdate()
    actions.leave(person_id=cast.reader.pk, on=day, today=day, by=cast.first)
    page = desk(cast.administrator).get(reverse("access:people")).content.decode()
    for text in ("avtalshandläggare", "har slutat", "inbjuden", "saknas", "finns"):
        assert text in page


def test_the_list_costs_the_same_for_few_and_for_many(
    cast: SimpleNamespace, desk: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = desk(cast.administrator)
    url = reverse("access:people")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(40):
        actions.add_person(
            email=f"p{number}@test.example", title=f"P{number}", roles=list(Role), by=cast.first
        )
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


@pytest.mark.parametrize("asked", ["efter=x", "sortera=password", "sortera=-email", "fore=W10"])
def test_an_address_that_makes_no_sense_still_gives_the_list(
    cast: SimpleNamespace, desk: Callable[..., Any], asked: str
) -> None:
    assert desk(cast.administrator).get(f"{reverse('access:people')}?{asked}").status_code == 200


INVITED = {"email": "ny@centrum.example", "title": "Ekonom", "roles": ["reader"]}


def test_an_administrator_invites_on_the_page(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    answer = desk(cast.administrator).post(reverse("access:invite"), INVITED)
    person = queries.by_email("ny@centrum.example")
    assert answer.headers["Location"] == reverse("access:person", args=[person.pk])
    assert [letter.to for letter in mail.outbox] == [["ny@centrum.example"]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "ingen adress"},
        {"email": "reader@test.example"},
        {"email": "x" * 300},
        {"email": "\x00@x.se"},
        {"title": ""},
        {"title": "x" * 201},
        {"roles": []},
        {"roles": ["queen"]},
        {"roles": [""]},
    ],
)
def test_an_invitation_with_a_fault_keeps_what_was_typed(
    cast: SimpleNamespace, desk: Callable[..., Any], wrong: dict[str, Any]
) -> None:
    before = Person.objects.count()
    answer = desk(cast.administrator).post(reverse("access:invite"), {**INVITED, **wrong})
    assert answer.status_code == 422
    if "title" not in wrong:
        assert "Ekonom" in answer.content.decode()
    assert Person.objects.count() == before and not mail.outbox


def test_an_invitation_without_a_post_office_says_what_to_do(
    cast: SimpleNamespace, desk: Callable[..., Any], settings: Any
) -> None:
    settings.MAIL = {}
    answer = desk(cast.administrator).post(reverse("access:invite"), INVITED)
    assert answer.status_code == 422 and "kan inte skicka e-post" in answer.content.decode()


def test_only_the_fields_of_the_form_count(cast: SimpleNamespace, desk: Callable[..., Any]) -> None:
    everything = {
        **INVITED,
        **{"id": "1", "pk": "1", "is_active": "", "is_demo": "on", "password": "x", "by": "1"},
        **{"created_at": "2000-01-01", "last_login": "2000-01-01", "origin": "https://ond.example"},
    }
    desk(cast.administrator).post(reverse("access:invite"), everything)
    person = queries.by_email("ny@centrum.example")
    assert not person.is_demo and not person.has_usable_password() and person.pk != 1
    assert "ond.example" not in mail.outbox[0].body


def roles_url(person: Person) -> str:
    return reverse("access:change_roles", args=[person.pk])


def test_the_form_of_roles_shows_what_they_are_and_saves_what_was_chosen(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    client = desk(cast.administrator)
    page = client.get(roles_url(cast.reader)).content.decode()
    assert 'name="seen" value="reader"' in page
    assert all(name in page for name in NAMES.values())
    answer = client.post(roles_url(cast.reader), {"roles": ["controller"], "seen": "reader"})
    assert answer.status_code == 302
    assert queries.fresh(cast.reader).roles() == {Role.CONTROLLER}


def test_of_two_administrators_the_second_sees_the_conflict_and_can_then_go_on_knowing(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    one, two = desk(cast.administrator), desk(cast.first)
    one.post(roles_url(cast.reader), {"roles": ["controller"], "seen": "reader"})
    late = {"roles": ["agreement_administrator"], "seen": "reader"}
    answer = two.post(roles_url(cast.reader), late)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Någon annan har ändrat" in page
    assert 'name="seen" value="controller"' in page
    assert re.search(r'value="agreement_administrator"[^>]* checked', page)
    assert queries.fresh(cast.reader).roles() == {Role.CONTROLLER}
    two.post(roles_url(cast.reader), {**late, "seen": "controller"})
    assert queries.fresh(cast.reader).roles() == {Role.AGREEMENT_ADMINISTRATOR}


@pytest.mark.parametrize("seen", ["", "queen", "reader controller", "x" * 401, "\x00"])
def test_a_forged_memory_of_the_roles_changes_nothing(
    cast: SimpleNamespace, desk: Callable[..., Any], seen: str
) -> None:
    answer = desk(cast.administrator).post(
        roles_url(cast.reader), {"roles": ["controller"], "seen": seen}
    )
    assert answer.status_code == 422
    assert queries.fresh(cast.reader).roles() == {Role.READER}


def test_one_s_own_roles_are_not_changed_on_the_page_either(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    client = desk(cast.administrator)
    sent = {"roles": [role.value for role in Role], "seen": "system_administrator"}
    answer = client.post(roles_url(cast.administrator), sent)
    assert answer.status_code == 422 and "eget konto" in answer.content.decode()
    page = client.get(reverse("access:person", args=[cast.administrator.pk])).content.decode()
    assert "Ändra roller" not in page and "Det här är du" in page


def left(day: date) -> dict[str, str]:
    return {"on_ar": str(day.year), "on_manad": str(day.month), "on_dag": str(day.day)}


def test_an_account_is_closed_and_opened_again_on_the_page(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    client = desk(cast.administrator)
    page = client.get(reverse("access:leave", args=[cast.reader.pk])).content.decode()
    assert "Kontot stängs genast" in page
    client.post(reverse("access:leave", args=[cast.reader.pk]), left(timezone.localdate()))
    assert not queries.fresh(cast.reader).is_active
    back = client.post(
        reverse("access:come_back", args=[cast.reader.pk]), {"roles": ["controller"]}
    )
    assert back.status_code == 302
    assert queries.fresh(cast.reader).roles() == {Role.CONTROLLER}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        left(date(2999, 1, 1)),
        {"on_ar": "-1", "on_manad": "13", "on_dag": "32"},
        {"on_ar": "x" * 5000, "on_manad": "1", "on_dag": "1"},
        {"on_ar": "٢٠٢٦", "on_manad": "1", "on_dag": "1"},
        {"on_ar": "2026", "on_manad": "2", "on_dag": "30"},
    ],
)
def test_a_last_day_that_cannot_be_is_refused(
    cast: SimpleNamespace, desk: Callable[..., Any], sent: dict[str, str]
) -> None:
    answer = desk(cast.administrator).post(reverse("access:leave", args=[cast.reader.pk]), sent)
    assert answer.status_code == 422 and queries.fresh(cast.reader).is_active


def test_a_future_last_day_says_why(cast: SimpleNamespace, desk: Callable[..., Any]) -> None:
    tomorrow = left(timezone.localdate() + timedelta(days=1))
    answer = desk(cast.administrator).post(reverse("access:leave", args=[cast.reader.pk]), tomorrow)
    assert "har inte kommit än" in answer.content.decode()


def test_a_second_factor_is_reset_on_the_page_with_a_reason(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    with_password(cast.reader)
    client, url = (
        desk(cast.administrator),
        reverse("access:reset_second_factor", args=[cast.reader.pk]),
    )
    assert "öga mot öga" in client.get(url).content.decode()
    for wrong in ({}, {"reason": ""}, {"reason": "tired"}, {"reason": ["lost", "x"]}):
        assert client.post(url, wrong).status_code == 422
    assert queries.has_second_factor(cast.reader)
    assert client.post(url, {"reason": "lost"}).status_code == 302
    assert not queries.has_second_factor(cast.reader)


def test_a_form_sent_twice_acts_once(cast: SimpleNamespace, desk: Callable[..., Any]) -> None:
    client = desk(cast.administrator)
    url = reverse("access:invite")
    once = re.search(r'name="once" value="([^"]+)"', client.get(url).content.decode())
    assert once
    assert client.post(url, {**INVITED, "once": once[1]}).status_code == 302
    assert client.post(url, {**INVITED, "once": once[1]}).status_code == 409
    assert len(mail.outbox) == 1


def test_a_refusal_is_told_to_the_trail_without_what_was_typed(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    sent = {"roles": ["reader"], "seen": "system_administrator"}
    desk(cast.administrator).post(roles_url(cast.administrator), sent)
    fact = {"attempt": "access:change_roles", "code": "access.own_account"}
    assert trail("refused")[-1][2] == fact


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "mfa_login_webauthn"])
def test_a_form_from_another_site_is_refused(cast: SimpleNamespace, name: str) -> None:
    client = browser(enforce_csrf_checks=True)
    assert client.post(reverse(name), {}).status_code == 403
