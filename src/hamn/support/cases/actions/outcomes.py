"""Outcome follow-ups: each measure counts its latest answer of the year as one identity-free fact.

A later follow-up takes the earlier answer's fact back; a correction brings the right one back.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..models import Fact, Record
from ..queries.counted import unit_of_follow_up
from ..queries.notes import records_of
from ..rules.content import Counted
from ..rules.notes import check_day
from ..rules.outcomes import Told, as_details, check_says_something, latest, measures_of
from ..rules.plans import OutcomeFollowUp
from ..rules.states import check_version
from .counting import count_of_case, reverse
from .reading import case_to_write
from .records import add_record, changed, record_to_write, save_record
from .sealing import put

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase, OpenRecord


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
    unit = opened.case.unit
    measures = _measures(opened, answers, words, unit)
    content = OutcomeFollowUp(measures, words, unit=unit)
    record = add_record(opened, "outcome", content, on=on, by=by, now=now)
    _recount(opened, {on.year})
    record.refresh_from_db(fields=["sealed"])
    return record


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
    unit = unit_of_follow_up(was, now=opened.case.unit)
    measures = _measures(opened, answers, words, unit)
    content = replace(was, measures=measures, words=words, unit=unit)
    years = {one.record.on.year, on.year}
    save_record(opened, one, content, now=now, on=on)
    _recount(opened, years)
    changed(opened, one, by=by)
    one.record.refresh_from_db(fields=["sealed"])
    return one.record


def _measures(
    opened: "OpenCase", answers: Mapping[str, str], words: str, unit: str
) -> tuple[str, ...]:
    measures = as_details(answers, measures_of(unit, opened.content.form))
    check_says_something(measures, words)
    return measures


def _recount(opened: "OpenCase", years: Collection[int]) -> None:
    """The facts of the locked case's follow-ups in these years are what a fresh count would give.

    So the order of follow-ups and corrections never matters.
    """
    found = [one for one in records_of(opened, ["outcome"]) if one.record.on.year in years]
    told = [_told(one, opened.case.unit) for one in found]
    facts = Fact.objects.in_bulk([c.fact for f in found for c in f.content.counted])
    stored = {str(pk): fact for pk, fact in facts.items()}
    for one, says, details in zip(found, told, latest(told), strict=True):
        _store(
            opened, one, _counted(opened, one, says._replace(details=details), stored), says.unit
        )


def _told(one: "OpenRecord", now: str) -> Told:
    unit = unit_of_follow_up(one.content, now=now)
    return Told(unit, one.record.on, one.content.measures)


def _counted(
    opened: "OpenCase", one: "OpenRecord", wanted: Told, stored: Mapping[str, Fact]
) -> tuple[Counted, ...]:
    """What the follow-up has counted, once wrong facts are reversed and the right ones there."""
    there = {}
    for counted in one.content.counted:
        if _is_of(stored[counted.fact], wanted):
            there[stored[counted.fact].detail] = counted
        else:
            reverse(counted)
    on, unit = wanted.on, wanted.unit
    return tuple(
        there.get(each) or count_of_case(opened, kind="outcome", detail=each, on=on, unit=unit)
        for each in wanted.details
    )


def _is_of(fact: Fact, wanted: Told) -> bool:
    """Whether the fact is one of those that are wanted."""
    then = (wanted.unit, wanted.on.year, wanted.on.month)
    return (fact.unit, fact.year, fact.month) == then and fact.detail in wanted.details


def _store(opened: "OpenCase", one: "OpenRecord", counted: tuple[Counted, ...], unit: str) -> None:
    """The follow-up with what it has counted; one whose facts are another's now keeps its unit."""
    content = replace(one.content, counted=counted, unit=unit)
    if content != one.content:
        put(one.record, content, opened.box)
        one.record.save(update_fields=["sealed"])
