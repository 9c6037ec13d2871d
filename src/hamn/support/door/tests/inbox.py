"""A dialogue opened by the person's own code, for the tests of the inbox."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from hamn.support.door.actions.dialogues import add_person_message, open_dialogue
from hamn.support.door.actions.sealing import put_reach
from hamn.support.door.models import Dialogue
from hamn.support.door.queries.person import Opened, box_of
from hamn.support.door.rules.codes import new_code
from hamn.support.door.rules.content import ReachContent
from hamn.support.door.rules.keys import derive

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday, ten o'clock in Sweden
TEXT = "Påhittad fråga om ingen"
NUMBER = "070-174 06 05"


def written(*, text: str = TEXT, service: str = "mika", now: datetime = NOW, **more: Any) -> Opened:
    """What somebody wrote at the door, as her code opens it."""
    code = new_code()
    given: dict[str, Any] = {
        "situation": "compensation",
        "language": "sv",
        "is_child": False,
        "origin": "web",
    }
    open_dialogue(
        code=code,
        text=text,
        service=service,
        token=secrets.token_bytes(16),
        now=now,
        **given | more,
    )
    return opened_by(code)


def opened_by(code: str) -> Opened:
    """The dialogue as the code opens it now."""
    from hamn.support.door.models import DoorSalt

    salt = bytes(DoorSalt.objects.values_list("salt", flat=True).get())
    made = derive(code, salt)
    row = Dialogue.objects.get(locator=made.locator)
    return Opened(row, box_of(row, made.seed), made.seed)


def write_more(opened: Opened, text: str = TEXT, now: datetime = NOW) -> Opened:
    """The person writes again."""
    return add_person_message(opened, text=text, token=secrets.token_bytes(16), now=now)


def call_wanted(dialogue: Dialogue, **says: Any) -> None:
    """The person wants to be called."""
    put_reach(dialogue, "call", ReachContent(NUMBER, **says), NOW)


def of(name: str, dialogue: Any) -> str:
    """The address of one of the dialogue's pages at the desk."""
    return reverse(f"door:{name}", args=[dialogue.pk])


def body(answer: Any) -> str:
    """What a page says, on one line."""
    return " ".join(answer.content.decode().split())
