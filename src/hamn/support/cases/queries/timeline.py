"""Everything in a case in the order it happened; two queries, whatever the case holds."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..models import Contact, Record
from ..rules.contacts import writers_of
from ..rules.content import ContactContent
from ..rules.kinds import Kind
from .opened import content_of, opened_records

if TYPE_CHECKING:
    from .opened import OpenCase


@dataclass(slots=True)
class Entry:
    """A contact (kind None) or a record, with what it says and what belongs to it.

    people: who speaks for it. writers: who has written in it since, where it tells them itself.
    """

    row: Contact | Record
    kind: Kind | None
    content: Any
    people: tuple[int, ...]
    parts: list["Entry"] = field(default_factory=list)
    writers: tuple[int, ...] = ()


def timeline(opened: "OpenCase") -> list[Entry]:
    """The case's contacts and records, newest first; parts stand with what they belong to."""
    contacts = [_contact(one, opened) for one in opened.case.contacts.all()]
    records = _records(opened)
    by_id = {entry.row.pk: entry for entry in records}
    tops = list(contacts)
    for entry in records:
        parent = by_id.get(entry.row.parent_id)  # type: ignore[union-attr, arg-type]
        (parent.parts if parent else tops).append(entry)
    return sorted(tops, key=_when, reverse=True)


def _contact(one: Contact, opened: "OpenCase") -> Entry:
    content = content_of(one, opened.box, ContactContent)
    logged_by = (one.logged_by_id,) if one.logged_by_id else ()
    writers = (*logged_by, *writers_of(content))
    return Entry(one, None, content, content.spoke or logged_by, writers=writers)


def _records(opened: "OpenCase") -> list[Entry]:
    rows = opened.case.records.order_by("written_at")
    return [
        Entry(one.record, one.kind, one.content, (one.record.written_by_id,))
        for one in opened_records(rows, opened.box)
    ]


def _when(entry: Entry) -> tuple[Any, Any]:
    row = entry.row
    return row.on, row.logged_at if isinstance(row, Contact) else row.written_at
