"""A dialogue becomes part of casework: linked to a case of the unit, or a case opened from it."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.core.errors import NotVisible, _
from hamn.guards.audit import actions as audit
from hamn.guards.vault import queries as vaults
from hamn.support.cases import actions as casework
from hamn.support.cases.actions.intake import Intake
from hamn.support.cases.queries.contacts import case_by_number
from hamn.support.cases.queries.walls import case_for
from hamn.support.cases.rules.content import IdentityLevel
from hamn.support.services.rules import AgeGroup

from ..events import Event
from ..models import Dialogue
from ..rules.inbox import Taken
from .inbox import dialogue_to_change
from .reaching import forget_when_protected

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenDialogue


@transaction.atomic
def link_dialogue(*, dialogue_id: UUID, number: str, by: "Person", now: datetime) -> Dialogue:
    """The dialogue belongs to the unit's case of that number, which must be open to her.

    What is written stays in the dialogue; with protected identity, what she left to be reached by
    is erased. Raises NotVisible, Taken, BadInput, Locked.
    """
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.write", by=by)
    case = case_by_number(by, number, opened.dialogue.unit, now)
    _link(opened, case.pk, by, now)
    return opened.dialogue


@transaction.atomic
def open_case_for(*, dialogue_id: UUID, by: "Person", now: datetime) -> Dialogue:
    """A new case in the unit, hers, with what the person has said of herself and nothing more.

    Raises NotVisible, Taken when the dialogue has a case, IdentityNeeded.
    """
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.write", by=by)
    _check_free(opened.dialogue)
    called = opened.content.called
    intake = Intake(
        service=opened.dialogue.service,
        identity_level=IdentityLevel.PSEUDONYMOUS if called else IdentityLevel.ANONYMOUS,
        called=called,
        age_group=AgeGroup.CHILD if opened.dialogue.is_child else AgeGroup.UNKNOWN,
        source="digital_door",
    )
    made = casework.take_in(intake=intake, by=by, now=now)
    _link(opened, made.case.pk, by, now)
    return opened.dialogue


@transaction.atomic
def unlink_dialogue(*, dialogue_id: UUID, by: "Person", now: datetime) -> Dialogue:
    """The dialogue belongs to no case any more; the case, which keeps what is written, lets it go.

    Raises NotVisible, Taken when it does not, ClosedToYou while the case is not hers to open.
    """
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.write", by=by)
    check_linked(opened.dialogue)
    named = _named(opened.dialogue, by, now)
    opened.dialogue.case = None
    opened.dialogue.save(update_fields=["case"])
    audit.record(Event.DIALOGUE_UNLINKED, by=by, on=opened.box.trail_name, **named)
    return opened.dialogue


def check_linked(dialogue: Dialogue) -> None:
    """Pass a dialogue that belongs to a case. Raises Taken."""
    if dialogue.case_id is None:
        raise Taken(_("Dialogen hör inte till något ärende. Läs om sidan."))


def _link(opened: "OpenDialogue", case_id: UUID, by: "Person", now: datetime) -> None:
    _check_free(opened.dialogue)
    opened.dialogue.case_id = case_id
    opened.dialogue.save(update_fields=["case"])
    forget_when_protected(case_id)
    named = _named(opened.dialogue, by, now)
    audit.record(Event.DIALOGUE_LINKED, by=by, on=opened.box.trail_name, **named)


def _named(dialogue: Dialogue, by: "Person", now: datetime) -> dict[str, str]:
    """The dialogue's case as the trail names it, by its key, and why it opens to her.

    Nothing when the case is another unit's now. Raises ClosedToYou while it is not hers to open.
    """
    assert dialogue.case_id is not None  # asked for by the callers
    try:
        case = case_for(by, dialogue.case_id, now)
    except NotVisible:
        return {}
    box = next(iter(vaults.open_boxes([case.box], {dialogue.unit}).values()), None)
    return {"case": box.trail_name, "why": case.why} if box else {}  # type: ignore[attr-defined]


def _check_free(dialogue: Dialogue) -> None:
    if dialogue.case_id is not None:
        raise Taken(_("Dialogen hör redan till ett ärende. Ta bort kopplingen först."))
