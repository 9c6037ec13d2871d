"""What the form of a contact asks beside: who spoke, what was told, which case, and where next."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.support.cases import actions
from hamn.support.cases.models import Contact
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.tests.exchange import act
from hamn.support.cases.tests.test_cases_contact_pages import NEW, sent

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def says(pk: Any, by: Any) -> ContactContent:
    return actions.see_contact(contact_id=pk, by=by, now=timezone.now()).one.content


# Who spoke.


def test_she_has_spoken_herself_unless_she_says_who_did(
    cast: SimpleNamespace, desk: Any, open_case: Any
) -> None:
    me, other = cast.mika_worker, cast.mika_second
    case = open_case().case
    client, page = desk(me), reverse("cases:log_contact", args=[case.pk])
    shown = client.get(page).text
    boxes = shown.split("Vem talade med personen?")[1].split("</fieldset>")[0]
    (checked,) = [one for one in boxes.split("<input")[1:] if " checked" in one]
    assert f'value="{me.pk}"' in checked
    both = {"spoke": [str(me.pk), str(other.pk)]}
    assert client.post(page, sent(**both)).status_code == 302
    contact = Contact.objects.get()
    assert set(says(contact.pk, me).spoke) == {me.pk, other.pk}
    for address in ("cases:contact", "cases:show"):
        args = [contact.pk if address == "cases:contact" else case.pk]
        shown = client.get(reverse(address, args=args)).text
        assert me.title in shown
        assert other.title in shown


def test_nobody_of_another_unit_has_spoken(cast: SimpleNamespace, desk: Any) -> None:
    answer = desk(cast.mika_worker).post(NEW, sent(spoke=[str(cast.kast_worker.pk)]))
    assert answer.status_code == 422
    assert not Contact.objects.exists()


def test_who_spoke_is_put_right_and_stays_also_when_she_has_left(
    cast: SimpleNamespace, desk: Any
) -> None:
    from hamn.guards.access.models import UnitMembership

    me, other = cast.mika_worker, cast.mika_second
    client = desk(me)
    client.post(NEW, sent(spoke=[str(other.pk)]))
    contact = Contact.objects.get()
    UnitMembership.objects.filter(person=other).delete()
    page = reverse("cases:change_contact", args=[contact.pk])
    assert other.title in client.get(page).text
    assert client.post(page, sent(seen="1", spoke=[str(other.pk)])).status_code == 302
    assert says(contact.pk, me).spoke == (other.pk,)


# The right to apply.


def test_that_she_was_told_of_her_right_follows_the_contact_into_its_case(
    cast: SimpleNamespace, open_case: Any, log: Any, now: datetime
) -> None:
    case, day = open_case(), date(2026, 2, 20)
    log(case_id=case.case.pk, on=day, is_informed=True)
    log(case_id=case.case.pk, is_informed=True)
    opened = actions.read_case(what="details", **act(case, cast.mika_worker, now))
    assert opened.content.informed_of_right_on == day


def test_that_a_relative_was_told_says_nothing_of_the_person(
    cast: SimpleNamespace, open_case: Any, log: Any, now: datetime
) -> None:
    case = open_case()
    log(case_id=case.case.pk, form="relative", is_informed=True)
    opened = actions.read_case(what="details", **act(case, cast.mika_worker, now))
    assert opened.content.informed_of_right_on is None


def test_the_tick_stands_on_the_contacts_page(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_worker)
    client.post(NEW, sent(is_informed="on"))
    shown = client.get(reverse("cases:contact", args=[Contact.objects.get().pk])).text
    assert "Fått veta om rätten att ansöka" in shown


# Which case.


def test_without_a_number_her_own_open_cases_are_offered(
    cast: SimpleNamespace, desk: Any, open_case: Any
) -> None:
    mine = open_case(called="Påhittad Ek")
    others = open_case(by=cast.mika_second, called="Påhittad Al")
    client = desk(cast.mika_worker)
    answer = client.post(NEW, sent(to="till", number=""))
    contact = Contact.objects.get()
    page = reverse("cases:join_contact", args=[contact.pk])
    assert answer["Location"] == page
    shown = client.get(page).text
    assert f"{mine.content.number} Påhittad Ek" in shown
    assert "Påhittad Al" not in shown
    number = mine.content.number
    for wrong in ({}, {"case": str(mine.case.pk), "number": number}, {"case": str(others.case.pk)}):
        assert client.post(page, wrong).status_code == 422
    assert client.post(page, {"case": str(mine.case.pk), "number": ""}).status_code == 302
    contact.refresh_from_db()
    assert contact.case == mine.case


def test_who_has_no_open_case_is_asked_for_a_number_alone(cast: SimpleNamespace, desk: Any) -> None:
    client = desk(cast.mika_worker)
    client.post(NEW, sent())
    page = reverse("cases:join_contact", args=[Contact.objects.get().pk])
    assert "Ett av dina öppna ärenden" not in client.get(page).text


# Where next.


def test_a_turned_away_event_begins_with_what_the_contact_says_and_nothing_in_the_address(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    client.post(NEW, sent(age_group="adult", municipality="0117"))
    shown = client.get(reverse("cases:contact", args=[Contact.objects.get().pk])).text
    form = shown.split(f'action="{reverse("services:turn_away")}"')[1].split("</form>")[0]
    fields = {
        one.split('name="')[1].split('"')[0]: one.split('value="')[1].split('"')[0]
        for one in form.split("<input")[1:]
    }
    assert fields["municipality"] == "0117"
    begun = client.post(reverse("services:turn_away"), fields).text
    assert '<option value="0117" selected>' in begun
    assert " checked" in begun.split('value="adult"')[1].split(">")[0]


# Since when it is kept.


def test_a_contact_of_long_ago_is_kept_from_the_day_something_was_last_written_in_it(
    cast: SimpleNamespace, log: Any, now: datetime
) -> None:
    from dataclasses import replace

    one = log(on=date(2019, 5, 6)).contact
    assert one.last_note_on == now.date()
    later = now + timedelta(days=40)
    actions.change_contact(
        contact_id=one.pk,
        seen=1,
        on=one.on,
        change=lambda content: replace(content, text="Mer"),
        answer_by=None,
        by=cast.mika_worker,
        now=later,
    )
    one.refresh_from_db()
    assert one.last_note_on == later.date()
