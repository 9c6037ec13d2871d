"""The plan of a case, and the practical support that is open in the viewer's cases."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from ..models import Record
from ..rules.states import OPEN
from .notes import records_of
from .walls import open_to

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from .opened import OpenCase, OpenRecord


@dataclass(slots=True)
class Plan:
    """What is agreed on in a case. goals: each with its actions; loose: actions towards none."""

    goals: list[tuple["OpenRecord", list["OpenRecord"]]] = field(default_factory=list)
    loose: list["OpenRecord"] = field(default_factory=list)
    support: list["OpenRecord"] = field(default_factory=list)
    outcomes: list["OpenRecord"] = field(default_factory=list)


def plan_of(opened: "OpenCase") -> Plan:
    """The case's plan, current goals first; one query."""
    records = records_of(opened, ("goal", "action", "practical_support", "outcome"))
    by_kind: dict[str, list[OpenRecord]] = {}
    for one in records:
        by_kind.setdefault(one.record.kind, []).append(one)
    steps = by_kind.get("action", [])
    goals = sorted(by_kind.get("goal", []), key=lambda one: one.record.state != "current")
    return Plan(
        goals=[(one, [a for a in steps if a.record.parent_id == one.record.pk]) for one in goals],
        loose=[one for one in steps if one.record.parent_id is None],
        support=sorted(by_kind.get("practical_support", []), key=_left_first),
        outcomes=by_kind.get("outcome", [])[::-1],
    )


def open_support(viewer: "Person", now: datetime) -> QuerySet[Record]:
    """Practical support not done yet, in open cases that open to her."""
    cases = open_to(viewer, now).filter(state__in=OPEN)
    rows = Record.objects.filter(
        kind="practical_support", state__in=("open", "confirmed"), case__in=cases
    )
    return rows.filter(due_on__isnull=False).select_related("case")


def open_ends(opened: "OpenCase") -> dict[str, list["OpenRecord"]]:
    """What is left to do in a case that is about to be closed, by kind of record."""
    kinds = ("child_report", "referral_out", "action", "practical_support", "note")
    records = records_of(opened, kinds)
    left: dict[str, list[OpenRecord]] = {}
    for one in records:
        if one.record.state not in one.kind.done:
            left.setdefault(one.record.kind, []).append(one)
    return left


def _left_first(one: "OpenRecord") -> tuple[bool, str]:
    return one.record.state in one.kind.done, str(one.record.due_on or "")
