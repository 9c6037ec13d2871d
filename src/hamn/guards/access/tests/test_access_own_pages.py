"""The pages of one's own account and of units, in Swedish and in no cache."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hamn.guards.access import actions, queries, rules
from hamn.guards.access.models import UnitMembership
from hamn.guards.access.views.own import browser as browser_name

from .signing import PASSWORD, browser, real_centre, sign_in, with_password

__all__ = ["real_centre"]


@pytest.fixture(autouse=True)
def one_unit() -> Iterator[None]:
    registered = list(rules._unit_source)
    rules.register_units(lambda: {"blue": "Blå"})
    yield
    rules._unit_source[:] = registered


def test_a_head_is_proposed_accepts_and_grants_on_the_pages(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    UnitMembership.objects.all().delete()
    administrator, head = desk(cast.administrator), desk(cast.head)
    for person, is_head in ((cast.head, "yes"), (cast.reader, "no")):
        url = reverse("access:propose_member", args=[person.pk])
        assert administrator.post(url, {"unit": "blue", "is_head": is_head}).status_code == 302
    page = head.get(reverse("access:unit")).content.decode()
    assert "Du är föreslagen som chef" in page and "Inget väntar på dig" in page
    own = cast.head.memberships.get()
    head.post(reverse("access:accept_headship", args=[own.pk]))
    page = head.get(reverse("access:unit")).content.decode()
    assert "Du är chef för Blå." in page and cast.reader.title in page
    row = cast.reader.memberships.get()
    assert administrator.post(reverse("access:grant_member", args=[row.pk])).status_code == 404
    assert head.post(reverse("access:grant_member", args=[row.pk])).status_code == 302
    assert queries.is_member(cast.reader, "blue")
    seen = administrator.get(reverse("access:person", args=[cast.reader.pk])).content.decode()
    assert "hör till enheten" in seen
    assert head.post(reverse("access:end_member", args=[row.pk])).headers["Location"] == reverse(
        "access:unit"
    )
    assert not queries.is_member(cast.reader, "blue")


def test_a_proposed_head_is_told_who_decides_where_others_head_units(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    row = actions.propose_member(
        person_id=cast.head.pk, unit="blue", is_head=True, by=cast.administrator
    )
    page = desk(cast.head).get(reverse("access:unit")).content.decode()
    accept = reverse("access:accept_headship", args=[row.pk])
    assert "en annan enhets chef" in page and accept not in page
    assert desk(cast.head).post(accept).status_code == 422
    other = desk(cast.mika_head)
    assert cast.head.title in other.get(reverse("access:unit")).content.decode()
    assert other.post(reverse("access:grant_member", args=[row.pk])).status_code == 302
    assert queries.is_head(cast.head, "blue")


@pytest.mark.parametrize(
    "sent", [{}, {"unit": "red", "is_head": "no"}, {"unit": "blue", "is_head": "maybe"}]
)
def test_a_proposal_with_a_fault_is_refused(
    cast: SimpleNamespace, desk: Callable[..., Any], sent: dict[str, str]
) -> None:
    url = reverse("access:propose_member", args=[cast.reader.pk])
    assert desk(cast.administrator).post(url, sent).status_code == 422
    assert not cast.reader.memberships.exists()


def test_ones_own_page_tells_who_one_is_and_what_one_signs_in_with(
    cast: SimpleNamespace,
) -> None:
    person = with_password(cast.reader)
    person.authenticator_set.create(type="webauthn", data={"name": "Jobbdatorn", "credential": {}})
    client = browser()
    sign_in(client, person)
    page = client.get(reverse("mfa_index")).content.decode()
    for text in ("Läsare", person.email, "Ta bort appen", "Jobbdatorn", "0 kvar"):
        assert text in page


def test_ones_sessions_are_seen_and_ended_on_the_page(cast: SimpleNamespace) -> None:
    person = with_password(cast.reader)
    here, there = browser(), browser()
    sign_in(there, person)
    sign_in(here, person)
    page = here.get(reverse("usersessions_list")).content.decode()
    assert "den här webbläsaren" in page and "Avsluta alla andra" in page
    away = person.usersession_set.get(session_key=there.session.session_key)
    assert here.get(reverse("access:end_session", args=[away.pk])).status_code == 405
    assert here.post(reverse("access:end_session", args=[away.pk])).status_code == 302
    assert there.get(reverse("mfa_index")).status_code == 302
    assert here.post(reverse("access:end_session", args=[away.pk])).status_code == 404
    assert here.post(reverse("access:end_other_sessions")).status_code == 302
    assert here.get(reverse("mfa_index")).status_code == 200


@pytest.mark.parametrize(
    ("says", "called"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari/537 Edg/140",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/140 Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("", "Okänd webbläsare"),
        ("<script>alert(1)</script>", "Okänd webbläsare"),
    ],
)
def test_a_browser_is_called_what_a_person_calls_it(says: str, called: str) -> None:
    assert browser_name(says) == called


def test_who_tries_too_often_is_told_so_in_swedish(cast: SimpleNamespace) -> None:
    client = browser()
    sign_in(client, with_password(cast.reader))
    wrong = {"oldpassword": "x", "password1": "y", "password2": "y"}
    answers = [client.post(reverse("account_change_password"), wrong) for _try in range(6)]
    assert [one.status_code for one in answers] == [422] * 5 + [429]
    assert "För många försök" in answers[5].content.decode()


def test_what_is_a_secret_or_ones_own_is_kept_in_no_cache(cast: SimpleNamespace) -> None:
    client = browser()
    for name in ("account_login", "account_reset_password", "account_reset_password_done"):
        assert "no-store" in client.get(reverse(name)).headers["Cache-Control"]
    sign_in(client, with_password(cast.reader))
    for name in ("mfa_index", "usersessions_list", "account_change_password"):
        assert "no-store" in client.get(reverse(name)).headers["Cache-Control"]


ENGLISH = re.compile(r"\b(password|sign in|log ?in|email|code|key|remove|add|submit|error)\b", re.I)


def visible(answer: Any) -> str:
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    text = re.sub(r'<button[^>]*lang="en".*?</button>', " ", text, flags=re.S)
    return re.sub(r"<[^>]+>", " ", text).replace("e-post", "")


def test_no_page_of_sign_in_speaks_english(cast: SimpleNamespace) -> None:
    client = browser()
    person = with_password(cast.reader)
    pages = [
        client.get(reverse("account_login")),
        client.post(reverse("account_login"), {}),
        client.post(reverse("account_login"), {"login": "x@x.se", "password": "y"}),
        client.get(reverse("account_reset_password")),
        client.post(reverse("account_reset_password"), {}),
        client.get(reverse("account_reset_password_done")),
        client.get("/desk/konto/lank/1-valj/"),
    ]
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    pages += [
        client.get(reverse("mfa_authenticate")),
        client.post(reverse("mfa_authenticate"), {"code": "1"}),
    ]
    sign_in(client, person)
    names = ["mfa_index", "usersessions_list", "account_change_password", "account_logout"]
    names += ["account_reauthenticate", "mfa_reauthenticate", "mfa_deactivate_totp"]
    names += ["mfa_generate_recovery_codes", "mfa_add_webauthn"]
    pages += [client.get(reverse(name)) for name in names]
    pages += [client.post(reverse("account_change_password"), {})]
    client.post(reverse("mfa_generate_recovery_codes"))
    pages += [client.get(reverse("mfa_view_recovery_codes"))]
    for page in pages:
        assert page.status_code in {200, 410, 422}
        assert not ENGLISH.findall(visible(page)), page.request["PATH_INFO"]


def test_every_page_of_people_and_units_is_swedish(
    cast: SimpleNamespace, desk: Callable[..., Any]
) -> None:
    client = desk(cast.first)
    with_password(cast.reader)
    assert not ENGLISH.findall(visible(desk(cast.head).get(reverse("access:unit"))))
    urls = [reverse("access:people"), reverse("access:invite")]
    urls += [
        reverse(f"access:{name}", args=[cast.reader.pk])
        for name in ("person", "change_roles", "leave", "reset_second_factor", "propose_member")
    ]
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200
        assert not ENGLISH.findall(visible(answer)), url
