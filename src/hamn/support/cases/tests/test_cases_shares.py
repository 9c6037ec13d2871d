"""Between units: a share opens the case and nothing else, and its end closes it for good."""

import io
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import IndexKind, Unreadable
from hamn.support.cases import actions
from hamn.support.cases.models import ContactDetails, Draft, Fact, Share
from hamn.support.cases.queries import walls
from hamn.support.cases.queries.lists import unassigned
from hamn.support.cases.queries.shares import shared_with
from hamn.support.cases.rules.details import Details
from hamn.support.cases.rules.referrals import NoConsent
from hamn.support.cases.rules.requests import GIVEN, RequestContent
from hamn.support.cases.rules.shares import NotShareable, OnlyShared
from hamn.support.cases.rules.states import Changed, WrongState
from hamn.support.cases.tests.exchange import ON, act, consent

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
UNTIL = date(2026, 3, 31)
WHY = "Påhittat skäl: KAST möter samma person"


@pytest.fixture
def case(open_case: Any) -> Any:
    return open_case(called="Påhittad Ek")


@pytest.fixture
def by(cast: SimpleNamespace) -> Any:
    return cast.mika_worker


def share(case: Any, by: Any, now: datetime, **more: Any) -> Share:
    told = {"unit": "kast", "ground": "need_to_know", "consent": "", "reason": WHY, "until": UNTIL}
    return actions.share_case(**told | more, **act(case, by, now))


def hand_over(case: Any, by: Any, now: datetime, **more: Any) -> Any:
    told = {"unit": "kast", "ground": "need_to_know", "consent": "", "reason": WHY}
    told |= {"reads_until": None, "takes_details": False, "seen": case.case.version}
    return actions.hand_over_case(**told | more, **act(case, by, now))


def may_read(case: Any, who: Any, now: datetime) -> bool:
    try:
        actions.read_case(what="timeline", **act(case, who, now))
    except NotVisible:
        return False
    return True


