"""The database is away when somebody sends what she has chosen: what she typed stays there."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from tests.at_the_door import away

from hamn.support.door.actions import limits
from hamn.support.door.queries import person
from hamn.support.door.tests.booked import standing
from hamn.support.door.tests.inbox import opened_by
from hamn.support.door.tests.reading import Somebody
from hamn.support.door.tests.test_door_away import BUSY
from hamn.support.door.tests.test_door_my_times import soon
from hamn.support.door.views.public import choices

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAME, NUMBER, ADDRESS = "Påhittad Fiktivsson", "070-174 06 05", "hittepa@post.example"
# Where each form is, what is typed in it, and how the statement begins that stores it.
FORMS = [
    ("/svar/dialog/namn/", {"called": NAME}, "UPDATE"),
    ("/svar/dialog/ring/", {"phone": NUMBER, "since": "18", "until": "20"}, "INSERT"),
    ("/svar/dialog/meddelande/", {"address": ADDRESS, "wording": "list"}, "INSERT"),
]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits.forget()


@pytest.fixture(autouse=True)
def a_post_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "notices_are_offered", lambda: True)


@pytest.fixture
def she(door: Any) -> Somebody:
    somebody = Somebody(door())
    somebody.kept_code = somebody.writes()  # type: ignore[attr-defined]
    somebody.comes_back(somebody.kept_code)  # type: ignore[attr-defined]
    return somebody


def is_told_to_wait(she: Somebody) -> None:
    assert she.status == 503
    assert she.page is not None and int(she.page.headers["Retry-After"]) > 0
    assert BUSY in she.text
    assert "data-leave" in she.text


@pytest.mark.parametrize(("path", "typed", "stores"), FORMS)
@pytest.mark.parametrize("is_whole", [True, False])
def test_what_she_typed_stays_and_is_taken_when_it_is_sent_again(
    she: Somebody, path: str, typed: dict[str, str], stores: str, is_whole: bool
) -> None:
    she.visits(path)
    form = she.carried
    with away(begins="" if is_whole else stores):
        page = she.sends(path, **typed)
    is_told_to_wait(she)
    for text in typed.values():
        is_choice = text.isalnum()
        assert re.search(f'value="{text}" (selected|checked)' if is_choice else text, page)
    assert she.carried == form
    she.sends(path, **typed)
    assert she.status == 200, she.text
    opened = opened_by(she.kept_code)  # type: ignore[attr-defined]
    reached = [person.chosen(opened, kind) for kind in ("call", "notice")]
    kept = {opened.called, *(one.content.address for one in reached if one)}
    assert len(kept & {NAME, "+46701740605", ADDRESS}) == 1


def test_the_page_that_keeps_it_tells_and_proves_nothing_of_the_dialogue(she: Somebody) -> None:
    path, another = "/svar/dialog/namn/", "Fejkad Uppdiktad"
    she.visits(path)
    she.sends(path, called=NAME)
    with away():
        page = she.sends(path, called=another, proof="AAAA")
    is_told_to_wait(she)
    assert another in page and NAME not in page
    assert "Kom tillbaka med din kod" in she.sends(path, called=another)
    assert opened_by(she.kept_code).called == NAME  # type: ignore[attr-defined]


def test_where_nothing_is_typed_the_page_says_to_send_it_again(she: Somebody) -> None:
    for path, fields in (
        ("/svar/dialog/annan/", {}),
        ("/svar/dialog/ring/", {"remove": "1"}),
        ("/tider/", {"slot": ""}),
    ):
        with away():
            page = she.sends(path, **fields)
        assert she.status == 503
        assert "gå tillbaka och skicka igen" in page


def test_the_time_she_chose_is_still_chosen_when_it_could_not_be_written(
    she: Somebody, cast: SimpleNamespace
) -> None:
    soon(cast.mika_worker)
    chosen, other = soon(cast.mika_worker, days=3), soon(cast.mika_worker, days=4)
    she.visits("/tider/")
    with away(begins="INSERT"):
        page = she.sends("/tider/", slot=str(chosen.pk))
    is_told_to_wait(she)
    assert f'value="{chosen.pk}" checked>' in page
    assert page.count(" checked>") == 1
    assert not standing()
    she.sends("/tider/", slot=str(chosen.pk))
    (booked,) = standing()
    path = f"/tider/{booked.pk}/flytta/"
    she.visits(path)
    with away(begins="INSERT"):
        page = she.sends(path, slot=str(other.pk))
    is_told_to_wait(she)
    assert f'value="{other.pk}" checked>' in page
    assert [one.slot_id for one in standing()] == [chosen.pk]
