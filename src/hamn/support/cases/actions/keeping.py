"""How long a case is kept: its rule class, and a hold against disposal."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.guards.disposal import actions as disposal
from hamn.guards.disposal.rules import Reason, rule_class

from ..events import Event
from ..models import Case
from ..rules.keeping import born_on
from ..rules.states import check_version
from .holding import Cases
from .reading import case_to_move
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.disposal.models import Hold


@transaction.atomic
def set_rule_class(
    *,
    case_id: UUID,
    seen: int | str,
    rule: str,
    birth_year: int | None,
    by: "Person",
    now: datetime,
) -> Case:
    """The case under the rule class from now on, also when it is closed.

    birth_year: a child's, where the rule counts from it. Raises NotVisible, ClosedToYou, Changed,
    BadInput for a rule that is none, or one that lacks its year.
    """
    found = rule_class(rule)
    day = born_on(found, birth_year, today=timezone.localdate(now))
    opened = case_to_move(case_id=case_id, by=by, now=now, what="set_rule_class")
    case = opened.case
    check_version(seen, case.version)
    was, case.rule_class, case.born_on = case.rule_class, found.code, day
    case.version += 1
    case.save(update_fields=["rule_class", "born_on", "version"])
    tell(Event.RULE_CLASS_SET, opened, by=by, was=was, now=case.rule_class)
    return case


@transaction.atomic
def hold_case(*, case_id: UUID, reason: str, until: date, by: "Person", now: datetime) -> "Hold":
    """The case is not disposed of before the day, for a reason of the list.

    Raises NotVisible, ClosedToYou, BadInput for a day that has come, TooLong past the law's last
    day without a legal reason.
    """
    opened = case_to_move(case_id=case_id, by=by, now=now, what="hold_case")
    return disposal.place_hold(
        kind=Cases.kind,
        thing=opened.case.pk,
        reason=Reason(reason),
        until=until,
        today=timezone.localdate(now),
        by=by,
        trail_name=opened.box.trail_name,
        why=opened.why,
    )
