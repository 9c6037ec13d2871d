"""Break-glass (nödöppning): a worker opens a colleague's case for four hours, and must answer."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.guards.vault import queries as vaults

from ..events import Event
from ..models import BreakGlass
from ..queries import walls
from ..queries.access import Broken, break_glass_to_review
from ..queries.opened import content_of
from ..rules.access import BREAK_GLASS, HEAD, AlreadyOpen, BrokenGlass, check_reason, closes_at
from ..rules.reviews import check_not_signed
from .reading import log_read
from .sealing import put
from .telling import Way, tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box


@transaction.atomic
def break_glass(
    *, case_id: UUID, kind: str, reason: str, by: "Person", now: datetime
) -> BreakGlass:
    """The case opens to her for four hours; the reason is sealed with it until a head has signed.

    Raises NotVisible outside the unit, AlreadyOpen when it is hers anyway, BadInput, Locked.
    """
    case = walls.known_case(by, case_id, lock=True)
    permits.require(by, "cases.break_glass", case)
    check_reason(reason)
    if walls.open_to(by, now).filter(pk=case.pk).exists():
        raise AlreadyOpen(_("Ärendet är redan öppet för dig. Gå till ärendet."))
    box = vaults.open_box(case.box, [case.unit])
    row = BreakGlass(case=case, unit=case.unit, person=by, opened_at=now, until=closes_at(now))
    put(row, BrokenGlass(kind, reason), box)
    row.save(force_insert=True)
    way = Way(box, BREAK_GLASS)
    tell(Event.GLASS_BROKEN, way, by=by, kind=kind, until=row.until.isoformat())
    log_read(case, what="break_glass", why=BREAK_GLASS, by=by, now=now)
    return row


@transaction.atomic
def read_break_glass(*, break_glass_id: UUID, by: "Person", now: datetime) -> Broken:
    """The reason, for who may sign the review; that she read it is recorded. Raises NotVisible."""
    row = break_glass_to_review(by, break_glass_id, now)
    permits.require(by, "cases.review", row)
    box, says = _opened(row)
    tell(Event.GLASS_READ, Way(box, HEAD), by=by, break_glass=box.name_of(row.pk))
    log_read(row.case, what="review_break_glass", why=HEAD, by=by, now=now)
    return Broken(row, says)


@transaction.atomic
def review_break_glass(
    *, break_glass_id: UUID, was_right: bool, comment: str, by: "Person", now: datetime
) -> BreakGlass:
    """The review, signed; her comment is sealed with the reason.

    Raises NotVisible to others than a head who did not do it herself, AlreadySigned.
    """
    row = break_glass_to_review(by, break_glass_id, now, lock=True)
    permits.require(by, "cases.review", row)
    check_not_signed(is_signed=row.reviewed_at is not None)
    box, says = _opened(row)
    put(row, BrokenGlass(says.kind, says.reason, comment), box)
    row.version += 1
    row.reviewed_by, row.reviewed_at, row.was_right = by, now, was_right
    row.save()
    facts = {"break_glass": box.name_of(row.pk), "was_right": was_right}
    tell(Event.GLASS_REVIEWED, Way(box, HEAD), by=by, **facts)
    return row


def _opened(row: BreakGlass) -> "tuple[Box, BrokenGlass]":
    """The case's box, and of the whole case only what this row says."""
    box = vaults.open_box(row.case.box, [row.unit])
    return box, content_of(row, box, BrokenGlass)
