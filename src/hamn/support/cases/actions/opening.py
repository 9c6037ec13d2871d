"""A new case, and changes to what it says about its person."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.guards.access import permits
from hamn.guards.vault import actions as vault
from hamn.guards.vault.rules import IndexKind

from ..events import Event
from ..models import Case
from ..queries.opened import OpenCase
from ..rules.content import CaseContent
from ..rules.search import NUMBER_SIGNS
from ..rules.states import CaseState
from .counting import OPENED, count
from .reading import case_to_write, log_read
from .sealing import put
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def new_number(unit: str) -> str:
    """A case number to say aloud: the unit's letter and seven random signs, `M-7K3F-92W`.

    Random, so that it tells no volume.
    """
    signs = "".join(secrets.choice(NUMBER_SIGNS) for _ in range(7))
    return f"{unit[0].upper()}-{signs[:4]}-{signs[4:]}"


@transaction.atomic
def open_case(
    *, unit: str, content: CaseContent, by: "Person", now: datetime, mine: bool = True
) -> OpenCase:
    """A new case in the unit, with a number of its own; hers, or nobody's yet.

    content: its number is given here. Raises NotVisible outside the unit.
    """
    permits.require(by, "cases.write", unit)
    return begin_case(unit=unit, content=content, responsible=by if mine else None, by=by, now=now)


def begin_case(
    *, unit: str, content: CaseContent, responsible: "Person | None", by: "Person", now: datetime
) -> OpenCase:
    """A new case in the unit, inside the transaction of a caller who has asked for the permit."""
    today = timezone.localdate(now)
    box = vault.new_box([unit])
    content = replace(content, number=new_number(unit))
    counted = count(
        unit=unit,
        on=today,
        kind=OPENED,
        detail=content.source,
        form=content.form,
        age_group=content.age_group,
        residence=content.residence,
        municipality=content.municipality,
    )
    content = replace(content, counted=(*content.counted, counted))
    case = Case(
        unit=unit,
        box=box.id,
        state=CaseState.ACTIVE,
        responsible=responsible,
        opened_on=today,
        last_note_on=today,
    )
    put(case, content, box)
    case.save(force_insert=True)
    opened = OpenCase(case, box, content, "responsible" if responsible else "unassigned")
    reindex(opened)
    tell(Event.CASE_OPENED, opened, by=by, unit=unit)
    log_read(case, what="open_case", why=opened.why, by=by, now=now)
    return opened


@transaction.atomic
def change_case(
    *,
    case_id: UUID,
    seen: int | str,
    change: Callable[[CaseContent], CaseContent],
    what: str,
    by: "Person",
    now: datetime,
) -> OpenCase:
    """The case with other content. what: code of the act, for the trail.

    Raises NotVisible, ClosedToYou, WrongState when closed, Changed when someone saved meanwhile.
    """
    opened = case_to_write(case_id=case_id, by=by, now=now, seen=seen, what=what)
    save_content(opened, change(opened.content), now=now)
    tell(Event.CASE_CHANGED, opened, by=by, what=what)
    return opened


def save_content(opened: OpenCase, content: CaseContent, *, now: datetime) -> None:
    """The locked case's content stored, its search words with it."""
    keep_content(opened, content, now=now)
    reindex(opened)


def keep_content(opened: OpenCase, content: CaseContent, *, now: datetime) -> None:
    """The locked case's content stored, where what it is found by stays as it was."""
    opened.content = content
    case = opened.case
    put(case, content, opened.box)
    case.version += 1
    case.last_note_on = max(case.last_note_on, timezone.localdate(now))
    case.save(update_fields=["sealed", "version", "last_note_on"])


def reindex(opened: OpenCase) -> None:
    """The words by which the case may be found, and no others: name, number, personal number."""
    words = {
        IndexKind.NAME: opened.content.called,
        IndexKind.PERSONAL_NUMBER: opened.content.personal_number,
        IndexKind.CASE_NUMBER: opened.content.number,
    }
    for kind, word in words.items():
        values = [word] if word else []
        vault.index(opened.box, unit=opened.case.unit, kind=kind, values=values)
