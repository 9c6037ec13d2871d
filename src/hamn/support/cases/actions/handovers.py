"""Handing over a caseload: proposed by her or her head, in effect when the receiver accepts."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.guards.access.queries import headed_units
from hamn.guards.audit import actions as audit

from ..events import Event
from ..models import Case, Handover
from ..queries.assigning import (
    candidates,
    caseload_of,
    cases_of,
    contacts_of,
    deputyships_of,
    handover,
    is_here,
)
from ..rules.access import HANDOVER, HEAD, TOOK_OVER
from ..rules.assigning import NotAssigned, check_candidate
from .assigning import propose, take_effect

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def hand_over(
    *,
    unit: str,
    giver_id: int,
    receiver_id: int,
    case_ids: Collection[UUID] | None,
    at_once: bool,
    by: "Person",
    now: datetime,
) -> Handover:
    """A worker's cases for another: those chosen of the open ones, or with None all she has.

    at_once: by the unit's head, who does not wait for the receiver. A head takes them herself only
    while the giver is away. Raises NotVisible to others than the giver and her head, NotAssigned,
    BadInput when there is nothing to hand over.
    """
    permits.require(by, "cases.assign", unit)
    if by.pk != giver_id and unit not in headed_units(by):
        raise NotVisible(_("Bara den som har ärendena eller enhetens chef lämnar över dem."))
    if at_once:
        permits.require(by, "cases.assign_at_once", unit)
    people = candidates(by, unit)
    check_candidate(receiver_id, people)
    if receiver_id == giver_id:
        raise BadInput(_("Välj någon annan än den som har ärendena."))
    is_hers = receiver_id == by.pk
    if is_hers:
        _check_giver_is_away(giver_id, unit, by, now)
    elif at_once and not is_here(receiver_id, people, timezone.localdate(now)):
        raise NotAssigned(
            _("{title} är borta i dag. Välj någon som är här, eller att mottagaren svarar först."),
            title=people[receiver_id].title,
        )
    cases = _locked(unit, giver_id, case_ids)
    is_whole = case_ids is None
    _check_something(cases, unit, giver_id, is_whole=is_whole)
    row = propose(cases, unit, giver_id, receiver_id, is_whole=is_whole, by=by, now=now)
    if at_once:
        take_effect(row, cases, why=TOOK_OVER if is_hers else HEAD, by=by, now=now)
    return row


@transaction.atomic
def accept_handover(*, handover_id: UUID, by: "Person", now: datetime) -> int:
    """How many cases are the receiver's now: those that are still the giver's.

    Raises NotVisible to all but the receiver, and when it does not wait any more; NotAssigned to a
    head who has proposed it to herself, when the giver is back.
    """
    row = handover(by, handover_id, lock=True)
    permits.require(by, "cases.assign", row)
    if row.receiver_id != by.pk:
        raise NotVisible(_("Bara den som ska ta emot ärendena svarar ja."))
    why = HANDOVER
    if row.proposed_by_id == by.pk != row.giver_id and row.giver_id is not None:
        _check_giver_is_away(row.giver_id, row.unit, by, now)
        why = TOOK_OVER
    waiting = row.items.filter(is_waiting=True).values("case")
    cases = Case.objects.select_for_update().filter(pk__in=waiting, responsible=row.giver_id)
    return take_effect(row, list(cases.order_by("pk")), why=why, by=by, now=now)


@transaction.atomic
def end_handover(*, handover_id: UUID, by: "Person", now: datetime) -> None:
    """The handover comes to nothing: declined by the receiver, or withdrawn.

    Raises NotVisible to those whom it does not concern, and when it does not wait any more.
    """
    row = handover(by, handover_id, lock=True)
    permits.require(by, "cases.assign", row)
    row.items.update(is_waiting=False)
    row.ended_by, row.ended_at = by, now
    row.save(update_fields=["ended_by", "ended_at"])
    audit.record(Event.HANDOVER_ENDED, by=by, on=row, receiver=row.receiver_id)


def _locked(unit: str, giver_id: int, case_ids: Collection[UUID] | None) -> list[Case]:
    """Also the closed ones of a whole caseload: who leaves opens none of them any more."""
    if case_ids is None:
        return list(cases_of(giver_id, unit).select_for_update())
    return list(caseload_of(giver_id, unit).filter(pk__in=case_ids).select_for_update())


def _check_something(cases: Collection[Case], unit: str, giver_id: int, *, is_whole: bool) -> None:
    if cases:
        return
    more = deputyships_of(giver_id, unit).exists() or contacts_of(giver_id, unit).exists()
    if not (is_whole and more):
        raise BadInput(_("Det finns inga ärenden att lämna över. Välj minst ett."))


def _check_giver_is_away(giver_id: int, unit: str, by: "Person", now: datetime) -> None:
    """A head takes a worker's cases herself only while the worker is away. Raises NotAssigned."""
    people = candidates(by, unit)
    if is_here(giver_id, people, timezone.localdate(now)):
        raise NotAssigned(
            _(
                "{title} är här: be personen lämna över ärendena till dig. En chef tar själv över "
                "ärenden bara när den som har dem är borta."
            ),
            title=people[giver_id].title,
        )
