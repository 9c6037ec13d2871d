"""Children of the person: each with needs of her own, and the coordinator's case where needed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.core.text import LONGEST_NOTE, clean_text
from hamn.support.services import queries as services

from ..events import Event
from ..models import Record
from ..queries.children import coordinator_unit
from ..queries.opened import OpenCase
from ..rules.children import Child, NotLinkable, checked_child
from ..rules.contacts import HANDING_GROUNDS
from ..rules.content import CaseContent, IdentityLevel
from ..rules.notes import Note
from ..rules.plans import Action, check_due
from .counting import HANDED, count
from .opening import begin_case
from .records import add_record, change_record, record_to_write, save_record, write_record
from .telling import tell_record

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def add_child(*, case_id: UUID, child: Child, by: "Person", now: datetime) -> Record:
    """A child of the person, recorded with needs of her own (SoL 18:6-7).

    Raises NotVisible, ClosedToYou, WrongState, BadInput.
    """
    today = timezone.localdate(now)
    content = checked_child(child, today=today)
    return write_record(case_id=case_id, kind="child", content=content, on=today, by=by, now=now)


def change_child(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    change: Callable[[Child], Child],
    by: "Person",
    now: datetime,
) -> Record:
    """The child in other words. Raises NotVisible, Changed when someone saved meanwhile."""
    today = timezone.localdate(now)
    return change_record(
        case_id=case_id,
        record_id=record_id,
        kind="child",
        seen=seen,
        change=lambda child: checked_child(change(child), today=today),
        by=by,
        now=now,
    )


@transaction.atomic
def plan_for_child(
    *, case_id: UUID, record_id: UUID, text: str, due_on: date, by: "Person", now: datetime
) -> Record:
    """Something to do for the child by a day. Raises NotVisible, BadInput."""
    today = timezone.localdate(now)
    check_due(due_on, today)
    opened, child = record_to_write(
        case_id=case_id, record_id=record_id, kind="child", by=by, now=now
    )
    content = Action(text=clean_text(text, LONGEST_NOTE), who="worker")
    return add_record(
        opened, "action", content, on=today, due_on=due_on, parent=child.record, by=by, now=now
    )


@transaction.atomic
def open_case_for_child(
    *, case_id: UUID, record_id: UUID, ground: str, words: str, by: "Person", now: datetime
) -> OpenCase:
    """A case of the child's own with the coordinator for children, sealed to that unit alone.

    ground: consent, or need_to_know, with which her name stays here. words: what the coordinator
    needs to know; they stand as the first note there.
    Raises NotVisible, BadInput, NotLinkable the second time.
    """
    words = clean_text(words, LONGEST_NOTE).strip()
    if ground not in HANDING_GROUNDS or not words:
        raise BadInput(_("Välj grund och skriv vad koordinatorn behöver veta."))
    opened, one = record_to_write(
        case_id=case_id, record_id=record_id, kind="child", by=by, now=now
    )
    child: Child = one.content
    if child.own_case:
        raise NotLinkable(_("Koordinatorn för barn och unga har redan ett ärende för barnet."))
    unit = coordinator_unit(opened.case.unit)
    theirs = begin_case(
        unit=unit, content=_content(child, ground), responsible=None, by=by, now=now
    )
    today = timezone.localdate(now)
    note = Note(text=words, title=_("Från den som öppnade ärendet"), by=by.pk, at=now)
    add_record(theirs, "note", note, on=today, by=by, now=now)
    counted = count(unit=opened.case.unit, on=today, kind=HANDED, detail=unit, age_group="child")
    handed = replace(
        child,
        own_case=str(theirs.case.pk),
        handed_ground=ground,
        handed_on=today,
        counted=(*child.counted, counted),
    )
    save_record(opened, one, handed, now=now)
    tell_record(Event.CHILD_HANDED, opened, one.record.pk, by=by, unit=unit, ground=ground)
    return theirs


def _content(child: Child, ground: str) -> CaseContent:
    """What the coordinator's case says of the child from the start."""
    called = child.called if ground == "consent" else ""
    return CaseContent(
        number="",
        called=called,
        identity_level=IdentityLevel.PSEUDONYMOUS if called else IdentityLevel.ANONYMOUS,
        municipality="unknown",
        residence=services.residence_class("unknown").value,
        age_group="child",
        birth_year=child.birth_year,
        source="other_unit",
    )
