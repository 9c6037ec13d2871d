"""A referral as a letter in PDF: what was chosen when it was sent, and nothing else."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.papers.casework.page import Marking, Office, Recipient, Signer
from hamn.papers.casework.referral import ChosenText, referral_pdf
from hamn.papers.casework.referral import Referral as Letter
from hamn.register.organisations import queries as organisations
from hamn.register.staff import queries as staff

from ..events import Event
from ..queries.notes import record_of
from ..queries.referrals import check_may_go, id_of
from ..rules.grounds import GROUNDS
from ..rules.referrals import LETTER, PURPOSES, RECIPIENTS, Referral
from ..rules.states import WrongState
from .reading import read_case
from .telling import tell_record

if TYPE_CHECKING:
    from datetime import date

    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase, OpenRecord

_APART = ("called", "birth", "number", "safe")  # these have places of their own in a letter


@transaction.atomic
def letter_of(*, case_id: UUID, record_id: UUID, by: "Person", now: datetime) -> bytes:
    """The letter as it was sent, to print; only while what it went on still holds.

    Raises NotVisible, WrongState for one that has not gone as a letter, NoConsent when the consent
    is revoked or past its day.
    """
    opened = read_case(case_id=case_id, what="referral_letter", by=by, now=now)
    permits.require(by, "cases.write", opened.case)
    one = record_of(opened, record_id, "referral_out")
    says: Referral = one.content
    if one.record.state not in ("sent", "accepted") or says.way != LETTER:
        raise WrongState(_("Det finns inget brev att hämta: remissen är inte skickad som brev."))
    check_may_go(opened, says, timezone.localdate(now), record=record_id)
    tell_record(Event.LETTER_MADE, opened, record_id, by=by)
    return referral_pdf(letter(opened, one, by))


def letter(opened: "OpenCase", one: "OpenRecord", by: "Person") -> Letter:
    """What the letter says."""
    says: Referral = one.content
    sent_on: date = says.sent_on or one.record.on
    provider = organisations.provider()
    unit = staff.unit_name(opened.case.unit)
    chosen = {piece.code: piece.text for piece in says.letter}
    texts = [ChosenText(title="Därför skriver vi", text=says.text)] if says.text else []
    texts += [ChosenText(title=p.title, text=p.text) for p in says.letter if p.code not in _APART]
    return Letter(
        office=Office(unit=unit, authority=provider.name),
        recipient=Recipient(name=_recipient(says)),
        marking=Marking(authority=provider.name, marked_on=sent_on),
        signer=Signer(name=by.title, role="Handläggare", unit=unit),
        on=sent_on,
        person=chosen.get("called", ""),
        birth=chosen.get("birth", ""),
        purpose=PURPOSES[says.purpose].capitalize(),
        ground=_ground(opened, says),
        texts=tuple(texts),
        wish=says.wish,
        safe_contact=chosen.get("safe", ""),
        answer_by=one.record.due_on,
        reference=chosen.get("number", ""),
    )


def _recipient(says: Referral) -> str:
    kind = RECIPIENTS[says.counterpart]
    return says.counterpart_name or f"{kind[:1].upper()}{kind[1:]}"


def _ground(opened: "OpenCase", says: Referral) -> str:
    """Why it may be sent, as the letter tells it; never what was weighed."""
    if says.consent:
        one = record_of(opened, id_of(says.consent), "consent")
        return f"Personens samtycke den {one.record.on} (12 kap. 2 § OSL)"
    one = record_of(opened, id_of(says.disclosure), "disclosure")
    return str(GROUNDS[one.content.ground].provision)
