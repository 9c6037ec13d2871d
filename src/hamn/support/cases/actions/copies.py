"""The person's printed copy: shown and printed of what was chosen; each time recorded."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, PermissionDenied, _
from hamn.papers.casework.case_copy import CaseCopy, case_copy_pdf

from ..events import Event
from ..queries.copies import Piece, copy_of, pieces_for_copy
from ..queries.opened import OpenCase
from .reading import read_case
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def read_for_copy(
    *, case_id: UUID, chosen: Collection[str], by: "Person", now: datetime
) -> tuple[OpenCase, list[Piece], CaseCopy]:
    """The case, what of it may go on the paper, and the paper as it would be.

    Raises NotVisible, ClosedToYou; PermissionDenied to a unit that the case is only shared with.
    """
    opened = read_case(case_id=case_id, what="case_copy", by=by, now=now)
    if opened.why == "shared":
        raise PermissionDenied(_("Kopian lämnas av den enhet som har ärendet. Be dem om den."))
    today = timezone.localdate(now)
    return opened, pieces_for_copy(opened), copy_of(opened, chosen, today=today)


@transaction.atomic
def print_copy(*, case_id: UUID, chosen: Collection[str], by: "Person", now: datetime) -> bytes:
    """The copy as PDF; that it was made, and of how many pieces, is recorded.

    Raises as `read_for_copy`; BadInput when nothing is chosen.
    """
    opened, pieces, copy = read_for_copy(case_id=case_id, chosen=chosen, by=by, now=now)
    taken = sum(one.code in chosen for one in pieces)
    if not taken:
        raise BadInput(_("Välj vad som ska med på kopian."))
    tell(Event.COPY_MADE, opened, by=by, pieces=taken)
    return case_copy_pdf(copy)
