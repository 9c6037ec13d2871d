"""Between units of the board: a case is shared until a day, or handed over whole.

The grant of the case's box is the wall itself: without one the other unit's key opens nothing.
Contact details lie in a box of their own, which no share reaches.
Source: docs/adr/0023; OSL 8:1-2, 10:1-2.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import actions as vault
from hamn.guards.vault import queries as vaults
from hamn.guards.vault.rules import IndexKind
from hamn.register.staff import queries as staff

from ..events import Event
from ..models import Case, Contact, Request, Share
from ..queries.access import unreviewed
from ..queries.details import details_of
from ..queries.opened import content_of
from ..queries.referrals import consent_for
from ..queries.shares import other_units, past_their_day, share_of
from ..queries.walls import units_of
from ..rules.access import check_not_broken_open
from ..rules.grounds import CONSENT, Disclosure, check_share_ground
from ..rules.referrals import OTHER_UNIT
from ..rules.requests import WAITING
from ..rules.shares import ShareReason, check_unit, check_until
from ..rules.states import WrongState
from .assigning import settle_items
from .counting import HANDED, count_of_case
from .details import forget_details
from .drafts import throw_drafts_of
from .opening import save_content
from .reading import case_to_move, case_to_write
from .records import add_record
from .sealing import put
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase


@transaction.atomic
def share_case(
    *,
    case_id: UUID,
    unit: str,
    ground: str,
    consent: str,
    reason: str,
    until: date,
    by: "Person",
    now: datetime,
) -> Share:
    """Another unit's people may read the case until and with that day; an open share is replaced.

    ground: consent, with the id of one for that unit; or need_to_know, with its reason.
    Raises NotVisible, ClosedToYou, OnlyBrokenOpen, WrongState, BadInput, NoConsent, NotShareable.
    """
    today = timezone.localdate(now)
    opened = case_to_write(case_id=case_id, by=by, now=now, what="share_case")
    check_not_broken_open(opened.why)
    permits.require(by, "cases.share", opened.case)
    checked = _checked(opened, unit, ground, consent, reason, "share", today)
    check_until(until, today=today, consented_until=checked)
    for earlier in opened.case.shares.filter(unit=unit, ended_at__isnull=True):
        _end(opened.case, earlier, by=by, now=now, keeps_grant=True)
    _record(opened, unit, ground, consent, reason, act="share", by=by, now=now)
    return _open_share(
        opened, unit, ground=ground, says=ShareReason(reason, consent), until=until, by=by
    )


@transaction.atomic
def end_share(*, case_id: UUID, share_id: UUID, by: "Person", now: datetime) -> Share:
    """The other unit reads the case no more, from now. Also of a closed case.

    Raises NotVisible, also for a share of another case and for one that has ended; OnlyBrokenOpen.
    """
    opened = case_to_move(case_id=case_id, by=by, now=now, what="end_share")
    check_not_broken_open(opened.why)
    permits.require(by, "cases.share", opened.case)
    share = share_of(opened, share_id)
    _end(opened.case, share, by=by, now=now)
    tell(Event.SHARE_ENDED, opened, by=by, unit=share.unit)
    return share


def end_shares_on(opened: "OpenCase", *, consent: str, by: "Person", now: datetime) -> None:
    """The shares that rest on the consent end, in the transaction that takes it back."""
    for share in opened.case.shares.filter(ended_at__isnull=True, ground=CONSENT):
        if content_of(share, opened.box, ShareReason).consent == consent:
            _end(opened.case, share, by=by, now=now)
            tell(Event.SHARE_ENDED, opened, by=by, unit=share.unit)


@transaction.atomic
def end_past_shares(*, now: datetime) -> int:
    """Shares past their day lose their grants too; how many, which is all the trail is told.

    No key is needed. The wall has been closed since midnight. Who set the day is who ended it.
    """
    rows = list(past_their_day(timezone.localdate(now)))
    for share in rows:
        _end(share.case, share, by=share.shared_by, now=now)
    if rows:
        audit.record(Event.SHARES_ENDED_BY_DATE, by=None, count=len(rows))
    return len(rows)


@transaction.atomic
def hand_over_case(
    *,
    case_id: UUID,
    seen: int | str,
    unit: str,
    ground: str,
    consent: str,
    reason: str,
    reads_until: date | None,
    takes_details: bool,
    by: "Person",
    now: datetime,
) -> Case:
    """The case is another unit's, where nobody has taken it yet; hers opens it no more.

    reads_until: the day until which her unit may still read it, as a share. takes_details: the
    contact details go along; otherwise they are erased. Answered requests go along too.
    Raises NotVisible, ClosedToYou, OnlyBrokenOpen, WrongState also while a request or a break-glass
    waits, Changed, BadInput, NoConsent, NotShareable.
    """
    today = timezone.localdate(now)
    opened = case_to_write(case_id=case_id, by=by, now=now, seen=seen, what="hand_over_case")
    permits.require(by, "cases.share", opened.case)
    check_may_hand_over(opened)
    _checked(opened, unit, ground, consent, reason, "hand_over", today)
    if reads_until is not None:
        check_until(reads_until, today=today, consented_until=None)
    was = opened.case.unit
    _record(opened, unit, ground, consent, reason, act="hand_over", by=by, now=now)
    counted = count_of_case(opened, kind=HANDED, detail=unit, on=today)
    for share in opened.case.shares.filter(ended_at__isnull=True):
        _end(opened.case, share, by=by, now=now)
    settle_items([opened.case], by=by, now=now)
    _move(opened, unit, by, takes_details=takes_details)
    content = replace(opened.content, counted=(*opened.content.counted, counted))
    save_content(opened, content, now=now)
    says = ShareReason(reason, consent)
    if reads_until is None:
        # An ended share: by it disposal knows whose key has opened the case.
        _end(opened.case, _share(opened, was, ground, says, today, by), by=by, now=now)
    else:
        _open_share(opened, was, ground=ground, says=says, until=reads_until, by=by)
    facts = {"was": was, "unit": unit, "ground": ground, "reads_until": reads_until}
    tell(Event.CASE_HANDED_OVER, opened, by=by, **facts)
    return opened.case


def check_may_hand_over(opened: "OpenCase") -> None:
    """Pass who works in the case, when nothing waits in it that only her unit can do.

    Raises OnlyBrokenOpen, WrongState.
    """
    check_not_broken_open(opened.why)
    case = opened.case
    if case.requests.filter(state__in=WAITING).exists():
        raise WrongState(
            _(
                "En begäran om uppgifter ur ärendet väntar på svar. Besvara den, eller anteckna "
                "att den är återtagen, innan ärendet lämnas över."
            )
        )
    if unreviewed(case).exists():
        raise WrongState(
            _(
                "En nödöppning av ärendet är inte granskad än. Be enhetens chef granska den innan "
                "ärendet lämnas över."
            )
        )


def _checked(
    opened: "OpenCase",
    unit: str,
    ground: str,
    consent: str,
    reason: str,
    purpose: str,
    today: date,
) -> date | None:
    """The last day of the consent, where that is the ground."""
    own = opened.case.unit
    check_unit(unit, own=own, units=other_units(own, today))
    check_share_ground(ground, consent=consent, reason=reason)
    if ground != CONSENT:
        return None
    one = consent_for(
        opened,
        consent,
        recipient=OTHER_UNIT,
        name=staff.unit_name(unit),
        purposes={purpose},
        on=today,
    )
    until: date | None = one.content.until
    return until


def _record(
    opened: "OpenCase",
    unit: str,
    ground: str,
    consent: str,
    reason: str,
    *,
    act: str,
    by: "Person",
    now: datetime,
) -> None:
    """The timeline tells it, as what left the unit."""
    today = timezone.localdate(now)
    says = Disclosure(
        recipient=OTHER_UNIT,
        recipient_name=staff.unit_name(unit),
        ground=ground,
        what="",
        need=reason,
        consent=consent,
        asked_by=by.pk,
        asked_on=today,
        act=act,
    )
    add_record(opened, "disclosure", says, on=today, by=by, now=now, state="decided")


def _open_share(
    opened: "OpenCase", unit: str, *, ground: str, says: ShareReason, until: date, by: "Person"
) -> Share:
    share = _share(opened, unit, ground, says, until, by)
    vault.grant_box(opened.box, unit)
    tell(Event.CASE_SHARED, opened, by=by, unit=unit, ground=ground, until=until)
    return share


def _share(
    opened: "OpenCase", unit: str, ground: str, says: ShareReason, until: date, by: "Person"
) -> Share:
    share = Share(case=opened.case, unit=unit, ground=ground, until=until, shared_by=by)
    put(share, says, opened.box)
    share.save(force_insert=True)
    return share


def _end(
    case: Case, share: Share, *, by: "Person", now: datetime, keeps_grant: bool = False
) -> None:
    share.ended_by, share.ended_at = by, now
    share.version += 1
    share.save(update_fields=["ended_by", "ended_at", "version"])
    if not keeps_grant:
        vault.revoke_grant(case.box, share.unit)


def _move(opened: "OpenCase", unit: str, by: "Person", *, takes_details: bool) -> None:
    """The row, its people, its grants and what lies in boxes of its own, in the new unit."""
    case = opened.case
    _move_details(case, unit, by, takes_details=takes_details)
    _move_requests(case, unit, by)
    throw_drafts_of(case)
    case.participants.all().delete()
    vault.grant_box(opened.box, unit)
    for kind in IndexKind:
        vault.index(opened.box, unit=case.unit, kind=kind, values=[])
    case.unit, case.responsible, case.deputy = unit, None, None
    case.save(update_fields=["unit", "responsible", "deputy"])
    # What was promised and not kept waits in the new unit for whoever takes it.
    Contact.objects.filter(case=case).update(responsible=None)


def _move_details(case: Case, unit: str, by: "Person", *, takes_details: bool) -> None:
    if not takes_details:
        forget_details(case)
        return
    rows = details_of(case)
    boxes = vaults.open_boxes(rows.values_list("box", flat=True), units_of(by))
    for box in boxes.values():
        vault.grant_box(box, unit)
        vault.revoke_grant(box.id, case.unit)


def _move_requests(case: Case, unit: str, by: "Person") -> None:
    """The answered requests about the case, each in a box of its own, in the new unit too."""
    rows = Request.objects.filter(case=case)
    boxes = vaults.open_boxes(rows.values_list("box", flat=True), units_of(by))
    for box in boxes.values():
        vault.grant_box(box, unit)
        vault.revoke_grant(box.id, case.unit)
    rows.update(unit=unit)
