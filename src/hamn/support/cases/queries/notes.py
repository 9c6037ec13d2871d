"""One record of an opened case, and only through the case it belongs to."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from .opened import OpenRecord, opened_records
from .walls import no_such_case

if TYPE_CHECKING:
    from .opened import OpenCase


def record_of(opened: "OpenCase", record_id: UUID, kind: str) -> OpenRecord:
    """The case's record of that kind. Raises NotVisible for another case's, or another kind."""
    row = opened.case.records.filter(pk=record_id, kind=kind).first()
    if row is None:
        raise no_such_case()
    return opened_records([row], opened.box)[0]


def records_of(opened: "OpenCase", kinds: Iterable[str]) -> list[OpenRecord]:
    """The case's records of those kinds with what they say, the oldest first; one query."""
    rows = opened.case.records.filter(kind__in=set(kinds)).order_by("on", "written_at", "pk")
    return opened_records(rows, opened.box)
