"""A neutral notice on its way: what the post office is given, by the worker, and nothing more."""

import socket
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from hamn.site import worker
from hamn.support.door.actions import notices
from hamn.support.door.models import Dialogue
from hamn.support.door.tests.booked import a_dialogue, a_notice
from tests.stories.post import post_office

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_worker_posts_a_letter_that_tells_nothing_of_us_or_of_her(
    cast: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The library's loop would leave the test's connection, and so its transaction.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    letters: list[bytes] = []
    with post_office(letters) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        settings.SYSTEM = {"mail": {"host": "127.0.0.1"}}
        settings.DOOR = {"notice_from": "hej@brevbarare.example"}
        dialogue = a_dialogue()
        a_notice(dialogue)
        notices.tell_of_news(dialogue, now=timezone.now() - timedelta(hours=1))
        Dialogue.objects.filter(pk=dialogue.pk).update(seen_by_person=False)
        worker.work(once=True, say=lambda _told: None)
        worker.work(once=True, say=lambda _told: None)
    (raw,) = letters
    letter = message_from_bytes(raw.removeprefix(b"DATA\r\n").removeprefix(b"data\r\n"))
    assert str(make_header(decode_header(letter["Subject"]))) == "Hej"
    assert (letter["From"], letter["To"]) == ("hej@brevbarare.example", "vem@brev.example")
    known = {"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To"}
    assert set(letter.keys()) == known | {"Date", "Message-ID", "Auto-Submitted"}
    body = letter.get_payload(decode=True).decode().strip()
    assert body == "Hej! Det finns något nytt att läsa när du har tid."
    whole = raw.decode().lower()
    for word in (str(dialogue.pk), dialogue.pk.hex, socket.getfqdn().lower(), "hamn", "mika"):
        assert word not in whole
