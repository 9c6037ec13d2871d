"""What the dialogues of a case hold about their person, as parts of the case's extract.

A dialogue that belongs to a case is the case's too: she is told of it where she asks what is kept
about her, also when she has lost her code. Source: GDPR (2016/679) art. 15.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils import timezone

from hamn.core.dates import swedish_date
from hamn.guards.vault import queries as vaults
from hamn.register.staff.queries import every_unit_name
from hamn.support.cases.queries.extracts import ExtractPiece
from hamn.support.cases.rules.extracts import Told
from hamn.support.cases.rules.requests import GIVEN
from hamn.support.cases.rules.safe_contact import DAYS

from ..models import Booking, Dialogue, Message, Reach, StillNeeded
from ..rules.content import DialogueContent, MessageContent, ReachContent
from ..rules.languages import LANGUAGES
from ..rules.notices import wording_of
from ..rules.pages import RELATIVES, SITUATIONS
from ..rules.words import KEEP_REASONS, MEETINGS, ORIGINS, STATES, Author, Visibility
from .dialogues import content_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from hamn.guards.vault.boxes import Box
    from hamn.support.cases.queries.opened import OpenCase

Boxes = dict["UUID", "Box"]
_LEFT = {"notice": "Adress för neutral avisering", "call": "Nummer att ringa"}
_CLOSED = Told("Innehåll", "Lämnas ut av den enheten. Vänd dig dit.")
_LOST = Told("Innehåll", "Kan inte läsas; nyckeln finns inte längre.")
# Reasons for keeping that tell of somebody else's report or request, and what mostly holds them.
_WITHHELD = {"concern_report": "reporter", "record_request": "other_person"}


def pieces_of_dialogues(opened: "OpenCase", units: Collection[str]) -> Iterator[ExtractPiece]:
    """Each dialogue of the case, what she left there to be reached, and what staff wrote beside it.

    units: those whose keys open. Of another unit's dialogue only that there is one. What a relative
    wrote is another person's, unless the case is hers. Raises Locked.
    """
    dialogues = list(
        opened.case.dialogues.order_by("opened_on", "pk").prefetch_related(
            Prefetch("messages", Message.objects.order_by("place")),
            Prefetch("reaches", Reach.objects.filter(removed_at=None, done_at=None)),
            Prefetch("bookings", Booking.objects.select_related("slot").order_by("booked_on")),
            Prefetch("still_needed", StillNeeded.objects.order_by("until")),
        )
    )
    boxes = _boxes([one for one in dialogues if one.unit in units], units)
    names = every_unit_name() if dialogues else {}
    for dialogue in dialogues:
        unit_name = names.get(dialogue.unit, dialogue.unit)
        if dialogue.unit not in units:
            told = (Told("Enhet", unit_name), _CLOSED)
            yield ExtractPiece(f"dialogue:{dialogue.pk}", "Dialog hos en annan enhet", told)
            continue
        is_anothers = dialogue.situation in RELATIVES and opened.content.form != "relative"
        usual = "other_person" if is_anothers else GIVEN
        yield _dialogue(dialogue, unit_name, boxes, usual)
        for row in dialogue.reaches.all():
            if row.box in boxes:
                left = content_of(row, boxes[row.box], ReachContent)
                yield _piece("reach", row.pk, _LEFT[row.kind], row.asked_on, _reach(left), usual)
        yield from _kept(dialogue)
        yield from _beside(dialogue, boxes, usual)


def _boxes(dialogues: list[Dialogue], units: Collection[str]) -> Boxes:
    """Everything of theirs that opens, in one question to the vault."""
    wanted = {one.box for one in dialogues}
    for one in dialogues:
        wanted |= {row.box for row in one.messages.all()} | {row.box for row in one.reaches.all()}
    return vaults.open_boxes(wanted, set(units)) if wanted else {}


def _dialogue(dialogue: Dialogue, unit_name: str, boxes: Boxes, usual: str) -> ExtractPiece:
    told = [
        Told("Enhet", unit_name),
        Told("Läge", STATES[dialogue.state]),
        Told("Började genom", ORIGINS[dialogue.origin]),
        *([Told("Gällde", SITUATIONS[dialogue.situation])] if dialogue.situation else ()),
        Told("Språk", LANGUAGES[dialogue.language].name),
        Told("Under 18 år", "ja" if dialogue.is_child else "nej"),
        Told("Senaste aktivitet", swedish_date(dialogue.active_on)),
        *(_booking(one) for one in dialogue.bookings.all()),
    ]
    if dialogue.box not in boxes:
        told.append(_LOST)
    elif called := content_of(dialogue, boxes[dialogue.box], DialogueContent).called:
        told.append(Told("Vill kallas", called))
    told += [
        _said(one, boxes) for one in dialogue.messages.all() if one.visibility == Visibility.PERSON
    ]
    title = "Dialog på webbplatsen"
    return _piece("dialogue", dialogue.pk, title, dialogue.opened_on, told, usual)


def _kept(dialogue: Dialogue) -> Iterator[ExtractPiece]:
    """Why its content is kept, apart: a reason can tell of what is withheld."""
    for one in dialogue.still_needed.all():
        told = [Told("Till och med", swedish_date(one.until))]
        told.append(Told("Därför att", KEEP_REASONS[one.reason]))
        title, on = "Dialogen behålls, antecknat", timezone.localdate(one.at)
        yield _piece("kept", one.pk, title, on, told, _WITHHELD.get(one.reason, GIVEN))


def _said(message: Message, boxes: Boxes) -> Told:
    """A message between her and the unit, by the day it was written."""
    who = {Author.PERSON: "Du skrev", Author.STAFF: "Vi svarade"}.get(
        Author(message.author), "Meddelande från systemet"
    )
    return Told(f"{who} {_day(message.written_at)}", _text(message, boxes))


def _text(message: Message, boxes: Boxes) -> str:
    if message.box not in boxes:
        return "Kan inte läsas här"
    return content_of(message, boxes[message.box], MessageContent).text


def _beside(dialogue: Dialogue, boxes: Boxes, usual: str) -> Iterator[ExtractPiece]:
    """What the unit wrote to itself; and how many notes somebody keeps for her own work."""
    messages = dialogue.messages.all()
    for one in messages:
        if one.visibility == Visibility.UNIT:
            told = [Told("Text", _text(one, boxes))]
            title = "Enhetens anteckning vid en dialog"
            on = timezone.localdate(one.written_at)
            yield _piece("door_note", one.pk, title, on, told, usual)
    if own := sum(one.visibility == Visibility.OWN for one in messages):
        told = [Told("Antal egna minnesanteckningar", str(own))]
        title = "Minnesanteckningar vid en dialog"
        yield _piece("own_notes", dialogue.pk, title, dialogue.opened_on, told, usual="draft")


def _reach(left: ReachContent) -> Iterator[Told]:
    yield Told("Adress eller nummer", left.address)
    if left.since is not None and left.until is not None:
        yield Told("Säkra tider", f"mellan klockan {left.since} och klockan {left.until}")
    if left.days:
        yield Told("Säkra dagar", ", ".join(DAYS[str(day)] for day in left.days))
    if left.wording:
        yield Told("Brevets ord", wording_of(left).text)


def _booking(booking: Booking) -> Told:
    slot = booking.slot
    form = f"{MEETINGS[slot.form]}, {slot.minutes} minuter"
    ended = f"; avbokad {_day(booking.cancelled_at)}" if booking.cancelled_at else ""
    return Told(f"Bokad tid {_day(slot.starts_at)}", form + ended)


def _piece(
    code: str, key: "UUID | int", title: str, on: "date", told: Iterable[Told], usual: str = GIVEN
) -> ExtractPiece:
    return ExtractPiece(f"{code}:{key}", f"{title} {swedish_date(on)}", tuple(told), usual)


def _day(at: "datetime") -> str:
    return swedish_date(timezone.localdate(at))
