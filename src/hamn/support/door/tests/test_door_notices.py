"""The neutral notice: only where asked for, only when it is safe, and with nothing in it."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from hamn.guards.audit.models import Entry
from hamn.guards.vault import actions as vault
from hamn.support.door import tasks
from hamn.support.door.actions import notices
from hamn.support.door.models import Booking, Dialogue, Reach
from hamn.support.door.tests.booked import NOW, a_dialogue, a_notice, a_slot

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=16)


@pytest.fixture(autouse=True)
def post_office(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DOOR = {"notice_from": "hej@brevbarare.example"}
    settings.SYSTEM = {"mail": {"host": "post.example"}}
    mail.outbox = []


@pytest.fixture
def answered() -> Callable[..., Dialogue]:
    """A function that gives a dialogue whose person was told and has something new to read."""

    def made(*, notice: bool = True, language: str = "sv", **says: Any) -> Dialogue:
        dialogue = a_dialogue(language=language)
        if notice:
            a_notice(dialogue, **says)
        notices.tell_of_news(dialogue, now=NOW)
        Dialogue.objects.filter(pk=dialogue.pk).update(seen_by_person=False)
        dialogue.refresh_from_db()
        return dialogue

    return made


def test_who_asked_is_told_with_a_letter_that_says_nothing(answered: Any) -> None:
    dialogue = answered()
    assert notices.send_due_notices(now=NOW) == 0
    assert notices.send_due_notices(now=LATER) == 1
    (letter,) = mail.outbox
    assert (letter.to, letter.from_email) == (["vem@brev.example"], "hej@brevbarare.example")
    assert (letter.subject, letter.reply_to) == ("Hej", [])
    whole = letter.message().as_string().lower()
    for word in (str(dialogue.pk), "hamn", "mika", "dialog", "http", "kommun", "reply-to"):
        assert word not in whole
    assert "@brevbarare.example>" in letter.message()["Message-ID"]


def test_one_letter_is_enough_until_she_has_read(answered: Any) -> None:
    dialogue = answered()
    notices.send_due_notices(now=LATER)
    notices.tell_of_news(dialogue, now=LATER)
    assert notices.send_due_notices(now=LATER + timedelta(days=1)) == 0
    Dialogue.objects.filter(pk=dialogue.pk).update(seen_by_person=True)
    dialogue.refresh_from_db()
    notices.tell_of_news(dialogue, now=LATER)
    Dialogue.objects.filter(pk=dialogue.pk).update(seen_by_person=False)
    assert notices.send_due_notices(now=LATER + timedelta(days=1)) == 1


def test_who_did_not_ask_is_never_told(answered: Any) -> None:
    assert answered(notice=False).notice_due_at is None
    assert notices.send_due_notices(now=LATER) == 0


def test_who_has_read_in_the_meantime_gets_no_letter(answered: Any) -> None:
    dialogue = answered()
    Dialogue.objects.filter(pk=dialogue.pk).update(seen_by_person=True)
    assert notices.send_due_notices(now=LATER) == 0
    dialogue.refresh_from_db()
    assert dialogue.notice_due_at is None


@pytest.mark.parametrize("change", [{"removed_at": NOW}, {"done_at": NOW}])
def test_who_has_taken_the_address_back_gets_no_letter(answered: Any, change: Any) -> None:
    answered()
    Reach.objects.update(**change)
    assert notices.send_due_notices(now=LATER) == 0
    assert mail.outbox == []


@pytest.mark.parametrize("state", ["ended", "blocked"])
def test_a_dialogue_that_is_over_tells_nothing(answered: Any, state: str) -> None:
    dialogue = answered()
    Dialogue.objects.filter(pk=dialogue.pk).update(state=state, locator=None)
    assert notices.send_due_notices(now=LATER) == 0


def test_a_letter_waits_for_the_hours_that_she_allows(answered: Any) -> None:
    answered(since=18, until=21)  # Swedish time; it is ten o'clock
    for hours in (1, 3, 6):
        assert notices.send_due_notices(now=NOW + timedelta(hours=hours)) == 0
    assert mail.outbox == []
    assert notices.send_due_notices(now=NOW + timedelta(hours=8)) == 1


def test_hours_that_she_changes_meanwhile_are_the_ones_that_hold(answered: Any) -> None:
    dialogue = answered(since=18, until=21)
    notices.send_due_notices(now=LATER)
    Reach.objects.all().delete()
    a_notice(dialogue, days=(5,))  # Saturdays
    for hours in range(2, 60, 2):
        assert notices.send_due_notices(now=NOW + timedelta(hours=hours)) == 0


def test_the_letter_is_in_her_own_language(answered: Any) -> None:
    answered(language="en")
    notices.send_due_notices(now=LATER)
    from django.utils import translation

    with translation.override("en"):
        assert mail.outbox[0].body == translation.gettext(
            "Hej! Det finns något nytt att läsa när du har tid."
        )


def test_a_sealed_unit_makes_the_letter_wait_and_nothing_is_lost(answered: Any, cast: Any) -> None:
    answered()
    vault.lock(unit="mika", by=cast.mika_head)
    assert notices.send_due_notices(now=LATER) == 0
    from conftest import PASSPHRASE

    vault.unseal(unit="mika", passphrase=PASSPHRASE, by=cast.mika_head)
    assert notices.send_due_notices(now=LATER + timedelta(minutes=5)) == 0
    assert notices.send_due_notices(now=LATER + timedelta(minutes=16)) == 1


def test_a_post_office_that_is_away_leaves_no_address_in_the_log(
    answered: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answered()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert notices.send_due_notices(now=LATER) == 0
    assert "ConnectionRefusedError" in caplog.text and "brev.example" not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert notices.send_due_notices(now=LATER + timedelta(minutes=16)) == 1


@pytest.mark.parametrize(("status", "again"), [(550, 0), (450, 1)])
def test_an_address_that_does_not_exist_is_left_alone_and_a_busy_one_tried_again(
    answered: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, status: int, again: int
) -> None:
    dialogue = answered()

    def refuse(*_arguments: Any) -> int:
        raise SMTPRecipientsRefused({"vem@brev.example": (status, b"no")})

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        assert notices.send_due_notices(now=LATER) == 0
    dialogue.refresh_from_db()
    assert (dialogue.notice_due_at is None) is (again == 0)
    assert notices.send_due_notices(now=LATER + timedelta(minutes=16)) == again


@pytest.mark.parametrize("lacking", ["DOOR", "SYSTEM"])
def test_a_centre_without_a_neutral_sender_or_a_post_office_offers_none(
    answered: Any, settings: Any, lacking: str
) -> None:
    setattr(settings, lacking, {})
    assert not notices.notices_are_offered()
    assert answered().notice_due_at is None


def test_the_trail_knows_that_a_notice_went_and_not_to_whom(answered: Any) -> None:
    dialogue = answered()
    notices.send_due_notices(now=LATER)
    entry = Entry.objects.latest("place")
    assert (entry.event, entry.by, entry.facts) == ("door.notice_sent", "system", "{}")
    assert entry.on.startswith("sealed:")
    assert str(dialogue.pk) not in entry.on


@pytest.fixture
def booked(cast: SimpleNamespace) -> Callable[..., Booking]:
    """A function that gives a booking two days ahead, with a reminder wanted."""

    def made(**says: Any) -> Booking:
        dialogue = a_dialogue()
        a_notice(dialogue, **says)
        slot = a_slot(cast.mika_worker, days=2)
        return Booking.objects.create(
            slot=slot, dialogue=dialogue, booked_on=NOW.date(), wants_reminder=True
        )

    return made


def sent_at(*hours: float) -> list[float]:
    """Those of the hours from now at which a letter went out."""
    return [one for one in hours if notices.send_due_notices(now=NOW + timedelta(hours=one))]


def test_a_booked_time_is_reminded_of_once_the_day_before(booked: Any) -> None:
    booked()
    assert sent_at(*(half / 2 for half in range(96))) == [24]


def test_a_reminder_keeps_to_the_hours_that_she_allows(booked: Any) -> None:
    booked(since=6, until=8)  # Swedish mornings: 20 to 22 hours from now
    assert sent_at(*(half / 2 for half in range(96))) == [21]


@pytest.mark.parametrize(
    "change", [{"wants_reminder": False}, {"cancelled_at": NOW, "cancelled_by": "person"}]
)
def test_nobody_is_reminded_of_what_she_does_not_want_or_has_cancelled(
    booked: Any, change: Any
) -> None:
    Booking.objects.filter(pk=booked().pk).update(**change)
    assert sent_at(*range(48)) == []


def test_nobody_is_reminded_without_an_address(booked: Any) -> None:
    booked()
    Reach.objects.update(removed_at=NOW)
    assert sent_at(*range(48)) == []


def test_the_worker_queues_a_task_only_when_something_is_due(answered: Any) -> None:
    assert not tasks.wake_notices(LATER)
    answered()
    assert not tasks.wake_notices(NOW)
    assert tasks.wake_notices(LATER)
    assert not tasks.wake_notices(LATER)
