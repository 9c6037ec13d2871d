"""The grounds of disclosure: each demands what its law demands, and there is no general clause."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamn.core.errors import BadInput
from hamn.support.cases.rules.grounds import (
    GROUNDS,
    QUESTIONS,
    Disclosure,
    NothingStored,
    SecondPersonNeeded,
    at,
    check_second,
    check_share_ground,
    checked_disclosure,
    place_of,
    recipients_of,
)
from hamn.support.cases.rules.referrals import RECIPIENTS
from hamn.support.cases.tests.exchange import whole

ALL = st.sampled_from(sorted(GROUNDS))
BLANK = st.text(" \t\n", max_size=5)


@pytest.mark.parametrize("code", GROUNDS)
def test_a_disclosure_that_says_all_its_ground_demands_is_kept(code: str) -> None:
    asked = whole(GROUNDS[code])
    assert checked_disclosure(asked, has_details=True) == asked


@given(code=ALL, blank=BLANK, data=st.data())
def test_leaving_out_anything_that_the_ground_demands_is_refused(
    code: str, blank: str, data: st.DataObject
) -> None:
    ground = GROUNDS[code]
    name = data.draw(st.sampled_from([*ground.demands, "what"]))
    lacking = replace(whole(ground), **{name: blank})
    with pytest.raises(BadInput):
        checked_disclosure(lacking, has_details=True)


@given(code=ALL, recipient=st.sampled_from(sorted(RECIPIENTS)))
def test_a_ground_reaches_only_those_whom_its_law_names(code: str, recipient: str) -> None:
    ground = GROUNDS[code]
    asked = whole(ground, recipient=recipient)
    if recipient in recipients_of(ground):
        assert checked_disclosure(asked, has_details=True).recipient == recipient
    else:
        with pytest.raises(BadInput, match="Välj en annan grund"):
            checked_disclosure(asked, has_details=True)


def test_without_a_ground_nothing_leaves() -> None:
    for code in ("", "general_clause", "need_to_know", "10:27"):
        with pytest.raises(BadInput, match="Utan laglig grund"):
            checked_disclosure(Disclosure("police", code, "allt"), has_details=True)


def test_the_general_clause_is_not_among_the_grounds() -> None:
    told = " ".join(f"{g.code} {g.name} {g.provision} {g.condition}" for g in GROUNDS.values())
    assert "27 §" not in told
    assert "generalklausul" not in told.casefold()


def test_preventing_crime_needs_a_balancing_text_and_a_second_person() -> None:
    ground = GROUNDS["prevent_crime"]
    assert "10 kap. 15 a §" in ground.provision
    assert "balancing" in ground.demands
    assert ground.needs_second


def test_only_the_persons_own_yes_and_what_cannot_wait_need_no_second_person() -> None:
    alone = {code for code, ground in GROUNDS.items() if not ground.needs_second}
    assert alone == {"consent", "police_help_at_once", "child_report"}


def test_every_ground_has_a_provision_a_condition_and_known_demands() -> None:
    for ground in GROUNDS.values():
        assert "§" in ground.provision
        assert ground.condition
        assert ground.demands
        assert set(ground.demands) <= set(QUESTIONS)
        assert ground.recipients <= set(RECIPIENTS)
        assert at(place_of(ground.code)) is ground
    assert at(0) is None
    assert at(len(GROUNDS) + 1) is None


def test_contact_details_that_are_not_stored_cannot_be_given() -> None:
    asked = whole(GROUNDS["contact_details"])
    with pytest.raises(NothingStored, match="så inga kan lämnas"):
        checked_disclosure(asked, has_details=False)


def test_who_asked_is_never_the_second_person() -> None:
    with pytest.raises(SecondPersonNeeded):
        check_second(asked_by=7, by=7)
    check_second(asked_by=7, by=8)


@pytest.mark.parametrize(
    ("ground", "consent", "reason"),
    [("", "id", "reason"), ("consent", "", "lång nog anledning"), ("need_to_know", "id", "kort")],
)
def test_units_share_on_a_consent_or_a_stated_need_and_nothing_else(
    ground: str, consent: str, reason: str
) -> None:
    with pytest.raises(BadInput):
        check_share_ground(ground, consent=consent, reason=reason)
