"""What is to be sent of neutral notices, for the worker process alone; no page shows any of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from hamn.guards.vault import queries as vaults

from ..models import Booking, Dialogue, Reach
from ..rules.content import ReachContent
from ..rules.notices import NOTICE
from .bounds import bounds
from .dialogues import content_of

if TYPE_CHECKING:
    from uuid import UUID

    from hamn.support.cases.rules.safe_contact import SafeContact

REMINDED_WITHIN = timedelta(days=4)
AT_ONCE = 200


class OpenReach(NamedTuple):
    """Where to write to, and the name under which the trail knows the dialogue.

    case: what the dialogue's case allows, beside her own hours; None without one.
    """

    content: ReachContent
    trail_name: str
    case: "SafeContact | None"


def standing_notices() -> QuerySet[Reach]:
    """The addresses that people want to be told at."""
    return Reach.objects.filter(kind=NOTICE, removed_at__isnull=True, done_at__isnull=True)


def dialogues_to_tell(now: datetime) -> list[Dialogue]:
    """Dialogues whose notice is due, the longest overdue first."""
    rows = Dialogue.objects.filter(notice_due_at__lte=now).order_by("notice_due_at", "pk")
    return list(rows[:AT_ONCE])


def bookings_to_remind_of(now: datetime) -> list[Booking]:
    """Booked times ahead whose person asked for a reminder and for notices, to be looked at now."""
    waits = Booking.objects.filter(
        wants_reminder=True, reminded_at__isnull=True, cancelled_at__isnull=True
    )
    ahead = waits.filter(slot__starts_at__gt=now, slot__starts_at__lt=now + REMINDED_WITHIN)
    due = ahead.filter(Q(remind_at__isnull=True) | Q(remind_at__lte=now))
    told = standing_notices().filter(dialogue=OuterRef("dialogue"))
    due = due.filter(Exists(told), dialogue__state="open")
    return list(due.select_related("dialogue", "slot").order_by("slot__starts_at", "pk")[:AT_ONCE])


def is_something_due(now: datetime) -> bool:
    """Whether the worker has a letter to look at."""
    return bool(dialogues_to_tell(now) or bookings_to_remind_of(now))


def open_reach(dialogue: Dialogue) -> OpenReach | None:
    """Where the person wants to be told, opened; None when she does not, or no longer, and when her
    case has protected identity.

    Raises Locked when a key is not unsealed, the unit's or that of the dialogue's case, AgentAway,
    Unreadable when the case's key is lost.
    """
    reach = standing_notices().filter(dialogue=dialogue).first()
    said = bounds(dialogue) if reach is not None else None
    if reach is None or (said is not None and said.is_protected):
        return None
    wanted: list[UUID] = [reach.box, dialogue.box]
    boxes = vaults.open_boxes(wanted, [dialogue.unit])
    if len(boxes) < len(set(wanted)):
        return None
    content = content_of(reach, boxes[reach.box], ReachContent)
    return OpenReach(content, boxes[dialogue.box].trail_name, said.safe if said else None)
