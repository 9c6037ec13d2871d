"""A dialogue that belongs to a case: nobody is reached as its person has forbidden there."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from hamn.guards.audit.models import Entry
from hamn.guards.vault import actions as vault
from hamn.guards.vault.models import SealedBox
from hamn.guards.vault.rules import Locked
from hamn.support.cases import actions as casework
from hamn.support.cases.models import Case
from hamn.support.cases.queries.opened import OpenCase
from hamn.support.cases.rules.content import CaseContent
from hamn.support.cases.rules.safe_contact import SafeContact, UnsafeContact
from hamn.support.door.actions import notices, reaching
from hamn.support.door.actions.answers import write_as_staff
from hamn.support.door.actions.casework import link_dialogue, unlink_dialogue
from hamn.support.door.actions.inbox import read_number
from hamn.support.door.actions.sealing import put_reach
from hamn.support.door.actions.times import book_for_person
from hamn.support.door.models import Booking, Dialogue, Reach
from hamn.support.door.rules.content import ReachContent
from hamn.support.door.tests.booked import a_slot, standing
from hamn.support.door.tests.inbox import NOW, NUMBER, body, call_wanted, of, written

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = NOW + timedelta(minutes=16)  # 10.16 on a Monday in Sweden


@pytest.fixture(autouse=True)
def post_office(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DOOR = {"notice_from": "hej@brevbarare.example"}
    settings.SYSTEM = {"mail": {"host": "post.example"}}
    mail.outbox = []


def a_case(by: Any, unit: str = "mika", **says: Any) -> OpenCase:
    content = CaseContent(number="", **says)
    return casework.open_case(unit=unit, content=content, by=by, now=NOW)


def link(dialogue: Dialogue, case: OpenCase, by: Any) -> Dialogue:
    number = case.content.number
    return link_dialogue(dialogue_id=dialogue.pk, number=number, by=by, now=NOW)


def linked(by: Any, **says: Any) -> Dialogue:
    """A dialogue with a number and an address, of a case that says so."""
    dialogue = written().dialogue
    call_wanted(dialogue)
    notice_wanted(dialogue)
    return link(dialogue, a_case(by, **says), by)


def notice_wanted(dialogue: Dialogue) -> None:
    put_reach(dialogue, "notice", ReachContent("vem@brev.example", wording="hello"), NOW)


def has_news(dialogue: Dialogue, due: datetime = NOW) -> Dialogue:
    Dialogue.objects.filter(pk=dialogue.pk).update(seen_by_person=False, notice_due_at=due)
    return dialogue


def sent_at(*hours: float) -> list[float]:
    """Those of the hours from now at which a letter went out."""
    return [one for one in hours if notices.send_due_notices(now=NOW + timedelta(hours=one))]


def say(case_id: Any, by: Any, **safe: Any) -> None:
    """The case's safe contact from now on."""
    casework.set_safe_contact(
        case_id=case_id,
        seen=Case.objects.get(pk=case_id).version,
        safe=SafeContact(**safe),
        note="",
        by=by,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ({"forbidden_channels": ("phone",)}, "nådd med telefon"),
        ({"safe_channels": ("visit",)}, "nådd med telefon"),
        ({"safe_from": 18, "safe_until": 21}, "Tidigast går det 2026-03-02 18.00"),
        ({"safe_days": (5,)}, "nådd på en måndag"),
    ],
)
def test_a_number_is_not_shown_where_the_case_forbids_the_call(
    says: Any, why: str, cast: SimpleNamespace
) -> None:
    dialogue = linked(cast.mika_worker, **says)
    for who in (cast.mika_worker, cast.mika_second):  # the case is a colleague's to the second
        with pytest.raises(UnsafeContact, match=why):
            read_number(dialogue_id=dialogue.pk, by=who, now=NOW)
    assert not Entry.objects.filter(event="door.reach_read").exists()


def test_a_number_is_shown_where_the_case_allows_it_and_once_it_is_no_longer_the_dialogues(
    cast: SimpleNamespace,
) -> None:
    given: dict[str, Any] = {"by": cast.mika_worker, "now": NOW}
    allowed = linked(cast.mika_worker, forbidden_channels=("email",), safe_from=8, safe_until=12)
    assert read_number(dialogue_id=allowed.pk, **given)[1].address == NUMBER
    forbidden = linked(cast.mika_worker, forbidden_channels=("phone",))
    unlink_dialogue(dialogue_id=forbidden.pk, **given)
    assert read_number(dialogue_id=forbidden.pk, **given)[1].address == NUMBER


