"""All that a case holds about its person, in pieces that are given or withheld one by one.

Nothing is left to memory: every relation of a case is told here, and a test walks them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from hamn.core.dates import swedish_date
from hamn.guards.access.queries import titles
from hamn.guards.vault import queries as vaults
from hamn.register.staff import queries as staff
from hamn.support.services import queries as services

from ..rules.access import BrokenGlass
from ..rules.contacts import writers_of
from ..rules.details import Details
from ..rules.extracts import GROUND, MUNICIPALITY, PERSON, SERVICE, UNIT, Told, told_of
from ..rules.grounds import SHARE_GROUNDS
from ..rules.kinds import WORKING
from ..rules.mail import Sender
from ..rules.requests import GIVEN, REQUEST_KINDS, REQUEST_STATES
from ..rules.shares import ShareReason
from ..rules.states import CASE_STATES, CaseState
from .details import contacts_in, details_of, grounds_in
from .files import files_in
from .opened import content_of, opened_records

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from ..rules.extracts import Names
    from .opened import OpenCase, OpenRecord

Known = dict[str, "Names"]
ASSESSING = "cases:assess_request:"  # where an extract is assessed, as drafts have it
ABOUT_PERSON = "case"  # the piece with what she is called and how she came here
_ADDED: "list[Callable[[OpenCase, frozenset[str]], Iterable[ExtractPiece]]]" = []


@dataclass(frozen=True, slots=True)
class ExtractPiece:
    """A part of the case. usual: `given`, or the code of the provision that mostly holds it."""

    code: str
    title: str
    told: tuple[Told, ...]
    usual: str = GIVEN


def register_pieces(
    pieces: "Callable[[OpenCase, frozenset[str]], Iterable[ExtractPiece]]",
) -> None:
    """A room above this one tells what it holds of a case; as `pieces_of_case` is asked."""
    _ADDED.append(pieces)


def pieces_of_case(opened: "OpenCase", units: frozenset[str]) -> list[ExtractPiece]:
    """Everything, in the order that it is read; a fixed number of queries. Raises Locked.

    units: those through which the boxes of contact details are opened.
    """
    records = opened_records(opened.case.records.order_by("on", "written_at", "pk"), opened.box)
    contacts = sorted(contacts_in(opened), key=lambda pair: (pair[0].on, pair[0].logged_at))
    known = _known(opened, records, contacts)
    details = _details(opened, units)
    return [
        _person(opened, known),
        *_reported(opened),
        *_kept(opened, details, known),
        *(_contact(opened, row, says, details, known) for row, says in contacts),
        *(piece for row, _says in contacts for piece in _addresses(row, details, known)),
        *(piece for one in records for piece in _record(one, known)),
        *_shares(opened, known),
        *_glasses(opened, known),
        *_files(opened, known),
        *_requests(opened),
        *_reads(opened),
        *_drafts(opened),
        *(piece for pieces in _ADDED for piece in pieces(opened, units)),
    ]


def recipients_of(opened: "OpenCase", given: Collection[str]) -> str:
    """Those to whom something of the case has gone, in words, with the day; empty for nobody.

    given: codes of the pieces that she gets. What is withheld does not show here either.
    """
    units = staff.every_unit_name()
    found = []
    for one in opened_records(opened.case.records.order_by("on"), opened.box):
        says, day = one.content, one.record.on
        if f"record:{one.record.pk}" not in given:
            continue
        if one.record.kind == "disclosure" and one.record.state == "decided":
            found.append((day, says.recipient_name or says.recipient_said))
        if one.record.kind == "referral_out" and says.sent_on and says.letter:
            found.append((says.sent_on, says.counterpart_name or says.counterpart))
        if one.record.kind == "child_report" and says.sent_on:
            found.append((says.sent_on, "socialnämnden, genom en orosanmälan"))
    shares = opened.case.shares.order_by("shared_at")
    found += [
        (_day(row.shared_at), units.get(row.unit, row.unit))
        for row in shares
        if f"share:{row.pk}" in given
    ]
    return "; ".join(f"{name} ({swedish_date(day)})" for day, name in found)


def _known(opened: "OpenCase", records: "list[OpenRecord]", contacts: list[Any]) -> Known:
    """The names of everyone and everything that the case tells of by code; a few queries."""
    case = opened.case
    ids = {case.responsible_id, case.deputy_id}
    for row, says in contacts:
        ids |= {row.logged_by_id, row.responsible_id, *says.spoke, *writers_of(says)}
    for one in records:
        says = one.content
        ids |= {one.record.written_by_id, one.record.finalised_by_id, getattr(says, "by", None)}
        ids |= {getattr(says, name, None) for name in ("asked_by", "approved_by")}
        ids |= {wording.by for wording in getattr(says, "earlier", ())}
    found = titles(f"access.person:{pk}" for pk in ids if pk)
    return {
        PERSON: {int(name.removeprefix("access.person:")): title for name, title in found.items()},
        UNIT: staff.every_unit_name(),
        MUNICIPALITY: {
            **services.municipality_names(),
            "unknown": "inte känd",
            "declined": "ville inte säga",
        },
        SERVICE: {row.code: row.title for row in services.services_of(case.unit)},
        GROUND: grounds_in(case.unit),
    }


def _person(opened: "OpenCase", known: Known) -> ExtractPiece:
    case, people = opened.case, known[PERSON]
    taking_part = case.participants.select_related("person")
    told = [
        *told_of(replace(opened.content, reported_on=None), known),
        Told("Enhet", known[UNIT].get(case.unit, case.unit)),
        Told("Läge", CASE_STATES[CaseState(case.state)]),
        Told("Öppnat", swedish_date(case.opened_on)),
        *_if("Avslutat", case.closed_on),
        *_if("Du har väntat på svar sedan", case.waits_since),
        *_if("Ansvarig", people.get(case.responsible_id, "")),
        *_if("Ersättare", people.get(case.deputy_id, "")),
        *_if("Deltar också", ", ".join(one.person.title for one in taking_part)),
    ]
    return ExtractPiece(ABOUT_PERSON, "Om dig", tuple(told))


def _reported(opened: "OpenCase") -> Iterator[ExtractPiece]:
    """That concern for her was reported, apart: with the report withheld, it can be too."""
    if opened.content.reported_on:
        told = (Told("Oro för dig anmäldes", swedish_date(opened.content.reported_on)),)
        yield ExtractPiece("reported", "Att oro för dig har anmälts", told)


def _details(opened: "OpenCase", units: frozenset[str]) -> "dict[UUID, Details | Sender]":
    """Contact details of the case and senders of its letters, by case or contact."""
    rows = list(details_of(opened.case))
    boxes = vaults.open_boxes([row.box for row in rows], units) if rows else {}
    found: dict[Any, Details | Sender] = {}
    for row in rows:
        if row.box not in boxes:
            continue
        if row.case_id:
            found[row.case_id] = content_of(row, boxes[row.box], Details)
        else:
            found[row.contact_id] = content_of(row, boxes[row.box], Sender)
    return found


def _kept(opened: "OpenCase", details: Any, known: Known) -> Iterator[ExtractPiece]:
    if opened.case.pk in details:
        told = told_of(details[opened.case.pk], known)
        yield ExtractPiece("details", "Kontaktuppgifter", tuple(told))


def _contact(opened: "OpenCase", row: Any, says: Any, details: Any, known: Known) -> ExtractPiece:
    told = [
        Told("Dag", swedish_date(row.on)),
        *told_of(says, known),
        *(told_of(_own(details[row.pk]), known) if row.pk in details else ()),
        *_if("Svar lovat senast", row.answer_by),
        Told("Antecknad av", known[PERSON].get(row.logged_by_id, "systemet")),
    ]
    is_anothers = says.form == "relative" and opened.content.form != "relative"
    usual = "other_person" if is_anothers else GIVEN
    who = " med en anhörig" if is_anothers else ""
    title = f"Kontakt{who} {swedish_date(row.on)}"
    return ExtractPiece(f"contact:{row.pk}", title, tuple(told), usual)


def _own(sender: Sender) -> Sender:
    """The sender without the other people whose addresses stood in the letter."""
    return replace(sender, forwarded_by="", others=())


def _addresses(row: Any, details: Any, known: Known) -> Iterator[ExtractPiece]:
    """Those others' addresses, apart."""
    kept = details.get(row.pk)
    if kept is not None and kept != _own(kept):
        told = told_of(replace(kept, address="", name=""), known)
        title = f"Andras adresser i ett brev {swedish_date(row.on)}"
        yield ExtractPiece(f"addresses:{row.pk}", title, tuple(told), "other_person")


