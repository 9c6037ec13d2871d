"""Holds: a record is kept past its day, for a reason and until a day, by a named person."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import rules
from ..events import Event
from ..models import DisposalItem, Hold
from ..rules import Reason

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def place_hold(
    *,
    kind: str,
    thing: UUID,
    reason: Reason,
    until: date,
    today: date,
    by: "Person",
    trail_name: str = "",
    why: str = "",
) -> Hold:
    """The record is not disposed of before the day; the newest hold of a record is the one.

    trail_name: what the trail calls the record; the room above, which opened it, knows. why: the
    code of the way by which it opened it.
    Raises NotVisible for a record that is not there or not of her units, BadInput and TooLong as
    `rules.check_until`.
    """
    permits.require(by, "disposal.hold")
    unit = _unit_of(kind, thing, by)
    hold = keep(kind, thing, unit, reason, until, today, by)
    facts = {"unit": unit, "reason": reason, "until": until.isoformat()}
    facts |= {"why": why} if why else {}
    audit.record(Event.HOLD_PLACED, by=by, on=trail_name or None, **facts)
    _mark_open_item(hold)
    return hold


@transaction.atomic
def lift_hold(*, hold_id: int, by: "Person") -> Hold:
    """The record follows the ordinary rule again.

    Raises NotVisible when there is no such hold in her units.
    """
    hold = Hold.objects.select_for_update().filter(pk=hold_id, lifted_at__isnull=True).first()
    if hold is None or not permits.allows(by, "disposal.hold", hold):
        raise NotVisible(_("Undantaget finns inte längre. Läs om sidan."))
    permits.require(by, "disposal.hold", hold)
    hold.lifted_by, hold.lifted_at = by, timezone.now()
    hold.save(update_fields=["lifted_by", "lifted_at"])
    audit.record(Event.HOLD_LIFTED, by=by, on=None, unit=hold.unit, reason=hold.reason)
    return hold


def keep(
    kind: str,
    thing: UUID,
    unit: str,
    reason: Reason,
    until: date,
    today: date,
    by: "Person",
) -> Hold:
    """A hold on the record in place of an earlier one; the caller has asked for the permit.

    Raises NotVisible when the record is destroyed already; it waits for a run that is at it.
    """
    found = rules.holding_of(kind).locked(ids=[thing])
    if not found:
        raise NotVisible(_("Uppgiften finns inte längre. Läs om sidan."))
    rules.check_until(reason, until, today=today, due=found[0].due_on)
    earlier = Hold.objects.filter(kind=kind, thing=thing, lifted_at__isnull=True)
    earlier.update(lifted_by=by, lifted_at=timezone.now())
    return Hold.objects.create(
        kind=kind, thing=thing, unit=unit, reason=reason, until=until, placed_by=by
    )


def forget(kind: str, things: Collection[UUID]) -> None:
    """The holds of destroyed records go with them: their ids are of no use to anyone."""
    Hold.objects.filter(kind=kind, thing__in=things).delete()


def _unit_of(kind: str, thing: UUID, by: "Person") -> str:
    found = rules.holding_of(kind).locked(ids=[thing])
    if not found or not permits.allows(by, "disposal.hold", found[0]):
        raise NotVisible(_("Uppgiften finns inte. Kontrollera vad du skrev."))
    return found[0].unit


def _mark_open_item(hold: Hold) -> None:
    from .decide import THINNED, mark  # decide places holds itself

    item = DisposalItem.objects.select_related("disposal").filter(
        kind=hold.kind, thing=hold.thing, is_excluded=False, disposal__state__in=THINNED
    )
    for one in item:
        mark(one, Reason(hold.reason), hold.until)
