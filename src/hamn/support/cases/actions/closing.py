"""A case is followed up, closed, opened again; each counted without anyone in it."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..events import Event
from ..queries.notes import records_of
from ..queries.opened import OpenCase
from ..rules.content import CaseContent, Counted
from ..rules.notes import check_day
from ..rules.plans import (
    CLOSURE_OUTCOMES,
    CLOSURE_REASONS,
    COUNTERPARTS,
    NEVER_CLOSED,
    NEVER_OPENED,
    REOPENING_REASONS,
    Action,
    Closure,
    check_closed,
    check_code,
    check_due,
    check_in_follow_up,
    check_referred,
)
from ..rules.states import CaseState, check_move, check_version
from .counting import OPENED, count_of_case, restore, reverse
from .opening import save_content
from .reading import case_to_move
from .records import add_record
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def close_case(
    *,
    case_id: UUID,
    seen: int | str,
    reason: str,
    outcome: str,
    referred_to: str,
    words: str,
    on: date,
    by: "Person",
    now: datetime,
) -> OpenCase:
    """The case closed; `closed_referred` when she was referred on, with where.

    on: its last day. Raises NotVisible, ClosedToYou, WrongState when it is closed already,
    Changed, BadInput.
    """
    _check_closure(reason, outcome, referred_to)
    check_day(on, timezone.localdate(now))
    opened = case_to_move(case_id=case_id, by=by, now=now, what="close_case")
    to = CaseState.CLOSED_REFERRED if reason == "referred" else CaseState.CLOSED
    check_move(CaseState(opened.case.state), to)
    check_version(seen, opened.case.version)
    content = replace(opened.content, closure_reason=reason, closure_outcome=outcome)
    closure = Closure(reason, outcome, words, referred_to)
    if reason == NEVER_OPENED:
        content, taken_back = _never_opened(content)
        closure = replace(closure, uncounted=taken_back)
    else:
        counted = count_of_case(opened, kind="closure", detail=reason, on=on)
        closure = replace(closure, counted=(counted,))
    add_record(opened, "closure", closure, on=on, by=by, now=now)
    save_content(opened, content, now=now)
    _move(opened, to, by=by, closed_on=on)
    return opened


@transaction.atomic
def reopen_case(*, case_id: UUID, reason: str, words: str, by: "Person", now: datetime) -> OpenCase:
    """The closed case open again; what was closed by mistake was never closed in the figures.

    What was opened by mistake, and was not after all, is counted as opened when it was.
    Raises NotVisible, ClosedToYou, WrongState when it is open, BadInput.
    """
    check_code(reason, REOPENING_REASONS)
    today = timezone.localdate(now)
    opened = case_to_move(case_id=case_id, by=by, now=now, what="reopen_case")
    check_closed(CaseState(opened.case.state))
    # The row is open before anything is written in it.
    _move(opened, CaseState.ACTIVE, by=by, closed_on=None)
    latest = _latest_closure(opened)
    openings = tuple(restore(one) for one in latest.uncounted)
    counted: tuple[Counted, ...] = ()
    if reason == NEVER_CLOSED:
        for fact in latest.counted:
            reverse(fact)
    elif not openings:
        counted = (count_of_case(opened, kind="reopening", detail=reason, on=today),)
    closure = Closure(reason, words=words, counted=counted)
    add_record(opened, "reopening", closure, on=today, by=by, now=now)
    content = replace(
        opened.content,
        closure_reason="",
        closure_outcome="",
        counted=(*opened.content.counted, *openings),
    )
    save_content(opened, content, now=now)
    return opened


@transaction.atomic
def to_follow_up(
    *, case_id: UUID, text: str, due_on: date, by: "Person", now: datetime
) -> OpenCase:
    """The case in follow-up, with what is to be asked and by which day, in its plan.

    Raises NotVisible, ClosedToYou, WrongState, BadInput for a day that has been.
    """
    today = timezone.localdate(now)
    check_due(due_on, today)
    opened = case_to_move(case_id=case_id, by=by, now=now, what="to_follow_up")
    check_move(CaseState(opened.case.state), CaseState.FOLLOW_UP)
    _move(opened, CaseState.FOLLOW_UP, by=by, closed_on=None)
    what = Action(text=text, who="worker")
    add_record(opened, "action", what, on=today, by=by, now=now, due_on=due_on)
    return opened


@transaction.atomic
def back_to_active(*, case_id: UUID, by: "Person", now: datetime) -> OpenCase:
    """The case that was in follow-up, active again. Raises NotVisible, ClosedToYou, WrongState."""
    opened = case_to_move(case_id=case_id, by=by, now=now, what="back_to_active")
    check_in_follow_up(CaseState(opened.case.state))
    _move(opened, CaseState.ACTIVE, by=by, closed_on=None)
    return opened


def _check_closure(reason: str, outcome: str, referred_to: str) -> None:
    check_code(reason, CLOSURE_REASONS)
    check_code(outcome, CLOSURE_OUTCOMES)
    check_referred(reason, referred_to)
    if referred_to:
        check_code(referred_to, COUNTERPARTS)


def _move(opened: OpenCase, to: CaseState, *, by: "Person", closed_on: date | None) -> None:
    case = opened.case
    was, case.state, case.closed_on = case.state, to, closed_on
    case.version += 1
    case.save(update_fields=["state", "closed_on", "version"])
    tell(Event.CASE_MOVED, opened, by=by, was=was, now=str(to))


def _never_opened(content: CaseContent) -> tuple[CaseContent, tuple[Counted, ...]]:
    """The content of a case that is not counted as opened, and the facts that were taken back."""
    openings = tuple(one for one in content.counted if one.kind == OPENED)
    for fact in openings:
        reverse(fact)
    kept = tuple(one for one in content.counted if one.kind != OPENED)
    return replace(content, counted=kept), openings


def _latest_closure(opened: OpenCase) -> Closure:
    closures = records_of(opened, ["closure"])
    latest = max(closures, key=lambda one: one.record.written_at, default=None)
    return latest.content if latest is not None else Closure("")
