"""What she decides in her dialogue: name, worker, how she is reached, code, erasure, end."""

from types import SimpleNamespace
from typing import Any

import pytest

from hamn.support.door.actions import limits
from hamn.support.door.models import Dialogue, DialogueFact, Message, Reach
from hamn.support.door.queries import person
from hamn.support.door.rules.content import DialogueContent
from hamn.support.door.tests.inbox import opened_by
from hamn.support.door.tests.reading import COOKIE, TEXT, Somebody

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NAME = "Påhittad Fiktivsson"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits.forget()


@pytest.fixture
def she(door: Any) -> Somebody:
    somebody = Somebody(door())
    somebody.kept_code = somebody.writes()  # type: ignore[attr-defined]
    somebody.comes_back(somebody.kept_code)  # type: ignore[attr-defined]
    return somebody


def code_of(she: Somebody) -> str:
    return she.kept_code  # type: ignore[attr-defined, no-any-return]


def test_she_says_what_she_is_called_and_becomes_anonymous_again(she: Somebody) -> None:
    she.visits("/svar/dialog/namn/")
    page = she.sends("/svar/dialog/namn/", called=f"  {NAME} ")
    assert f"och kallas {NAME}." in page
    assert NAME.encode() not in bytes(Dialogue.objects.get().sealed)
    she.visits("/svar/dialog/namn/")
    page = she.sends("/svar/dialog/namn/", called="")
    assert "och är anonym." in page
    assert opened_by(code_of(she)).called == ""


def test_the_unit_reads_her_name_and_no_other_unit_does(she: Somebody) -> None:
    from hamn.guards.vault import queries as vaults
    from hamn.support.door.queries.dialogues import content_of

    she.visits("/svar/dialog/namn/")
    she.sends("/svar/dialog/namn/", called=NAME)
    row = Dialogue.objects.get()
    box = vaults.open_box(row.box, {"mika"})
    assert content_of(row, box, DialogueContent).called == NAME


@pytest.mark.parametrize("called", ["x" * 61, "Dolt\u202enamn"])
def test_a_name_that_cannot_be_kept_is_told_and_nothing_changes(she: Somebody, called: str) -> None:
    she.visits("/svar/dialog/namn/")
    she.sends("/svar/dialog/namn/", called=called)
    assert she.status == 422
    assert opened_by(code_of(she)).called == ""


def test_she_asks_for_another_worker_and_takes_it_back(she: Somebody) -> None:
    she.visits("/svar/dialog/annan/")
    for _sent in range(2):  # as by somebody who was not sure that it went
        told = she.sends("/svar/dialog/annan/", wants="yes")
        assert "Du har bett att någon annan ska svara." in told
        assert Dialogue.objects.get().asks_other_worker
    assert 'name="wants" value="no"' in she.visits("/svar/dialog/annan/")
    she.sends("/svar/dialog/annan/", wants="no")
    assert not Dialogue.objects.get().asks_other_worker


def test_she_leaves_a_number_sees_it_changes_it_and_takes_it_back(she: Somebody) -> None:
    she.visits("/svar/dialog/ring/")
    she.sends("/svar/dialog/ring/", phone="070-174 06 05", since="18", until="20")
    assert "+46701740605" in she.visits("/svar/dialog/ring/")
    she.browser.post("/svar/dialog/ring/", {**she.carried, "remove": "", "phone": "070-174 06 06"})
    assert Reach.objects.filter(removed_at__isnull=True).count() == 1
    assert "+46701740606" in she.visits("/svar/dialog/ring/")
    she.sends("/svar/dialog/ring/")
    assert not Reach.objects.filter(removed_at__isnull=True).exists()
    assert "+46" not in she.visits("/svar/dialog/ring/")


