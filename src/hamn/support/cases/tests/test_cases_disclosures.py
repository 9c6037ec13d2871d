"""Disclosures: a second person decides before anything leaves, and sees nothing but that."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Record
from hamn.support.cases.queries.disclosures import waiting_disclosures
from hamn.support.cases.rules.grounds import NothingStored, SecondPersonNeeded
from hamn.support.cases.rules.referrals import NoConsent, NotAffiliated
from hamn.support.cases.rules.states import Changed, ClosedToYou, WrongState
from hamn.support.cases.tests.exchange import ON, act, asked, consent, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case(called="Påhittad Ek")


@pytest.fixture
def by(cast: SimpleNamespace) -> Any:
    return cast.mika_worker


def test_a_disclosure_waits_until_a_second_person_has_decided(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    one = asked(case, by, now)
    case.case.refresh_from_db()
    assert (one.state, one.finalised_by, case.case.due_on) == ("waits", None, ON)
    one = decide(case, one, cast.mika_head, now)
    case.case.refresh_from_db()
    assert (one.state, one.finalised_by, one.finalised_at) == ("decided", cast.mika_head, now)
    assert case.case.due_on is None
    says, _number = actions.read_disclosure(record_id=one.pk, **act(case, by, now))
    assert says.content.asked_by == by.pk
    assert (says.content.approved_by, says.content.approved_on) == (cast.mika_head.pk, ON)


def test_who_asked_can_never_decide_not_even_as_head(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(by=cast.mika_head)
    one = asked(case, cast.mika_head, now)
    with pytest.raises(SecondPersonNeeded, match="Du har själv begärt"):
        decide(case, one, cast.mika_head, now)
    one.refresh_from_db()
    assert one.state == "waits"


def test_the_head_decides_without_opening_the_case_and_a_colleague_outside_it_does_not(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    one = asked(case, by, now)
    with pytest.raises(ClosedToYou):
        actions.read_case(what="timeline", **act(case, cast.mika_head, now))
    says, number = actions.read_disclosure(record_id=one.pk, **act(case, cast.mika_head, now))
    assert (says.record, number) == (one, case.content.number)
    for who in (cast.mika_second, cast.kast_worker, cast.kast_head, cast.administrator):
        with pytest.raises(NotVisible):
            actions.read_disclosure(record_id=one.pk, **act(case, who, now))
        with pytest.raises(NotVisible):
            decide(case, one, who, now)
    read = case.case.reads.get(what="disclosure")
    assert (read.person, read.why) == (cast.mika_head, "approver")


def test_a_colleague_who_takes_part_in_the_case_may_be_the_second_person(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    case.case.deputy = cast.mika_second
    case.case.save()
    one = asked(case, by, now)
    assert list(waiting_disclosures(cast.mika_second, now)) == [one]
    assert list(waiting_disclosures(by, now)) == []
    assert decide(case, one, cast.mika_second, now).state == "decided"
    assert list(waiting_disclosures(cast.mika_head, now)) == []


def test_refusing_needs_a_reason_and_nothing_leaves_after_it(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    one = asked(case, by, now)
    with pytest.raises(BadInput, match="varför"):
        decide(case, one, cast.mika_head, now, yes=False, words=" ")
    assert decide(case, one, cast.mika_head, now, yes=False).state == "refused"
    one.refresh_from_db()
    with pytest.raises(WrongState):
        decide(case, one, cast.mika_head, now)


def test_the_second_of_two_decisions_changes_nothing(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    case.case.deputy = cast.mika_second
    case.case.save()
    one = asked(case, by, now)
    decide(case, one, cast.mika_head, now)
    with pytest.raises(WrongState):
        decide(case, one, cast.mika_second, now, yes=False)
    waits = asked(case, by, now)
    with pytest.raises(Changed):
        decide(case, waits, cast.mika_head, now, seen=waits.version + 1)


def test_what_the_ground_demands_is_demanded_and_nothing_is_half_written(
    case: Any, by: Any, now: datetime
) -> None:
    for lacking in ({"balancing": ""}, {"assessment": ""}, {"what": " "}, {"ground": ""}):
        given = {"ground": "prevent_crime", **lacking}
        ground = given.pop("ground")
        with pytest.raises((BadInput, KeyError)):
            asked(case, by, now, ground=ground, **given)
    assert not Record.objects.filter(kind="disclosure").exists()


def test_a_consent_is_ground_enough_when_it_covers_whom_it_goes_to(
    case: Any, by: Any, now: datetime
) -> None:
    yes = consent(case, by, now)
    whom = {"recipient": "trauma_care", "recipient_name": "Exempelmottagningen"}
    one = asked(case, by, now, "consent", consent=str(yes.pk), **whom)
    assert one.state == "decided"
    for other in ({"recipient": "police", "recipient_name": ""}, {"recipient_name": "En annan"}):
        with pytest.raises(NoConsent, match="annan mottagare"):
            asked(case, by, now, "consent", consent=str(yes.pk), **whom | other)
    later = now + timedelta(days=40)
    with pytest.raises(NoConsent):
        asked(case, by, later, "consent", consent=str(yes.pk), **whom)


def test_what_cannot_wait_leaves_at_once_and_is_noted(case: Any, by: Any, now: datetime) -> None:
    assert asked(case, by, now, "police_help_at_once").state == "decided"


def test_contact_details_that_are_not_stored_are_not_given(
    case: Any, by: Any, now: datetime
) -> None:
    with pytest.raises(NothingStored):
        asked(case, by, now, "contact_details")


def test_mika_halsa_gets_nothing_about_who_lives_elsewhere(
    open_case: Any, by: Any, now: datetime
) -> None:
    case = open_case(municipality="1480")
    with pytest.raises(NotAffiliated):
        asked(case, by, now, "no_harm", recipient="mika_halsa")


def test_a_disclosure_is_reached_through_its_own_case_alone(
    case: Any, open_case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    one, foreign = asked(case, by, now), open_case()
    with pytest.raises(NotVisible):
        actions.read_disclosure(record_id=one.pk, **act(foreign, cast.mika_head, now))
    with pytest.raises(NotVisible):
        decide(foreign, one, cast.mika_head, now)


def test_the_trail_holds_ground_and_recipient_by_code_and_no_word(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    before = Entry.objects.count()
    one = asked(case, by, now, what="Hemligheten")
    actions.read_disclosure(record_id=one.pk, **act(case, cast.mika_head, now))
    decide(case, one, cast.mika_head, now)
    entries = list(Entry.objects.order_by("place")[before:])
    events = [entry.event.removeprefix("cases.") for entry in entries]
    assert events == [
        "record_written",
        "disclosure_asked",
        "disclosure_read",
        "disclosure_decided",
    ]
    told = "".join(entry.facts for entry in entries)
    assert '"ground":"prevent_crime"' in told
    assert "Hemligheten" not in told
    assert "Påhittat" not in told
    assert {entry.on for entry in entries} == {case.box.trail_name}


def test_the_cover_of_a_one_post_unit_is_its_second_person(
    open_case: Any, cast: SimpleNamespace, now: datetime
) -> None:
    from hamn.guards.access import actions as access
    from hamn.register.staff import actions as staff

    alone, cover = cast.adult_coordinator, cast.mika_worker
    case = open_case(by=alone, unit="coordinator_adult")
    one = asked(case, alone, now)
    assert list(waiting_disclosures(cover, now)) == []
    offered = staff.offer_cover(
        unit="coordinator_adult",
        person_id=cover.pk,
        starts_on=ON,
        ends_on=None,
        today=ON,
        by=cast.administrator,
    )
    access.grant_member(membership_id=offered.membership_id, by=alone)
    staff.accept_cover(cover_id=offered.pk, today=ON, by=cover)
    assert list(waiting_disclosures(cover, now)) == [one]
    assert decide(case, one, cover, now).state == "decided"