def _record(one: "OpenRecord", known: Known) -> Iterator[ExtractPiece]:
    """The record; who reported a concern for a child is a piece of its own (OSL 26:5)."""
    row, kind = one.record, one.kind
    by = Told("Skriven av", known[PERSON].get(row.written_by_id, ""))
    is_report = row.kind == "child_report"
    told = [
        Told("Dag", swedish_date(row.on)),
        Told("Läge", kind.states[row.state]),
        *told_of(one.content, known),
        *_if("Senast", row.due_on),
        *(() if is_report else (by,)),
        *_if("Upprättad av", known[PERSON].get(row.finalised_by_id, "")),
        *_if("Upprättad", row.finalised_at and _day(row.finalised_at)),
    ]
    title = f"{kind.name.capitalize()} {swedish_date(row.on)}"
    yield ExtractPiece(f"record:{row.pk}", title, tuple(told), _usual(one))
    if is_report:
        reporter = (Told("Anmälan gjord av", by.value),)
        told_title = f"Vem som gjorde anmälan {swedish_date(row.on)}"
        yield ExtractPiece(f"reporter:{row.pk}", told_title, reporter, "reporter")


def _usual(one: "OpenRecord") -> str:
    if one.record.kind == "note" and one.record.state == WORKING:
        return "draft"
    return "other_person" if one.record.kind == "link" else GIVEN