def test_an_address_for_a_neutral_line_is_kept_apart_where_it_is_offered(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.support.door.views.public import choices

    monkeypatch.setattr(choices, "notices_are_offered", lambda: True)
    she.visits("/svar/dialog/meddelande/")
    page = she.sends("/svar/dialog/meddelande/", address="ingen adress", wording="list")
    assert "ingen e-postadress" in page
    she.sends("/svar/dialog/meddelande/", address="vem@brev.example", wording="list")
    chosen = person.chosen(opened_by(code_of(she)), "notice")
    assert chosen is not None
    assert (chosen.content.address, chosen.content.wording) == ("vem@brev.example", "list")
    assert b"vem@brev" not in bytes(chosen.reach.sealed)


def test_no_address_is_asked_for_where_nothing_is_sent(she: Somebody) -> None:
    page = she.visits("/svar/dialog/meddelande/")
    assert "Här kan vi inte skicka några sådana rader nu." in page
    assert 'name="address"' not in page


def test_she_changes_her_code_and_what_she_left_goes_with_it(she: Somebody) -> None:
    old = code_of(she)
    she.visits("/svar/dialog/ring/")
    she.sends("/svar/dialog/ring/", phone="070-174 06 05")
    she.visits("/svar/dialog/kod/")
    she.sends("/svar/dialog/kod/")
    new = she.code
    assert "Den gamla koden fungerar inte längre." in she.text
    assert "+46701740605" in she.visits("/svar/dialog/ring/")
    assert "Koden öppnar ingenting här" in she.comes_back(old)
    assert TEXT in she.comes_back(new)


def test_the_change_of_code_sent_twice_shows_the_same_code_twice(she: Somebody) -> None:
    she.visits("/svar/dialog/kod/")
    form, cookie = she.carried, she.browser.cookies[COOKIE].value
    codes = []
    for _each in range(2):
        # As when the first answer never came: the browser still has its old cookie.
        she.browser.cookies[COOKIE] = cookie
        she.page = she.browser.post("/svar/dialog/kod/", form)
        codes.append(she.code)
    assert codes[0] == codes[1]
    assert TEXT in she.visits("/svar/dialog/")


def test_an_old_page_cannot_change_the_code_back(she: Somebody) -> None:
    she.visits("/svar/dialog/kod/")
    first = she.carried
    she.sends("/svar/dialog/kod/")
    middle = she.code
    she.visits("/svar/dialog/kod/")
    she.sends("/svar/dialog/kod/")
    last = she.code
    assert last != middle
    she.browser.post("/svar/dialog/kod/", first)
    assert TEXT in she.comes_back(last)


def test_she_ends_the_dialogue_and_no_code_opens_it_again(she: Somebody) -> None:
    she.visits("/svar/dialog/avsluta/")
    page = she.sends("/svar/dialog/avsluta/", wants_erased="erase")
    assert "Dialogen är avslutad" in page
    assert she.page is not None
    assert she.page.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    row = Dialogue.objects.get()
    assert (row.state, row.locator, row.answer_by) == ("ended", None, None)
    assert row.erase_asked_at is not None
    assert DialogueFact.objects.filter(kind="ended").count() == 1
    assert "Koden öppnar ingenting här" in she.comes_back(code_of(she))


def test_an_end_sent_twice_is_one_end(she: Somebody) -> None:
    she.visits("/svar/dialog/avsluta/")
    form, cookie = she.carried, she.browser.cookies[COOKIE].value
    for told in ("Dialogen är avslutad", "Kom tillbaka med din kod"):
        she.browser.cookies[COOKIE] = cookie
        she.page = she.browser.post("/svar/dialog/avsluta/", {**form, "wants_erased": "keep"})
        assert told in she.text
    assert DialogueFact.objects.filter(kind="ended").count() == 1
    assert Dialogue.objects.get().erase_asked_at is None


def test_what_she_left_is_taken_back_when_she_ends(she: Somebody) -> None:
    she.visits("/svar/dialog/ring/")
    she.sends("/svar/dialog/ring/", phone="070-174 06 05")
    she.visits("/svar/dialog/avsluta/")
    she.sends("/svar/dialog/avsluta/", wants_erased="keep")
    assert not Reach.objects.filter(removed_at__isnull=True).exists()


def test_without_a_decision_nothing_is_erased_and_she_is_told_why(she: Somebody) -> None:
    she.visits("/svar/dialog/radera/")
    she.sends("/svar/dialog/radera/")
    assert Dialogue.objects.get().erase_asked_at is None
    assert Message.objects.count() == 1


def test_under_a_decision_she_asks_and_is_told_first(she: Somebody, cast: SimpleNamespace) -> None:
    from datetime import date

    from hamn.support.door.models import ExpiryRule

    ExpiryRule.objects.create(
        unit="mika",
        days=90,
        channel_days=365,
        person_may_erase=True,
        decision_reference="SN 2026/1",
        decision_on=date(2026, 1, 1),
        valid_from=date(2026, 1, 1),
        registered_by=cast.mika_head,
    )
    page = she.visits("/svar/dialog/radera/")
    assert "Det som raderas" in page
    she.sends("/svar/dialog/radera/")
    assert "Det görs inom några minuter" in she.text
    assert Dialogue.objects.get().erase_asked_at is not None
    assert Dialogue.objects.get().state == "open"


def test_a_staff_block_closes_the_page_that_is_open(she: Somebody) -> None:
    Dialogue.objects.update(state="blocked")
    assert "Kom tillbaka med din kod" in she.visits("/svar/dialog/")


def test_who_must_wait_for_her_new_code_keeps_the_one_that_may_be_hers_already(
    she: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hamn.support.door.actions.hashing import Busy
    from hamn.support.door.views.public import ending

    def busy(*_: Any, **__: Any) -> Any:
        raise Busy

    she.visits("/svar/dialog/kod/")
    form, cookie = she.carried, she.browser.cookies[COOKIE].value
    # The first answer never came, and the second try meets a crowd.
    she.page = she.browser.post("/svar/dialog/kod/", form)
    new = she.code
    she.browser.cookies[COOKIE] = cookie
    monkeypatch.setattr(ending, "hashed", busy)
    she.page = she.browser.post("/svar/dialog/kod/", form)
    assert she.status == 503
    monkeypatch.undo()
    she.sends("/svar/dialog/kod/")
    assert she.code == new
    assert TEXT in she.visits("/svar/dialog/")


@pytest.mark.parametrize("page", ["/svar/dialog/ring/", "/svar/dialog/meddelande/", "/kontakt/1/"])
def test_nothing_is_promised_to_be_gone_before_a_decision_lets_it_be_erased(
    she: Somebody, page: str
) -> None:
    told = she.visits(page)
    assert she.status == 200
    assert "så snart det finns ett beslut som tillåter det" in told
    assert "inte mer" in told
    assert "bort när du vill" not in told and "bort det när du vill" not in told
    assert "bort när vi har ringt" not in told
