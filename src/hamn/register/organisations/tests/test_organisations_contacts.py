"""Contact persons: added, changed, ended; nothing personal reaches the trail."""

import json
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.register.organisations import actions, queries
from hamn.register.organisations.models import ContactPerson
from hamn.register.organisations.rules import Changed
from hamn.register.organisations.tests.organisations_pages import contact_form, text_of, url

Desk = Callable[..., Any]


@pytest.fixture
def chief(db: None) -> ContactPerson:
    """Österåker's contact person."""
    return ContactPerson.objects.get(party__municipality="0117")


def last_entry() -> Entry:
    found = Entry.objects.order_by("-place").first()
    assert found is not None
    return found


def test_a_contact_is_added_and_the_trail_holds_ids_and_dates_alone(
    desk: Desk, cast: SimpleNamespace
) -> None:
    form = contact_form(email="fc@osteraker.example", phone="08-508 00 000", valid_until="")
    answer = desk(cast.steward).post(url("add_contact", "0117"), form)
    assert answer.status_code == 302
    contact = ContactPerson.objects.get(title="Förvaltningschef")
    assert (contact.phone, contact.valid_from) == ("+46850800000", date(2026, 1, 15))
    entry = last_entry()
    assert (entry.event, entry.on) == (
        "organisations.contact_saved",
        f"organisations.contactperson:{contact.pk}",
    )
    assert json.loads(entry.facts) == {
        "party": contact.party_id,
        "valid_from": "2026-01-15",
        "valid_until": None,
    }


def test_a_date_may_be_typed_in_its_three_boxes(desk: Desk, cast: SimpleNamespace) -> None:
    form = contact_form(valid_from_ar="2026", valid_from_manad="2", valid_from_dag="3")
    del form["valid_from"]
    assert desk(cast.steward).post(url("add_contact", "0117"), form).status_code == 302
    assert ContactPerson.objects.get(title="Förvaltningschef").valid_from == date(2026, 2, 3)


def test_a_contact_may_be_there_for_something_else(desk: Desk, cast: SimpleNamespace) -> None:
    form = contact_form(role="annan", other_role="mika")
    assert desk(cast.steward).post(url("add_contact", "0180"), form).status_code == 302
    contact = ContactPerson.objects.get(title="Förvaltningschef")
    assert contact.role == "mika"
    page = desk(cast.steward).get(url("edit_contact", "0180", contact.pk))
    assert page.context["form"]["role"].value() == "annan"
    assert page.context["form"]["other_role"].value() == "mika"


def test_a_contact_is_changed(desk: Desk, cast: SimpleNamespace, chief: ContactPerson) -> None:
    form = contact_form(chief, title="Socialdirektör", role="faktura", valid_from="2022-02-01")
    answer = desk(cast.controller).post(url("edit_contact", "0117", chief.pk), form)
    assert answer.status_code == 302
    chief.refresh_from_db()
    assert (chief.title, chief.role, chief.valid_from) == (
        "Socialdirektör",
        "faktura",
        date(2022, 2, 1),
    )


def test_a_contact_ends_and_then_stands_among_the_past(
    desk: Desk, cast: SimpleNamespace, chief: ContactPerson
) -> None:
    form = {"last_day": "2025-12-31", "seen": queries.contact_version(chief)}
    answer = desk(cast.steward).post(url("end_contact", "0117", chief.pk), form)
    assert answer.status_code == 302
    context = desk(cast.steward).get(url("show", "0117")).context
    assert [row[0][2].text for row in context["past"].rows] == ["Socialchef"]
    assert [link.text for link in context["to_sign"]] == ["Kontaktperson"]
    entry = Entry.objects.get(event="organisations.contact_ended")
    assert json.loads(entry.facts) == {"party": chief.party_id, "valid_until": "2025-12-31"}


def test_a_last_day_may_lie_ahead_and_holds_until_then(
    desk: Desk, cast: SimpleNamespace, chief: ContactPerson
) -> None:
    form = {"last_day": "2100-12-31", "seen": queries.contact_version(chief)}
    assert desk(cast.steward).post(url("end_contact", "0117", chief.pk), form).status_code == 302
    assert desk(cast.steward).get(url("show", "0117")).context["to_sign"] == []


BAD = {
    "no title": ({"title": " "}, "fyll i fältet"),
    "too long a title": ({"title": "x" * 121}, "texten är för lång"),
    "no role": ({"role": ""}, "välj något"),
    "unknown role": ({"role": "chef"}, "välj något i listan"),
    "other role unsaid": ({"role": "annan"}, "Skriv vad kontaktpersonen gäller"),
    "no address": ({"email": "socialchef"}, "ingen e-postadress"),
    "no number": ({"phone": "ring mig"}, "inget telefonnummer"),
    "no start": ({"valid_from": ""}, "fyll i fältet"),
    "no such day": ({"valid_from": "2026-02-30"}, "inget datum"),
    "ends before it begins": ({"valid_until": "2026-01-14"}, "ligger före startdatumet"),
}


