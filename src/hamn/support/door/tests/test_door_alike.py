"""With a cookie that still lives, no address tells a blocked dialogue from an ended one or none."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from hamn.support.door.actions import limits
from hamn.support.door.models import Dialogue
from hamn.support.door.tests.reading import COOKIE, TEXT, Somebody
from hamn.support.door.urls import booking, conversation
from hamn.support.door.views.public import sealing
from hamn.support.door.views.public.opened import LIVES, PURPOSE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ONE = "6f1d8a52-0000-4000-8000-000000000001"
ADDRESSES = sorted(
    f"/{one.pattern}".replace("<uuid:booking_id>", ONE)
    for one in (*conversation.paths, *booking.paths)
    if str(one.pattern).startswith(("svar/dialog/", "tider/"))
)
SENT = {
    "text": "Mer påhittat",
    "called": "Robin",
    "phone": "070-174 06 05",
    "address": "vem@brev.example",
    "wording": "hello",
    "wants_erased": "keep",
}
# A code that was changed makes a key that opens nothing.
CLOSED: dict[str, dict[str, Any]] = {
    "blocked": {"state": "blocked"},
    "ended": {"state": "ended", "locator": None},
    "another code": {"key_for_person": b"another"},
}


@pytest.fixture
def she(door: Any) -> Somebody:
    limits.forget()
    return Somebody(door())


def answered(she: Somebody, method: str, address: str, form: dict[str, str]) -> tuple[Any, ...]:
    """All that the answer tells, without what is random in it; and what the database was asked."""
    asked: list[str] = []

    def note(execute: Any, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        if method == "GET":
            she.page = she.browser.get(address)
        else:
            she.page = she.browser.post(address, {**form, **SENT})
    assert she.page is not None
    headers = {name: value for name, value in she.page.items() if name != "Content-Length"}
    page = re.sub(r'name="token" value="[^"]*"', "", she.text)
    return she.status, page, headers, sorted(she.page.cookies), asked


def of_no_dialogue(cookie: str) -> str:
    """A cookie that lives as long, of a dialogue that never was."""
    raw = sealing.unsealed(PURPOSE, cookie, timezone.now(), LIVES)
    assert raw is not None
    return sealing.seal(PURPOSE, uuid4().bytes + raw[16:], timezone.now())


def answers(she: Somebody, method: str, address: str) -> dict[str, tuple[Any, ...]]:
    """What the address answers, by what has become of the dialogue meanwhile."""
    she.comes_back(she.writes())
    she.visits(address)
    form, cookie = she.carried, she.browser.cookies[COOKIE].value
    row = Dialogue.objects.values("state", "locator", "key_for_person").get()
    told = {}
    for name, change in CLOSED.items():
        Dialogue.objects.update(**change)
        she.browser.cookies[COOKIE] = cookie
        told[name] = answered(she, method, address, form)
        Dialogue.objects.update(**row)
    she.browser.cookies[COOKIE] = of_no_dialogue(cookie)
    told["none"] = answered(she, method, address, form)
    return told


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_blocked_ended_and_none_are_answered_alike_with_a_living_cookie(
    she: Somebody, method: str, address: str, settings: Any
) -> None:
    from hamn.site.door import settings as of_the_door

    settings.SECRET_KEY = of_the_door.SECRET_KEY
    told = answers(she, method, address)
    assert told["blocked"] == told["ended"] == told["another code"] == told["none"]
    status, page, headers, cookies, asked = told["none"]
    assert status == 200
    assert "Kom tillbaka med din kod" in page
    assert (TEXT in page, cookies, "Clear-Site-Data" in headers) == (False, [], False)
    assert asked


def test_every_address_that_a_code_opens_is_looked_at() -> None:
    assert len(ADDRESSES) == 12
    assert "/svar/dialog/avsluta/" in ADDRESSES
