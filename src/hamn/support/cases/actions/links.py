"""Two cases of a unit linked as a couple, or as a relative's and hers; the files stay apart."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.text import clean_text

from ..models import Case, Record
from ..queries import walls
from ..queries.contacts import case_by_number
from ..queries.notes import record_of, records_of
from ..queries.opened import OpenCase, OpenRecord
from ..rules.children import LONGEST_LINE, CaseLink, check_links, seen_from_other
from .reading import case_to_move, case_to_write, read_case
from .records import add_record, moved, save_record

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def link_cases(
    *, case_id: UUID, number: str, form: str, words: str, by: "Person", now: datetime
) -> Record:
    """The case linked with another of the unit, by its number; each keeps its own wall.

    form: couple, relative or has_relative, as seen from this case.
    Raises NotVisible, ClosedToYou, BadInput for a number that opens no case to her, NotLinkable.
    """
    here = walls.case_for(by, case_id, now)
    there = case_by_number(by, number, here.unit, now)
    # Always in the same order, so that two who link at once do not wait for each other.
    both = {
        pk: case_to_write(case_id=pk, by=by, now=now, what="link_cases")
        for pk in sorted({here.pk, there.pk})
    }
    opened, other = both[here.pk], both[there.pk]
    link = CaseLink(other=str(there.pk), form=form, words=clean_text(words, LONGEST_LINE).strip())
    links = [one.content for one in current_links(opened)]
    check_links(links, own=str(here.pk), other=str(there.pk), form=form)
    today = timezone.localdate(now)
    mirrored = seen_from_other(link, own=str(here.pk))
    add_record(other, "link", mirrored, on=today, by=by, now=now)
    return add_record(opened, "link", link, on=today, by=by, now=now)


@transaction.atomic
def unlink_cases(*, case_id: UUID, record_id: UUID, by: "Person", now: datetime) -> None:
    """The link ended in both cases; in this one alone when the other is not there any more.

    Raises NotVisible, ClosedToYou, also when the other is a colleague's.
    """
    link = record_of(
        read_case(case_id=case_id, what="unlink_cases", by=by, now=now), record_id, "link"
    )
    other_id = UUID(link.content.other)
    is_there = walls.cases_for(by, timezone.localdate(now)).filter(pk=other_id).exists()
    wanted = {case_id, other_id} if is_there else {case_id}
    for pk in sorted(wanted):
        opened = case_to_move(case_id=pk, by=by, now=now, what="unlink_cases")
        gone = str(other_id if pk == case_id else case_id)
        for one in current_links(opened):
            if one.content.other == gone:
                _end(opened, one, by=by, now=now)


def current_links(opened: OpenCase) -> list[OpenRecord]:
    """The links of the case that hold."""
    return [one for one in records_of(opened, ["link"]) if one.record.state == "current"]


def linked_cases(links: list[OpenRecord], *, by: "Person", now: datetime) -> dict[str, Case]:
    """The other cases that open to her, by id as the links have it; one query."""
    ids = [UUID(one.content.other) for one in links]
    return {str(case.pk): case for case in walls.open_to(by, now).filter(pk__in=ids)} if ids else {}


def _end(opened: OpenCase, one: OpenRecord, *, by: "Person", now: datetime) -> None:
    save_record(opened, one, one.content, now=now, state="ended")
    moved(opened, one, was="current", by=by)
