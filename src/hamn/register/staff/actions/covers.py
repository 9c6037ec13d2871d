"""Standing covers: offered, accepted by the cover herself, ended.

A cover gives nothing of its own: it dates a membership that the unit's head has decided. Between
offer and acceptance, before its first day and after its last the membership rests.
Source: docs/adr/0018.
"""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.guards.access import actions as access
from hamn.guards.access import permits
from hamn.guards.access.rules import Standing
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..events import Event
from ..models import Cover, Unit
from ..queries.covers import open_membership
from ..rules import CoverState

if TYPE_CHECKING:
    from hamn.guards.access.models import Person, UnitMembership


@transaction.atomic
def offer_cover(
    *,
    unit: str,
    person_id: int,
    starts_on: date,
    ends_on: date | None,
    today: date,
    by: "Person",
) -> Cover:
    """The person is asked to be the unit's standing cover for some time; None has no end yet.

    A system administrator's offer also proposes her to the unit when she is not there; its head
    decides as always. Raises NotVisible, BadInput for days that have passed, CannotCover for one
    who works in the unit, LastInUnit when she is the only one who can read it.
    """
    found = queries.unit(by, unit)
    permits.require(by, "staff.offer_cover", found)
    rules.check_period(starts_on, ends_on)
    if ends_on is not None and ends_on < today:
        raise BadInput(_("Sista dagen har redan varit. Ange en dag som kommer."))
    if person_id not in queries.cover_candidates(by, found, on=today):
        raise rules.CannotCover(
            _(
                "Personen kan inte tillfrågas: ersättaren är en handläggare som hör till enheten "
                "men inte har en befattning i den, och som inte redan är tillfrågad."
            )
        )
    membership = _membership(found, person_id, by)
    access.check_not_last(membership.person, {unit})
    cover = Cover.objects.create(
        membership=membership, starts_on=starts_on, ends_on=ends_on, offered_by=by
    )
    audit.record(Event.COVER_OFFERED, by=by, on=cover, **_facts(cover))
    return cover


@transaction.atomic
def accept_cover(*, cover_id: int, today: date, by: "Person") -> Cover:
    """The person takes on to be the unit's cover; from its first day she belongs to the unit.

    Raises NotVisible or PermissionDenied to all but herself, CannotCover before the unit's head
    has decided and when the offer is answered or out of time.
    """
    cover = queries.locked_cover(by, cover_id)
    permits.require(by, "staff.accept_cover", cover)
    if cover.state_on(today) is not CoverState.OFFERED:
        raise rules.CannotCover(_("Frågan är redan besvarad eller för gammal. Läs om sidan."))
    if cover.membership.standing is not Standing.GRANTED:
        raise rules.CannotCover(
            _(
                "Enhetens chef har inte beslutat än att du hör till enheten. Tacka ja när det är "
                "beslutat."
            )
        )
    cover.accepted_at = timezone.now()
    cover.save(update_fields=["accepted_at"])
    audit.record(Event.COVER_ACCEPTED, by=by, on=cover, **_facts(cover))
    return cover


@transaction.atomic
def end_cover(*, cover_id: int, by: "Person") -> Cover:
    """The cover is over, or the offer is turned down; what it gave is over with it.

    Raises NotVisible to others than the cover, the unit's head and system administrators,
    LastInUnit when nobody else can read the unit.
    """
    cover = queries.locked_cover(by, cover_id)
    permits.require(by, "staff.end_cover", cover)
    membership = cover.membership
    access.check_not_last(membership.person, {membership.unit})
    cover.ended_by, cover.ended_at = by, timezone.now()
    cover.save(update_fields=["ended_by", "ended_at"])
    audit.record(Event.COVER_ENDED, by=by, on=cover, **_facts(cover))
    is_open = membership.standing is not Standing.ENDED
    # She who steps down herself does not decide about the unit; her membership then rests.
    if is_open and permits.allows(by, "access.end_member", membership):
        access.end_member(membership_id=membership.pk, by=by)
    return cover


def _membership(unit: Unit, person_id: int, by: "Person") -> "UnitMembership":
    found = open_membership(unit, person_id)
    if found is not None:
        return found
    return access.propose_member(person_id=person_id, unit=unit.code, is_head=False, by=by)


def _facts(cover: Cover) -> dict[str, object]:
    return {
        "unit": cover.membership.unit,
        "person": cover.membership.person_id,
        "starts_on": cover.starts_on,
        "ends_on": cover.ends_on,
    }
