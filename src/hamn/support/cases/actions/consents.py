"""Consents: asked for, read aloud, noted, taken back; what rests on one ends with it."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.audit import actions as audit

from ..events import Event
from ..models import Record
from ..queries.notes import record_of
from ..queries.shares import other_units
from ..rules.kinds import check_record_move
from ..rules.referrals import OTHER_UNIT, Consent, check_code, checked_consent
from .reading import case_to_move, case_to_write
from .records import add_record, save_record
from .shares import end_shares_on
from .telling import tell_record

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def give_consent(
    *, case_id: UUID, consent: Consent, on: date, by: "Person", now: datetime
) -> Record:
    """The person's consent, from the day she gave it. Raises NotVisible, WrongState, BadInput."""
    today = timezone.localdate(now)
    consent = checked_consent(consent, given_on=on, today=today)
    opened = case_to_write(case_id=case_id, by=by, now=now, what="write_consent")
    if consent.recipient == OTHER_UNIT:
        units = other_units(opened.case.unit, today)
        check_code(_("Enhet"), consent.recipient_name, units.values())
    return add_record(opened, "consent", consent, on=on, by=by, now=now, due_on=consent.until)


@transaction.atomic
def revoke_consent(*, case_id: UUID, record_id: UUID, by: "Person", now: datetime) -> Record:
    """The person has changed her mind: nothing more is sent on it, and shares on it end now.

    Also in a closed case. Raises NotVisible, WrongState when it is revoked or past its day.
    """
    opened = case_to_move(case_id=case_id, by=by, now=now, what="revoke_consent")
    one = record_of(opened, record_id, "consent")
    check_record_move(one.kind, one.record.state, "revoked")
    content = replace(one.content, revoked_on=timezone.localdate(now))
    save_record(opened, one, content, now=now, state="revoked")
    tell_record(Event.CONSENT_REVOKED, opened, record_id, by=by)
    end_shares_on(opened, consent=str(record_id), by=by, now=now)
    return one.record


@transaction.atomic
def expire_consents(*, today: date) -> int:
    """Consents past their last day are marked so; how many. The rules never needed the mark.

    The trail is told no more: nothing is opened here, and what is sealed has no other name there.
    """
    rows = Record.objects.filter(kind="consent", state="given", due_on__lt=today)
    count = rows.update(state="expired", version=F("version") + 1)
    if count:
        audit.record(Event.CONSENTS_EXPIRED, by=None, count=count)
    return count