def test_the_page_says_why_there_is_no_number_and_else_the_hours_of_the_case(
    cast: SimpleNamespace, desk: Any
) -> None:
    client = desk(cast.mika_worker)
    page = body(client.get(of("number", linked(cast.mika_worker, forbidden_channels=("phone",)))))
    assert "Personen vill inte bli nådd med telefon" in page
    assert "Därför visas inget nummer." in page
    assert NUMBER not in page and "när som helst" not in page
    page = body(client.get(of("number", linked(cast.mika_worker, safe_from=0, safe_until=24))))
    assert NUMBER in page
    assert "Säkra tider enligt ärendet" in page and "mellan kl. 0 och kl. 24" in page


def test_a_call_that_has_been_made_is_noted_also_when_the_hour_has_passed(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue = linked(cast.mika_worker, forbidden_channels=("phone",))
    client = desk(cast.mika_worker)
    assert of("called_back", dialogue) in body(client.get(of("number", dialogue)))
    assert client.post(of("called_back", dialogue)).status_code == 302
    assert dialogue.reaches.get(kind="call").done_at is not None


@pytest.mark.parametrize("says", [{"forbidden_channels": ("email",)}, {"safe_channels": ("sms",)}])
def test_no_notice_is_sent_where_the_case_forbids_letters_until_it_no_longer_does(
    says: Any, cast: SimpleNamespace
) -> None:
    dialogue = has_news(linked(cast.mika_worker, **says))
    assert sent_at(*range(1, 30)) == []
    say(dialogue.case_id, cast.mika_worker)
    assert sent_at(*range(30, 40)) == [30]


def test_a_notice_waits_for_the_hours_of_the_case_and_her_own_together(
    cast: SimpleNamespace,
) -> None:
    dialogue = written().dialogue
    hers = ReachContent("vem@brev.example", since=6, until=19, wording="hello")
    put_reach(dialogue, "notice", hers, NOW)
    case = a_case(cast.mika_worker, safe_from=18, safe_until=23)
    has_news(link(dialogue, case, cast.mika_worker))
    assert sent_at(0, 1, 4, 7, 7.5, 8, 9) == [8]  # it is ten o'clock


def test_a_notice_waits_while_the_cases_vault_is_closed(cast: SimpleNamespace) -> None:
    from conftest import PASSPHRASE

    dialogue = written().dialogue
    notice_wanted(dialogue)
    # A case may have gone to another unit after it was linked.
    case = a_case(cast.kast_worker, unit="kast").case
    Dialogue.objects.filter(pk=dialogue.pk).update(case=case)
    has_news(dialogue)
    vault.lock(unit="kast", by=cast.kast_head)
    assert sent_at(1, 2, 3) == []
    vault.unseal(unit="kast", passphrase=PASSPHRASE, by=cast.kast_head)
    assert sent_at(4, 5) == [4]


def test_no_notice_is_sent_when_the_cases_key_is_lost(cast: SimpleNamespace) -> None:
    dialogue = has_news(linked(cast.mika_worker))
    vault.discard([Case.objects.get(pk=dialogue.case_id).box])
    assert sent_at(1, 2, 3) == []


@pytest.mark.parametrize(
    ("says", "at"),
    [
        ({}, [24]),
        ({"forbidden_channels": ("email",)}, []),
        ({"safe_from": 6, "safe_until": 8}, [21]),  # Swedish mornings
    ],
)
def test_a_reminder_keeps_to_the_case(says: Any, at: list[int], cast: SimpleNamespace) -> None:
    dialogue, slot = linked(cast.mika_worker, **says), a_slot(cast.mika_worker, days=2)
    Booking.objects.create(slot=slot, dialogue=dialogue, booked_on=NOW.date(), wants_reminder=True)
    assert sent_at(*range(48)) == at


@pytest.mark.parametrize(
    ("says", "form", "is_booked"),
    [
        ({"forbidden_channels": ("phone", "online")}, "phone", False),
        ({"forbidden_channels": ("phone", "online")}, "visit", True),
        ({"safe_channels": ("phone",)}, "video", False),
        ({"safe_from": 18, "safe_until": 21}, "visit", False),
        ({"safe_days": (2,)}, "visit", False),  # the time is on a Tuesday
        ({"safe_days": (1,), "safe_from": 9, "safe_until": 12}, "visit", True),
    ],
)
def test_no_time_is_booked_for_her_in_a_way_or_at_an_hour_that_the_case_forbids(
    says: Any, form: str, is_booked: bool, cast: SimpleNamespace
) -> None:
    dialogue, slot = linked(cast.mika_worker, **says), a_slot(cast.mika_worker, form=form)
    given = {"dialogue_id": dialogue.pk, "slot_id": slot.pk, "by": cast.mika_worker, "now": NOW}
    if is_booked:
        book_for_person(**given)
    else:
        with pytest.raises(UnsafeContact):
            book_for_person(**given)
    assert len(standing()) == is_booked


def test_an_answer_waits_in_the_dialogue_unless_the_case_forbids_messages_online(
    cast: SimpleNamespace,
) -> None:
    def write(dialogue: Dialogue, visibility: str) -> None:
        given: dict[str, Any] = {"by": cast.mika_worker, "now": NOW, "text": "Påhittat svar"}
        write_as_staff(dialogue_id=dialogue.pk, visibility=visibility, **given)

    # Nothing is sent: neither another forbidden way, nor a list of safe ones, nor an hour hinders.
    for says in (
        {"forbidden_channels": ("phone", "email")},
        {"safe_channels": ("visit",)},
        {"safe_from": 18, "safe_until": 21},
    ):
        write(linked(cast.mika_worker, **says), "person")
    dialogue = linked(cast.mika_worker, forbidden_channels=("online",))
    with pytest.raises(UnsafeContact, match="meddelanden på nätet"):
        write(dialogue, "person")
    write(dialogue, "unit")
    assert [row.visibility for row in dialogue.messages.order_by("place")] == ["person", "unit"]
    assert dialogue.messages.filter(author="staff").count() == 1


def boxes_left(rows: list[Reach]) -> int:
    return SealedBox.objects.filter(pk__in=[row.box for row in rows]).count()


def test_to_join_a_protected_case_erases_what_she_left_to_be_reached_by(
    cast: SimpleNamespace, desk: Any
) -> None:
    dialogue, other = written().dialogue, written().dialogue
    for one in (dialogue, other):
        call_wanted(one)
    left = list(dialogue.reaches.all())
    case = a_case(cast.mika_worker, is_protected=True)
    sent = {"number": case.content.number}
    told = body(desk(cast.mika_worker).post(of("link_case", dialogue), sent, follow=True))
    assert "nummer och adress som personen hade lämnat i dialogen är raderade" in told
    assert not dialogue.reaches.exists() and boxes_left(left) == 0
    assert other.reaches.count() == 1
    assert Entry.objects.filter(event="door.reach_erased", by="system").count() == 1


def test_protection_erases_what_she_has_left_in_the_dialogues_of_the_case(
    cast: SimpleNamespace,
) -> None:
    hers, others = linked(cast.mika_worker), linked(cast.mika_worker)
    left = list(hers.reaches.all())
    case_id = hers.case_id
    assert case_id is not None
    who = {"case_id": case_id, "by": cast.mika_worker, "now": NOW}
    casework.protect_identity(seen=1, is_protected=True, **who)
    assert not hers.reaches.exists() and boxes_left(left) == 0
    assert others.reaches.count() == 2


def test_what_a_protected_person_leaves_afterwards_is_neither_used_nor_kept(
    cast: SimpleNamespace,
) -> None:
    dialogue = linked(cast.mika_worker, is_protected=True)
    others, alone = linked(cast.mika_worker), written().dialogue
    call_wanted(dialogue)
    notice_wanted(has_news(dialogue))
    call_wanted(alone)
    with pytest.raises(UnsafeContact, match="skyddade personuppgifter"):
        read_number(dialogue_id=dialogue.pk, by=cast.mika_worker, now=NOW)
    assert notices.send_due_notices(now=LATER) == 0
    assert reaching.forget_protected() == 2
    assert not dialogue.reaches.exists()
    assert (others.reaches.count(), alone.reaches.count()) == (2, 1)
    assert reaching.forget_protected() == 0


def test_a_closed_vault_makes_no_other_units_protected_person_wait(cast: SimpleNamespace) -> None:
    here = linked(cast.mika_worker, is_protected=True)
    there = written(service="kast").dialogue
    case = a_case(cast.kast_worker, unit="kast", is_protected=True)
    link(there, case, cast.kast_worker)
    for one in (here, there):
        call_wanted(one)
    vault.lock(unit="kast", by=cast.kast_head)
    assert reaching.forget_protected() == 1
    assert not here.reaches.exists()
    with pytest.raises(Locked):
        read_number(dialogue_id=there.pk, by=cast.kast_worker, now=NOW)
