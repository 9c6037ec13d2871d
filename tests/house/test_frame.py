"""The frame around every page: sent once, kept when a session ended, told in the house's words."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from hamn.guards.audit.models import Entry
from hamn.ui import once
from hamn.ui.forms.base import KEPT

ADOPT = "tariffs:adopt"


def token_of(answer: Any) -> str:
    return str(answer.content.decode().partition('name="once" value="')[2].partition('"')[0])


def test_a_form_that_was_acted_upon_is_not_acted_upon_again(
    cast: SimpleNamespace, desk: Any, in_force: Any
) -> None:
    client: Client = desk(cast.administrator)
    address = reverse("access:change_roles", args=[cast.reader.pk])
    page = client.get(address)
    form = page.context["form"]
    sent = {"once": token_of(page), "roles": ["reader", "controller"], **_hidden(form)}
    assert client.post(address, sent).status_code == 302
    before = Entry.objects.count()
    again = client.post(address, sent)
    assert again.status_code == 409
    assert "redan skickat" in again.content.decode()
    assert Entry.objects.count() == before


def test_a_form_that_was_refused_may_be_sent_again(cast: SimpleNamespace, desk: Any) -> None:
    client: Client = desk(cast.steward)
    address = reverse(ADOPT)
    sent = {"once": token_of(client.get(address)), "name": ""}
    assert client.post(address, sent).status_code == 422
    assert client.post(address, sent).status_code == 422


def test_what_was_typed_when_the_session_had_ended_is_there_after_signing_in(
    cast: SimpleNamespace, desk: Any, client: Client
) -> None:
    address = reverse("organisations:import_population")
    signed_in: Client = desk(cast.controller)
    token = token_of(signed_in.get(address))
    answer = client.post(address, {"once": token, "year": "2031", "source": "scb"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert client.session[KEPT]["person"] == cast.controller.pk
    session = signed_in.session
    session[KEPT] = client.session[KEPT]
    session.save()
    page = signed_in.get(address).content.decode()
    assert 'value="2031"' in page
    assert "Det du skrev är kvar" in page
    assert 'value="2031"' not in signed_in.get(address).content.decode()


def test_what_was_typed_is_shown_to_nobody_else_and_kept_for_no_stranger(
    cast: SimpleNamespace, desk: Any, client: Client
) -> None:
    address = reverse("organisations:import_population")
    client.post(address, {"once": "invented", "year": "2031"})
    assert KEPT not in client.session
    other: Client = desk(cast.steward)
    session = other.session
    session[KEPT] = {"path": address, "person": cast.controller.pk, "fields": "year=2031"}
    session.save()
    assert 'value="2031"' not in other.get(address).content.decode()


def test_what_a_session_holds_cannot_be_read_in_the_database(
    cast: SimpleNamespace, desk: Any
) -> None:
    client: Client = desk(cast.controller)
    session = client.session
    session["marked"] = "MARKERAD-TEXT"
    session.save()
    stored = Session.objects.get(session_key=session.session_key)
    assert "MARKERAD" not in stored.session_data
    assert client.session["marked"] == "MARKERAD-TEXT"
    stored.session_data = stored.session_data[:-8] + "AAAAAAA="
    stored.save()
    assert dict(client.session.__class__(session.session_key).items()) == {}


def test_invented_and_strangers_tokens_take_no_room_and_push_no_limit_out(
    cast: SimpleNamespace, client: Client, db: None
) -> None:
    cache.set("a-limit", 20, 3600)
    for number in range(400):
        assert once.take(f"påhittad-{number:020d}")
        assert once.take(once.token(None))
    for number in range(400):
        cache.add(f"z-{number}", 1, 3600)
    assert cache.get("a-limit") == 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM site_cache WHERE cache_key LIKE '%once%'")
        assert cursor.fetchone() == (0,)


def test_knocking_on_the_same_closed_door_leaves_one_entry_not_hundreds(
    cast: SimpleNamespace, desk: Any
) -> None:
    client: Client = desk(cast.reader)
    before = Entry.objects.count()
    for _again in range(5):
        assert client.get(reverse("desk:trail")).status_code == 404
    assert Entry.objects.count() == before + 1


def test_a_token_names_its_owner_and_an_invented_one_nobody(cast: SimpleNamespace) -> None:
    assert once.person_of(once.token(cast.reader.pk)) == cast.reader.pk
    assert once.person_of(once.token(None)) is None
    assert once.person_of("påhittad.5:x") is None


def test_a_refused_attempt_leaves_its_entry_though_everything_else_is_rolled_back(
    cast: SimpleNamespace, desk: Any, in_force: Any
) -> None:
    from datetime import date

    agreement = in_force("0117", date(2024, 6, 1))
    client: Client = desk(cast.reader)
    assert client.post(reverse("agreements:give_notice", args=[agreement.pk])).status_code == 404
    entry = Entry.objects.latest("place")
    assert (entry.event, entry.via) == ("access.refused", "desk")
    assert json.loads(entry.facts)["attempt"] == "agreements:give_notice"


@pytest.mark.parametrize(
    ("language", "told"), [("sv", "Sidan finns inte"), ("en", "The page does not exist")]
)
def test_the_page_for_what_is_not_there_is_the_houses_own_in_either_language(
    client: Client, db: None, language: str, told: str
) -> None:
    client.cookies["hamn_language"] = language
    answer = client.get("/desk/finns-inte/")
    assert answer.status_code == 404
    assert told in answer.content.decode()
    assert f'lang="{language}"' in answer.content.decode()


def test_a_fault_of_ours_is_told_without_a_word_of_what_it_was(
    cast: SimpleNamespace, desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.site.desk import overview

    def broken(*_arguments: Any) -> None:
        raise RuntimeError("HEMLIGT")

    monkeypatch.setattr(overview, "facts", broken)
    client: Client = desk(cast.reader, raise_request_exception=False)
    answer = client.get(reverse("desk:overview"))
    assert answer.status_code == 500
    assert "Något gick fel" in answer.content.decode()
    assert "HEMLIGT" not in answer.content.decode()


def test_a_form_from_another_site_is_refused_in_the_houses_words(
    cast: SimpleNamespace, desk: Any
) -> None:
    client: Client = desk(cast.steward, enforce_csrf_checks=True)
    answer = client.post(reverse(ADOPT), {"name": "x"})
    assert answer.status_code == 403
    assert "inget har sparats" in answer.content.decode()


def test_the_language_button_leads_back_to_the_page_and_nowhere_else(
    client: Client, db: None
) -> None:
    answer = client.post(reverse("desk:language"), {"sprak": "en", "vidare": "/desk/avtal/"})
    assert answer.headers["Location"] == "/desk/avtal/"
    assert client.cookies["hamn_language"].value == "en"
    for elsewhere in ("https://annan.example/", "//annan.example", "javascript:alert(1)"):
        answer = client.post(reverse("desk:language"), {"sprak": "en", "vidare": elsewhere})
        assert answer.headers["Location"] == reverse("desk:start")


def _hidden(form: Any) -> dict[str, Any]:
    return {field.html_name: field.value() or "" for field in form.hidden_fields()}
