"""Who works with a case: taken, assigned, handed over, and never left behind."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, PermissionDenied
from hamn.guards.access import actions as access
from hamn.guards.access.models import UnitMembership
from hamn.guards.access.rules import Role
from hamn.guards.audit.models import Entry
from hamn.support.cases import actions
from hamn.support.cases.models import Contact, Handover, Participant
from hamn.support.cases.queries import walls
from hamn.support.cases.queries.assigning import waiting_handovers
from hamn.support.cases.rules.assigning import AssignedMeanwhile, NotAssigned, StillResponsible
from hamn.support.cases.rules.states import ClosedToYou, WrongState

pytestmark = pytest.mark.django_db


def assign(case: Any, by: Any, now: datetime, *, to: Any, deputy: Any = None) -> Any:
    case.refresh_from_db()
    return actions.assign_case(
        case_id=case.pk,
        responsible_id=to.pk if to else None,
        deputy_id=deputy.pk if deputy else None,
        seen=f"{case.responsible_id or ''}-{case.deputy_id or ''}",
        by=by,
        now=now,
    )


def opens(case: Any, who: Any, now: datetime) -> bool:
    return walls.open_to(who, now).filter(pk=case.pk).exists()


def hand(cast: SimpleNamespace, now: datetime, **more: Any) -> Handover:
    given = {
        "unit": "mika",
        "giver_id": cast.mika_worker.pk,
        "receiver_id": cast.mika_second.pk,
        "case_ids": None,
        "at_once": False,
        "by": cast.mika_worker,
    }
    return actions.hand_over(**{**given, **more}, now=now)


def test_one_of_two_who_take_a_case_gets_it(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case(mine=False).case
    actions.take_case(case_id=case.pk, by=cast.mika_second, now=now)
    with pytest.raises(WrongState):
        actions.take_case(case_id=case.pk, by=cast.mika_worker, now=now)
    case.refresh_from_db()
    assert case.responsible == cast.mika_second
    with pytest.raises(NotVisible):
        actions.take_case(case_id=case.pk, by=cast.kast_worker, now=now)


def test_a_deputy_is_set_at_once_and_opens_the_case(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    assert not opens(case, cast.mika_second, now)
    assign(case, cast.mika_worker, now, to=cast.mika_worker, deputy=cast.mika_second)
    assert opens(case, cast.mika_second, now)
    entry = Entry.objects.filter(event="cases.case_assigned").latest("place")
    assert f'"deputy":{cast.mika_second.pk}' in entry.facts


def test_a_new_responsible_must_accept(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    row = assign(case, cast.mika_worker, now, to=cast.mika_second)
    case.refresh_from_db()
    assert case.responsible == cast.mika_worker
    assert not opens(case, cast.mika_second, now)
    assert [one.pk for one in waiting_handovers(cast.mika_second)] == [row.pk]
    assert actions.accept_handover(handover_id=row.pk, by=cast.mika_second, now=now) == 1
    case.refresh_from_db()
    assert case.responsible == cast.mika_second
    assert not opens(case, cast.mika_worker, now)


def test_only_the_receiver_says_yes(cast: SimpleNamespace, open_case: Any, now: datetime) -> None:
    row = assign(open_case().case, cast.mika_worker, now, to=cast.mika_second)
    for who in ("mika_worker", "mika_head", "kast_worker", "administrator", "stranger"):
        with pytest.raises(NotVisible):
            actions.accept_handover(handover_id=row.pk, by=getattr(cast, who), now=now)


def test_a_declined_handover_changes_nothing_and_may_be_proposed_again(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    row = assign(case, cast.mika_worker, now, to=cast.mika_second)
    actions.end_handover(handover_id=row.pk, by=cast.mika_second, now=now)
    with pytest.raises(NotVisible):
        actions.accept_handover(handover_id=row.pk, by=cast.mika_second, now=now)
    case.refresh_from_db()
    assert case.responsible == cast.mika_worker
    assert assign(case, cast.mika_worker, now, to=cast.mika_second).pk != row.pk


def test_a_head_assigns_at_once_without_opening_the_case(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    assert assign(case, cast.mika_head, now, to=cast.mika_second) is None
    case.refresh_from_db()
    assert case.responsible == cast.mika_second
    assert not opens(case, cast.mika_head, now)


def test_a_head_gives_herself_a_case_only_while_its_worker_is_away(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    from hamn.register.staff import actions as staff
    from hamn.register.staff.rules import AbsenceKind

    case = open_case().case
    for to, deputy in ((cast.mika_head, None), (cast.mika_worker, cast.mika_head)):
        with pytest.raises(NotAssigned):
            assign(case, cast.mika_head, now, to=to, deputy=deputy)
    with pytest.raises(NotAssigned):
        hand(cast, now, receiver_id=cast.mika_head.pk, at_once=True, by=cast.mika_head)
    staff.save_absence(
        absence_id=None,
        person_id=cast.mika_worker.pk,
        kind=AbsenceKind.PLANNED,
        starts_on=timezone.localdate(now),
        ends_on=None,
        seen=0,
        by=cast.mika_worker,
    )
    assign(case, cast.mika_head, now, to=cast.mika_head)
    assert opens(case, cast.mika_head, now)


def test_a_colleague_who_does_not_work_in_the_case_assigns_nobody(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    with pytest.raises(ClosedToYou):
        assign(open_case().case, cast.mika_second, now, to=cast.mika_second)


@pytest.mark.parametrize("who", ["kast_worker", "administrator", "reader", "stranger", "steward"])
def test_nobody_outside_the_unit_is_given_a_case(
    who: str, cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    other = getattr(cast, who)
    with pytest.raises(NotAssigned):
        assign(case, cast.mika_worker, now, to=other)
    with pytest.raises(NotAssigned):
        assign(case, cast.mika_worker, now, to=cast.mika_worker, deputy=other)
    with pytest.raises(NotAssigned):
        actions.add_participant(case_id=case.pk, person_id=other.pk, by=cast.mika_worker, now=now)
    with pytest.raises(NotVisible):
        assign(case, other, now, to=other)


def test_two_who_assign_at_once_see_the_conflict(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    seen = f"{cast.mika_worker.pk}-"
    assign(case, cast.mika_worker, now, to=cast.mika_worker, deputy=cast.mika_second)
    with pytest.raises(AssignedMeanwhile):
        actions.assign_case(
            case_id=case.pk,
            responsible_id=cast.mika_worker.pk,
            deputy_id=cast.mika_head.pk,
            seen=seen,
            by=cast.mika_worker,
            now=now,
        )


def test_a_case_keeps_a_responsible_and_nobody_is_her_own_deputy(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    with pytest.raises(NotAssigned):
        assign(case, cast.mika_worker, now, to=None)
    with pytest.raises(BadInput):
        assign(case, cast.mika_worker, now, to=cast.mika_worker, deputy=cast.mika_worker)


def test_a_participant_opens_the_case_until_removed(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case, other = open_case().case, open_case().case
    row = actions.add_participant(
        case_id=case.pk, person_id=cast.mika_second.pk, by=cast.mika_worker, now=now
    )
    assert opens(case, cast.mika_second, now)
    with pytest.raises(NotVisible):
        actions.remove_participant(
            case_id=other.pk, participant_id=row.pk, by=cast.mika_worker, now=now
        )
    assert Participant.objects.filter(pk=row.pk).exists()
    actions.remove_participant(case_id=case.pk, participant_id=row.pk, by=cast.mika_worker, now=now)
    assert not opens(case, cast.mika_second, now)


def test_a_whole_caseload_goes_with_deputyships_and_contacts(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    cases = [open_case().case for _each in range(3)]
    headed = open_case(by=cast.mika_head).case
    assign(headed, cast.mika_head, now, to=cast.mika_head, deputy=cast.mika_worker)
    contact = _contact(cast.mika_worker, now)
    row = hand(cast, now)
    assert not opens(cases[0], cast.mika_second, now)
    assert actions.accept_handover(handover_id=row.pk, by=cast.mika_second, now=now) == 3
    for case in [*cases, headed, contact]:
        case.refresh_from_db()
    assert {case.responsible for case in cases} == {cast.mika_second}
    assert (headed.responsible, headed.deputy) == (cast.mika_head, cast.mika_second)
    assert contact.responsible == cast.mika_second


def test_chosen_cases_go_and_the_rest_stay(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    first, second = open_case().case, open_case().case
    foreign = open_case(by=cast.kast_worker, unit="kast").case
    row = hand(cast, now, case_ids=[first.pk, foreign.pk])
    actions.accept_handover(handover_id=row.pk, by=cast.mika_second, now=now)
    for case in (first, second, foreign):
        case.refresh_from_db()
    assert first.responsible == cast.mika_second
    assert second.responsible == cast.mika_worker
    assert foreign.responsible == cast.kast_worker


def test_what_changed_hands_meanwhile_is_left_out(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    first, second = open_case().case, open_case().case
    row = hand(cast, now)
    assign(second, cast.mika_head, now, to=cast.mika_second)
    assert waiting_handovers(cast.mika_second)[0].count == 1  # type: ignore[attr-defined]
    assert actions.accept_handover(handover_id=row.pk, by=cast.mika_second, now=now) == 1
    for case in (first, second):
        case.refresh_from_db()
        assert case.responsible == cast.mika_second


def test_a_head_hands_over_at_once_and_a_worker_does_not(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    case = open_case().case
    with pytest.raises(PermissionDenied):
        hand(cast, now, at_once=True)
    hand(cast, now, at_once=True, by=cast.mika_head)
    case.refresh_from_db()
    assert case.responsible == cast.mika_second


@pytest.mark.parametrize("who", ["mika_second", "kast_head", "administrator", "controller"])
def test_nobody_but_the_worker_and_her_head_hands_her_caseload_over(
    who: str, cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    open_case()
    with pytest.raises(NotVisible):
        hand(cast, now, by=getattr(cast, who))


def test_there_is_something_to_hand_over(cast: SimpleNamespace, now: datetime) -> None:
    with pytest.raises(BadInput):
        hand(cast, now)


def test_a_worker_with_open_cases_neither_leaves_nor_loses_unit_or_role(
    cast: SimpleNamespace, open_case: Any, now: datetime
) -> None:
    open_case()
    row = UnitMembership.objects.get(person=cast.mika_worker, unit="mika")
    with pytest.raises(
        StillResponsible, match="har 1 ärenden, öppna och avslutade: lämna över dem först"
    ):
        access.end_member(membership_id=row.pk, by=cast.mika_head)
    today = timezone.localdate()
    for act in (
        lambda: access.leave(
            person_id=cast.mika_worker.pk, on=today, today=today, by=cast.administrator
        ),
        lambda: access.change_roles(
            person_id=cast.mika_worker.pk,
            roles=[Role.READER],
            seen_roles=[Role.CASEWORKER],
            by=cast.administrator,
        ),
    ):
        # Who runs the system is told that something is left, not how much.
        with pytest.raises(StillResponsible, match="först ska lämnas över") as refused:
            act()
        assert "1" not in str(refused.value)
    handed = hand(cast, now)
    actions.accept_handover(handover_id=handed.pk, by=cast.mika_second, now=now)
    access.leave(person_id=cast.mika_worker.pk, on=today, today=today, by=cast.administrator)


def test_contacts_without_a_case_are_not_left_behind_either(
    cast: SimpleNamespace, now: datetime
) -> None:
    _contact(cast.mika_worker, now)
    row = UnitMembership.objects.get(person=cast.mika_worker, unit="mika")
    with pytest.raises(StillResponsible, match="kontakter utan ärende"):
        access.end_member(membership_id=row.pk, by=cast.mika_head)


def test_a_late_answer_is_asked_for_on_both_days(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    case = open_case().case
    row = assign(case, cast.mika_worker, timezone.now() - timedelta(days=4), to=cast.mika_second)
    theirs = desk(cast.mika_second).get(reverse("cases:today")).text
    assert "mika_worker vill lämna över till dig" in theirs
    assert reverse("cases:accept_handover", args=[row.pk]) in theirs
    hers = desk(cast.mika_worker).get(reverse("cases:today")).text
    assert "mika_second har inte svarat" in hers
    assert theirs.count("påminnelse") == hers.count("påminnelse") == 1


def test_the_pages_from_proposal_to_yes(cast: SimpleNamespace, open_case: Any, desk: Any) -> None:
    case = open_case(called="Påhittad Ek").case
    client = desk(cast.mika_worker)
    fields = {"receiver_id": str(cast.mika_second.pk), "scope": "alla"}
    address = reverse("cases:hand_over")
    assert client.get(address).status_code == 200
    shown = client.post(address, fields)
    assert "blir ansvarig. Ärenden: 1" in shown.text
    assert Handover.objects.count() == 0
    assert client.post(address, {**fields, "steg": "bekrafta"}).status_code == 302
    row = Handover.objects.get()
    second = desk(cast.mika_second)
    accept = reverse("cases:accept_handover", args=[row.pk])
    assert "Påhittad Ek" not in second.get(accept).text
    assert second.post(accept).status_code == 302
    case.refresh_from_db()
    assert case.responsible == cast.mika_second


def test_a_head_chooses_whose_cases_and_may_do_it_at_once(
    cast: SimpleNamespace, open_case: Any, desk: Any
) -> None:
    case = open_case().case
    client = desk(cast.mika_head)
    address = f"{reverse('cases:hand_over')}?vem=mika:{cast.mika_worker.pk}"
    page = client.get(address).text
    assert "När gäller det?" in page
    fields = {
        "receiver_id": str(cast.mika_second.pk),
        "scope": "valda",
        "cases": str(case.pk),
        "when": "genast",
        "steg": "bekrafta",
    }
    assert client.post(address, fields).status_code == 302
    case.refresh_from_db()
    assert case.responsible == cast.mika_second
    assert "mika_head har gett dig ärenden" in (
        desk(cast.mika_second).get(reverse("cases:today")).text
    )
    foreign = f"{reverse('cases:hand_over')}?vem=kast:{cast.kast_worker.pk}"
    assert client.get(foreign).status_code == 404


def _contact(by: Any, now: datetime) -> Contact:
    from hamn.guards.vault import actions as vault
    from hamn.support.cases.actions.sealing import put
    from hamn.support.cases.rules.content import ContactContent

    box = vault.new_box(["mika"])
    days = {"on": timezone.localdate(now), "last_note_on": timezone.localdate(now)}
    contact = Contact(unit="mika", box=box.id, responsible=by, logged_by=by, **days)
    put(contact, ContactContent(channel="phone", kind="counselling"), box)
    contact.save(force_insert=True)
    return contact
