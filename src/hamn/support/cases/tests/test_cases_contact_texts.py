"""A contact's text is a working text for a while, then locked; nothing that was written is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput
from hamn.support.cases import actions
from hamn.support.cases.models import Contact
from hamn.support.cases.queries.extracts import pieces_of_case
from hamn.support.cases.rules.contacts import WORKING_DAYS, TextLocked
from hamn.support.cases.rules.content import ContactContent, from_json
from hamn.support.cases.rules.states import Changed, WrongState
from hamn.support.cases.tests.test_cases_contact_pages import sent

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FIRST, OTHER, LATER = "Första lydelsen", "Kollegans lydelse", "Personen ringde igen"


@pytest.fixture
def one(log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace) -> Contact:
    """A contact with a text, in a case where a colleague takes part."""
    case = open_case().case
    who = {"by": cast.mika_worker, "now": timezone.now()}
    actions.add_participant(case_id=case.pk, person_id=cast.mika_second.pk, **who)
    contact: Contact = log(case_id=case.pk, text=FIRST, minutes=10).contact
    return contact


def stand(contact: Contact, days: int) -> None:
    """The contact was logged so many days ago."""
    logged_at = timezone.now() - timedelta(days=days)
    Contact.objects.filter(pk=contact.pk).update(logged_at=logged_at)


def change(contact: Contact, by: Any, seen: int | None = None, **says: Any) -> ContactContent:
    """What the contact says after a change by somebody."""
    contact.refresh_from_db()
    changed = actions.change_contact(
        contact_id=contact.pk,
        seen=contact.version if seen is None else seen,
        on=contact.on,
        change=lambda content: replace(content, **says),
        answer_by=None,
        by=by,
        now=timezone.now(),
    )
    return changed.content


def says(contact: Contact, by: Any) -> ContactContent:
    seen = actions.see_contact(contact_id=contact.pk, by=by, now=timezone.now())
    return seen.one.content


@pytest.mark.parametrize("text", ["", OTHER])
def test_after_its_working_days_nobody_blanks_or_rewrites_a_contacts_text(
    one: Contact, cast: SimpleNamespace, text: str
) -> None:
    stand(one, WORKING_DAYS + 1)
    for by in (cast.mika_second, cast.mika_worker):
        with pytest.raises(TextLocked, match="Skriv ett tillägg"):
            change(one, by, text=text)
    assert says(one, cast.mika_worker).text == FIRST


def test_after_its_working_days_what_is_counted_is_still_corrected(
    one: Contact, cast: SimpleNamespace
) -> None:
    stand(one, 900)
    corrected = change(one, cast.mika_second, minutes=45, channel="visit")
    assert (corrected.minutes, corrected.channel, corrected.text) == (45, "visit", FIRST)


def test_a_colleagues_replaced_wording_is_kept_with_its_writer_and_ones_own_is_not(
    one: Contact, cast: SimpleNamespace
) -> None:
    change(one, cast.mika_worker, text="Egen rättelse")
    assert says(one, cast.mika_worker).earlier == ()
    change(one, cast.mika_second, text=OTHER)
    change(one, cast.mika_second, text="")
    found = says(one, cast.mika_worker)
    assert [(was.text, was.by) for was in found.earlier] == [("Egen rättelse", cast.mika_worker.pk)]
    change(one, cast.mika_worker, text=FIRST)
    assert len(says(one, cast.mika_worker).earlier) == 1  # a blank is no wording


def test_no_change_reaches_what_was_kept_or_added(one: Contact, cast: SimpleNamespace) -> None:
    change(one, cast.mika_second, text=OTHER)
    told = {"contact_id": one.pk, "text": LATER, "on": timezone.localdate()}
    actions.add_to_contact(by=cast.mika_worker, now=timezone.now(), **told)
    change(one, cast.mika_second, earlier=(), additions=(), text_by=None, minutes=1)
    found = says(one, cast.mika_worker)
    assert [was.text for was in found.earlier] == [FIRST]
    assert [added.text for added in found.additions] == [LATER]
    assert found.text_by == cast.mika_second.pk


def test_two_who_save_at_once_lose_nothing(one: Contact, cast: SimpleNamespace) -> None:
    change(one, cast.mika_worker, seen=1, text="Den enas text")
    with pytest.raises(Changed):
        change(one, cast.mika_second, seen=1, text="Den andras text")
    change(one, cast.mika_second, seen=2, text="Den andras text")
    found = says(one, cast.mika_worker)
    assert (found.text, [was.text for was in found.earlier]) == (
        "Den andras text",
        ["Den enas text"],
    )


def test_an_addition_has_a_day_and_a_writer_and_needs_words_and_an_open_case(
    one: Contact, cast: SimpleNamespace
) -> None:
    stand(one, 100)
    now = timezone.now()
    day = timezone.localdate(now)
    who = {"contact_id": one.pk, "by": cast.mika_second, "now": now}
    actions.add_to_contact(text=LATER, on=day, **who)
    (added,) = says(one, cast.mika_worker).additions
    assert (added.text, added.on, added.by, added.at) == (LATER, day, cast.mika_second.pk, now)
    with pytest.raises(BadInput, match="Skriv tillägget"):
        actions.add_to_contact(text=" \n", on=day, **who)
    with pytest.raises(BadInput, match="har inte varit än"):
        actions.add_to_contact(text=LATER, on=day + timedelta(days=1), **who)
    one.case.state, one.case.closed_on = "closed", day  # type: ignore[union-attr]
    one.case.save()  # type: ignore[union-attr]
    with pytest.raises(WrongState):
        actions.add_to_contact(text=LATER, on=day, **who)


def test_the_extract_tells_of_earlier_wordings_and_additions_with_their_writers(
    one: Contact, cast: SimpleNamespace
) -> None:
    change(one, cast.mika_second, text=OTHER)
    who = {"by": cast.mika_worker, "now": timezone.now()}
    actions.add_to_contact(contact_id=one.pk, text=LATER, on=date(2026, 3, 4), **who)
    case = actions.read_case(case_id=one.case_id, what="timeline", **who)  # type: ignore[arg-type]
    pieces = {piece.code: piece for piece in pieces_of_case(case, frozenset({"mika"}))}
    told = {each.label: each.value for each in pieces[f"contact:{one.pk}"].told}
    worker, second = cast.mika_worker.title, cast.mika_second.title
    assert told["Lydelsen skriven av"] == second
    assert FIRST in told["Tidigare lydelser"] and worker in told["Tidigare lydelser"]
    for part in (LATER, "4 mars 2026", worker):
        assert part in told["Tillägg"]


def test_what_was_sealed_before_there_were_additions_opens_as_it_was() -> None:
    old = b'{"channel":"phone","kind":"counselling","text":"Gammal","counted":[]}'
    found = from_json(ContactContent, old)
    assert (found.text, found.text_by, found.earlier, found.additions) == ("Gammal", None, (), ())


def test_the_locked_text_is_read_only_in_the_form_which_leads_to_an_addition(
    one: Contact, cast: SimpleNamespace, desk: Callable[..., Client]
) -> None:
    url = reverse("cases:change_contact", args=[one.pk])
    browser, add = desk(cast.mika_second), reverse("cases:add_to_contact", args=[one.pk])
    page = browser.get(url).text
    assert 'name="text"' in page and add not in page
    assert add not in browser.get(reverse("cases:show", args=[one.case_id])).text
    stand(one, WORKING_DAYS + 1)
    page = browser.get(url).text
    assert 'name="text"' not in page and FIRST in page and add in page
    assert browser.post(url, sent(seen="1", minutes="45")).status_code == 302
    found = says(one, cast.mika_worker)
    assert (found.minutes, found.text) == (45, FIRST)
    today = timezone.localdate()
    day = {"on_ar": today.year, "on_manad": today.month, "on_dag": today.day}
    browser.post(add, {"text": LATER, **day})
    for shown in (
        reverse("cases:contact", args=[one.pk]),
        reverse("cases:show", args=[one.case_id]),
    ):
        page = browser.get(shown).text
        assert FIRST in page and LATER in page and add in page
        assert page.index(FIRST) < page.index("Tillägg, ") < page.index(LATER)
        assert cast.mika_second.title in page


def test_a_form_that_was_open_when_the_text_was_locked_loses_nothing(
    one: Contact, cast: SimpleNamespace, desk: Callable[..., Client]
) -> None:
    stand(one, WORKING_DAYS + 1)
    url, browser = reverse("cases:change_contact", args=[one.pk]), desk(cast.mika_second)
    for typed in ("", LATER):
        met = browser.post(url, sent(seen="1", text=typed))
        assert met.status_code == 422
        assert "Anteckningen har stått i mer än 14 dagar" in met.text and FIRST in met.text
    assert LATER in met.text and "Spara min text som tillägg" in met.text
    assert browser.post(url, sent(seen="1", text=LATER, steg="tillagg")).status_code == 302
    found = says(one, cast.mika_worker)
    assert (found.text, [each.text for each in found.additions]) == (FIRST, [LATER])
    unchanged = sent(seen="3", text=f"{FIRST}\r\n", minutes="5")
    assert browser.post(url, unchanged).status_code == 302


def test_the_earlier_wording_is_read_on_the_contacts_page_and_in_the_timeline(
    one: Contact, cast: SimpleNamespace, desk: Callable[..., Client], now: datetime
) -> None:
    change(one, cast.mika_second, text=OTHER)
    browser = desk(cast.mika_worker)
    for address in (
        reverse("cases:contact", args=[one.pk]),
        reverse("cases:show", args=[one.case_id]),
    ):
        page = browser.get(address).text
        assert page.index(OTHER) < page.index("Tidigare lydelser") < page.index(FIRST)
        assert f"Texten skriven av {cast.mika_second.title}" in page
