"""Contacts: logged, joined, corrected, taken, taken away; and what is counted of them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.vault.models import SealedBox
from hamn.support.cases import actions
from hamn.support.cases.models import Attachment, AttachmentPart, Case, Contact, Fact
from hamn.support.cases.queries.opened import place_of
from hamn.support.cases.rules.contacts import NotJoinable, NotRemovable
from hamn.support.cases.rules.content import ContactContent
from hamn.support.cases.rules.states import Changed, WrongState
from hamn.support.services.rules import IdentityNeeded

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
TALK = ContactContent(channel="phone", kind="counselling")
OUTSIDE = ("kast_worker", "kast_head", "adult_coordinator", "administrator", "controller")


@pytest.fixture
def no_decision(cast: SimpleNamespace) -> None:
    """Mika has no board decision about interventions without identity."""
    from hamn.support.services.actions import save_service
    from hamn.support.services.queries import service, version
    from hamn.support.services.rules import HEADS_FIELDS

    row = service("mika")
    fields = {name: getattr(row, name) for name in HEADS_FIELDS}
    fields |= {"regime": "advice_exempt", "decision_reference": "", "decision_on": None}
    save_service(code="mika", seen=version(row), fields=fields, today=DAY, by=cast.mika_head)


def counted(**where: Any) -> dict[tuple[Any, ...], int]:
    """The facts of contacts that are left when those taken back are set off."""
    rows = (
        Fact.objects.filter(kind="contact", **where)
        .values_list("unit", "year", "month", "detail", "form", "municipality", "is_first")
        .annotate(sum=Sum("weight"))
    )
    return {tuple(row[:-1]): row[-1] for row in rows if row[-1]}


def test_a_contact_needs_nothing_about_who_the_person_is(log: Callable[..., Any]) -> None:
    one = log()
    assert one.contact.case_id is None
    assert one.content.called == ""
    assert one.content.entitlement == "unknown_served"


def test_an_unjoined_contact_is_counted_but_never_as_somebodys_first(
    log: Callable[..., Any],
) -> None:
    log()
    log(form="relative", municipality="0180")
    assert counted() == {
        ("mika", 2026, 3, "counselling", "individual", "", False): 1,
        ("mika", 2026, 3, "counselling", "relative", "0180", False): 1,
    }


def test_a_joined_contact_is_counted_anew_with_the_classes_of_its_case(
    log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(municipality="0117", age_group="adult").case
    one = log()
    old = one.contact.box
    joined = actions.join_contact(
        contact_id=one.contact.pk, case_id=case.pk, by=cast.mika_worker, now=now
    )
    assert counted() == {("mika", 2026, 3, "counselling", "individual", "0117", True): 1}
    assert joined.contact.box == case.box
    assert not SealedBox.objects.filter(pk=old).exists()
    read = actions.see_contact(contact_id=one.contact.pk, by=cast.mika_worker, now=now)
    assert read.one.content == joined.content


def test_a_person_is_counted_once_a_year_and_a_relative_of_hers_apart(
    log: Callable[..., Any], open_case: Callable[..., Any]
) -> None:
    case = open_case().case
    for on in (DAY, DAY - timedelta(days=30), date(2025, 12, 31), DAY):
        log(case_id=case.pk, on=on)
    log(case_id=case.pk, form="relative")
    firsts = {key: count for key, count in counted().items() if key[-1]}
    assert firsts == {
        ("mika", 2026, 1, "counselling", "individual", "", True): 1,
        ("mika", 2025, 12, "counselling", "individual", "", True): 1,
        ("mika", 2026, 3, "counselling", "relative", "", True): 1,
    }


def test_a_correction_takes_back_the_right_fact_and_moves_the_first(
    log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case().case
    one = log(case_id=case.pk)
    log(case_id=case.pk, on=date(2026, 3, 1), minutes=30)
    actions.change_contact(
        contact_id=one.contact.pk,
        seen=1,
        on=date(2025, 6, 1),
        change=lambda content: replace(content, channel="visit"),
        answer_by=None,
        by=cast.mika_worker,
        now=now,
    )
    assert counted() == {
        ("mika", 2026, 3, "counselling", "individual", "", True): 1,
        ("mika", 2025, 6, "counselling", "individual", "", True): 1,
    }


def test_what_was_counted_when_she_lived_elsewhere_stays_when_another_contact_comes(
    log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(municipality="0117").case
    log(case_id=case.pk)
    actions.change_case(
        case_id=case.pk,
        seen=1,
        change=lambda content: replace(content, municipality="0180"),
        what="moved",
        by=cast.mika_worker,
        now=now,
    )
    log(case_id=case.pk)
    assert counted() == {
        ("mika", 2026, 3, "counselling", "individual", "0117", True): 1,
        ("mika", 2026, 3, "counselling", "individual", "0180", False): 1,
    }


def test_the_files_of_a_contact_are_sealed_anew_when_it_joins_a_case(
    log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    one, opened = log(), open_case()
    file = Attachment(contact=one.contact, box=one.box.id, added_by=cast.mika_worker)
    file.sealed = one.box.seal(place_of(file), b"{}")
    file.save(force_insert=True)
    part = AttachmentPart(attachment=file, copy="original", number=0)
    part.sealed = one.box.seal(place_of(part), b"bytes")  # type: ignore[arg-type]
    part.save(force_insert=True)
    actions.join_contact(
        contact_id=one.contact.pk, case_id=opened.case.pk, by=cast.mika_worker, now=now
    )
    file.refresh_from_db()
    part.refresh_from_db()
    assert (file.box, file.case) == (opened.case.box, opened.case)
    assert opened.box.open(place_of(part), bytes(part.sealed)) == b"bytes"  # type: ignore[arg-type]


def test_a_mistaken_contact_goes_with_its_facts_and_its_key(
    log: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    one = log()
    actions.remove_contact(
        contact_id=one.contact.pk, reason="duplicate", by=cast.mika_worker, now=now
    )
    assert counted() == {}
    assert not SealedBox.objects.filter(pk=one.contact.box).exists()
    assert not Contact.objects.exists()


def test_a_contact_is_taken_away_only_by_who_wrote_it_and_only_at_first(
    log: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    free = log(mine=False).contact
    with pytest.raises(NotRemovable, match="antecknade eller tog"):
        actions.remove_contact(contact_id=free.pk, reason="duplicate", by=cast.mika_second, now=now)
    with pytest.raises(NotRemovable, match="14 dagar"):
        actions.remove_contact(
            contact_id=free.pk,
            reason="duplicate",
            by=cast.mika_worker,
            now=free.logged_at + timedelta(days=15),
        )


def test_a_contact_that_is_nobodys_is_taken_once(
    log: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    one = log(mine=False).contact
    actions.take_contact(contact_id=one.pk, by=cast.mika_second, now=now)
    assert Contact.objects.get().responsible == cast.mika_second
    with pytest.raises(NotVisible):
        actions.take_contact(contact_id=one.pk, by=cast.mika_worker, now=now)
    with pytest.raises(WrongState):
        actions.take_contact(contact_id=one.pk, by=cast.mika_second, now=now)


def test_two_who_save_at_once_see_the_conflict(
    log: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    one = log(mine=False).contact

    def change(by: Any) -> None:
        actions.change_contact(
            contact_id=one.pk,
            seen=1,
            on=DAY,
            change=lambda content: replace(content, text="ny lydelse"),
            answer_by=None,
            by=by,
            now=now,
        )

    change(cast.mika_worker)
    with pytest.raises(Changed):
        change(cast.mika_second)


def test_a_unit_without_a_decision_keeps_advice_without_identity_and_nothing_else(
    log: Callable[..., Any], open_case: Callable[..., Any], no_decision: None
) -> None:
    anonymous, named = open_case().case, open_case(identity_level="named", called="Ek").case
    log()
    for case_id in (None, anonymous.pk):
        with pytest.raises(IdentityNeeded, match="nämndbeslut"):
            log(kind="practical_support", case_id=case_id)
    assert log(kind="practical_support", case_id=named.pk).content.kind == "practical_support"


def test_what_needs_an_identity_is_not_moved_out_of_the_case_of_someone_named(
    log: Callable[..., Any],
    open_case: Callable[..., Any],
    cast: SimpleNamespace,
    now: datetime,
    no_decision: None,
) -> None:
    named = open_case(identity_level="named", called="Påhittad Ek").case
    one = log(kind="practical_support", case_id=named.pk).contact
    moved = {"contact_id": one.pk, "reason": "wrong_person", "by": cast.mika_worker, "now": now}
    for case_id in (None, open_case().case.pk):
        with pytest.raises(IdentityNeeded):
            actions.move_contact(case_id=case_id, **moved)


def test_a_contact_does_not_join_a_case_of_another_unit(
    log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    one = log()
    Contact.objects.filter(pk=one.contact.pk).update(unit="kast")
    with pytest.raises((NotJoinable, NotVisible)):
        actions.join_contact(
            contact_id=one.contact.pk, case_id=open_case().case.pk, by=cast.mika_worker, now=now
        )


def test_a_contact_in_a_case_costs_the_same_however_many_the_case_has(
    log: Callable[..., Any], open_case: Callable[..., Any]
) -> None:
    case, counts = open_case().case, []
    log(case_id=case.pk)
    for more in (1, 10):
        for _each in range(more):
            log(case_id=case.pk)
        with CaptureQueriesContext(connection) as asked:
            log(case_id=case.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_joint_talk_is_logged_once_and_lands_in_both_cases(
    log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    from hamn.support.cases.rules.children import CaseLink

    one, other, third = (open_case(form="couple").case for _each in range(3))
    actions.write_record(
        case_id=one.pk,
        kind="link",
        content=CaseLink(str(other.pk), "couple"),
        on=DAY,
        by=cast.mika_worker,
        now=now,
    )
    talk = log(case_id=one.pk, also_in=[other.pk], text="Ett samtal")
    twin = other.contacts.get()
    assert one.contacts.count() == other.contacts.count() == 1
    assert talk.content.joint_with == str(twin.pk)
    seen = actions.see_contact(contact_id=twin.pk, by=cast.mika_worker, now=now).one.content
    assert (seen.text, seen.joint_with) == ("Ett samtal", str(talk.contact.pk))
    assert sum(count for key, count in counted().items() if key[-1]) == 2
    with pytest.raises(BadInput, match="inte kopplade"):
        log(case_id=one.pk, also_in=[third.pk])


def test_a_promised_answer_waits_in_the_case_until_it_is_given(
    log: Callable[..., Any], open_case: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case().case
    one = log(case_id=case.pk, answer_by=DAY + timedelta(days=3)).contact
    assert Case.objects.get(pk=case.pk).waits_since == DAY
    answered = actions.mark_answered(contact_id=one.pk, by=cast.mika_worker, now=now)
    assert answered.content.answered_on == DAY
    assert Case.objects.get(pk=case.pk).waits_since is None
    with pytest.raises(WrongState):
        actions.mark_answered(contact_id=one.pk, by=cast.mika_worker, now=now)


def test_a_childs_contact_is_put_before_the_coordinator_while_the_worker_keeps_hers(
    log: Callable[..., Any], cast: SimpleNamespace, now: datetime
) -> None:
    one = log(age_group="child", called="Påhittad Al", text="Bara hos oss")
    assert one.contact.is_child
    assert one.content.entitlement == "refer_child_coordinator"
    handed = actions.hand_to_child_coordinator(
        contact_id=one.contact.pk,
        ground="need_to_know",
        words="Behöver hjälp i dag",
        by=cast.mika_worker,
        now=now,
    )
    hers = actions.see_contact(contact_id=handed.pk, by=cast.child_coordinator, now=now).one
    assert (hers.content.handed_words, hers.content.text, hers.content.called) == (
        "Behöver hjälp i dag",
        "",
        "",
    )
    with pytest.raises(NotVisible):
        actions.see_contact(contact_id=handed.pk, by=cast.mika_worker, now=now)
    still = actions.see_contact(contact_id=one.contact.pk, by=cast.mika_worker, now=now).one
    assert still.content.text == "Bara hos oss"
    assert set(counted()) == {("mika", 2026, 3, "counselling", "individual", "", False)}
    with pytest.raises(NotJoinable, match="redan"):
        actions.hand_to_child_coordinator(
            contact_id=one.contact.pk, ground="consent", words="Igen", by=cast.mika_worker, now=now
        )
