"""The same first form in two processes, one a moment after the other."""

from typing import Any

import pytest

from hamn.support.door.actions import dialogues
from hamn.support.door.actions.dialogues import open_dialogue
from hamn.support.door.models import Dialogue, Message
from hamn.support.door.rules.codes import new_code
from hamn.support.door.tests.inbox import NOW
from hamn.support.door.tests.reading import TEXT

pytestmark = pytest.mark.django_db


def test_the_same_form_stored_between_two_questions_is_no_dialogue_that_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As on PostgreSQL, where each question sees what was committed until then."""
    given: dict[str, Any] = {"code": new_code(), "text": TEXT, "token": b"one", "now": NOW}
    given |= {"situation": "buys", "service": "kast", "origin": "web"}
    given |= {"language": "sv", "is_child": False}
    ask, asked = dialogues.by_locator, list[bytes]()

    def overtaken(locator: bytes) -> Dialogue | None:
        seen = ask(locator)
        asked.append(locator)
        if len(asked) == 1:
            open_dialogue(**given)
        return seen

    monkeypatch.setattr(dialogues, "by_locator", overtaken)
    assert open_dialogue(**given).pk == Dialogue.objects.get().pk
    assert Message.objects.count() == 1