def _shares(opened: "OpenCase", known: Known) -> Iterator[ExtractPiece]:
    for row in opened.case.shares.order_by("shared_at", "pk"):
        told = (
            Told("Enhet", known[UNIT].get(row.unit, row.unit)),
            Told("Stöd", SHARE_GROUNDS.get(row.ground, row.ground)),
            *told_of(content_of(row, opened.box, ShareReason), known),
            *_if("Till och med", row.until),
            *_if("Upphörde", row.ended_at and _day(row.ended_at)),
        )
        title = f"Delat med en annan enhet {swedish_date(_day(row.shared_at))}"
        yield ExtractPiece(f"share:{row.pk}", title, told)


def _glasses(opened: "OpenCase", known: Known) -> Iterator[ExtractPiece]:
    for row in opened.case.break_glasses.order_by("opened_at", "pk"):
        told = (
            *told_of(content_of(row, opened.box, BrokenGlass), known),
            *_if("Granskad", row.reviewed_at and _day(row.reviewed_at)),
        )
        title = f"Öppnat i brådska {swedish_date(_day(row.opened_at))}"
        yield ExtractPiece(f"glass:{row.pk}", title, told)


def _files(opened: "OpenCase", known: Known) -> Iterator[ExtractPiece]:
    for one in files_in(opened.case, opened.box):
        on = swedish_date(_day(one.row.added_at))
        told = (*told_of(one.content, known), Told("Filen", "Lämnas för sig, på begäran."))
        yield ExtractPiece(f"file:{one.row.pk}", f"Bifogad fil {on}", told)


def _requests(opened: "OpenCase") -> Iterator[ExtractPiece]:
    for row in opened.case.requests.order_by("received_on", "pk"):
        told = (
            Told("Gäller", REQUEST_KINDS[row.kind]),
            Told("Läge", REQUEST_STATES[row.state]),
            *_if("Beslutad", row.decided_on),
        )
        yield ExtractPiece(f"request:{row.pk}", f"Begäran {swedish_date(row.received_on)}", told)


def _reads(opened: "OpenCase") -> Iterator[ExtractPiece]:
    """How often somebody has looked; who, is the staff's own (C-579/21)."""
    days = list(opened.case.reads.order_by("at").values_list("at", flat=True))
    if days:
        told = (
            Told("Antal gånger någon har läst eller skrivit", str(len(days))),
            Told("Första gången", swedish_date(_day(days[0]))),
            Told("Senaste gången", swedish_date(_day(days[-1]))),
        )
        yield ExtractPiece("reads", "Läsningar", told)


def _drafts(opened: "OpenCase") -> Iterator[ExtractPiece]:
    """Texts that somebody is writing; each is sealed to its writer and not opened for this.

    Not the assessment itself, which is a draft while it is written.
    """
    count = opened.case.drafts.exclude(place__startswith=ASSESSING).count()
    if count:
        told = (Told("Antal texter som inte är sparade än", str(count)),)
        yield ExtractPiece("drafts", "Utkast", told, "draft")


def _if(label: str, value: "date | str | None") -> Iterator[Told]:
    if value:
        yield Told(label, value if isinstance(value, str) else swedish_date(value))


def _day(at: "datetime") -> "date":
    return timezone.localdate(at)
