"""What a worker types of a consultation is kept as her draft, and ends with what it is of."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from hamn.guards.disposal.rules import holding_of
from hamn.insight.consultations import actions
from hamn.insight.consultations.models import Consultation
from hamn.insight.consultations.tests.questions import NOW, ask, log
from hamn.support.cases.models import Draft

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TYPED = "Påhittat svar som inte är klart"
KEEP = "/desk/arenden/utkast/"
NEW = "/desk/konsultationer/ny/"


def page_of(name: str, row: Consultation) -> str:
    return reverse(f"consultations:{name}", args=[row.pk])


def fields(answer: Any) -> dict[str, str]:
    """The hidden fields of a page's form."""
    html = answer.content.decode()
    found = dict(re.findall(r'name="(once|draft|seen)" value="([^"]+)"', html))
    assert {"once", "draft"} <= found.keys()
    assert "data-draft-to" in html
    return found


def without_once(sent: dict[str, str]) -> dict[str, str]:
    """As the page sends what is to be kept: the form itself is sent once, and later."""
    return {name: value for name, value in sent.items() if name != "once"}


def kept(browser: Any, page: str, **typed: str) -> dict[str, str]:
    """What the page's form holds once the words have been kept as they were typed."""
    sent = fields(browser.get(page)) | typed
    assert browser.post(KEEP, without_once(sent)).status_code == 200
    return sent


@pytest.fixture
def pages(cast: SimpleNamespace) -> dict[str, str]:
    """The three forms that words are typed into, by the field that holds them."""
    mine = log(cast.mika_worker)
    return {NEW: "text", page_of("answer_consultation", ask()): "answer"} | {
        page_of("correct_consultation", mine): "text"
    }


def test_what_was_typed_is_offered_again_and_sealed(
    pages: dict[str, str], cast: SimpleNamespace, desk: Any
) -> None:
    browser = desk(cast.mika_worker)
    for page, field in pages.items():
        kept(browser, page, **{field: TYPED})
        draft = Draft.objects.latest("saved_at")
        assert TYPED.encode() not in bytes(draft.sealed)
        assert TYPED not in browser.get(page).content.decode()
        assert TYPED in browser.get(f"{page}?utkast={draft.pk}").content.decode()
    assert Draft.objects.count() == 3


def test_what_was_sent_when_the_session_had_ended_is_her_draft_and_in_no_session(
    pages: dict[str, str], cast: SimpleNamespace, desk: Any
) -> None:
    for page, field in pages.items():
        browser = desk(cast.mika_worker)
        sent = fields(browser.get(page)) | {field: TYPED}
        browser.logout()
        answer = browser.post(page, sent)
        assert "logga-in" in answer["Location"]
        assert "utkast" in answer["Location"]
        assert "kept_form" not in browser.session
        laid_in = f"{page}?utkast={Draft.objects.latest('saved_at').pk}"
        assert TYPED in desk(cast.mika_worker).get(laid_in).content.decode()


def test_a_colleague_is_offered_no_draft_of_hers(cast: SimpleNamespace, desk: Any) -> None:
    page = page_of("answer_consultation", ask())
    kept(desk(cast.mika_worker), page, answer=TYPED)
    theirs = desk(cast.mika_second).get(f"{page}?utkast={Draft.objects.get().pk}")
    assert TYPED not in theirs.content.decode()
    assert "utkast=" not in theirs.content.decode()


def test_an_answer_that_is_saved_ends_its_draft(cast: SimpleNamespace, desk: Any) -> None:
    row, browser = ask(), desk(cast.mika_worker)
    page = page_of("answer_consultation", row)
    sent = kept(browser, page, answer=TYPED)
    plain = {"outcome": "answered", "way": "phone", "minutes": "15"}
    today = {"on_ar": "2026", "on_manad": "3", "on_dag": "4"}
    browser.post(page, sent | plain | today)
    row.refresh_from_db()
    assert row.state == "answered"
    assert not Draft.objects.exists()


def test_a_draft_has_seen_what_it_was_typed_beside(cast: SimpleNamespace, desk: Any) -> None:
    row, browser = log(cast.mika_worker), desk(cast.mika_worker)
    page = page_of("correct_consultation", row)
    sent = kept(browser, page, text=TYPED)
    Consultation.objects.filter(pk=row.pk).update(version=int(sent["seen"]) + 1)
    laid_in = fields(browser.get(f"{page}?utkast={Draft.objects.get().pk}"))
    assert laid_in["seen"] == sent["seen"]


def test_one_that_another_unit_answers_leaves_no_draft(cast: SimpleNamespace, desk: Any) -> None:
    row, browser = ask(), desk(cast.mika_worker)
    sent = kept(browser, page_of("answer_consultation", row), answer=TYPED)
    actions.hand_consultation(consultation_id=row.pk, unit="kast", by=cast.mika_worker, now=NOW)
    assert not Draft.objects.exists()
    # What the open page still sends is kept nowhere.
    assert browser.post(KEEP, without_once(sent)).status_code != 200
    assert not Draft.objects.exists()


def test_one_that_is_removed_or_disposed_of_leaves_no_draft(
    cast: SimpleNamespace, desk: Any
) -> None:
    removed, old, browser = log(cast.mika_worker), log(cast.mika_worker), desk(cast.mika_worker)
    for row in (removed, old):
        kept(browser, page_of("correct_consultation", row), text=TYPED)
    actions.remove_consultation(consultation_id=removed.pk, by=cast.mika_worker)
    assert Draft.objects.count() == 1
    Consultation.objects.filter(pk=old.pk).update(last_note_on=date(2019, 5, 6))
    holding_of("consultations.consultation").destroy(ids=[old.pk])
    assert not Draft.objects.exists()
