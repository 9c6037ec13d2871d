"""A contact that was written in the wrong case is moved to the right one, or out of it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hamn.core.errors import BadInput, NotVisible
from hamn.guards.audit.models import Entry
from hamn.guards.vault.models import SealedBox
from hamn.papers.tests.attachments import screenshot
from hamn.support.cases import actions
from hamn.support.cases.models import Case, Contact, ContactDetails, Draft
from hamn.support.cases.queries.files import files_in
from hamn.support.cases.rules.access import OnlyBrokenOpen
from hamn.support.cases.rules.contacts import MOVES, NotJoinable
from hamn.support.cases.rules.files import Copy
from hamn.support.cases.rules.mail import Mail, Sender
from hamn.support.cases.rules.shares import OnlyShared
from hamn.support.cases.rules.states import ClosedToYou, WrongState
from hamn.support.cases.tests.test_cases_contacts import counted

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TEXT = "Påhittad text om någon annan"


@pytest.fixture
def move(cast: SimpleNamespace, now: datetime) -> Callable[..., Any]:
    """A function that moves: `move(contact, case)`; to no case without one."""

    def moved(
        contact: Contact, case: Case | None = None, *, by: Any = None, why: str = "wrong_person"
    ) -> Any:
        to = case.pk if case else None
        who = {"by": by or cast.mika_worker, "now": now}
        return actions.move_contact(contact_id=contact.pk, case_id=to, reason=why, **who)

    return moved


def test_a_contact_in_the_wrong_case_is_moved_with_its_files_and_recounted(
    log: Any, open_case: Any, move: Any, cast: SimpleNamespace, now: datetime
) -> None:
    wrong, right = open_case(municipality="0180").case, open_case(municipality="0117")
    one = log(case_id=wrong.pk, text=TEXT).contact
    log(case_id=wrong.pk)
    who = {"contact_id": one.pk, "by": cast.mika_worker, "now": now}
    file = actions.attach_to_contact(name="bild.png", data=screenshot(), **who)
    moved = move(one, right.case)
    assert (moved.contact.case, moved.contact.box) == (right.case, right.case.box)
    assert actions.see_contact(**who).one.content.text == TEXT
    (there,) = files_in(right.case, right.box)
    assert there.row.pk == file.row.pk
    told = {"attachment_id": file.row.pk, "copy": Copy.ORIGINAL}
    _file, parts = actions.fetch_from_contact(**told, **who)
    assert b"".join(parts) == screenshot()
    assert not wrong.attachments.exists() and wrong.contacts.count() == 1
    # The other contact of the wrong case is its person's first now.
    assert counted() == {
        ("mika", 2026, 3, "counselling", "individual", "0117", True): 1,
        ("mika", 2026, 3, "counselling", "individual", "0180", True): 1,
    }


def test_a_contact_that_is_moved_out_stands_alone_with_whoever_took_it_out(
    log: Any, open_case: Any, move: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case(municipality="0117").case
    who = {"by": cast.mika_worker, "now": now}
    actions.add_participant(case_id=case.pk, person_id=cast.mika_second.pk, **who)
    one = log(case_id=case.pk, text=TEXT, municipality="0180").contact
    moved = move(one, by=cast.mika_second, why="unknown_person")
    assert moved.contact.case is None
    assert moved.contact.box != case.box and SealedBox.objects.filter(pk=moved.box.id).exists()
    assert counted() == {("mika", 2026, 3, "counselling", "individual", "0180", False): 1}
    seen = actions.see_contact(contact_id=one.pk, by=cast.mika_second, now=now)
    assert (seen.case, seen.one.content.text) == (None, TEXT)
    with pytest.raises(NotVisible):
        actions.see_contact(contact_id=one.pk, **who)
    assert list(moved.contact.reads.values_list("what", flat=True)) == ["move_out", "contact"]


def test_both_cases_own_logs_and_the_trail_tell_of_the_move(
    log: Any, open_case: Any, move: Any, cast: SimpleNamespace, desk: Callable[..., Client]
) -> None:
    wrong, right = open_case(), open_case()
    one = log(case_id=wrong.case.pk).contact
    was = wrong.box.name_of(one.pk)
    move(one, right.case)
    for case, what in ((wrong, "move_contact"), (right, "receive_contact")):
        assert case.case.reads.last().what == what
    entry = Entry.objects.filter(event="cases.contact_moved").get()
    assert entry.on == right.box.trail_name
    facts = json.loads(entry.facts)
    assert (facts["was"], facts["source"]) == (was, wrong.box.trail_name)
    assert (facts["reason"], facts["why"]) == ("wrong_person", "responsible")
    page = desk(cast.mika_worker).get(reverse("cases:access", args=[wrong.case.pk])).text
    assert "flyttade bort en kontakt" in page


def test_what_is_promised_waits_in_the_case_that_it_was_moved_to(
    log: Any, open_case: Any, move: Any, now: datetime
) -> None:
    wrong, right = open_case().case, open_case().case
    day = now.date() + timedelta(days=3)
    one = log(case_id=wrong.pk, answer_by=day).contact
    assert Case.objects.get(pk=wrong.pk).due_on == day
    move(one, right)
    wrong.refresh_from_db()
    right.refresh_from_db()
    assert (wrong.waits_since, wrong.due_on) == (None, None)
    assert (right.waits_since, right.due_on) == (now.date(), day)


def test_nothing_is_moved_out_of_or_into_a_closed_case(log: Any, open_case: Any, move: Any) -> None:
    here, there = open_case().case, open_case().case
    one = log(case_id=here.pk).contact
    for closed in (here, there):
        Case.objects.filter(pk=closed.pk).update(state="closed", closed_on=one.on)
        with pytest.raises(WrongState, match="avslutat"):
            move(one, there)
        Case.objects.filter(pk=closed.pk).update(state="active", closed_on=None)
    Case.objects.filter(pk=here.pk).update(state="closed", closed_on=one.on)
    with pytest.raises(WrongState, match="avslutat"):
        move(one)
    one.refresh_from_db()
    assert one.case == here


def test_a_contact_is_moved_only_between_cases_that_its_mover_may_write_in(
    log: Any, open_case: Any, move: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case, colleagues = open_case().case, open_case(by=cast.mika_second).case
    kasts = open_case(by=cast.kast_worker, unit="kast").case
    one = log(case_id=case.pk).contact
    with pytest.raises(ClosedToYou):
        move(one, colleagues)
    with pytest.raises(NotVisible):
        move(one, kasts)
    with pytest.raises(NotVisible):
        move(one, case, by=cast.mika_second)
    told = {"ground": "need_to_know", "consent": "", "reason": "Påhittat skäl som är långt nog"}
    day = now.date() + timedelta(days=30)
    actions.share_case(
        case_id=case.pk, unit="kast", until=day, by=cast.mika_worker, now=now, **told
    )
    with pytest.raises(OnlyShared):
        move(one, kasts, by=cast.kast_worker)
    one.refresh_from_db()
    assert one.case == case


def test_who_broke_the_glass_moves_nothing_away(
    log: Any, open_case: Any, move: Any, cast: SimpleNamespace, now: datetime
) -> None:
    case = open_case().case
    one = log(case_id=case.pk).contact
    why = {"kind": "here", "reason": "Påhittat skäl: personen är här nu"}
    actions.break_glass(case_id=case.pk, by=cast.mika_second, now=now, **why)
    for to in (None, open_case(by=cast.mika_second).case):
        with pytest.raises(OnlyBrokenOpen):
            move(one, to, by=cast.mika_second)


def test_a_move_needs_a_reason_a_case_and_another_one(log: Any, open_case: Any, move: Any) -> None:
    case = open_case().case
    one, free = log(case_id=case.pk).contact, log().contact
    with pytest.raises(BadInput, match="varför"):
        move(one, why="because")
    with pytest.raises(NotJoinable, match="redan"):
        move(one, case)
    with pytest.raises(WrongState, match="inte till något ärende"):
        move(free, case)
    assert {"wrong_person"} < set(MOVES)


def test_a_contact_that_came_with_its_case_moves_within_the_unit_that_has_it_now(
    log: Any, open_case: Any, move: Any, cast: SimpleNamespace
) -> None:
    case = open_case(by=cast.kast_worker, unit="kast").case
    one = log(by=cast.kast_worker, service="kast", case_id=case.pk).contact
    Contact.objects.filter(pk=one.pk).update(unit="mika")
    with pytest.raises(NotJoinable, match="annan enhet"):
        move(one, by=cast.kast_worker)
    right = open_case(by=cast.kast_worker, unit="kast").case
    assert move(one, right, by=cast.kast_worker).contact.case == right


def test_a_case_that_is_shared_with_both_units_does_not_take_the_others_contact(
    log: Any, open_case: Any, move: Any, cast: SimpleNamespace
) -> None:
    from hamn.guards.access.actions import grant_member, propose_member

    case, theirs = open_case().case, open_case(by=cast.kast_worker, unit="kast", mine=False).case
    one = log(case_id=case.pk).contact
    row = propose_member(
        person_id=cast.mika_worker.pk, unit="kast", is_head=False, by=cast.administrator
    )
    grant_member(membership_id=row.pk, by=cast.kast_head)
    with pytest.raises(NotJoinable, match="olika enheter"):
        move(one, theirs)


def test_whom_a_letter_came_from_is_erased_where_it_is_moved_to_someone_protected(
    open_case: Any, cast: SimpleNamespace, move: Any, now: datetime
) -> None:
    who = {"by": cast.mika_worker, "now": now}
    mail = Mail(Sender("ek@post.example", "Påhittad Ek"), "Fråga", "Påhittat", now.date())
    letter = actions.take_mail(service="mika", mail=mail, **who).contact
    actions.join_contact(contact_id=letter.pk, case_id=open_case().case.pk, **who)
    move(letter)
    assert ContactDetails.objects.filter(contact=letter).exists()
    actions.join_contact(contact_id=letter.pk, case_id=open_case().case.pk, **who)
    move(letter, open_case(is_protected=True).case)
    assert not ContactDetails.objects.exists()


def test_a_draft_about_the_contact_follows_it(
    log: Any, open_case: Any, move: Any, cast: SimpleNamespace, now: datetime
) -> None:
    wrong, right = open_case().case, open_case().case
    one = log(case_id=wrong.pk).contact
    place = f"cases:change_contact:{one.pk}#0a1b2c3d"
    kept = {"unit": "mika", "case_id": wrong.pk, "fields": "text=x"}
    actions.keep_draft(place=place, by=cast.mika_worker, now=now, **kept)
    move(one, right)
    assert Draft.objects.get().case == right
    move(one)
    assert Draft.objects.get().case is None


def test_the_contacts_page_leads_to_the_form_that_moves_it(
    log: Any, open_case: Any, cast: SimpleNamespace, desk: Callable[..., Client]
) -> None:
    wrong, right = open_case(), open_case(called="Påhittad Ek")
    one, browser = log(case_id=wrong.case.pk).contact, desk(cast.mika_worker)
    page, url = (reverse(f"cases:{name}", args=[one.pk]) for name in ("contact", "move_contact"))
    assert url in browser.get(page).text
    form = browser.get(url).text
    assert right.content.number in form and f'value="{wrong.case.pk}"' not in form
    for given in (
        {},
        {"alone": "on", "case": str(right.case.pk)},
        {"case": str(right.case.pk), "number": right.content.number},
    ):
        answer = browser.post(url, {"reason": "wrong_case", **given})
        assert answer.status_code == 422 and "Bara ett av dem" in answer.text
    moved = browser.post(url, {"reason": "wrong_case", "number": right.content.number})
    assert moved["Location"] == page
    assert Contact.objects.get().case == right.case
    assert browser.post(url, {"reason": "unknown_person", "alone": "on"})["Location"] == page
    assert Contact.objects.get().case is None
    assert url not in browser.get(page).text
    join = reverse("cases:join_contact", args=[one.pk])
    assert browser.get(url)["Location"] == join
