"""Coming back: a code opens one dialogue and tells nothing of any other."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from hamn.support.door.actions import limits
from hamn.support.door.actions.hashing import Busy
from hamn.support.door.models import Dialogue, Message
from hamn.support.door.rules.codes import new_code, read, shown
from hamn.support.door.tests.reading import COOKIE, TEXT, Somebody
from hamn.support.door.views.public import come_back, opened

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits.forget()


@pytest.fixture
def she(door: Any) -> Somebody:
    return Somebody(door())


@pytest.fixture
def other(door: Any) -> Somebody:
    return Somebody(door())


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(execute: Any, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        yield asked


def bare(text: str) -> str:
    """The page without what is random in it, and without the code that was typed."""
    return re.sub(r'value="[^"]*"', "", text)


def test_the_code_is_read_as_people_write_it(she: Somebody, other: Somebody) -> None:
    code = she.writes()
    typed = f"  {shown(code).lower().replace('-', ' – ')} ".replace("0", "o").replace("1", "l")
    assert TEXT in other.comes_back(typed)


def test_the_code_is_in_no_address_and_no_cookie(she: Somebody) -> None:
    code = she.writes()
    she.comes_back(code)
    assert she.page is not None
    told = [url for url, _status in she.page.redirect_chain]  # type: ignore[attr-defined]
    assert told == ["/svar/dialog/"]
    cookies = she.browser.cookies
    assert list(cookies) == [COOKIE]
    assert code not in cookies[COOKIE].value


def test_the_cookie_is_closed_to_scripts_to_other_sites_and_to_plain_http(she: Somebody) -> None:
    she.comes_back(she.writes())
    cookie = she.browser.cookies[COOKIE]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Strict")
    assert cookie["expires"] == cookie["max-age"] == cookie["domain"] == ""


def test_the_cookies_name_lets_no_neighbour_set_it_and_a_plain_demo_still_has_one(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.site.door import settings as of_the_door

    code = she.writes()
    she.comes_back(code)
    morsel = she.browser.cookies["__Host-visit"]
    assert (morsel["secure"], morsel["path"], morsel["domain"]) == (True, "/", "")
    she.visits("/svar/dialog/avsluta/")
    she.sends("/svar/dialog/avsluta/", wants_erased="keep")
    assert (morsel := she.browser.cookies["__Host-visit"])["max-age"] == 0
    assert (morsel["secure"], morsel["path"], morsel["domain"]) == (True, "/", "")
    she.browser.cookies.clear()
    monkeypatch.setattr(of_the_door, "IS_SECURE", False)
    assert TEXT in she.comes_back(she.writes())
    assert list(she.browser.cookies) == ["visit"]
    assert not she.browser.cookies["visit"]["secure"]
    assert TEXT in she.visits("/svar/dialog/")


def test_a_cookie_of_the_name_that_a_neighbour_can_set_opens_nothing(she: Somebody) -> None:
    she.comes_back(she.writes())
    she.browser.cookies["visit"] = she.browser.cookies.pop(COOKIE).value
    assert "Kom tillbaka med din kod" in she.visits("/svar/dialog/")


def test_no_cookie_is_set_before_one_is_needed(she: Somebody) -> None:
    she.visits("/kontakt/")
    she.writes()
    she.visits("/svar/")
    assert not she.browser.cookies


def test_the_cookie_does_not_tell_what_it_holds(she: Somebody) -> None:
    import base64

    from hamn.support.door.tests.inbox import opened_by

    code = she.writes()
    she.comes_back(code)
    raw = base64.urlsafe_b64decode(she.browser.cookies[COOKIE].value)
    row = opened_by(code)
    assert row.seed[:8] not in raw
    assert row.dialogue.pk.bytes not in raw


def test_unknown_ended_and_blocked_are_answered_alike(she: Somebody, other: Somebody) -> None:
    other.comes_back(new_code())  # what is read once for each process is read
    pages = []
    for change in (None, {"state": "blocked"}, {"state": "ended", "locator": None}):
        code = she.writes() if change else new_code()
        if change:
            Dialogue.objects.filter(state="open").update(**change)
        other.visits("/svar/")
        with statements() as asked:
            page = other.sends("/svar/", code=code)
        pages.append((other.status, bare(page), asked))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 422
    assert "Koden öppnar ingenting här" in pages[0][1]


def test_a_blocked_dialogue_takes_as_long_to_refuse_as_none_at_all(she: Somebody) -> None:
    """Beside the hash, which both have: medians in turn, within half a millisecond."""
    import statistics
    import time

    from hamn.support.door.models import DoorSalt
    from hamn.support.door.queries.person import open_by_code
    from hamn.support.door.rules.keys import derive

    code = she.writes()
    Dialogue.objects.update(state="blocked")
    salt = bytes(DoorSalt.objects.get().salt)
    tried = {"blocked": derive(code, salt), "unknown": derive(new_code(), salt)}
    taken: dict[str, list[float]] = {name: [] for name in tried}
    for _each in range(400):
        for name, derived in tried.items():
            begun = time.perf_counter()
            assert open_by_code(derived) is None
            taken[name].append(time.perf_counter() - begun)
    blocked, unknown = (statistics.median(taken[name]) for name in ("blocked", "unknown"))
    assert abs(blocked - unknown) < 0.0005


def test_a_wrong_code_is_hashed_once_whatever_the_dialogue(
    she: Somebody, other: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.support.door.actions import hashing

    count = 0
    real = hashing.derive

    def counted(code: str, salt: bytes) -> Any:
        nonlocal count
        count += 1
        return real(code, salt)

    code = she.writes()
    Dialogue.objects.update(state="blocked")
    monkeypatch.setattr(hashing, "derive", counted)
    other.comes_back(code)
    other.comes_back(new_code())
    assert count == 2


def test_a_miswritten_code_is_told_so_before_anything_slow(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("hashed")

    monkeypatch.setattr(come_back, "hashed", never)
    code = new_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert "Något tecken har blivit fel" in she.comes_back(wrong)
    assert wrong in she.text
    assert "för lång" in she.comes_back("0" * 70)
    assert she.status == 422


def test_ten_thousand_wrong_codes_open_nothing_and_the_right_one_still_does(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.support.door.actions import hashing
    from hamn.support.door.queries.person import open_by_code
    from hamn.support.door.rules.keys import Derived

    code = she.writes()
    # The slow hash alone is left out: ten thousand of them are minutes of one core.
    monkeypatch.setattr(
        hashing, "derive", lambda code, _salt: Derived(code.encode().ljust(32), b"s" * 96)
    )
    opened = [open_by_code(hashing.hashed(read(new_code()))) for _each in range(10_000)]
    assert opened == [None] * 10_000
    monkeypatch.undo()
    assert TEXT in she.comes_back(code)


def test_a_hundred_wrong_codes_are_answered_alike_and_the_right_one_still_opens(
    she: Somebody, other: Somebody
) -> None:
    code = she.writes()
    other.visits("/svar/")
    form = other.carried
    answers = {
        other.browser.post("/svar/", {**form, "code": new_code()}).status_code
        for _each in range(100)
    }
    assert answers == {422}
    assert TEXT in she.comes_back(code)


def test_no_page_of_the_dialogue_opens_without_the_code(she: Somebody, other: Somebody) -> None:
    she.comes_back(she.writes())
    for part in ("", "namn/", "annan/", "meddelande/", "ring/", "kod/", "radera/", "avsluta/"):
        page = other.visits(f"/svar/dialog/{part}")
        assert "Kom tillbaka med din kod" in page
        assert TEXT not in page
        other.browser.post(f"/svar/dialog/{part}", {"text": "inbrott", "called": "inbrott"})
    assert Message.objects.count() == 1
    assert Dialogue.objects.get().state == "open"


def test_a_changed_cookie_opens_nothing(she: Somebody) -> None:
    she.comes_back(she.writes())
    value = she.browser.cookies[COOKIE].value
    for broken in (value[:-4] + "AAAA", "A" * len(value), "", "å" * 20, "A" * 100_000):
        she.browser.cookies[COOKIE] = broken
        assert "Kom tillbaka med din kod" in she.visits("/svar/dialog/")


def test_after_half_an_hour_the_code_is_asked_for_and_what_was_written_is_kept(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = she.writes()
    she.comes_back(code)
    form = she.carried
    monkeypatch.setattr(opened, "LIVES", timedelta(seconds=-61))
    page = she.sends("/svar/dialog/", text="Mer påhittat", **form)
    assert "Kom tillbaka med din kod" in page
    assert "Mer påhittat" in page
    monkeypatch.undo()
    page = she.sends("/svar/", code=code, text="Mer påhittat")
    assert "Mer påhittat" in page.partition("<textarea")[2]
    assert Message.objects.count() == 1
    she.sends("/svar/dialog/", text="Mer påhittat")
    assert Message.objects.count() == 2


def test_half_an_hour_begins_anew_with_every_page(she: Somebody) -> None:
    she.comes_back(she.writes())
    first = she.browser.cookies[COOKIE].value
    she.visits("/svar/dialog/namn/")
    assert she.browser.cookies[COOKIE].value != first


def test_a_form_without_its_proof_writes_nothing_and_keeps_the_words(she: Somebody) -> None:
    she.comes_back(she.writes())
    for proof in ("", "x", "A" * 64, "å"):
        page = she.sends("/svar/dialog/", text="Någon annans ord", proof=proof)
        assert "Någon annans ord" in page
    assert Message.objects.count() == 1


def test_a_form_of_one_dialogue_is_no_good_in_another(she: Somebody, other: Somebody) -> None:
    she.comes_back(she.writes())
    other.comes_back(other.writes())
    hers = she.carried
    other.browser.post("/svar/dialog/", {**hers, "text": "inbrott"})
    assert Message.objects.count() == 2


def test_a_form_sent_from_another_site_is_refused(she: Somebody) -> None:
    she.visits("/svar/")
    answer = she.browser.post(
        "/svar/", {**she.carried, "code": new_code()}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


def test_a_code_that_was_read_out_is_changed_before_anything_is_read(she: Somebody) -> None:
    code = she.writes()
    Dialogue.objects.update(is_one_time=True)
    page = she.comes_back(code)
    assert "gäller en gång" in page
    assert TEXT not in she.visits("/svar/dialog/")
    she.visits("/svar/dialog/namn/")
    assert "gäller en gång" in she.text
    she.sends("/svar/dialog/kod/")
    new = she.code
    assert new != code
    assert TEXT in she.visits("/svar/dialog/")
    assert "Koden öppnar ingenting här" in she.comes_back(code)
    assert TEXT in she.comes_back(new)


def test_too_many_at_once_keep_the_words_and_are_told_when_to_try_again(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.support.door.actions import dialogues

    def busy(*_: Any, **__: Any) -> Any:
        raise Busy

    monkeypatch.setattr(dialogues, "hashed", busy)
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert she.status == 503
    assert she.page is not None and int(she.page.headers["Retry-After"]) > 0
    assert TEXT in page
    monkeypatch.undo()
    she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert len(she.code) == 20


def test_too_much_in_an_hour_keeps_the_words(she: Somebody, settings: Any) -> None:
    settings.DOOR = {"limits": {"open_in_all": 1}}
    she.writes()
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert she.status == 429
    assert TEXT in page


def test_a_unit_without_a_key_says_call_instead_and_keeps_the_words(
    she: Somebody, settings: Any
) -> None:
    from hamn.guards.vault.models import UnitKey

    UnitKey.objects.filter(unit="mika").delete()
    she.visits("/kontakt/1/")
    page = she.sends("/kontakt/1/", text=TEXT, age="adult")
    assert she.status == 422
    assert "Ring oss i stället" in page
    assert "hamn vault" not in page
    assert TEXT in page


def test_reading_asks_the_database_as_often_whatever_was_written(she: Somebody) -> None:
    code = she.writes()
    she.comes_back(code)

    def asked() -> int:
        with statements() as made:
            she.visits("/svar/dialog/")
        return len(made)

    few = asked()
    for number in range(10):
        she.sends("/svar/dialog/", text=f"Mer {number}")
    assert asked() == few
    assert few <= 8


def test_her_page_asks_the_database_as_often_however_much_is_written(she: Somebody) -> None:
    she.comes_back(she.writes())
    with statements() as few:
        she.visits("/svar/dialog/")
    for number in range(5):
        she.sends("/svar/dialog/", text=f"Påhittat {number}")
    with statements() as many:
        assert "Påhittat 4" in she.visits("/svar/dialog/")
    assert len(few) == len(many) <= 8
