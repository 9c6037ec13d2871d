"""Putting content into the door's sealed rows; nothing is stored in any other way."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from hamn.guards.vault import actions as vault
from hamn.guards.vault.boxes import Box
from hamn.support.cases.rules.content import to_json

from ..models import Dialogue, Reach
from ..queries.dialogues import Row, sealed_place
from ..rules.content import ReachContent


def put(row: Row, content: Any, box: Box) -> None:
    """Seal the content for its row; the caller saves it."""
    row.sealed = box.seal(sealed_place(row), to_json(content))


@sensitive_variables("content")
def put_reach(dialogue: Dialogue, kind: str, content: ReachContent, now: datetime) -> None:
    """How she wants to be told or called, in a box of its own, apart from what is written."""
    box = vault.new_box([dialogue.unit])
    reach = Reach(
        dialogue=dialogue,
        kind=kind,
        box=box.id,
        key_for_person=box.key_for_person(bytes(dialogue.public)),
        asked_on=timezone.localdate(now),
    )
    put(reach, content, box)
    reach.save(force_insert=True)
