"""Changing a party's data: what is refused, what is kept, and two people at once."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.audit.models import Entry
from hamn.register.organisations import actions, queries
from hamn.register.organisations.models import Party
from hamn.register.organisations.rules import Changed
from hamn.register.organisations.tests.organisations_pages import (
    number,
    party_form,
    text_of,
    url,
)

Desk = Callable[..., Any]
GOTEBORG = number("402148000")


def fields(**changed: str) -> dict[str, str]:
    """What the action gets for Österåker."""
    party = Party.objects.get(municipality="0117")
    given = {name: getattr(party, name) for name in queries.PARTY_FIELDS}
    return {**given, **changed}


def test_a_party_is_changed_and_the_trail_knows_which_fields_and_no_values(
    desk: Desk, cast: SimpleNamespace
) -> None:
    answer = desk(cast.steward).post(
        url("edit", "0117"), party_form(department="Vård och omsorg", postal_code="184 86")
    )
    assert answer.status_code == 302 and answer.headers["Location"] == url("show", "0117")
    party = Party.objects.get(municipality="0117")
    assert (party.department, party.postal_code) == ("Vård och omsorg", "18486")
    entry = Entry.objects.order_by("-place").first()
    assert entry is not None
    assert (entry.event, entry.via) == ("organisations.party_saved", "desk")
    assert "Vård" not in entry.facts and "department" in json.loads(entry.facts)["fields"]


def test_a_field_that_is_emptied_is_empty_and_then_missing(
    desk: Desk, cast: SimpleNamespace
) -> None:
    desk(cast.controller).post(url("edit", "0117"), party_form(buyer_reference=""))
    assert Party.objects.get(municipality="0117").buyer_reference == ""
    page = text_of(desk(cast.controller).get(url("show", "0117")))
    assert "Saknas före fakturering Er referens (beställarreferens)" in page


def test_a_municipality_becomes_a_party(desk: Desk, cast: SimpleNamespace) -> None:
    form = party_form("1480", name="Göteborgs stad", organisation_number=GOTEBORG)
    assert desk(cast.steward).post(url("edit", "1480"), form).status_code == 302
    party = Party.objects.get(municipality="1480")
    assert (party.name, party.organisation_number, party.is_provider) == (
        "Göteborgs stad",
        GOTEBORG,
        False,
    )


BAD = {
    "empty name": ({"name": ""}, "fyll i fältet"),
    "empty number": ({"organisation_number": " "}, "fyll i fältet"),
    "wrong check digit": ({"organisation_number": "402011-7027"}, "kontrollsiffran stämmer inte"),
    "a personal number": ({"organisation_number": "811228-9874"}, "ser ut som ett personnummer"),
    "too few digits": ({"organisation_number": "402011"}, "ska ha tio siffror"),
    "other digits": ({"organisation_number": "٤٠٢٠١١٧٠٢٦"}, "ska ha tio siffror"),
    "another's number": ({"organisation_number": "212000-0142"}, "är redan inlagt för Stockholms"),
    "postal code": ({"postal_code": "184 8"}, "ska ha fem siffror"),
    "billing code": ({"billing_code": "-1"}, "ska ha fem siffror"),
    "another's Peppol id": ({"participant_id": "0007:2120000142"}, "hör inte till"),
    "no Peppol id": ({"participant_id": "peppol"}, "ska skrivas 0007:"),
    "too long": ({"department": "x" * 121}, "texten är för lång"),
    "null byte": ({"department": "a\x00b"}, "tillåt"),
}


@pytest.mark.parametrize(("changed", "says"), BAD.values(), ids=BAD)
def test_what_cannot_be_right_is_refused_at_its_field_and_stays_in_the_form(
    desk: Desk, cast: SimpleNamespace, changed: dict[str, str], says: str
) -> None:
    before = list(Party.objects.values())
    changed = {"participant_id": "", **changed} if "organisation_number" in changed else changed
    answer = desk(cast.steward).post(url("edit", "0117"), party_form(**changed))
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert list(Party.objects.values()) == before
    [(field, typed)] = [(f, t) for f, t in changed.items() if t][:1] or [("name", "")]
    assert answer.context["form"][field].value() == typed


def test_bytes_that_are_no_text_are_refused_and_nothing_is_stored(
    desk: Desk, cast: SimpleNamespace
) -> None:
    before = list(Party.objects.values())
    body = b"name=%ff%fe&organisation_number=%e5%e4%f6"
    answer = desk(cast.steward).post(
        url("edit", "0117"), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (400, 422)
    assert list(Party.objects.values()) == before


def test_what_people_typed_is_never_markup(desk: Desk, cast: SimpleNamespace) -> None:
    form = party_form(department="<script>alert(1)</script>")
    desk(cast.steward).post(url("edit", "0117"), form)
    for page in ("show", "edit"):
        body = desk(cast.steward).get(url(page, "0117")).content.decode()
        assert "<script>alert(1)" not in body


def test_the_second_of_two_sees_the_conflict_and_what_the_first_saved(
    desk: Desk, cast: SimpleNamespace
) -> None:
    first, second = party_form(department="Ettan"), party_form(department="Tvåan")
    assert desk(cast.steward).post(url("edit", "0117"), first).status_code == 302
    client = desk(cast.controller)
    met = client.post(url("edit", "0117"), second)
    assert met.status_code == 422
    page = text_of(met)
    assert "Uppgifterna har ändrats sedan du öppnade sidan." in page
    assert "Det här är sparat nu Avdelning eller enhet Ettan" in page
    assert met.context["form"]["department"].value() == "Tvåan"
    assert Party.objects.get(municipality="0117").department == "Ettan"
    # Knowingly sent again, it goes through.
    again = second | {"seen": met.context["form"]["seen"].value()}
    assert client.post(url("edit", "0117"), again).status_code == 302
    assert Party.objects.get(municipality="0117").department == "Tvåan"


def test_two_who_add_the_same_municipality_meet_too(desk: Desk, cast: SimpleNamespace) -> None:
    form = party_form("1480", name="Göteborgs stad", organisation_number=GOTEBORG)
    other = form | {"name": "Göteborg"}
    assert desk(cast.steward).post(url("edit", "1480"), form).status_code == 302
    assert desk(cast.controller).post(url("edit", "1480"), other).status_code == 422
    assert Party.objects.get(municipality="1480").name == "Göteborgs stad"


def test_the_same_form_sent_twice_is_acted_upon_once(desk: Desk, cast: SimpleNamespace) -> None:
    client = desk(cast.steward)
    page = client.get(url("edit", "0117"))
    import re

    [token] = re.findall(r'name="once" value="([^"]+)"', page.content.decode())
    form = party_form(department="Ettan", once=token)
    assert client.post(url("edit", "0117"), form).status_code == 302
    assert client.post(url("edit", "0117"), form).status_code == 409


def test_the_action_refuses_an_old_version(cast: SimpleNamespace) -> None:
    with pytest.raises(Changed):
        actions.edit_party(code="0117", fields=fields(), seen="", by=cast.steward)


def test_the_action_refuses_another_s_number_and_peppol_id(cast: SimpleNamespace) -> None:
    seen = queries.party_version(Party.objects.get(municipality="0117"))
    for changed in ({"organisation_number": "2120000142"}, {"participant_id": "0007:2120000142"}):
        with pytest.raises(BadInput):
            actions.edit_party(code="0117", fields=fields(**changed), seen=seen, by=cast.steward)


@pytest.mark.parametrize(
    ("who", "refusal"), [("reader", PermissionDenied), ("stranger", NotVisible)]
)
def test_who_may_not_edit_edits_nothing(
    cast: SimpleNamespace, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        actions.edit_party(code="0117", fields=fields(), seen="", by=getattr(cast, who))


def test_the_version_follows_every_field_that_a_form_shows() -> None:
    party = Party(municipality_id="0117", name="x", organisation_number="1")
    seen = {queries.party_version(party)}
    for name in queries.PARTY_FIELDS:
        setattr(party, name, f"ny {name}")
        seen.add(queries.party_version(party))
    assert len(seen) == len(queries.PARTY_FIELDS) + 1
