"""Identity-free facts of the door, written in the same transaction as what they tell of.

One is only ever inserted, never read back: the public process may do no more.
"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone

from hamn.guards.audit.unordered import shuffle

from ..models import DialogueFact

if TYPE_CHECKING:
    from ..models import Dialogue


class Kind(StrEnum):
    """What is counted."""

    OPENED = "opened"
    MESSAGE = "message"
    ANSWER = "answer"
    RETURNED = "returned"
    ENDED = "ended"
    BOOKING = "booking"


def count(
    kind: str,
    dialogue: "Dialogue",
    now: datetime,
    *,
    working_days: int | None = None,
    was_in_time: bool | None = None,
) -> None:
    """One fact about the dialogue, in its coarse classes, in the month of `now`.

    working_days, was_in_time: of an answer: how long she waited for it, and whether it came by
    the day that she was told.
    """
    on = timezone.localdate(now)
    DialogueFact.objects.create(
        unit=dialogue.unit,
        year=on.year,
        month=on.month,
        kind=Kind(kind),
        origin=dialogue.origin,
        language=dialogue.language,
        is_child=dialogue.is_child,
        working_days=working_days,
        was_in_time=was_in_time,
    )


def shuffle_facts() -> None:
    """The facts stored anew, so that none can be laid beside the trail's entry of what it tells."""
    shuffle(DialogueFact._meta.db_table)
