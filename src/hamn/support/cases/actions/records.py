"""Records of a case: written, changed, finalised, moved. Each kind's own verbs build on these."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from hamn.core.errors import _

from ..events import Event
from ..models import Case, Record
from ..queries.opened import OpenCase, OpenRecord, content_of
from ..queries.walls import no_such_case
from ..rules.kinds import FINAL, KINDS, WORKING, check_record_move
from ..rules.states import WrongState, check_version
from .reading import case_to_move, case_to_write
from .sealing import put
from .telling import tell_record

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def add_record(
    opened: OpenCase,
    kind: str,
    content: Any,
    *,
    on: date,
    by: "Person",
    now: datetime,
    due_on: date | None = None,
    parent: Record | None = None,
    state: str = "",
) -> Record:
    """A new record in a case that is locked and opened, inside the caller's transaction."""
    record = Record(
        case=opened.case,
        kind=kind,
        state=state or KINDS[kind].first,
        on=on,
        due_on=due_on,
        parent=parent,
        written_by=by,
    )
    put(record, content, opened.box)
    record.save(force_insert=True)
    touch(opened.case, on=timezone.localdate(now))
    _told(Event.RECORD_WRITTEN, opened, by, record)
    return record


@transaction.atomic
def write_record(
    *, case_id: UUID, kind: str, content: Any, on: date, by: "Person", now: datetime, **more: Any
) -> Record:
    """A new record in a case of hers. Raises NotVisible, ClosedToYou, WrongState."""
    opened = case_to_write(case_id=case_id, by=by, now=now, what=f"write_{kind}")
    return add_record(opened, kind, content, on=on, by=by, now=now, **more)


def record_to_write(
    *,
    case_id: UUID,
    record_id: UUID,
    kind: str,
    by: "Person",
    now: datetime,
    also_closed: bool = False,
) -> tuple[OpenCase, OpenRecord]:
    """The record, locked with its case, and what it says; only through the case it belongs to.

    also_closed: for what may still be done in a case that has ended.
    """
    opened_case = case_to_move if also_closed else case_to_write
    opened = opened_case(case_id=case_id, by=by, now=now, what=f"change_{kind}")
    rows = Record.objects.select_for_update(of=("self",))
    record = rows.filter(case=opened.case, pk=record_id, kind=kind).first()
    if record is None:
        raise no_such_case()
    return opened, OpenRecord(
        record, KINDS[kind], content_of(record, opened.box, KINDS[kind].content)
    )


@transaction.atomic
def change_record(
    *,
    case_id: UUID,
    record_id: UUID,
    kind: str,
    seen: int | str,
    change: Callable[[Any], Any],
    by: "Person",
    now: datetime,
    **fields: Any,
) -> Record:
    """The record with other content. change: the new content from the old; fields: on, due_on.

    Raises NotVisible, Changed when someone saved meanwhile, WrongState when it is locked.
    """
    opened, one = record_to_write(case_id=case_id, record_id=record_id, kind=kind, by=by, now=now)
    check_not_locked(one)
    check_version(seen, one.record.version)
    save_record(opened, one, change(one.content), now=now, **fields)
    changed(opened, one, by=by)
    return one.record


@transaction.atomic
def move_record(
    *,
    case_id: UUID,
    record_id: UUID,
    kind: str,
    to: str,
    by: "Person",
    now: datetime,
    change: Callable[[Any], Any] = lambda content: content,
    seen: int | str | None = None,
    **fields: Any,
) -> Record:
    """The record in another state. Raises NotVisible, WrongState for a move not in the table.

    seen: the version that the page showed, where something is written with the move; else Changed.
    """
    opened, one = record_to_write(case_id=case_id, record_id=record_id, kind=kind, by=by, now=now)
    if seen is not None:
        check_version(seen, one.record.version)
    check_record_move(one.kind, one.record.state, to)
    was = one.record.state
    save_record(opened, one, change(one.content), now=now, state=to, **fields)
    moved(opened, one, was=was, by=by)
    return one.record


@transaction.atomic
def finalise_record(
    *, case_id: UUID, record_id: UUID, kind: str, seen: int | str, by: "Person", now: datetime
) -> Record:
    """The note is drawn up (upprättad) and locked; later text is an addition.

    Also in a closed case: it writes nothing new, and nothing is left half done in one.
    Raises Changed when someone saved meanwhile, WrongState when it is final already.
    """
    opened, one = record_to_write(
        case_id=case_id, record_id=record_id, kind=kind, by=by, now=now, also_closed=True
    )
    check_not_locked(one)
    check_version(seen, one.record.version)
    one.record.finalised_by, one.record.finalised_at = by, now
    save_record(opened, one, one.content, now=now, state=FINAL)
    _told(Event.RECORD_FINALISED, opened, by, one.record)
    return one.record


def save_record(
    opened: OpenCase, one: OpenRecord, content: Any, *, now: datetime, **fields: Any
) -> None:
    """The record's content and plain fields stored, and its case's dates with them."""
    record = one.record
    for name, value in fields.items():
        setattr(record, name, value)
    put(record, content, opened.box)
    record.version += 1
    record.save()
    touch(opened.case, on=timezone.localdate(now))


def changed(opened: OpenCase, one: OpenRecord, *, by: "Person") -> None:
    """The trail tells that the record says something else."""
    _told(Event.RECORD_CHANGED, opened, by, one.record)


def moved(opened: OpenCase, one: OpenRecord, *, was: str, by: "Person") -> None:
    """The trail tells that the record, as it is saved now, was in another state before."""
    _told(Event.RECORD_MOVED, opened, by, one.record, was=was, now=one.record.state)


def remove_record(opened: OpenCase, one: OpenRecord, *, by: "Person", now: datetime) -> None:
    """The record is gone from its case; the trail tells that it was there."""
    _told(Event.RECORD_REMOVED, opened, by, one.record)
    one.record.delete()
    touch(opened.case, on=timezone.localdate(now))


def check_working(one: OpenRecord) -> None:
    """Pass a working note. Raises WrongState for what is drawn up."""
    if one.record.state != WORKING:
        raise WrongState(_("Anteckningen är upprättad och tas inte bort. Skriv ett tillägg."))


def check_not_locked(one: OpenRecord) -> None:
    """Pass what may still be changed. Raises WrongState for what is drawn up."""
    if one.kind.is_locking and one.record.state != WORKING:
        raise WrongState(_("Det är upprättat och kan inte ändras. Skriv ett tillägg i stället."))


def check_locked(one: OpenRecord) -> None:
    """Pass what is drawn up. Raises WrongState for what may still be changed itself."""
    if one.record.state != FINAL:
        raise WrongState(_("Anteckningen är inte upprättad än. Ändra den i stället."))


def touch(case: Case, *, on: date) -> None:
    """The case's last note and its earliest day of what is left to do, as they are now.

    An answer that was promised is left to do as well as what is written in the plan.
    """
    done = [(kind.code, state) for kind in KINDS.values() for state in kind.done]
    left = case.records.filter(due_on__isnull=False)
    for kind, state in done:
        left = left.exclude(kind=kind, state=state)
    days = (
        left.aggregate(first=Min("due_on"))["first"],
        case.contacts.aggregate(first=Min("answer_by"))["first"],
    )
    case.due_on = min((day for day in days if day is not None), default=None)
    case.last_note_on = max(case.last_note_on, on)
    case.save(update_fields=["due_on", "last_note_on"])


def _told(event: Event, opened: OpenCase, by: "Person", record: Record, **facts: object) -> None:
    """The act in the trail, with the record's kind."""
    tell_record(event, opened, record.pk, by=by, kind=record.kind, **facts)
