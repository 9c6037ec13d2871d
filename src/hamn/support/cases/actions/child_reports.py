"""Reports of concern for a child (orosanmälan): made, mended, sent, answered.

From any case, also an anonymous or a closed one: the duty does not end with it (SoL 19:1). It is
each reader's own, so that also a unit that the case is only shared with makes and sends its own.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _
from hamn.support.services import queries as services

from ..models import Record
from ..queries.children import check_report_hers, writing_unit
from ..queries.notes import record_of
from ..queries.opened import OpenCase, OpenRecord, content_of
from ..queries.walls import no_such_case
from ..rules import children as rules
from ..rules.children import ChildWelfareReport
from ..rules.kinds import KINDS, check_record_move
from ..rules.states import WrongState, check_version
from .counting import count
from .opening import keep_content
from .reading import case_to_move, read_case
from .records import add_record, changed, moved, save_record

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

KIND = "child_report"  # of record, and of fact


@transaction.atomic
def add_child_report(
    *, case_id: UUID, report: ChildWelfareReport, by: "Person", now: datetime
) -> Record:
    """A report of concern made now; it is due today, and reminds until it is sent.

    Raises NotVisible, also for a child of another case, ClosedToYou, BadInput.
    """
    opened = _opened(case_id, by, now, "write_child_report")
    if report.about:
        record_of(opened, UUID(report.about), "child")
    today = timezone.localdate(now)
    content = replace(_checked(opened, report, today), made_at=now)
    content = replace(content, unit=writing_unit(by, opened.case))
    return add_record(opened, KIND, content, on=today, due_on=today, by=by, now=now)


@transaction.atomic
def change_child_report(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    change: Callable[[ChildWelfareReport], ChildWelfareReport],
    by: "Person",
    now: datetime,
) -> Record:
    """The report in other words, until it is sent. Raises NotVisible, Changed, WrongState."""
    opened, one = _report_to_write(case_id=case_id, record_id=record_id, by=by, now=now)
    check_version(seen, one.record.version)
    if one.record.state != "open":
        raise WrongState(_("Anmälan är skickad och kan inte ändras. Gör en ny om mer kommit fram."))
    content = _checked(opened, change(one.content), timezone.localdate(now))
    save_record(opened, one, content, now=now)
    changed(opened, one, by=by)
    return one.record


def read_child_report(
    *, case_id: UUID, record_id: UUID, what: str, by: "Person", now: datetime
) -> tuple[OpenCase, OpenRecord]:
    """The case and the report, the reading recorded. Raises NotVisible, ClosedToYou, Locked."""
    opened = read_case(case_id=case_id, what=what, by=by, now=now)
    return opened, record_of(opened, record_id, KIND)


@transaction.atomic
def send_child_report(
    *,
    case_id: UUID,
    record_id: UUID,
    on: date,
    how: str,
    receiver: str,
    receipt: str,
    by: "Person",
    now: datetime,
) -> Record:
    """The report was handed over: when, how, to whom, with which receipt; and it is counted.

    With a wish for feedback it waits for that, a week (SoL 19:6).
    Raises NotVisible, WrongState when it is sent already, BadInput.
    """
    opened, one = _report_to_write(case_id=case_id, record_id=record_id, by=by, now=now)
    today = timezone.localdate(now)
    content = rules.sent(
        one.content, on=on, how=how, receiver=receiver, receipt=receipt, today=today
    )
    due_on = rules.feedback_by(content)
    content = replace(content, counted=(_counted(opened, content, on),))
    _move(opened, one, "awaits" if due_on else "sent", content, by=by, now=now, due_on=due_on)
    if content.is_client:
        keep_content(opened, replace(opened.content, reported_on=on), now=now)
    return one.record


@transaction.atomic
def answer_child_report(
    *, case_id: UUID, record_id: UUID, feedback: str, by: "Person", now: datetime
) -> Record:
    """What the board answered, or that it did not. Raises NotVisible, WrongState, BadInput."""
    opened, one = _report_to_write(case_id=case_id, record_id=record_id, by=by, now=now)
    content = rules.answered(one.content, feedback)
    return _move(opened, one, "answered", content, by=by, now=now)


@transaction.atomic
def drop_child_report(
    *, case_id: UUID, record_id: UUID, why: str, by: "Person", now: datetime
) -> Record:
    """The report is not sent after all, and why; it stays in the case.

    Raises NotVisible, WrongState when it is sent already, BadInput without a reason.
    """
    opened, one = _report_to_write(case_id=case_id, record_id=record_id, by=by, now=now)
    content = rules.not_needed(one.content, why)
    return _move(opened, one, "not_needed", content, by=by, now=now)


def _checked(opened: OpenCase, report: ChildWelfareReport, today: date) -> ChildWelfareReport:
    return rules.checked_report(
        report,
        case=opened.content,
        municipalities=services.municipality_names(),
        today=today,
    )


def _counted(opened: OpenCase, report: ChildWelfareReport, on: date) -> Any:
    return count(
        unit=report.unit or opened.case.unit,
        on=on,
        kind=KIND,
        detail="acute" if report.is_acute else "",
        age_group="child",
        residence=services.residence_class(report.municipality).value,
        municipality=report.municipality,
    )


def _report_to_write(
    *, case_id: UUID, record_id: UUID, by: "Person", now: datetime
) -> tuple[OpenCase, OpenRecord]:
    opened = _opened(case_id, by, now, "change_child_report")
    rows = Record.objects.select_for_update(of=("self",))
    row = rows.filter(case=opened.case, pk=record_id, kind=KIND).first()
    if row is None:
        raise no_such_case()
    one = OpenRecord(row, KINDS[KIND], content_of(row, opened.box, ChildWelfareReport))
    check_report_hers(by, opened, one)
    return opened, one


def _opened(case_id: UUID, by: "Person", now: datetime, what: str) -> OpenCase:
    return case_to_move(case_id=case_id, by=by, now=now, what=what, is_own_duty=True)


def _move(
    opened: OpenCase,
    one: OpenRecord,
    to: str,
    content: ChildWelfareReport,
    *,
    by: "Person",
    now: datetime,
    due_on: date | None = None,
) -> Record:
    check_record_move(one.kind, one.record.state, to)
    was = one.record.state
    save_record(opened, one, content, now=now, state=to, due_on=due_on)
    moved(opened, one, was=was, by=by)
    return one.record
