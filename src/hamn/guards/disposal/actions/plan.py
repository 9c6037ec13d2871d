"""A list of what of a unit has come to its end, with its fingerprint."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.access.rules import every_unit
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import DisposalItem, DisposalList
from ..queries.coming import due_in
from ..rules import Candidate, Line, ListState

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

BATCH = 500


class Unit(NamedTuple):
    """A unit as the permit table asks about it."""

    unit: str


@transaction.atomic
def plan_list(*, unit: str, on: date, today: date, by: "Person") -> DisposalList:
    """The unit's records that were due on the day, as a list that waits for another person.

    Records that are kept for a reason stand on it too, and are not destroyed.
    Raises BadInput for a day to come or an unknown unit, WrongListState while another list is open,
    NothingDue.
    """
    permits.require(by, "disposal.plan", Unit(unit))
    if unit not in every_unit():
        raise BadInput(_("Enheten {unit} finns inte. Välj en i listan."), unit=unit)
    if on > today:
        raise BadInput(
            _("Dagen {day} har inte kommit. Det som inte är moget gallras inte."), day=on
        )
    _refuse_second(unit)
    before = rules.day_after(on)
    items = list(_items(unit, before, today))
    if not items:
        raise rules.NothingDue(_("Enheten har ingenting att gallra den dagen."))
    excluded = sum(item.is_excluded for item in items)
    row = DisposalList.objects.create(
        unit=unit,
        due_before=before,
        state=ListState.PLANNED,
        made_by=by,
        planned=len(items) - excluded,
        excluded=excluded,
        fingerprint=fingerprint_of(items),
    )
    for item in items:
        item.disposal = row
    DisposalItem.objects.bulk_create(items, batch_size=BATCH)
    audit.record(Event.PLANNED, by=by, on=row, unit=unit, planned=row.planned, excluded=excluded)
    return row


def present(row: DisposalList, today: date) -> str:
    """The fingerprint that the list would have if it were planned on the day."""
    return fingerprint_of(_items(row.unit, row.due_before, today))


def fingerprint_of(items: Iterable[DisposalItem]) -> str:
    """What stands for exactly these items."""
    return rules.fingerprint(
        Line(
            item.kind,
            str(item.thing),
            item.due_on,
            item.last_note_on,
            item.rule_class,
            item.is_excluded,
        )
        for item in items
    )


def _items(unit: str, before: date, today: date) -> Iterable[DisposalItem]:
    """An item for each record that is due, unsaved; those that are kept with their reason."""
    for kind, candidate, hold in due_in(unit, before, today=today):
        item = _item(kind, candidate)
        if hold is not None:
            item.is_excluded, item.reason, item.until = True, hold.reason, hold.until
        yield item


def _item(kind: str, candidate: Candidate) -> DisposalItem:
    due = candidate.due_on
    assert due is not None  # due_in gives what is due
    return DisposalItem(
        kind=kind,
        thing=candidate.id,
        due_on=due,
        last_note_on=candidate.last_note_on,
        rule_class=candidate.rule_class,
    )


def _refuse_second(unit: str) -> None:
    row = queries.open_list(unit)
    if row is not None:
        raise rules.WrongListState(
            _("Enheten har redan gallringslista {number}, som är {state}. Gör klart den först."),
            number=row.pk,
            state=rules.LIST_NAMES[ListState(row.state)],
        )