def test_before_during_and_after_a_share_the_other_unit_reads_just_then(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    other = cast.kast_worker
    assert not may_read(case, other, now)
    row = share(case, by, now)
    opened = actions.read_case(what="timeline", **act(case, other, now))
    assert (opened.why, opened.content.called) == ("shared", "Påhittad Ek")
    assert case.case in walls.cases_for(other, ON)
    assert list(shared_with(other, ON)) == [case.case]
    actions.end_share(share_id=row.pk, **act(case, by, now))
    assert not may_read(case, other, now)
    assert case.case not in walls.cases_for(other, ON)
    assert list(shared_with(other, ON)) == []


def test_after_the_end_the_other_units_key_opens_nothing(case: Any, by: Any, now: datetime) -> None:
    row = share(case, by, now)
    assert vaults.open_box(case.box.id, {"kast"}).trail_name == case.box.trail_name
    actions.end_share(share_id=row.pk, **act(case, by, now))
    with pytest.raises(Unreadable):
        vaults.open_box(case.box.id, {"kast"})
    assert vaults.open_box(case.box.id, {"mika"})


def test_a_share_reaches_one_unit_and_no_third(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    share(case, by, now)
    for who in (cast.adult_coordinator, cast.child_coordinator, cast.administrator):
        assert not may_read(case, who, now)
        with pytest.raises(NotVisible):
            share(case, who, now, unit="mika")


def test_a_share_is_closed_the_day_after_its_last_and_the_grant_goes_with_the_days_work(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    row = share(case, by, now)
    last = now + (UNTIL - ON)
    assert may_read(case, cast.kast_worker, last)
    assert not may_read(case, cast.kast_worker, last + timedelta(days=1))
    assert actions.end_past_shares(now=last) == 0
    assert actions.end_past_shares(now=last + timedelta(days=1)) == 1
    assert actions.end_past_shares(now=last + timedelta(days=1)) == 0
    with pytest.raises(Unreadable):
        vaults.open_box(case.box.id, {"kast"})
    row.refresh_from_db()
    assert (row.ended_by, row.ended_at) == (by, last + timedelta(days=1))


def test_the_other_unit_reads_and_never_writes_shares_on_or_ends(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    row, other = share(case, by, now), cast.kast_worker
    with pytest.raises(OnlyShared, match="delat med din enhet för att läsas"):
        actions.write_note(text="Nej", title="", on=ON, **act(case, other, now))
    with pytest.raises(OnlyShared):
        share(case, other, now, unit="coordinator_adult")
    with pytest.raises(OnlyShared):
        actions.end_share(share_id=row.pk, **act(case, other, now))
    with pytest.raises(OnlyShared):
        hand_over(case, other, now)


def test_contact_details_are_never_shared(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    actions.keep_details(seen=0, details=Details(phone="070-174 06 05"), **act(case, by, now))
    share(case, by, now)
    with pytest.raises(NotVisible):
        actions.read_details(**act(case, cast.kast_worker, now))
    with pytest.raises(Unreadable):
        vaults.open_box(ContactDetails.objects.get().box, {"kast"})


@pytest.mark.parametrize("unit", ["mika", "mika_halsa", "0117", ""])
def test_nothing_is_shared_with_anyone_but_our_other_units(
    unit: str, case: Any, by: Any, now: datetime
) -> None:
    for act_ in (share, hand_over):
        with pytest.raises(NotShareable):
            act_(case, by, now, unit=unit)
    assert not Share.objects.exists()


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"reason": "kort"}, BadInput),
        ({"ground": "general_clause"}, BadInput),
        ({"ground": "consent"}, BadInput),
        ({"until": ON - timedelta(days=1)}, BadInput),
        ({"until": date(2027, 3, 4)}, BadInput),
    ],
)
def test_a_share_needs_a_ground_a_reason_and_a_last_day(
    given: dict[str, Any], refusal: type[Exception], case: Any, by: Any, now: datetime
) -> None:
    with pytest.raises(refusal):
        share(case, by, now, **given)
    assert not Share.objects.exists()


def test_a_share_on_consent_lasts_no_longer_than_the_consent_and_ends_with_it(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    ours = {"purpose": "share", "recipient": "other_unit", "recipient_name": "KAST"}
    names = {one.code: one.name for one in walls.staff.active_units(ON)}
    yes = consent(case, by, now, **ours | {"recipient_name": names["kast"]})
    told = {"ground": "consent", "consent": str(yes.pk), "reason": ""}
    with pytest.raises(BadInput, match="Samtycket gäller till och med"):
        share(case, by, now, until=date(2026, 4, 3), **told)
    with pytest.raises(NoConsent):
        share(case, by, now, unit="coordinator_adult", **told)
    with pytest.raises(NoConsent, match="ett annat ändamål"):
        hand_over(case, by, now, **told)
    share(case, by, now, **told)
    assert may_read(case, cast.kast_worker, now)
    actions.revoke_consent(record_id=yes.pk, **act(case, by, now))
    assert not may_read(case, cast.kast_worker, now)
    with pytest.raises(Unreadable):
        vaults.open_box(case.box.id, {"kast"})


def test_sharing_once_more_moves_the_last_day(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    share(case, by, now)
    share(case, by, now, until=date(2026, 4, 30))
    assert Share.objects.filter(ended_at__isnull=True).count() == 1
    assert may_read(case, cast.kast_worker, now + timedelta(days=45))


def test_a_share_is_ended_through_its_own_case_alone(
    case: Any, open_case: Any, by: Any, now: datetime
) -> None:
    row = share(case, by, now)
    with pytest.raises(NotVisible):
        actions.end_share(share_id=row.pk, **act(open_case(), by, now))


def test_a_case_handed_over_is_the_other_units_and_its_own_unit_learns_nothing_more(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    hand_over(case, by, now)
    case.case.refresh_from_db()
    assert (case.case.unit, case.case.responsible, case.case.deputy) == ("kast", None, None)
    assert actions.read_case(what="t", **act(case, cast.kast_worker, now)).why == "unassigned"
    for who in (by, cast.mika_head, cast.mika_second):
        assert not may_read(case, who, now)
    with pytest.raises(Unreadable):
        vaults.open_box(case.box.id, {"mika"})
    assert vaults.open_box(case.box.id, {"kast"})


def test_what_finds_the_case_is_made_anew_for_the_new_unit(
    case: Any, by: Any, now: datetime
) -> None:
    number = case.content.number
    hand_over(case, by, now, reads_until=UNTIL)
    for kind, word in ((IndexKind.NAME, "Påhittad Ek"), (IndexKind.CASE_NUMBER, number)):
        assert vaults.find({"kast"}, kind, word) == {case.box.id}
        assert vaults.find({"mika"}, kind, word) == set()


def test_the_giving_unit_reads_on_only_as_a_share_until_a_day(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    hand_over(case, by, now, reads_until=UNTIL)
    assert actions.read_case(what="t", **act(case, cast.mika_second, now)).why == "shared"
    assert not may_read(case, by, now + timedelta(days=30))


@pytest.mark.parametrize("goes", [True, False])
def test_contact_details_go_along_or_are_erased(
    goes: bool, case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    actions.keep_details(seen=0, details=Details(phone="070-174 06 05"), **act(case, by, now))
    box = ContactDetails.objects.get().box
    hand_over(case, by, now, takes_details=goes, reads_until=UNTIL)
    with pytest.raises(Unreadable):
        vaults.open_box(box, {"mika"})
    if goes:
        _case, details, _version = actions.read_details(**act(case, cast.kast_worker, now))
        assert details is not None
        assert details.phone
    else:
        assert not ContactDetails.objects.exists()
        with pytest.raises(Unreadable):
            vaults.open_box(box, {"kast"})


def test_shares_participants_and_drafts_end_with_the_handing_over(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    share(case, by, now, unit="coordinator_adult")
    case.case.participants.create(person=cast.mika_second, added_by=by)
    actions.keep_draft(
        place="cases:write_note:x", unit="mika", case_id=case.case.pk, fields="a", by=by, now=now
    )
    case.case.refresh_from_db()
    hand_over(case, by, now)
    assert not may_read(case, cast.adult_coordinator, now)
    assert not case.case.participants.exists()
    assert not Draft.objects.exists()
    assert not Share.objects.filter(ended_at__isnull=True).exists()


def test_who_saved_meanwhile_stops_the_handing_over(case: Any, by: Any, now: datetime) -> None:
    with pytest.raises(Changed):
        hand_over(case, by, now, seen=case.case.version + 1)
    case.case.refresh_from_db()
    assert case.case.unit == "mika"


def test_a_handing_over_counts_one_fact_and_the_timeline_tells_both(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    before = Entry.objects.count()
    share(case, by, now, unit="coordinator_adult")
    hand_over(case, by, now)
    fact = Fact.objects.get(kind="hand_over")
    assert (fact.unit, fact.detail, fact.weight) == ("mika", "kast", 1)
    acts = case.case.records.filter(kind="disclosure", state="decided")
    assert acts.count() == 2
    told = Entry.objects.filter(event__in=("cases.case_shared", "cases.case_handed_over"))
    assert [entry.on for entry in told] == [case.box.trail_name] * 2
    assert WHY not in "".join(e.facts for e in Entry.objects.order_by("place")[before:])


def test_a_shared_case_that_is_nobodys_is_not_the_other_units_to_take(
    open_case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    case = open_case(mine=False)
    share(case, by, now)
    other = cast.kast_worker
    assert actions.read_case(what="t", **act(case, other, now)).why == "shared"
    assert list(unassigned(other, ON)) == []
    with pytest.raises(OnlyShared):
        actions.write_note(text="Nej", title="", on=ON, **act(case, other, now))
    with pytest.raises(NotVisible):
        actions.take_case(**act(case, other, now))


def test_a_case_is_not_handed_over_while_a_request_about_it_waits(
    case: Any, by: Any, now: datetime
) -> None:
    one = requested(case, by, now)
    with pytest.raises(WrongState, match="begäran om uppgifter ur ärendet väntar"):
        hand_over(case, by, now)
    actions.withdraw_request(request_id=one.row.pk, seen=1, by=by, now=now)
    hand_over(case, by, now)


def test_an_answered_request_goes_with_its_case_and_stays_with_nobody_else(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    one = requested(case, by, now)
    told = {"request_id": one.row.pk, "now": now}
    _one, _case, pieces = actions.read_for_extract(by=by, **told)
    verdicts = {piece.code: GIVEN for piece in pieces}
    actions.assess_extract(seen=1, verdicts=verdicts, assessment="", by=by, **told)
    actions.decide_request(seen=2, by=by, **told)
    hand_over(case, by, now, reads_until=UNTIL)
    read = actions.read_request(by=cast.kast_worker, **told)
    assert (read.row.state, read.content.called) == ("decided", "Påhittad Ek")
    assert actions.request_file(file_format="json", by=cast.kast_worker, **told)
    for who in (by, cast.mika_head):
        with pytest.raises(NotVisible):
            actions.read_request(by=who, **told)
    with pytest.raises(Unreadable):
        vaults.open_box(one.row.box, {"mika"})


def test_a_case_is_not_handed_over_before_its_broken_glass_is_reviewed(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime, desk: Any
) -> None:
    row = actions.break_glass(kind="here", reason=WHY, **act(case, cast.mika_second, now))
    page = desk(by).get(reverse("cases:hand_over_case", args=[case.case.pk]))
    assert (page.status_code, "inte granskad än" in page.text) == (422, True)
    with pytest.raises(WrongState, match="inte granskad än"):
        hand_over(case, by, now)
    actions.review_break_glass(
        break_glass_id=row.pk, was_right=True, comment="", by=cast.mika_head, now=now
    )
    hand_over(case, by, now)


def test_a_file_is_attached_to_an_old_contact_of_a_case_that_was_handed_over(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime, log: Any
) -> None:
    contact = log(case_id=case.case.pk).contact
    case.case.refresh_from_db()
    hand_over(case, by, now, seen=case.case.version)
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    given = {"contact_id": contact.pk, "name": "a.png", "data": out.getvalue(), "now": now}
    assert actions.attach_to_contact(by=cast.kast_worker, **given).row.case == case.case
    with pytest.raises(NotVisible):
        actions.attach_to_contact(by=by, **given)


def test_a_handover_between_workers_that_waits_ends_with_the_handing_over(
    case: Any, cast: SimpleNamespace, by: Any, now: datetime
) -> None:
    row = actions.hand_over(
        unit="mika",
        giver_id=by.pk,
        receiver_id=cast.mika_second.pk,
        case_ids=None,
        at_once=False,
        by=by,
        now=now,
    )
    hand_over(case, by, now)
    row.refresh_from_db()
    assert (row.ended_by, row.items.filter(is_waiting=True).count()) == (by, 0)


def requested(case: Any, by: Any, now: datetime) -> Any:
    """A request for one's own data about the case."""
    return actions.register_request(
        kind="own_data",
        unit="mika",
        content=RequestContent(identified="Vi känner varandra sedan i våras"),
        received_on=ON,
        case_number=case.content.number,
        by=by,
        now=now,
    )
