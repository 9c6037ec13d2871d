"""The plan: goals in the person's own words, what is agreed on, practical support."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.guards.audit import actions as audit
from hamn.guards.vault import queries as vaults

from ..events import Event
from ..models import Record
from ..queries import walls
from ..queries.details import documented_in
from ..queries.opened import content_of
from ..queries.walls import no_such_case
from ..rules.contacts import is_named
from ..rules.content import CaseContent
from ..rules.identity import check_support
from ..rules.plans import (
    COUNTERPARTS,
    DOERS,
    Action,
    Goal,
    PracticalSupport,
    check_agreed,
    check_code,
    check_due,
    check_not_planned_anew,
)
from ..rules.states import check_version
from .reading import case_to_write
from .records import (
    add_record,
    change_record,
    changed,
    move_record,
    record_to_write,
    save_record,
    write_record,
)

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase

# Kinds whose state is moved on the plan's page.
MOVED = ("goal", "action", "practical_support")


def write_goal(*, case_id: UUID, words: str, on: date, by: "Person", now: datetime) -> Record:
    """A goal in the person's own words. Raises NotVisible, ClosedToYou, WrongState."""
    return write_record(case_id=case_id, kind="goal", content=Goal(words), on=on, by=by, now=now)


def change_goal(
    *, case_id: UUID, record_id: UUID, seen: int | str, words: str, by: "Person", now: datetime
) -> Record:
    """The goal in other words. Raises NotVisible, Changed."""
    return change_record(
        case_id=case_id,
        record_id=record_id,
        kind="goal",
        seen=seen,
        change=lambda goal: replace(goal, words=words),
        by=by,
        now=now,
    )


@transaction.atomic
def write_action(
    *,
    case_id: UUID,
    text: str,
    who: str,
    due_on: date | None,
    goal: str,
    by: "Person",
    now: datetime,
) -> Record:
    """Something that is agreed on, towards a goal or none. goal: id of its record, or empty.

    Raises NotVisible, also for another case's goal, BadInput for a day that has been.
    """
    today = timezone.localdate(now)
    _check_action(who, due_on, today)
    opened = case_to_write(case_id=case_id, by=by, now=now, what="write_action")
    return add_record(
        opened,
        "action",
        Action(text=text, who=who),
        on=today,
        by=by,
        now=now,
        due_on=due_on,
        parent=_goal(opened, goal),
    )


def change_action(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    text: str,
    who: str,
    due_on: date | None,
    by: "Person",
    now: datetime,
) -> Record:
    """What is agreed on, in other words or with another day.

    Raises NotVisible, Changed, WrongState for a planned contact, which has rules of its own.
    """
    check_code(who, DOERS)
    return change_record(
        case_id=case_id,
        record_id=record_id,
        kind="action",
        seen=seen,
        change=lambda action: replace(check_agreed(action), text=text, who=who),
        by=by,
        now=now,
        due_on=due_on,
    )


@transaction.atomic
def write_support(
    *,
    case_id: UUID,
    text: str,
    counterpart: str,
    counterpart_name: str,
    due_on: date,
    by: "Person",
    now: datetime,
) -> Record:
    """Practical support that is to be given, with whom, and by which day.

    Raises NotVisible, ClosedToYou, WrongState, BadInput for a day that has been, IdentityNeeded
    where the person has not said who she is and the board has decided nothing about it (Z30).
    """
    today = timezone.localdate(now)
    check_code(counterpart, COUNTERPARTS)
    check_due(due_on, today)
    opened = case_to_write(case_id=case_id, by=by, now=now, what="write_practical_support")
    _check_identity(opened, today)
    content = PracticalSupport(text, counterpart, counterpart_name)
    return add_record(opened, "practical_support", content, on=today, by=by, now=now, due_on=due_on)


@transaction.atomic
def change_support(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    text: str,
    counterpart: str,
    counterpart_name: str,
    due_on: date,
    by: "Person",
    now: datetime,
) -> Record:
    """The support in other words, with another counterpart or day.

    Raises NotVisible, Changed, IdentityNeeded as `write_support`.
    """
    check_code(counterpart, COUNTERPARTS)
    said = {"text": text, "counterpart": counterpart, "counterpart_name": counterpart_name}
    opened, one = record_to_write(
        case_id=case_id, record_id=record_id, kind="practical_support", by=by, now=now
    )
    check_version(seen, one.record.version)
    _check_identity(opened, one.record.on)
    save_record(opened, one, replace(one.content, **said), now=now, due_on=due_on)
    changed(opened, one, by=by)
    return one.record


def move(
    *,
    case_id: UUID,
    record_id: UUID,
    kind: str,
    seen: int | str,
    to: str,
    came_of_it: str,
    by: "Person",
    now: datetime,
) -> Record:
    """A goal, an action or a support in another state, with what came of it.

    Raises NotVisible, Changed, WrongState for a move that its table does not have.
    """
    if kind not in MOVED:
        raise no_such_case()

    def change(content: Any) -> Any:
        check_not_planned_anew(content, to)
        return replace(content, came_of_it=came_of_it)

    return move_record(
        case_id=case_id,
        record_id=record_id,
        kind=kind,
        to=to,
        by=by,
        now=now,
        change=change,
        seen=seen,
    )


@dataclass(frozen=True, slots=True)
class OpenSupport:
    """A row of the unit's practical support, with its case's number and name."""

    record: Record
    says: PracticalSupport | None
    case: CaseContent | None


@transaction.atomic
def read_support(*, records: Collection[Record], by: "Person") -> list[OpenSupport]:
    """What a list of practical support may show; the reading recorded. One round trip.

    records: of `queries.plans.open_support`, which stands behind the walls.
    """
    if not records:
        return []
    boxes = vaults.open_boxes([one.case.box for one in records], walls.units_of(by))
    names = sorted({box.trail_name for box in boxes.values()})
    audit.record(Event.SUPPORT_LISTED, by=by, cases=names)
    found = []
    for one in records:
        box = boxes.get(one.case.box)
        says = content_of(one, box, PracticalSupport) if box else None
        found.append(
            OpenSupport(one, says, content_of(one.case, box, CaseContent) if box else None)
        )
    return found


def _check_action(who: str, due_on: date | None, today: date) -> None:
    check_code(who, DOERS)
    if due_on is not None:
        check_due(due_on, today)


def _check_identity(opened: "OpenCase", on: date) -> None:
    """Pass support of that day that the unit may record for who has not said who she is."""
    if not is_named(opened.content):
        check_support([on], documented_in(opened.case.unit).values())


def _goal(opened: "OpenCase", goal: str) -> Record | None:
    if not goal:
        return None
    row = opened.case.records.filter(pk=goal, kind="goal").first()
    if row is None:
        raise no_such_case()
    return row
