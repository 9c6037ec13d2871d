"""How a person may be reached: kept apart in a box of its own, and erased with it."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.core.errors import NotVisible, _
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults

from ..events import Event
from ..models import Case, ContactDetails
from ..queries.details import are_hers, details_of
from ..queries.opened import OpenCase, content_of
from ..queries.walls import units_of
from ..rules.access import check_not_broken_open
from ..rules.details import Details, check_may_keep, checked
from ..rules.states import check_version
from .reading import case_to_move, case_to_write, read_case
from .sealing import put
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

_ELSEWHERE: list[Callable[[Case], object]] = []


def register_ways(forget: Callable[[Case], object]) -> None:
    """A room above this one erases what it keeps of how a case's person is reached, when she is
    protected; inside the caller's transaction.
    """
    _ELSEWHERE.append(forget)


@transaction.atomic
def read_details(
    *, case_id: UUID, by: "Person", now: datetime
) -> tuple[OpenCase, Details | None, int]:
    """The case, how its person may be reached (None when nothing is kept), and its version.

    That she looked is recorded apart from the case. Raises NotVisible, also to another unit that
    the case is shared with, ClosedToYou, Locked.
    """
    opened = read_case(case_id=case_id, what="contact_details", by=by, now=now)
    _check_hers(opened.case, by)
    row = ContactDetails.objects.filter(case=opened.case).first()
    if row is None:
        return opened, None, 0
    tell(Event.DETAILS_READ, opened, by=by)
    box = vaults.open_box(row.box, units_of(by))
    return opened, content_of(row, box, Details), row.version


@transaction.atomic
def keep_details(
    *, case_id: UUID, seen: int | str, details: Details, by: "Person", now: datetime
) -> None:
    """The contact details kept, sealed to the case's own unit alone; nothing told is nothing kept.

    Raises NotVisible, ClosedToYou, NothingKept with protected identity, Changed, BadInput.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, what="keep_details")
    _check_hers(opened.case, by)
    check_may_keep(opened.content)
    details = checked(details)
    row = ContactDetails.objects.select_for_update(of=("self",)).filter(case=opened.case).first()
    check_version(seen, row.version if row else 0)
    if details == Details():
        if row is not None:
            _erase(row, opened, by)
        return
    box = vaults.open_box(row.box, units_of(by)) if row else vault.new_box([opened.case.unit])
    if row is None:
        row = ContactDetails(case=opened.case, box=box.id, version=0)
    put(row, details, box)
    row.version += 1
    row.save()
    tell(Event.DETAILS_KEPT, opened, by=by)


@transaction.atomic
def erase_details(*, case_id: UUID, by: "Person", now: datetime) -> None:
    """The contact details are gone, with their key; the case stays. Also in a closed case.

    Raises NotVisible, ClosedToYou, OnlyBrokenOpen.
    """
    opened = case_to_move(case_id=case_id, by=by, now=now, what="erase_details")
    _check_hers(opened.case, by)
    row = ContactDetails.objects.filter(case=opened.case).first()
    if row is not None:
        _erase(row, opened, by)


def forget_details(case: Case) -> None:
    """Every way to reach the person erased, also senders' addresses of e-mail in her case.

    Inside the transaction of a caller that records why.
    """
    rows = details_of(case)
    boxes = list(rows.values_list("box", flat=True))
    rows.delete()
    if boxes:
        vault.erase(boxes)


def forget_elsewhere(case: Case) -> None:
    """What rooms above keep of how the person is reached, erased; as `forget_details`."""
    for forget in _ELSEWHERE:
        forget(case)


def _erase(row: ContactDetails, opened: OpenCase, by: "Person") -> None:
    check_not_broken_open(opened.why)
    row.delete()
    vault.erase([row.box])
    tell(Event.DETAILS_ERASED, opened, by=by)


def _check_hers(case: Case, by: "Person") -> None:
    if not are_hers(by, case):
        raise NotVisible(_("Kontaktuppgifterna delas inte med andra enheter än ärendets egen."))
