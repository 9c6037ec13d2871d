"""What a worker types in the inbox is kept as her draft, and goes where the dialogue goes."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.support.cases.models import Draft
from hamn.support.door.actions import handing, keeping
from hamn.support.door.models import Dialogue, Message
from hamn.support.door.tests.inbox import write_more, written
from hamn.support.door.tests.kept import NOW, TODAY, days_ago, ruled

pytestmark = pytest.mark.django_db
WORDS = "Påhittat svar som inte är klart"


def page_of(dialogue: Dialogue) -> str:
    return f"/desk/inkorg/{dialogue.pk}/svar/"


def fields(html: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(r'name="(once|draft)" value="([^"]+)"', html)
    assert {name for name, _value in found} == {"once", "draft"}
    return dict(found)


def answer_form(page: Any, dialogue: Dialogue) -> str:
    """The form below a dialogue, of all that its page has."""
    after = page.content.decode().split(f'action="{page_of(dialogue)}"', 1)[1]
    return after.split("</form>", 1)[0]


@pytest.fixture
def typed(cast: SimpleNamespace, desk: Any) -> tuple[Any, Dialogue, str]:
    """A browser, a dialogue, and the address of the page with what was typed in it kept."""
    browser, dialogue = desk(cast.mika_worker), written().dialogue
    page = page_of(dialogue)
    sent = fields(browser.get(page).content.decode()) | {"text": WORDS}
    assert browser.post("/desk/arenden/utkast/", sent).status_code == 200
    return browser, dialogue, page


def test_what_was_typed_is_offered_again_and_sealed(typed: Any) -> None:
    browser, _dialogue, page = typed
    draft = Draft.objects.get()
    assert WORDS.encode() not in bytes(draft.sealed)
    assert WORDS not in browser.get(page).content.decode()
    assert WORDS in browser.get(f"{page}?utkast={draft.pk}").content.decode()


def test_what_is_typed_below_the_dialogue_is_the_draft_of_the_answers_own_page(
    cast: SimpleNamespace, desk: Any
) -> None:
    browser, dialogue = desk(cast.mika_worker), written().dialogue
    beside = f"/desk/inkorg/{dialogue.pk}/"
    form = answer_form(browser.get(beside), dialogue)
    sent = fields(form) | {"text": WORDS, "seen": "1"}
    assert 'name="seen" value="1"' in form
    typed = {"draft": sent["draft"], "text": WORDS}
    assert browser.post("/desk/arenden/utkast/", typed).status_code == 200
    laid_in = f"{page_of(dialogue)}?utkast={Draft.objects.get().pk}"
    assert laid_in in browser.get(beside).content.decode()
    assert WORDS in browser.get(laid_in).content.decode()
    browser.post(page_of(dialogue), sent)
    assert not Draft.objects.exists()
    assert Message.objects.filter(dialogue=dialogue, author="staff").count() == 1


def test_an_answer_that_is_sent_ends_its_draft(typed: Any) -> None:
    browser, dialogue, page = typed
    opened = browser.get(f"{page}?utkast={Draft.objects.get().pk}").content.decode()
    browser.post(page, fields(opened) | {"text": WORDS})
    assert not Draft.objects.exists()
    assert Message.objects.filter(dialogue=dialogue, author="staff").count() == 1


def test_what_was_sent_when_the_session_had_ended_is_her_draft_and_in_no_session(
    typed: Any, cast: SimpleNamespace, desk: Any
) -> None:
    browser, _dialogue, page = typed
    sent = fields(browser.get(page).content.decode()) | {"text": "Skrivet för sent"}
    browser.logout()
    answer = browser.post(page, sent)
    assert "logga-in" in answer["Location"]
    assert "kept_form" not in browser.session
    again = desk(cast.mika_worker)
    kept = [again.get(f"{page}?utkast={one.pk}").content.decode() for one in Draft.objects.all()]
    assert sum("Skrivet för sent" in one for one in kept) == 1


def test_a_draft_has_seen_what_its_page_shows_now_and_not_what_it_showed_then(
    cast: SimpleNamespace, desk: Any
) -> None:
    opened, browser = written(), desk(cast.mika_worker)
    page = page_of(opened.dialogue)
    sent = fields(browser.get(page).content.decode()) | {"text": WORDS, "seen": "99"}
    assert browser.post("/desk/arenden/utkast/", sent).status_code == 200
    write_more(opened, "Ett tillägg")
    laid_in = f"{page}?utkast={Draft.objects.get().pk}"
    assert 'name="seen" value="2"' in browser.get(laid_in).content.decode()


def test_a_dialogue_that_another_unit_takes_over_leaves_no_draft(
    typed: Any, cast: SimpleNamespace
) -> None:
    browser, dialogue, page = typed
    sent = fields(browser.get(page).content.decode()) | {"text": WORDS}
    handing.hand_over_dialogue(
        dialogue_id=dialogue.pk,
        service="kast",
        ground="need_to_know",
        reason="Påhittat skäl",
        by=cast.mika_worker,
        now=NOW,
    )
    assert not Draft.objects.exists()
    # What the open page still sends is kept nowhere.
    assert browser.post("/desk/arenden/utkast/", sent).status_code != 200
    assert not Draft.objects.exists()


def test_content_that_is_erased_leaves_no_draft(typed: Any, cast: SimpleNamespace) -> None:
    browser, dialogue, page = typed
    sent = fields(browser.get(page).content.decode()) | {"text": WORDS}
    # Old enough for the rule, and nobody waits for an answer.
    Dialogue.objects.filter(pk=dialogue.pk).update(
        active_on=days_ago(200), waits_since=None, answer_by=None
    )
    ruled(cast.mika_head, days=30)
    keeping.expire(on=TODAY, now=NOW, dry_run=False, by=None)
    assert not Message.objects.filter(dialogue=dialogue).exists()
    assert not Draft.objects.exists()
    assert browser.post("/desk/arenden/utkast/", sent).status_code != 200
    assert not Draft.objects.exists()
