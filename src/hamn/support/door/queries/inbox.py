"""The inbox: which dialogues exist for a viewer, and in which lists they stand.

A dialogue is its unit's: all who work there read it. For anybody else, a system administrator and
a controller too, there is none: the same query and the same answer as for one that was never there.
"""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from hamn.core.errors import NotVisible, _
from hamn.guards.access import permits
from hamn.guards.access.facts import MEETING
from hamn.guards.access.queries import member_units, members_of
from hamn.register.staff import queries as staff

from ..models import AnswerTemplate, Booking, Dialogue, Reach
from ..rules.words import Author, State

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.register.staff.queries import Worker

    from ..models import Message

WAITING = "waiting"


class Counts(NamedTuple):
    """How many dialogues stand in each list."""

    waiting: int
    overdue: int
    calls: int
    unassigned: int
    mine: int


def reading_units(viewer: "Person") -> frozenset[str]:
    """The units whose dialogues exist for her: those she belongs to, with a role that reads."""
    return member_units(viewer) if permits.allows(viewer, "door.read") else frozenset()


def dialogues_for(viewer: "Person") -> QuerySet[Dialogue]:
    """The dialogues that exist for her."""
    return Dialogue.objects.filter(unit__in=reading_units(viewer))


def dialogue_for(viewer: "Person", dialogue_id: UUID, *, lock: bool = False) -> Dialogue:
    """A dialogue of one of her units. Raises NotVisible for any other."""
    rows = dialogues_for(viewer)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("assigned_to")
    dialogue = rows.filter(pk=dialogue_id).first()
    if dialogue is None:
        raise no_such_dialogue()
    return dialogue


def part_of(viewer: "Person", name: str, unit: str, today: date) -> QuerySet[Dialogue]:
    """The dialogues of one list in one of her units; the earliest promise first where one is."""
    rows = dialogues_for(viewer).filter(_part(viewer, name, unit, today), unit=unit)
    return rows.select_related("assigned_to").annotate(wants_call=Exists(_calls()))


def counts(viewer: "Person", unit: str, today: date) -> Counts:
    """How long the lists of the unit are, in one query."""
    rows = dialogues_for(viewer).filter(unit=unit)
    told = {name: Count("pk", filter=_part(viewer, name, unit, today)) for name in Counts._fields}
    return Counts(**rows.aggregate(**told))


def candidates(viewer: "Person", unit: str) -> "dict[int, Worker]":
    """By id, those who work in the unit now and carry on dialogues. Raises NotVisible."""
    return {one.person.pk: one for one in staff.workers(viewer, unit) if one.is_reader}


def reach_of(dialogue: Dialogue, kind: str) -> Reach | None:
    """How the person wants to be told (notice) or called (call), while it stands."""
    rows = dialogue.reaches.filter(kind=kind, removed_at__isnull=True, done_at__isnull=True)
    return rows.first()


def last_place(dialogue: Dialogue) -> int:
    """The place of the dialogue's last message; 0 when there is none."""
    return _last(dialogue.messages.all())


def wrote_after(dialogue: Dialogue, place: int) -> bool:
    """Whether the person has written after the message of that place."""
    return _last(dialogue.messages.filter(author=Author.PERSON)) > place


def next_booking(dialogue: Dialogue) -> Booking | None:
    """The person's booked time that is still to come."""
    rows = dialogue.bookings.filter(cancelled_at__isnull=True, slot__starts_at__gt=timezone.now())
    return rows.select_related("slot").order_by("slot__starts_at").first()


def templates_of(viewer: "Person", unit: str | None = None) -> QuerySet[AnswerTemplate]:
    """The answers that her units, or one of them, have ready."""
    units = reading_units(viewer) if unit is None else reading_units(viewer) & {unit}
    rows = AnswerTemplate.objects.filter(unit__in=units, removed_at__isnull=True)
    return rows.order_by("unit", "language", "title", "pk")


def template_for(viewer: "Person", template_id: int, *, lock: bool = False) -> AnswerTemplate:
    """One of them. Raises NotVisible."""
    rows = templates_of(viewer)
    row = (rows.select_for_update() if lock else rows).filter(pk=template_id).first()
    if row is None:
        raise NotVisible(_("Svarsmallen finns inte. Gå tillbaka till listan över svarsmallar."))
    return row


def no_such_dialogue() -> NotVisible:
    """What everyone meets who may not know: there is no such dialogue."""
    return NotVisible(_("Dialogen finns inte för dig. Kontrollera adressen."))


def _last(messages: "QuerySet[Message]") -> int:
    return messages.aggregate(last=Max("place"))["last"] or 0


def _calls() -> QuerySet[Reach]:
    return Reach.objects.filter(
        dialogue=OuterRef("pk"), kind="call", removed_at__isnull=True, done_at__isnull=True
    )


def _part(viewer: "Person", name: str, unit: str, today: date) -> Q:
    is_open = Q(state=State.OPEN)
    # Whose it was may have left the unit since, or meet nobody any more.
    meeting = members_of([unit]).filter(person__role_rows__role__in=MEETING)
    here = meeting.order_by().values("person")
    parts = {
        WAITING: is_open & Q(answer_by__isnull=False),
        "overdue": is_open & Q(answer_by__lt=today),
        "calls": is_open & Q(Exists(_calls())),
        "unassigned": is_open & (Q(assigned_to__isnull=True) | ~Q(assigned_to__in=here)),
        "mine": is_open & Q(assigned_to=viewer),
        "open": is_open,
        "closed": ~is_open,
    }
    return parts[name]
