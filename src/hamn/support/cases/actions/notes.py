"""Notes: written, rewritten while they are working notes, drawn up, added to, objected to."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..models import Record
from ..rules.notes import (
    Addition,
    Note,
    Objection,
    both,
    check_day,
    check_hers_alone,
    rewritten,
)
from ..rules.states import check_version
from .drafts import throw_drafts_about
from .reading import case_to_write
from .records import (
    add_record,
    change_record,
    check_locked,
    check_working,
    finalise_record,
    record_to_write,
    remove_record,
    write_record,
)

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def write_note(
    *, case_id: UUID, text: str, title: str, on: date, by: "Person", now: datetime
) -> Record:
    """A new working note. Raises NotVisible, ClosedToYou, WrongState, BadInput for a day ahead."""
    check_day(on, timezone.localdate(now))
    note = Note(text=text, title=title, by=by.pk, at=now)
    return write_record(case_id=case_id, kind="note", content=note, on=on, by=by, now=now)


def change_note(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    text: str,
    title: str,
    on: date,
    by: "Person",
    now: datetime,
    keeps_both: bool = False,
) -> Record:
    """The working note in a new wording; a colleague's that it replaces is kept beside it.

    keeps_both: hers after what stands there. Raises NotVisible, Changed, WrongState when drawn up.
    """
    check_day(on, timezone.localdate(now))

    def change(note: Note) -> Note:
        words = both(note.text, text) if keeps_both else text
        return rewritten(note, text=words, title=title, by=by.pk, at=now)

    return change_record(
        case_id=case_id,
        record_id=record_id,
        kind="note",
        seen=seen,
        change=change,
        by=by,
        now=now,
        on=on,
    )


def finalise_note(
    *, case_id: UUID, record_id: UUID, seen: int | str, by: "Person", now: datetime
) -> Record:
    """The note drawn up (upprättad) and locked for good.

    Raises NotVisible, WrongState when somebody was first, Changed when its text is another now.
    """
    return finalise_record(
        case_id=case_id, record_id=record_id, kind="note", seen=seen, by=by, now=now
    )


@transaction.atomic
def remove_note(
    *, case_id: UUID, record_id: UUID, seen: int | str, by: "Person", now: datetime
) -> None:
    """Her own working note is gone, and what she had typed in it and not saved; also when closed.

    Raises NotVisible, Changed, NotHersAlone, WrongState for a note that is drawn up.
    """
    opened, note = record_to_write(
        case_id=case_id, record_id=record_id, kind="note", by=by, now=now, also_closed=True
    )
    check_working(note)
    check_version(seen, note.record.version)
    check_hers_alone(note.content, written_by=note.record.written_by_id, person=by.pk)
    throw_drafts_about(opened.case, record_id)
    remove_record(opened, note, by=by, now=now)


@transaction.atomic
def add_to_note(
    *, case_id: UUID, record_id: UUID, text: str, on: date, by: "Person", now: datetime
) -> Record:
    """An addition to a note that is drawn up. Raises NotVisible, WrongState for a working note."""
    check_day(on, timezone.localdate(now))
    opened, note = record_to_write(
        case_id=case_id, record_id=record_id, kind="note", by=by, now=now
    )
    check_locked(note)
    return add_record(opened, "addition", Addition(text), on=on, by=by, now=now, parent=note.record)


@transaction.atomic
def note_objection(
    *, case_id: UUID, text: str, about: str, on: date, by: "Person", now: datetime
) -> Record:
    """What the person holds to be wrong (SoL 14:6), in her words; never changed afterwards.

    about: what it concerns, as she says it. Raises NotVisible, ClosedToYou.
    Source: SoL 14:6.
    """
    check_day(on, timezone.localdate(now))
    opened = case_to_write(case_id=case_id, by=by, now=now, what="write_objection")
    return add_record(opened, "objection", Objection(text, about), on=on, by=by, now=now)
