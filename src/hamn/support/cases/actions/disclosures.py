"""Disclosures: asked for on a ground, decided by a second person, and nothing leaves before."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.core.text import LONGEST_NOTE, clean_text
from hamn.guards.access import permits
from hamn.guards.vault import queries as vaults

from ..events import Event
from ..models import Record
from ..queries import walls
from ..queries.details import has_details
from ..queries.disclosures import disclosure_row
from ..queries.opened import OpenRecord, content_of
from ..queries.referrals import check_affiliation, consent_for
from ..rules.content import CaseContent
from ..rules.grounds import CONSENT, Disclosure, check_second, checked_disclosure, ground_of
from ..rules.kinds import KINDS, check_record_move
from ..rules.referrals import TO_OTHERS
from ..rules.states import check_version
from .reading import case_to_write, log_read
from .records import add_record, touch
from .sealing import put
from .telling import Way, tell_record

if TYPE_CHECKING:
    from datetime import date

    from hamn.guards.access.models import Person
    from hamn.guards.vault.boxes import Box

    from ..queries.opened import OpenCase

APPROVER = "approver"  # why she may read it: as the second person
# Working together with Mika Hälsa; a duty by law does not ask where the person lives.
_COOPERATION = frozenset({CONSENT, "no_harm", "own_work"})


@transaction.atomic
def ask_disclosure(*, case_id: UUID, disclosure: Disclosure, by: "Person", now: datetime) -> Record:
    """What is to leave, waiting for a second person; at once where its ground needs none.

    Raises NotVisible, WrongState, BadInput unless it says what its ground demands, NoConsent,
    NotAffiliated, NothingStored.
    """
    today = timezone.localdate(now)
    ground = ground_of(disclosure.ground)
    opened = case_to_write(case_id=case_id, by=by, now=now, what="write_disclosure")
    asked = replace(disclosure, asked_by=by.pk, asked_on=today, approved_by=None, approved_on=None)
    asked = checked_disclosure(asked, has_details=has_details(opened.case))
    _check_may_leave(opened, asked, today)
    state = "waits" if ground.needs_second else "decided"
    record = add_record(
        opened,
        "disclosure",
        asked,
        on=today,
        by=by,
        now=now,
        state=state,
        due_on=today if ground.needs_second else None,
    )
    event = Event.DISCLOSURE_ASKED if ground.needs_second else Event.DISCLOSURE_DECIDED
    facts = {"ground": ground.code, "recipient": asked.recipient}
    tell_record(event, opened, record.pk, by=by, **facts)
    return record


@transaction.atomic
def read_disclosure(
    *, case_id: UUID, record_id: UUID, by: "Person", now: datetime
) -> tuple[OpenRecord, str]:
    """The disclosure and its case's number; the rest of the case stays closed to a head.

    Raises NotVisible, Locked.
    """
    permits.require(by, "cases.decide_disclosure")
    row = disclosure_row(by, case_id, record_id, now)
    one, box = _opened(row, by)
    tell_record(Event.DISCLOSURE_READ, Way(box, APPROVER), row.pk, by=by)
    log_read(row.case, what="disclosure", why=APPROVER, by=by, now=now)
    return one, content_of(row.case, box, CaseContent).number


@transaction.atomic
def decide_disclosure(
    *,
    case_id: UUID,
    record_id: UUID,
    seen: int | str,
    approves: bool,
    words: str,
    by: "Person",
    now: datetime,
) -> Record:
    """The disclosure decided, or refused with a reason, by somebody else than who asked.

    Raises NotVisible, SecondPersonNeeded, WrongState when it is decided, Changed, BadInput.
    """
    permits.require(by, "cases.decide_disclosure")
    row = disclosure_row(by, case_id, record_id, now, lock=True)
    one, box = _opened(row, by)
    check_second(asked_by=row.written_by_id, by=by.pk)
    to = "decided" if approves else "refused"
    check_record_move(one.kind, row.state, to)
    check_version(seen, row.version)
    words = clean_text(words, LONGEST_NOTE).strip()
    if not approves and not words:
        raise BadInput(_("Skriv varför uppgifterna inte lämnas ut."))
    today = timezone.localdate(now)
    content = replace(one.content, approved_by=by.pk, approved_on=today, words=words)
    _save(row, content, box, to, by=by, now=now)
    event = Event.DISCLOSURE_DECIDED if approves else Event.DISCLOSURE_REFUSED
    tell_record(event, Way(box, APPROVER), row.pk, by=by, ground=one.content.ground)
    log_read(row.case, what="decide_disclosure", why=APPROVER, by=by, now=now)
    return row


def _check_may_leave(opened: "OpenCase", asked: Disclosure, today: "date") -> None:
    if asked.ground == CONSENT:
        consent_for(
            opened,
            asked.consent,
            recipient=asked.recipient,
            name=asked.recipient_name,
            purposes=TO_OTHERS,
            on=today,
        )
    if asked.ground in _COOPERATION:
        check_affiliation(opened, asked.recipient, today)


def _opened(row: Record, by: "Person") -> tuple[OpenRecord, "Box"]:
    box = vaults.open_box(row.case.box, walls.units_of(by))
    kind = KINDS[row.kind]
    return OpenRecord(row, kind, content_of(row, box, kind.content)), box


def _save(
    row: Record, content: Disclosure, box: "Box", to: str, *, by: "Person", now: datetime
) -> None:
    row.state, row.due_on = to, None
    row.finalised_by, row.finalised_at = by, now
    row.version += 1
    put(row, content, box)
    row.save()
    touch(row.case, on=timezone.localdate(now))
