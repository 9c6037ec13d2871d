"""Requests registered, assessed, decided and answered; each step in the trail.

A decision that withholds anything is a head's, or her cover's. What was given is kept word for
word with the request, so that what went out can be shown afterwards.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, _
from hamn.core.text import LONGEST_NOTE, clean_text
from hamn.guards.access import permits
from hamn.guards.vault import actions as vault
from hamn.papers.casework.data_extract import data_extract_json, data_extract_pdf
from hamn.papers.casework.disclosure import disclosure_pdf
from hamn.support.services.rules import SOURCES

from ..events import Event
from ..models import Request
from ..queries.contacts import case_by_number
from ..queries.extracts import ABOUT_PERSON, ExtractPiece, pieces_of_case, recipients_of
from ..queries.request_papers import decision_paper, extract_paper
from ..queries.requests import OF_UNIT, OpenRequest, opened_request, request_for
from ..queries.walls import units_of
from ..rules.requests import (
    ASSESSED,
    DECIDED,
    DOCUMENTS,
    OWN_DATA,
    RECEIVED,
    WITHDRAWN,
    GivenPiece,
    Outcome,
    RequestContent,
    assessed_documents,
    check_assessed,
    check_waits,
    checked_request,
    due_on,
    judged,
    outcome_of,
    withholds,
)
from ..rules.states import WrongState, check_version
from .reading import log_read, read_case
from .sealing import put
from .telling import tell

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase


@transaction.atomic
def register_request(
    *,
    kind: str,
    unit: str,
    content: RequestContent,
    received_on: date,
    by: "Person",
    now: datetime,
    case_number: str = "",
) -> OpenRequest:
    """A request with its day, in a box of its own. case_number: of the case that it is about.

    Raises NotVisible outside the unit, BadInput for a number that opens no case to her.
    """
    permits.require(by, "cases.answer_request", unit)
    opened = None
    if kind == OWN_DATA and case_number.strip():
        case = case_by_number(by, case_number, unit, now)
        opened = read_case(case_id=case.pk, what="data_extract", by=by, now=now)
    content = checked_request(
        content,
        kind,
        received_on=received_on,
        today=timezone.localdate(now),
        is_protected=bool(opened and opened.content.is_protected),
    )
    if opened:
        content = replace(content, number=opened.content.number, called=opened.content.called)
    box = vault.new_box([unit])
    row = Request(
        unit=unit,
        box=box.id,
        case=opened.case if opened else None,
        kind=kind,
        state=RECEIVED,
        received_on=received_on,
        last_note_on=timezone.localdate(now),
        due_on=due_on(kind, received_on),
        registered_by=by,
    )
    put(row, content, box)
    row.save(force_insert=True)
    one = OpenRequest(row, box, content, opened.why if opened else OF_UNIT)
    _told(Event.REQUEST_REGISTERED, one, by, kind=kind)
    return one


@transaction.atomic
def read_request(*, request_id: UUID, by: "Person", now: datetime) -> OpenRequest:
    """The request, opened, and the reading recorded. Raises NotVisible, ClosedToYou, Locked."""
    permits.require(by, "cases.answer_request")
    one = opened_request(request_for(by, request_id, now), by)
    _told(Event.REQUEST_READ, one, by)
    if one.row.case is not None:
        # What stands in it is the case's: the case's own log has who read it too.
        log_read(one.row.case, what="request", why=one.why, by=by, now=now)
    return one


@transaction.atomic
def read_for_extract(
    *, request_id: UUID, by: "Person", now: datetime
) -> tuple[OpenRequest, "OpenCase | None", list[ExtractPiece]]:
    """The request, its case, and every piece of it. Raises NotVisible, ClosedToYou, WrongState."""
    one = read_request(request_id=request_id, by=by, now=now)
    check_waits(one.row.state)
    if one.row.case_id is None:
        return one, None, []
    opened = read_case(case_id=one.row.case_id, what="data_extract", by=by, now=now)
    return one, opened, pieces_of_case(opened, units_of(by))


@transaction.atomic
def assess_extract(
    *,
    request_id: UUID,
    seen: int | str,
    verdicts: Mapping[str, str],
    assessment: str,
    by: "Person",
    now: datetime,
) -> OpenRequest:
    """What of the case is given, piece by piece, and on which provision the rest is not.

    Raises NotVisible, ClosedToYou, Changed, WrongState, Incomplete when the case has other pieces.
    """
    _request_to_write(request_id, by, now, seen, OWN_DATA)
    one, opened, pieces = read_for_extract(request_id=request_id, by=by, now=now)
    codes, withheld = judged({piece.code: piece.title for piece in pieces}, verdicts)
    given = tuple(
        GivenPiece(piece.code, piece.title, piece.told) for piece in pieces if piece.code in codes
    )
    one.content = replace(
        one.content,
        given=given,
        withheld=withheld,
        assessment=clean_text(assessment, LONGEST_NOTE).strip(),
        outcome=outcome_of(given, withheld).value,
        recipients=recipients_of(opened, codes) if opened else "",
        source=SOURCES.get(opened.content.source, "") if opened and ABOUT_PERSON in codes else "",
    )
    return _assessed(one, by, now)


@transaction.atomic
def assess_documents(
    *,
    request_id: UUID,
    seen: int | str,
    outcome: str,
    assessment: str,
    what: str,
    provisions: Collection[str],
    conditions: str,
    by: "Person",
    now: datetime,
) -> OpenRequest:
    """What is given of the documents, and why not the rest. Raises as `assess_extract`."""
    one = _request_to_write(request_id, by, now, seen, DOCUMENTS)
    one.content = assessed_documents(
        one.content,
        outcome=outcome,
        assessment=assessment,
        what=what,
        provisions=provisions,
        conditions=conditions,
    )
    return _assessed(one, by, now)


@transaction.atomic
def decide_request(
    *, request_id: UUID, seen: int | str, by: "Person", now: datetime
) -> OpenRequest:
    """The request decided as it was assessed; by a head where anything is withheld.

    Raises NotVisible, PermissionDenied, WrongState, Changed.
    """
    one = _request_to_write(request_id, by, now, seen)
    check_assessed(one.row.state)
    if withholds(one.content):
        permits.require(by, "cases.decide_request", one.row)
    one.row.decided_by, one.row.decided_on = by, timezone.localdate(now)
    _save(one, DECIDED, now)
    _told(Event.REQUEST_DECIDED, one, by, outcome=one.content.outcome)
    return one


@transaction.atomic
def withdraw_request(
    *, request_id: UUID, seen: int | str, by: "Person", now: datetime
) -> OpenRequest:
    """The request taken back by who asked. Raises NotVisible, WrongState, Changed."""
    one = _request_to_write(request_id, by, now, seen)
    one.content = replace(one.content, given=(), withheld=())
    _save(one, WITHDRAWN, now)
    _told(Event.REQUEST_WITHDRAWN, one, by)
    return one


@transaction.atomic
def request_file(*, request_id: UUID, file_format: str, by: "Person", now: datetime) -> bytes:
    """The answer as a file: pdf, and for a person's own data json. That it was made is recorded.

    Raises NotVisible, ClosedToYou, WrongState before the decision, BadInput.
    """
    one = read_request(request_id=request_id, by=by, now=now)
    if one.row.state != DECIDED:
        raise WrongState(_("Begäran är inte beslutad än. Svaret går att hämta när den är det."))
    made = _made(one, file_format, now)
    _told(Event.REQUEST_ANSWERED, one, by, file_format=file_format)
    return made


def _made(one: OpenRequest, file_format: str, now: datetime) -> bytes:
    if one.row.kind == DOCUMENTS and file_format == "pdf":
        return disclosure_pdf(decision_paper(one))
    if one.row.kind == OWN_DATA and file_format in ("pdf", "json"):
        extract = extract_paper(one, today=timezone.localdate(now))
        return data_extract_pdf(extract) if file_format == "pdf" else data_extract_json(extract)
    raise BadInput(_("Svaret finns inte i det formatet."))


def _request_to_write(
    request_id: UUID, by: "Person", now: datetime, seen: int | str, kind: str = ""
) -> OpenRequest:
    """The request, locked and opened; only while it waits."""
    permits.require(by, "cases.answer_request")
    one = opened_request(request_for(by, request_id, now, lock=True), by)
    check_waits(one.row.state)
    if kind and one.row.kind != kind:
        raise WrongState(_("Begäran är av ett annat slag. Gå tillbaka till den och välj igen."))
    check_version(seen, one.row.version)
    return one


def _assessed(one: OpenRequest, by: "Person", now: datetime) -> OpenRequest:
    one.content = replace(one.content, assessed_by=by.pk, assessed_on=timezone.localdate(now))
    _save(one, ASSESSED, now)
    facts = {"outcome": Outcome(one.content.outcome).value, "withheld": len(one.content.withheld)}
    _told(Event.REQUEST_ASSESSED, one, by, **facts)
    return one


def _save(one: OpenRequest, state: str, now: datetime) -> None:
    one.row.state, one.row.last_note_on = state, timezone.localdate(now)
    one.row.version += 1
    put(one.row, one.content, one.box)
    one.row.save()


def _told(event: Event, one: OpenRequest, by: "Person", **facts: object) -> None:
    """The act in the trail, of the request by its keyed name."""
    tell(event, one, by=by, request=one.box.name_of(one.row.pk), **facts)
