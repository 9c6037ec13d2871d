"""The files of an opened case or contact: what each is, and its bytes part by part."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from hamn.guards.vault.rules import Unreadable

from ..models import Attachment, AttachmentPart
from ..rules.files import BrokenFile, Copy, FileContent
from .opened import content_of, place_of
from .walls import no_such_case

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hamn.guards.vault.boxes import Box

    from ..models import Case, Contact


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An attachment that was opened for a viewer."""

    row: Attachment
    box: "Box"
    content: FileContent


def files_in(owner: "Case | Contact", box: "Box") -> list[OpenFile]:
    """The files of a case, its contacts' too, or of a contact; the newest first; one query."""
    rows = owner.attachments.filter(box=box.id).select_related("added_by")
    return list(_opened(rows.order_by("-added_at", "pk"), box))


def file_of(
    owner: "Case | Contact", box: "Box", attachment_id: UUID, *, lock: bool = False
) -> OpenFile:
    """The file, only through the case or contact it belongs to. Raises NotVisible."""
    rows: QuerySet[Attachment] = owner.attachments.filter(box=box.id)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    row = rows.filter(pk=attachment_id).first()
    if row is None:
        raise no_such_case()
    return next(_opened([row], box))


def bytes_of(file: OpenFile, copy: Copy) -> Iterator[bytes]:
    """The copy's bytes, one part in memory at a time.

    Raises BrokenFile before the first byte when a part is missing, and at a part that is changed.
    """
    ids = file.content.parts(copy)
    rows = AttachmentPart.objects.filter(attachment=file.row, copy=copy)
    if {str(pk) for pk in rows.values_list("pk", flat=True)} != set(ids):
        raise BrokenFile
    return (_part(file, one) for one in ids)


def _part(file: OpenFile, part_id: str) -> bytes:
    row = AttachmentPart.objects.filter(attachment=file.row, pk=part_id).first()
    if row is None:
        raise BrokenFile
    try:
        return file.box.open(place_of(row), bytes(row.sealed))  # type: ignore[arg-type]
    except Unreadable:
        raise BrokenFile from None


def _opened(rows: Iterable[Attachment], box: "Box") -> Iterator[OpenFile]:
    return (OpenFile(row, box, content_of(row, box, FileContent)) for row in rows)
