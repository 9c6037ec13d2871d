"""A dialogue handed to another of our units; the person is told, and her code stays the same.

The grant of the dialogue's box is the wall itself: the other unit gets one, ours is revoked.
Source: OSL 8:1-2, 10:1-2; docs/adr/0024.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from hamn.core.errors import BadInput, _
from hamn.core.text import clean_text
from hamn.guards.audit import actions as audit
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.register.staff import queries as staff
from hamn.support.cases import actions as casework
from hamn.support.services import queries as services
from hamn.support.services.rules import AgeGroup
from hamn.ui.words import said

from ..events import Event
from ..models import Dialogue
from ..queries.inbox import next_booking
from ..rules.inbox import (
    CONSENT,
    GROUNDS,
    LONGEST_REASON,
    NEED,
    NotHanded,
    check_ground,
    check_open,
)
from ..rules.told import HANDED_AGREED, HANDED_NEEDED
from ..rules.words import Visibility
from . import notices
from .inbox import dialogue_to_change
from .telling import add_message

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.support.services.models import Service

    from ..queries.opened import OpenDialogue

_TOLD = {CONSENT: HANDED_AGREED, NEED: HANDED_NEEDED}
_MOVED = (
    *("unit", "service", "assigned_to", "is_child", "asks_other_worker", "seen_by_person"),
    "active_on",
)
_NOTED = _("Överlämnad från {was} till {unit}. Grund: {ground}. {reason}")


@transaction.atomic
def hand_over_dialogue(
    *, dialogue_id: UUID, service: str, ground: str, reason: str, by: "Person", now: datetime
) -> Dialogue:
    """The dialogue is the other service's unit's, where nobody has taken it yet; ours reads it no
    more. What the unit noted goes along, each worker's own notes are erased.

    ground: consent, or need_to_know with its reason, which the other unit reads.
    Raises NotVisible, NotOpen, NotHanded, BadInput.
    """
    opened = dialogue_to_change(dialogue_id=dialogue_id, permit="door.hand_over", by=by)
    check_may_hand_over(opened.dialogue)
    check_ground(ground, reason)
    to = services.service(service)
    was = opened.dialogue.unit
    _check_unit(to, was, timezone.localdate(now))
    note = said(
        _NOTED,
        was=staff.unit_name(was),
        unit=staff.unit_name(to.unit),
        ground=said(GROUNDS[ground]),
        reason=clean_text(reason, LONGEST_REASON).strip(),
    )
    add_message(opened, note.strip(), visibility=Visibility.UNIT, by=by, now=now)
    with translation.override(opened.dialogue.language):
        told = said(_TOLD[ground], service=to.title)
    add_message(opened, told, visibility=Visibility.PERSON, by=None, now=now)
    _move(opened, to, now)
    audit.record(
        Event.DIALOGUE_HANDED,
        by=by,
        on=opened.box.trail_name,
        was=was,
        unit=to.unit,
        ground=ground,
    )
    return opened.dialogue


def check_may_hand_over(dialogue: Dialogue) -> None:
    """Pass an open dialogue without a case or a booked time at our unit.

    Raises NotOpen, NotHanded.
    """
    check_open(dialogue.state)
    if dialogue.case_id is not None:
        raise NotHanded(
            _(
                "Dialogen hör till ett ärende hos er och är en del av dess handlingar. Ta bort "
                "kopplingen först, om den inte ska höra dit."
            )
        )
    if next_booking(dialogue) is not None:
        raise NotHanded(
            _(
                "Personen har en bokad tid hos er. Avboka den, eller vänta tills den har varit, "
                "innan dialogen lämnas över."
            )
        )


def _check_unit(to: "Service", own: str, today: date) -> None:
    if to.unit == own:
        raise NotHanded(_("Dialogen är redan den enhetens. Välj en annan verksamhet."))
    if to.valid_until is not None and to.valid_until < today:
        raise BadInput(_("Verksamheten finns inte längre. Välj en annan."))


def _move(opened: "OpenDialogue", to: "Service", now: datetime) -> None:
    """The row and every key to it, in the other unit."""
    dialogue, was = opened.dialogue, opened.dialogue.unit
    own = dialogue.messages.filter(visibility=Visibility.OWN)
    vault.erase(list(own.values_list("box", flat=True)))
    own.delete()
    casework.throw_drafts_at([dialogue.pk])
    boxes = set(dialogue.messages.values_list("box", flat=True))
    boxes |= set(dialogue.reaches.values_list("box", flat=True))
    for box in vaults.open_boxes(boxes | {dialogue.box}, {was}).values():
        vault.grant_box(box, to.unit)
        vault.revoke_grant(box.id, was)
    notices.tell_of_news(dialogue, now=now)
    dialogue.unit, dialogue.service = to.unit, to.code
    dialogue.assigned_to = None
    # Who is met by the coordinator for children is met as a child: the duty to act is told of.
    dialogue.is_child |= _meets_children(to)
    dialogue.asks_other_worker = dialogue.seen_by_person = False
    dialogue.active_on = timezone.localdate(now)
    dialogue.save(update_fields=list(_MOVED))


def _meets_children(to: "Service") -> bool:
    """Whether the service is for children, young adults at most beside them."""
    return AgeGroup.CHILD in to.age_groups and AgeGroup.ADULT not in to.age_groups
