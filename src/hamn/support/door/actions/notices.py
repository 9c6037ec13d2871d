"""The safe notice: owed when something is new, sent by the worker process when she allows it.

What is owed is a moment on the dialogue or the booking. A letter is taken for a while before it is
sent; a worker that dies with it leaves it to the next. One that died between the post office's yes
and its own note has sent it twice: it says nothing the second time either.
"""

import logging
from datetime import datetime
from email.utils import make_msgid
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import translation
from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import Refusal
from hamn.guards.audit import actions as audit
from hamn.ui.words import said

from ..events import Event
from ..models import Booking, Dialogue
from ..queries import notices as queries
from ..rules import booking, notices
from ..rules.words import State

if TYPE_CHECKING:
    from ..queries.notices import OpenReach

logger = logging.getLogger(__name__)

POST_OFFICE_S = 20


def notices_are_offered() -> bool:
    """Whether the centre has a post office, and a sender's address that tells nothing.

    Without them none is sent; the demonstration keeps its letters as files.
    """
    return bool(_sender()) and bool(settings.SYSTEM.get("mail") or settings.DEMO)


def tell_of_news(dialogue: Dialogue, *, now: datetime) -> None:
    """A notice is owed when she has asked for one and had read everything until now.

    Call it before the dialogue is marked as unread: one letter is enough until she has read.
    """
    rows = Dialogue.objects.filter(pk=dialogue.pk, seen_by_person=True, notice_due_at__isnull=True)
    if notices_are_offered() and queries.standing_notices().filter(dialogue=dialogue).exists():
        rows.update(notice_due_at=now + notices.WAITS)


def send_due_notices(*, now: datetime) -> int:
    """Send what is due and allowed at this moment; how many letters went out."""
    sent = 0
    for act, row in [
        *((_tell, one) for one in queries.dialogues_to_tell(now)),
        *((_remind, one) for one in queries.bookings_to_remind_of(now)),
    ]:
        try:
            sent += act(row, now)  # type: ignore[operator]
        except (Refusal, OSError, ValueError) as fault:
            # A sealed unit, a case whose rules cannot be read, or the post office is away: it is
            # tried again. What the fault says may hold an address; its name does not.
            logger.warning("notice not sent: %s", type(fault).__name__)
    return sent


def _tell(dialogue: Dialogue, now: datetime) -> bool:
    """Tell of what is new, when it still is, and her hours and her case allow it."""
    due = dialogue.notice_due_at
    if not _take(Dialogue, dialogue.pk, "notice_due_at", due, now):
        return False
    is_new = not dialogue.seen_by_person and dialogue.state == State.OPEN
    reach = queries.open_reach(dialogue) if is_new else None
    if reach is None:
        return _settle(Dialogue, dialogue.pk, notice_due_at=None)
    again = notices.waits_until(notices.hours_of(reach.content), reach.case, now)
    if again is not None:
        return _settle(Dialogue, dialogue.pk, notice_due_at=again)
    return _sent(reach, dialogue, Dialogue, dialogue.pk, notice_due_at=None)


def _remind(row: Booking, now: datetime) -> bool:
    """Remind of the time, in the hour that the rule gives."""
    if not _take(Booking, row.pk, "remind_at", row.remind_at, now):
        return False
    reach = queries.open_reach(row.dialogue)
    at = _reminder_at(row, reach, now) if reach else None
    if reach is None or at is None or at > now:
        again = min(at or now + notices.LOOK_AGAIN, now + notices.LOOK_AGAIN)
        return _settle(Booking, row.pk, remind_at=again)
    return _sent(reach, row.dialogue, Booking, row.pk, reminded_at=now)


def _reminder_at(row: Booking, reach: "OpenReach", now: datetime) -> datetime | None:
    own = notices.hours_of(reach.content)
    return booking.reminder_at(row.slot.starts_at, own, now, also=reach.case)


def _take(model: Any, pk: Any, name: str, seen: datetime | None, now: datetime) -> bool:
    """Whether the letter is this worker's: its moment is moved on, by one worker alone."""
    rows = model.objects.filter(pk=pk, **{name: seen})
    return bool(rows.update(**{name: now + notices.LEASE}))


def _settle(model: Any, pk: Any, **fields: Any) -> bool:
    """Note what comes of it; no letter has gone."""
    model.objects.filter(pk=pk).update(**fields)
    return False


def _sent(reach: "OpenReach", dialogue: Dialogue, model: Any, pk: Any, **fields: Any) -> bool:
    """Send the letter and note it; an address that the post office does not know is left alone."""
    try:
        _send(reach, dialogue)
    except SMTPRecipientsRefused as fault:
        if any(status < 500 for status, _said in fault.recipients.values()):
            raise
        logger.warning("notice not sent: no such address")
        return _settle(model, pk, **fields)
    with transaction.atomic():
        _settle(model, pk, **fields)
        audit.record(Event.NOTICE_SENT, by=None, on=reach.trail_name)
    return True


@sensitive_variables()
def _send(reach: "OpenReach", dialogue: Dialogue) -> None:
    """One neutral letter, in her language, from an address that tells nothing."""
    wording, sender = notices.wording_of(reach.content), _sender()
    with translation.override(dialogue.language):
        letter = EmailMessage(
            said(wording.subject),
            said(wording.text),
            from_email=sender,
            to=[reach.content.address],
            connection=get_connection(timeout=POST_OFFICE_S),
            headers={
                # Made of the sender's domain: the machine's name would tell.
                "Message-ID": make_msgid(domain=sender.rpartition("@")[2]),
                "Auto-Submitted": "auto-generated",
            },
        )
        letter.send()


def _sender() -> str:
    return str(settings.DOOR.get("notice_from", ""))