@pytest.mark.parametrize(("changed", "says"), BAD.values(), ids=BAD)
def test_a_contact_that_cannot_be_right_is_refused_and_stays_in_the_form(
    desk: Desk, cast: SimpleNamespace, changed: dict[str, str], says: str
) -> None:
    before = ContactPerson.objects.count()
    form = contact_form(**changed)
    answer = desk(cast.steward).post(url("add_contact", "0117"), form)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert ContactPerson.objects.count() == before
    assert answer.context["form"]["title"].value() == form["title"]


def test_the_same_contact_is_not_added_twice(desk: Desk, cast: SimpleNamespace) -> None:
    client = desk(cast.steward)
    assert client.post(url("add_contact", "0117"), contact_form()).status_code == 302
    again = client.post(url("add_contact", "0117"), contact_form())
    assert again.status_code == 422
    assert "Den kontaktpersonen finns redan" in text_of(again)


def test_the_last_day_does_not_come_before_the_first(
    desk: Desk, cast: SimpleNamespace, chief: ContactPerson
) -> None:
    form = {"last_day": "2020-12-31", "seen": queries.contact_version(chief)}
    answer = desk(cast.steward).post(url("end_contact", "0117", chief.pk), form)
    assert answer.status_code == 422
    assert "ligger före startdatumet" in text_of(answer)


@pytest.mark.parametrize("view", ["edit_contact", "end_contact"])
def test_the_second_of_two_meets_the_conflict_and_may_go_on_knowingly(
    desk: Desk, cast: SimpleNamespace, chief: ContactPerson, view: str
) -> None:
    old = contact_form(chief, last_day="2026-06-30")
    form = contact_form(chief, title="Ettan")
    desk(cast.steward).post(url("edit_contact", "0117", chief.pk), form)
    client = desk(cast.controller)
    met = client.post(url(view, "0117", chief.pk), old)
    assert met.status_code == 422
    assert "Uppgifterna har ändrats sedan du öppnade sidan." in text_of(met)
    assert ContactPerson.objects.get(pk=chief.pk).title == "Ettan"
    again = old | {"seen": met.context["form"]["seen"].value()}
    assert client.post(url(view, "0117", chief.pk), again).status_code == 302


@pytest.mark.parametrize("view", ["edit_contact", "end_contact"])
def test_another_municipality_s_contact_has_no_page_here(
    desk: Desk, cast: SimpleNamespace, chief: ContactPerson, view: str
) -> None:
    client = desk(cast.steward)
    for code, pk in (("0138", chief.pk), ("0117", 10**9), ("9999", chief.pk)):
        assert client.get(url(view, code, pk)).status_code == 404
        assert client.post(url(view, code, pk), contact_form(chief)).status_code == 404


@pytest.mark.parametrize("view", ["edit_contact", "end_contact"])
@pytest.mark.parametrize("who", ["reader", "administrator", "head", "stranger"])
def test_who_may_not_change_a_contact_meets_nothing(
    desk: Desk, cast: SimpleNamespace, chief: ContactPerson, view: str, who: str
) -> None:
    client = desk(getattr(cast, who))
    assert client.get(url(view, "0117", chief.pk)).status_code == 404
    assert client.post(url(view, "0117", chief.pk), contact_form(chief)).status_code == 404


def test_a_municipality_without_party_data_gets_no_contact_and_is_told_why(
    desk: Desk, cast: SimpleNamespace
) -> None:
    answer = desk(cast.steward).get(url("add_contact", "1480"))
    assert answer.status_code == 422
    assert "Lägg upp kommunens uppgifter innan" in text_of(answer)


@pytest.mark.parametrize(
    ("who", "refusal"), [("reader", PermissionDenied), ("stranger", NotVisible)]
)
def test_the_actions_ask_for_their_permits(
    cast: SimpleNamespace, chief: ContactPerson, who: str, refusal: type[Exception]
) -> None:
    seen, by = queries.contact_version(chief), getattr(cast, who)
    fields = {name: getattr(chief, name) for name in queries.CONTACT_FIELDS}
    with pytest.raises(refusal):
        actions.save_contact(code="0117", contact_id=chief.pk, fields=fields, seen=seen, by=by)
    with pytest.raises(refusal):
        actions.end_contact(
            code="0117", contact_id=chief.pk, last_day=date(2026, 1, 1), seen=seen, by=by
        )


def test_the_actions_refuse_an_old_version(cast: SimpleNamespace, chief: ContactPerson) -> None:
    with pytest.raises(Changed):
        actions.end_contact(
            code="0117", contact_id=chief.pk, last_day=date(2026, 1, 1), seen="", by=cast.steward
        )
