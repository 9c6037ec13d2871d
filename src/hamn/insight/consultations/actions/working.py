"""What staff do with consultations: read, take, answer, hand over, log, correct, remove."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault import actions as vault
from hamn.support.cases import actions as casework

from ..events import Event
from ..models import Consultation
from ..queries.coverage import coverage, service_of
from ..queries.lists import consultation_for
from ..queries.opened import OpenConsultation, opened
from ..rules.content import ConsultationContent, Given, check_told, check_way
from ..rules.days import check_given
from ..rules.identity import check_no_client
from ..rules.words import OPEN, Origin, State, WrongState, check_move, check_version
from .counting import count, reverse
from .sealing import put

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def read_consultation(*, consultation_id: UUID, by: "Person") -> OpenConsultation:
    """The consultation, opened; the reading is recorded. Raises NotVisible, Locked."""
    row = consultation_for(by, consultation_id)
    permits.require(by, "consultations.read", row)
    one = opened(row)
    audit.record(Event.READ, by=by, on=one.box.trail_name, unit=row.unit)
    return one


@transaction.atomic
def take_consultation(*, consultation_id: UUID, by: "Person", now: datetime) -> OpenConsultation:
    """She answers it, also where a colleague had taken it. Raises NotVisible, WrongState."""
    one = _locked(by, consultation_id, "consultations.answer")
    check_move(one.row.state, State.TAKEN)
    one.row.state, one.row.worker = State.TAKEN, by
    _save(one, now)
    audit.record(Event.TAKEN, by=by, on=one.box.trail_name, unit=one.row.unit)
    return one


@transaction.atomic
def answer_consultation(
    *,
    consultation_id: UUID,
    outcome: State,
    way: str,
    minutes: int,
    on: date,
    answer: str,
    is_confirmed: bool,
    seen: str,
    by: "Person",
    now: datetime,
) -> OpenConsultation:
    """The question is answered, or pointed to who helps where the municipality has no agreement.

    on: the day of the answer. is_confirmed: what looks like a client's identity is none.
    Raises NotVisible, WrongState, Changed, BadInput, ClientIdentity.
    """
    one = _locked(by, consultation_id, "consultations.answer")
    row = one.row
    check_move(row.state, outcome)
    check_version(seen, row.version)
    check_way(way, minutes)
    check_given(on, today=timezone.localdate(now))
    if outcome is State.REFERRED:
        _check_lacks_agreement(row.municipality, on)
    check_no_client(answer, own=one.content.own, is_confirmed=is_confirmed)
    row.state, row.worker, row.way, row.minutes = outcome, by, way, minutes
    row.answered_on = on
    one.content = replace(one.content, answer=answer, fact=count(row))
    _save(one, now)
    audit.record(Event.ANSWERED, by=by, on=one.box.trail_name, unit=row.unit, outcome=outcome.value)
    return one


@transaction.atomic
def hand_consultation(
    *, consultation_id: UUID, unit: str, by: "Person", now: datetime
) -> Consultation:
    """Another unit answers it instead; this one no longer reads it.

    Raises NotVisible, WrongState for one that is over, BadInput for its own or an unknown unit.
    """
    one = _locked(by, consultation_id, "consultations.hand_over")
    row, before = one.row, one.row.unit
    if row.state not in OPEN:
        raise WrongState(_("En konsultation som är avslutad lämnas inte vidare."))
    if unit == before:
        raise BadInput(_("Konsultationen är redan hos den enheten. Välj en annan."))
    row.service = service_of(unit, row.topic, on=timezone.localdate(now))
    row.unit, row.state, row.worker = unit, State.WAITING, None
    vault.grant_box(one.box, unit)
    vault.revoke_grant(row.box, before)
    casework.throw_drafts_at([row.pk])
    _save(one, now)
    audit.record(Event.HANDED, by=by, on=one.box.trail_name, unit=before, to=unit)
    return row


@transaction.atomic
def log_consultation(
    *, given: Given, is_confirmed: bool, by: "Person", now: datetime
) -> Consultation:
    """A consultation that was given by phone or otherwise, counted at once.

    Raises NotVisible or PermissionDenied for a unit that is not hers, BadInput, ClientIdentity.
    """
    permits.require(by, "consultations.log", given.unit)
    _check_given(given, is_confirmed=is_confirmed, now=now)
    box = vault.new_box([given.unit])
    row = Consultation(
        unit=given.unit,
        origin=Origin.STAFF,
        state=State.ANSWERED,
        asked_on=given.on,
        last_note_on=timezone.localdate(now),
        worker=by,
        box=box.id,
    )
    _fill(row, given)
    content = ConsultationContent(name=given.name, text=given.text, fact=count(row))
    put(row, content, box)
    row.save(force_insert=True)
    audit.record(Event.LOGGED, by=by, on=box.trail_name, unit=row.unit)
    return row


@transaction.atomic
def correct_consultation(
    *,
    consultation_id: UUID,
    given: Given,
    is_confirmed: bool,
    seen: str,
    by: "Person",
    now: datetime,
) -> OpenConsultation:
    """What was counted of a consultation that is over, as it should have been; counted anew.

    The words of one who asked on the web are hers and stay as she wrote them.
    Raises NotVisible, WrongState for one that is not over, Changed, BadInput, ClientIdentity.
    """
    one = _locked(by, consultation_id, "consultations.answer")
    row = one.row
    if row.state in OPEN:
        raise WrongState(_("Konsultationen är inte besvarad än. Svara på den i stället."))
    check_version(seen, row.version)
    _check_given(given, is_confirmed=is_confirmed, now=now, own=one.content.own)
    if row.state == State.REFERRED:
        _check_lacks_agreement(given.municipality, given.on)
    reverse(one.content.fact)
    _fill(row, given)
    content = replace(one.content, fact=count(row))
    if row.origin == Origin.STAFF:
        content = replace(content, name=given.name, text=given.text)
    one.content = content
    _save(one, now)
    audit.record(Event.CORRECTED, by=by, on=one.box.trail_name, unit=row.unit)
    return one


@transaction.atomic
def remove_consultation(*, consultation_id: UUID, by: "Person") -> None:
    """One that staff logged by mistake is gone with its content, and no longer counted.

    Raises NotVisible, WrongState for a question that somebody sent: that is kept until disposal.
    """
    one = _locked(by, consultation_id, "consultations.answer")
    if one.row.origin != Origin.STAFF:
        raise WrongState(
            _("En fråga som någon har skickat in är en allmän handling och tas inte bort här.")
        )
    reverse(one.content.fact)
    audit.record(Event.REMOVED, by=by, on=one.box.trail_name, unit=one.row.unit)
    vault.erase([one.row.box])
    casework.throw_drafts_at([one.row.pk])
    one.row.delete()


def _locked(by: "Person", consultation_id: UUID, permit: str) -> OpenConsultation:
    row = consultation_for(by, consultation_id, is_locked=True)
    permits.require(by, permit, row)
    return opened(row)


def _save(one: OpenConsultation, now: datetime) -> None:
    one.row.version += 1
    one.row.last_note_on = timezone.localdate(now)
    put(one.row, one.content, one.box)
    one.row.save()


def _fill(row: Consultation, given: Given) -> None:
    """The columns that are counted."""
    row.service = service_of(given.unit, given.topic, on=given.on)
    row.kind, row.way, row.minutes = given.kind, given.way, given.minutes
    row.municipality, row.profession = given.municipality, given.profession
    row.topic, row.urgency, row.answered_on = given.topic, given.urgency, given.on


def _check_given(
    given: Given, *, is_confirmed: bool, now: datetime, own: tuple[str, ...] = ()
) -> None:
    check_told(given)
    check_given(given.on, today=timezone.localdate(now))
    own = (*own, given.name) if given.name else own
    check_no_client(given.text, own=own, is_confirmed=is_confirmed)
    # Her own name is no sign; a number among the letters is.
    check_no_client(given.name, own=(), is_confirmed=True)


def _check_lacks_agreement(municipality: str, on: date) -> None:
    if not municipality or coverage(municipality, on=on).is_covered:
        raise BadInput(
            _("Bara den vars kommun saknar avtal hänvisas vidare så. Besvara frågan i stället.")
        )
