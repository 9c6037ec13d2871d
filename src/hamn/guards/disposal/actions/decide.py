"""A planned list before anything is destroyed: thinned, approved by another, or put away."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import DisposalItem, DisposalList
from ..rules import ListState, Reason
from . import holds
from .plan import fingerprint_of, present

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

THINNED = frozenset({ListState.PLANNED, ListState.APPROVED})


@transaction.atomic
def exclude_item(
    *, list_id: int, item_id: int, reason: Reason, until: date, today: date, by: "Person"
) -> DisposalItem:
    """The record is kept (behövs än): off this list, and off every other until the day.

    An approval stands: less is destroyed than was approved, never more.
    Raises WrongListState when it is too late, BadInput and TooLong as `rules.check_until`.
    """
    row = queries.locked(by, list_id)
    permits.require(by, "disposal.exclude", row)
    if row.state not in THINNED:
        rules.check_move(ListState(row.state), ListState.WITHDRAWN)
    item = queries.item_of(by, row, item_id)
    if not item.is_excluded:
        holds.keep(item.kind, item.thing, row.unit, reason, until, today, by)
        mark(item, reason, until)
        audit.record(Event.EXCLUDED, by=by, on=row, reason=reason, until=until.isoformat())
    return item


@transaction.atomic
def approve_list(*, list_id: int, seen: str, today: date, by: "Person") -> DisposalList:
    """The list, approved by another person than its planner; its number is then the approval's.

    seen: the fingerprint of the list that her page showed.
    Raises SamePerson, WrongListState, NothingDue, and ListChanged when what would be destroyed is
    no longer what was planned or seen.
    """
    row = queries.locked(by, list_id)
    permits.require(by, "disposal.approve", row)
    rules.check_move(ListState(row.state), ListState.APPROVED)
    rules.check_other_person(row.made_by_id, by.pk)
    rules.check_something(row.planned)
    rules.check_seen(row.fingerprint, seen)
    rules.check_same(row.fingerprint, present(row, today))
    row.state, row.approved_by, row.approved_at = ListState.APPROVED, by, timezone.now()
    row.save(update_fields=["state", "approved_by", "approved_at"])
    facts = {"unit": row.unit, "planned": row.planned, "fingerprint": row.fingerprint}
    audit.record(Event.APPROVED, by=by, on=row, **facts)
    return row


@transaction.atomic
def withdraw_list(*, list_id: int, by: "Person") -> DisposalList:
    """The list is put away and names no record any more; nothing is destroyed.

    What was kept stays kept. Raises WrongListState once the destruction has begun.
    """
    row = queries.locked(by, list_id)
    permits.require(by, "disposal.withdraw", row)
    rules.check_move(ListState(row.state), ListState.WITHDRAWN)
    row.items.all().delete()
    row.state, row.withdrawn_by, row.withdrawn_at = ListState.WITHDRAWN, by, timezone.now()
    row.save(update_fields=["state", "withdrawn_by", "withdrawn_at"])
    audit.record(Event.WITHDRAWN, by=by, on=row, unit=row.unit)
    return row


def mark(item: DisposalItem, reason: Reason, until: date) -> None:
    """The item is kept; its list has a new fingerprint and one record less to destroy."""
    item.is_excluded, item.reason, item.until = True, reason, until
    item.save(update_fields=["is_excluded", "reason", "until"])
    row = item.disposal
    row.planned, row.excluded = row.planned - 1, row.excluded + 1
    row.fingerprint = fingerprint_of(row.items.all())
    row.save(update_fields=["planned", "excluded", "fingerprint"])
