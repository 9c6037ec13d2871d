"""The permit table against the cast: what is not in the table is denied."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from hamn.core.errors import NotVisible, PermissionDenied
from hamn.guards.access import permits
from hamn.guards.access.models import Person
from hamn.guards.access.queries import by_email, first_administrator, roles_of
from hamn.guards.access.rules import NAMES, Role

CAST = ("steward", "controller", "reader", "head", "administrator")
# Permit, then who of the cast has it; the stranger has none, first what her roles have.
TABLE = {
    "access.see": {"administrator"},
    "access.add_person": {"administrator"},
    "access.invite": {"administrator"},
    "access.change_roles": {"administrator"},
    "access.leave": {"administrator"},
    "access.come_back": {"administrator"},
    "access.reset_second_factor": {"administrator"},
    "access.propose_member": {"administrator"},
    "access.grant_member": {"head"},
    "access.accept_headship": {"head"},
    "access.end_member": {"administrator", "head"},
    "audit.see": {"administrator", "controller"},
    "audit.verify": {"administrator", "controller"},
    "audit.export": {"administrator", "controller"},
    # The page's, and any unit's; whose unit it is decides in the room's own tests.
    "disposal.see": {"administrator", "head"},
    "disposal.plan": {"head"},
    "disposal.exclude": {"head"},
    "disposal.hold": {"head"},
    "disposal.approve": {"head"},
    "disposal.withdraw": {"head"},
    "disposal.run": {"administrator", "head"},
    "disposal.record_earlier": {"administrator", "head"},
    "vault.see": {"administrator", "head"},
    "vault.new_unit": {"administrator", "head"},
    "vault.rotate": {"administrator"},
    "vault.unseal": {"head"},
    "vault.add_passphrase": {"head"},
    "vault.remove_passphrase": {"head"},
    "vault.lock": {"administrator", "head"},
    "organisations.see": set(CAST),
    "organisations.save_party": {"steward", "controller"},
    "organisations.save_contact": {"steward", "controller"},
    "organisations.end_contact": {"steward", "controller"},
    "organisations.import_population": {"steward", "controller"},
    "organisations.load_reference": {"administrator"},
    "staff.see": {"administrator", "head"},
    "staff.save_unit": {"administrator"},
    "staff.save_post": {"administrator", "head"},
    "staff.fill_post": {"administrator", "head"},
    "staff.save_absence": {"head"},
    "staff.withdraw_absence": {"head"},
    "staff.offer_cover": {"administrator", "head"},
    "staff.accept_cover": set(),
    "staff.end_cover": {"administrator", "head"},
    "tariffs.see": set(CAST),
    "tariffs.adopt": {"steward", "controller"},
    "agreements.see": {"steward", "controller", "reader", "head"},
    "agreements.draft": {"steward"},
    "agreements.sign": {"steward"},
    "agreements.give_notice": {"steward"},
    "agreements.withdraw": {"steward"},
    "agreements.import_agreements": {"steward"},
    "followup.see": {"controller", "reader", "head"},
    "followup.enter_total": {"controller", "head"},
    "followup.correct_total": {"controller", "head"},
    "services.see": set(CAST),
    "services.load_services": {"administrator"},
    "services.save_service": {"administrator"},
    "services.turn_away": set(),
    "services.take_back": set(),
    "services.count_turned_away": set(),
}
# About what is her own, which everyone has who is here; tested with the thing itself.
OWN = {"access.end_session"}
LEFT = date(2026, 1, 1)
UNKNOWN = ("agreements.burn", "agreements", "", "see", "agreements.see ", "AGREEMENTS.SEE")


@pytest.mark.parametrize("permit", TABLE)
def test_only_those_in_the_table_have_the_permit(permit: str, cast: SimpleNamespace) -> None:
    having = {name for name in CAST if permits.allows(getattr(cast, name), permit)}
    assert having == TABLE[permit]
    assert not permits.allows(cast.stranger, permit)
    having_their_roles = {n for n in CAST if getattr(cast, n).roles() <= cast.first.roles()}
    assert permits.allows(cast.first, permit) == bool(TABLE[permit] & having_their_roles)


def test_no_permit_of_these_rooms_is_missing_from_this_table() -> None:
    rooms = {permit.partition(".")[0] for permit in TABLE}
    registered = {p for p in permits.registered() if p.partition(".")[0] in rooms}
    assert registered == set(TABLE) | OWN


@pytest.mark.parametrize("who", [*CAST, "first", "stranger"])
@pytest.mark.parametrize("permit", UNKNOWN)
def test_a_permit_that_is_not_in_the_table_is_denied_to_everyone(
    permit: str, who: str, cast: SimpleNamespace
) -> None:
    assert not permits.allows(getattr(cast, who), permit)
    with pytest.raises((NotVisible, PermissionDenied)):
        permits.require(getattr(cast, who), permit)


@pytest.mark.parametrize("permit", TABLE)
def test_a_person_who_has_left_has_no_permit(permit: str, cast: SimpleNamespace) -> None:
    cast.first.is_active = False
    assert not permits.allows(cast.first, permit)
    with pytest.raises(NotVisible):
        permits.require(cast.first, permit)


@pytest.mark.parametrize("permit", TABLE)
def test_a_stranger_learns_nothing_about_what_exists(permit: str, cast: SimpleNamespace) -> None:
    with pytest.raises(NotVisible, match=r"inget att visa för dig"):
        permits.require(cast.stranger, permit)


@pytest.mark.parametrize("permit", TABLE)
@pytest.mark.parametrize("who", CAST)
def test_an_insider_without_the_permit_is_told_which_one(
    who: str, permit: str, cast: SimpleNamespace
) -> None:
    room = permit.partition(".")[0]
    if who in TABLE[permit]:
        permits.require(getattr(cast, who), permit)
    elif who in TABLE[f"{room}.see"]:
        with pytest.raises(PermissionDenied, match=permit):
            permits.require(getattr(cast, who), permit)
    else:
        with pytest.raises(NotVisible):
            permits.require(getattr(cast, who), permit)


@pytest.mark.parametrize("who", [*CAST, "stranger", "first"])
def test_everyone_may_end_her_own_sessions_and_nobody_elses(
    who: str, cast: SimpleNamespace
) -> None:
    person = getattr(cast, who)
    other = cast.reader if who != "reader" else cast.steward
    permits.require(person, "access.end_session", SimpleNamespace(user_id=person.pk))
    with pytest.raises((NotVisible, PermissionDenied)):
        permits.require(person, "access.end_session", SimpleNamespace(user_id=other.pk))


def test_a_view_says_which_permit_it_asks_for_and_opens_for_nobody_else(
    cast: SimpleNamespace, rf: Any
) -> None:
    @permits.permit("access.see")
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("inne")

    assert view.permit == "access.see"  # type: ignore[attr-defined]
    for who, is_let_in in (
        (cast.administrator, True),
        (cast.reader, False),
        (AnonymousUser(), False),
    ):
        request = rf.get("/")
        request.user = who
        if is_let_in:
            assert view(request).status_code == 200
        else:
            with pytest.raises(NotVisible):
                view(request)


def test_a_view_of_ones_own_opens_for_everyone_who_is_here_and_a_public_one_for_all(
    cast: SimpleNamespace, rf: Any
) -> None:
    own = permits.signed_in(lambda request: HttpResponse("mitt"))
    public = permits.open_to_all(lambda request: HttpResponse("allas"))
    assert (own.permit, public.permit) == ("signed_in", "everyone")  # type: ignore[attr-defined]
    left = Person(pk=cast.reader.pk, is_active=False)
    for who, is_let_in in ((cast.stranger, True), (left, False), (AnonymousUser(), False)):
        request = rf.get("/")
        request.user = who
        assert public(request).status_code == 200
        if is_let_in:
            assert own(request).status_code == 200
        else:
            with pytest.raises(NotVisible):
                own(request)


def test_a_person_who_is_not_stored_has_no_role(db: None) -> None:
    assert roles_of(Person()) == frozenset()
    assert not any(permits.allows(Person(), permit) for permit in permits.registered())


def test_every_role_has_a_swedish_name_and_a_fact_named_after_it() -> None:
    assert NAMES.keys() == set(Role)
    assert len(set(NAMES.values())) == len(Role)
    for role in Role:
        assert permits.holds(role).__name__ == f"is_{role}"


def test_a_person_is_found_by_her_address_in_any_case(cast: SimpleNamespace) -> None:
    assert by_email("Reader@TEST.example") == cast.reader


@pytest.mark.parametrize("email", ["nobody@test.example", "", "reader@test.example "])
def test_an_unknown_address_is_not_visible(email: str, db: None) -> None:
    with pytest.raises(NotVisible, match="Ingen person med adressen"):
        by_email(email)


def test_a_person_who_has_left_is_not_found(cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.reader.pk).update(is_active=False, left_on=LEFT)
    with pytest.raises(NotVisible):
        by_email("reader@test.example")


def test_when_the_first_person_has_left_the_next_one_is_first(cast: SimpleNamespace) -> None:
    Person.objects.filter(pk=cast.first.pk).update(is_active=False, left_on=LEFT)
    assert first_administrator() not in (None, cast.first)


def test_a_centre_without_people_has_no_first_administrator(db: None) -> None:
    Person.objects.update(is_active=False, left_on=LEFT)
    assert first_administrator() is None
