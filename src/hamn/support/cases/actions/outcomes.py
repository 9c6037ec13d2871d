"""Outcome follow-ups: each answered measure counts one identity-free fact, taken back if wrong."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..models import Record
from ..queries.counted import unit_of
from ..rules.content import Counted
from ..rules.notes import check_day
from ..rules.outcomes import as_details, check_says_something, measures_of
from ..rules.plans import OutcomeFollowUp
from ..rules.states import check_version
from .counting import count_of_case, reverse
from .reading import case_to_write
from .records import add_record, changed, record_to_write, save_record

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase


@transaction.atomic
def follow_up(
    *,
    case_id: UUID,
    answers: Mapping[str, str],
    words: str,
    on: date,
    by: "Person",
    now: datetime,
) -> Record:
    """What has changed for the person; answers: code of the answer by code of the measure.

    Raises NotVisible, ClosedToYou, WrongState, BadInput for a measure that is not asked there.
    """
    check_day(on, timezone.localdate(now))
    opened = case_to_write(case_id=case_id, by=by, now=now, what="write_outcome")
    measures = _measures(opened, answers, words, opened.case.unit)
    content = OutcomeFollowUp(measures, words, _counted(opened, measures, on, opened.case.unit))
    return add_record(opened, "outcome", content, on=on, by=by, now=now)


@transaction.atomic
def correct_follow_up(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    answers: Mapping[str, str],
    words: str,
    on: date,
    by: "Person",
    now: datetime,
) -> Record:
    """The follow-up as it should have been; the facts that were wrong are taken back.

    Raises NotVisible, Changed, BadInput.
    """
    check_day(on, timezone.localdate(now))
    opened, one = record_to_write(
        case_id=case_id, record_id=record_id, kind="outcome", by=by, now=now
    )
    check_version(seen, one.record.version)
    was: OutcomeFollowUp = one.content
    unit = unit_of(was.counted) or opened.case.unit
    measures = _measures(opened, answers, words, unit)
    counted = was.counted
    if (measures, _month(on)) != (was.measures, _month(one.record.on)):
        for fact in was.counted:
            reverse(fact)
        counted = _counted(opened, measures, on, unit)
    content = replace(was, measures=measures, words=words, counted=counted)
    save_record(opened, one, content, now=now, on=on)
    changed(opened, one, by=by)
    return one.record


def _measures(
    opened: "OpenCase", answers: Mapping[str, str], words: str, unit: str
) -> tuple[str, ...]:
    measures = as_details(answers, measures_of(unit, opened.content.form))
    check_says_something(measures, words)
    return measures


def _counted(
    opened: "OpenCase", measures: tuple[str, ...], on: date, unit: str
) -> tuple[Counted, ...]:
    return tuple(
        count_of_case(opened, kind="outcome", detail=one, on=on, unit=unit) for one in measures
    )


def _month(on: date) -> tuple[int, int]:
    return on.year, on.month
