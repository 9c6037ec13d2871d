"""Safe contact: what the person allows, and planned contacts that keep to it."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.core.text import clean_text

from ..events import Event
from ..models import Record
from ..queries.details import planned_contacts
from ..queries.opened import OpenCase
from ..rules import safe_contact as rules
from ..rules.details import LONGEST_WORDS
from ..rules.plans import Action, check_planned
from ..rules.safe_contact import SafeContact
from ..rules.states import check_version
from .opening import save_content
from .reading import case_to_write
from .records import add_record, changed, moved, record_to_write, save_record
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

NOT_SAFE = _("Ställdes in: personen vill inte längre bli nådd så, eller inte då.")


@transaction.atomic
def set_safe_contact(
    *,
    case_id: UUID,
    seen: int | str,
    safe: SafeContact,
    note: str,
    by: "Person",
    now: datetime,
) -> int:
    """What the person allows from now on; how many planned contacts it called off.

    note: how to speak, what to say, what never to mention. Raises NotVisible, Changed, BadInput.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, seen=seen, what="safe_contact")
    safe = rules.checked(safe)
    content = replace(
        opened.content,
        safe_channels=safe.safe,
        forbidden_channels=safe.forbidden,
        safe_from=safe.since,
        safe_until=safe.until,
        safe_days=tuple(sorted(safe.days)),
        safe_note=clean_text(note, LONGEST_WORDS).strip(),
    )
    save_content(opened, content, now=now)
    tell(Event.CASE_CHANGED, opened, by=by, what="safe_contact")
    return _call_off(opened, safe, by=by, now=now)


@transaction.atomic
def plan_contact(
    *, case_id: UUID, channel: str, at: datetime, text: str, by: "Person", now: datetime
) -> Record:
    """A call, a message or a meeting with the person that is planned, where she allows it.

    Raises NotVisible, ClosedToYou, BadInput for a moment that has been, UnsafeContact with what is
    forbidden and when it may be next.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, what="plan_contact")
    _check_reaches(opened, channel, at, now)
    planned = Action(text=clean_text(text, LONGEST_WORDS), who="worker", channel=channel, at=at)
    return add_record(
        opened,
        "action",
        planned,
        on=timezone.localdate(now),
        due_on=timezone.localdate(at),
        by=by,
        now=now,
    )


@transaction.atomic
def change_planned_contact(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    channel: str,
    at: datetime,
    text: str,
    by: "Person",
    now: datetime,
) -> Record:
    """The planned contact at another time, in another way or about something else.

    Raises NotVisible, Changed, WrongState for what is no planned contact or is over, BadInput,
    UnsafeContact as `plan_contact`.
    """
    opened, one = record_to_write(
        case_id=case_id, record_id=record_id, kind="action", by=by, now=now
    )
    check_planned(one.content, is_over=one.record.state in one.kind.done)
    check_version(seen, one.record.version)
    _check_reaches(opened, channel, at, now)
    planned = replace(one.content, text=clean_text(text, LONGEST_WORDS), channel=channel, at=at)
    save_record(opened, one, planned, now=now, due_on=timezone.localdate(at))
    changed(opened, one, by=by)
    return one.record


def require_safe(opened: OpenCase, channel: str, at: datetime) -> None:
    """Pass a way and a moment in which the case's person may be reached. Raises UnsafeContact.

    For everything that reaches out to her: a message, a booking, a planned call.
    """
    rules.check_safe(rules.rules_of(opened.content), channel, at)


def _check_reaches(opened: OpenCase, channel: str, at: datetime, now: datetime) -> None:
    """Pass a way and a moment to come in which the person may be reached."""
    if channel not in rules.WAYS:
        raise BadInput(_("{name}: välj något i listan."), name=_("Hur"))
    rules.check_ahead(at, now)
    require_safe(opened, channel, at)


def _call_off(opened: OpenCase, safe: SafeContact, *, by: "Person", now: datetime) -> int:
    """Planned contacts that she no longer allows are dropped; how many."""
    count = 0
    for one in planned_contacts(opened):
        if rules.may_contact(safe, one.content.channel, one.content.at).allowed:
            continue
        content = replace(one.content, came_of_it=str(NOT_SAFE))
        was, count = one.record.state, count + 1
        save_record(opened, one, content, now=now, state="dropped")
        moved(opened, one, was=was, by=by)
    return count
