"""Files attached, fetched and taken away: both copies sealed in parts, never in the clear on disk.

A file is examined and cleaned before anything is locked or written; that can take half a minute.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from hamn.guards.access import permits
from hamn.papers import cleaning

from ..events import Event
from ..models import Attachment, AttachmentPart
from ..queries import walls
from ..queries.files import OpenFile, bytes_of, file_of
from ..queries.opened import place_of
from ..rules.access import check_not_broken_open
from ..rules.files import Copy, FileContent, checked_about, in_parts
from ..rules.states import CaseState, check_open
from .contacts.log import note
from .contacts.reading import contact_to_write, see_contact
from .reading import case_to_write, read_case
from .records import touch
from .sealing import put
from .telling import Opened, tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box

    from ..models import Case


@sensitive_variables("data", "clean")
def attach_to_case(
    *, case_id: UUID, name: str, data: bytes, about: str = "", by: "Person", now: datetime
) -> OpenFile:
    """The file in the case. name: as it was sent.

    Raises NotVisible, ClosedToYou, WrongState when the case is closed, UnfitFile, BadInput.
    """
    case = walls.case_for(by, case_id, now)
    permits.require(by, "cases.write")
    check_open(CaseState(case.state))
    about = checked_about(about)
    clean = cleaning.accept(data, name)
    with transaction.atomic():
        opened = case_to_write(case_id=case_id, by=by, now=now, what="attach_file")
        row = Attachment(case=opened.case, box=opened.box.id, added_by=by)
        return _kept(row, opened, name, about, data, clean, by=by, now=now)


@sensitive_variables("data", "clean")
def attach_to_contact(
    *, contact_id: UUID, name: str, data: bytes, about: str = "", by: "Person", now: datetime
) -> OpenFile:
    """The file in the contact, and in its case when it has one. Raises as `attach_to_case`."""
    contact = walls.contact_for(by, contact_id, now)
    # A contact that came along when its case was handed over was another unit's once.
    permits.require(by, "cases.write", contact.case or contact)
    about = checked_about(about)
    clean = cleaning.accept(data, name)
    with transaction.atomic():
        found = contact_to_write(contact_id=contact_id, by=by, now=now, what="attach_file")
        case = found.case.case if found.case else None
        one = found.one
        row = Attachment(case=case, contact=one.contact, box=one.box.id, added_by=by)
        note(one.contact, now=now)
        return _kept(row, one, name, about, data, clean, by=by, now=now)


@transaction.atomic
def fetch_from_case(
    *, case_id: UUID, attachment_id: UUID, copy: Copy, by: "Person", now: datetime
) -> tuple[OpenFile, Iterator[bytes]]:
    """The file and its bytes part by part; that she fetched it is recorded.

    Raises NotVisible, also for another case's file, ClosedToYou, Locked, BrokenFile.
    """
    opened = read_case(case_id=case_id, what=f"file_{copy}", by=by, now=now)
    return _fetched(opened, file_of(opened.case, opened.box, attachment_id), copy, by)


@transaction.atomic
def fetch_from_contact(
    *, contact_id: UUID, attachment_id: UUID, copy: Copy, by: "Person", now: datetime
) -> tuple[OpenFile, Iterator[bytes]]:
    """The same, of a contact."""
    seen = see_contact(contact_id=contact_id, by=by, now=now, what=f"file_{copy}")
    one = seen.one
    return _fetched(one, file_of(one.contact, one.box, attachment_id), copy, by)


@transaction.atomic
def remove_from_case(*, case_id: UUID, attachment_id: UUID, by: "Person", now: datetime) -> None:
    """The file is gone, with all its sealed parts.

    Raises NotVisible, also when somebody else has just removed it, WrongState for a closed case.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, what="remove_file")
    check_not_broken_open(opened.why)
    _remove(opened, file_of(opened.case, opened.box, attachment_id, lock=True), by, now)


@transaction.atomic
def remove_from_contact(
    *, contact_id: UUID, attachment_id: UUID, by: "Person", now: datetime
) -> None:
    """The same, of a contact."""
    found = contact_to_write(contact_id=contact_id, by=by, now=now, what="remove_file")
    if found.case is not None:
        check_not_broken_open(found.case.why)
    one = found.one
    note(one.contact, now=now)
    _remove(one, file_of(one.contact, one.box, attachment_id, lock=True), by, now)


@sensitive_variables()
def _kept(
    row: Attachment,
    opened: Opened,
    name: str,
    about: str,
    data: bytes,
    clean: cleaning.Cleaned,
    *,
    by: "Person",
    now: datetime,
) -> OpenFile:
    """The row and the parts of both copies, in the caller's transaction."""
    box, row.sealed = opened.box, b""
    row.save(force_insert=True)
    content = FileContent(
        name=cleaning.file_name(name, clean.kind),
        media_type=clean.media_type,
        size=len(data),
        hash=hashlib.sha256(data).hexdigest(),
        working_size=len(clean.content),
        about=about,
        original=_sealed(row, box, Copy.ORIGINAL, data),
        working=_sealed(row, box, Copy.WORKING, clean.content),
    )
    put(row, content, box)
    row.save(update_fields=["sealed"])
    _touch(row.case, now)
    tell(Event.FILE_ATTACHED, opened, by=by, file=box.name_of(row.pk))
    return OpenFile(row, box, content)


@sensitive_variables()
def _sealed(row: Attachment, box: "Box", copy: Copy, data: bytes) -> tuple[str, ...]:
    """The ids of the copy's parts, each bound to its own row."""
    ids = []
    for number, plain in enumerate(in_parts(data)):
        part = AttachmentPart(attachment=row, copy=copy, number=number)
        part.sealed = box.seal(place_of(part), plain)  # type: ignore[arg-type]
        part.save(force_insert=True)
        ids.append(str(part.pk))
    return tuple(ids)


def _fetched(
    opened: Opened, file: OpenFile, copy: Copy, by: "Person"
) -> tuple[OpenFile, Iterator[bytes]]:
    parts = bytes_of(file, copy)
    tell(Event.FILE_FETCHED, opened, by=by, file=file.box.name_of(file.row.pk), copy=copy)
    return file, parts


def _remove(opened: Opened, file: OpenFile, by: "Person", now: datetime) -> None:
    name, case = file.box.name_of(file.row.pk), file.row.case
    file.row.delete()
    _touch(case, now)
    tell(Event.FILE_REMOVED, opened, by=by, file=name)


def _touch(case: "Case | None", now: datetime) -> None:
    if case is not None:
        touch(case, on=timezone.localdate(now))
