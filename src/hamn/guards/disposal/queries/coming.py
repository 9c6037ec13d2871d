"""What comes to its end, unit by unit, and the filter by which rooms find it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from hamn.core.figures import if_many
from hamn.guards.access import permits
from hamn.guards.access.queries import headed_units, member_units
from hamn.guards.access.rules import Role, every_unit

from .. import rules
from ..models import Hold
from ..rules import Base, Candidate, Holding

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Coming:
    """A unit's records by when their time comes. soon: within a year, and not due yet.

    None: so few that only the unit's own are told.
    """

    unit: str
    soon: int | None
    due: int | None
    breach: int | None  # should have been gone; also counted in `due`


@dataclass(frozen=True, slots=True)
class Outlook:
    """What of a unit is due by the end of a year, as it may be told outside the unit."""

    unit: str
    kind: str
    rule_class: str
    count: int | None
    held: int | None
    breach: int | None


@dataclass(slots=True)
class Share:
    """Records of a unit, kind and rule class that are due on the day asked for."""

    unit: str
    kind: str
    rule_class: str
    count: int
    held: int
    breach: int
    first_due_on: date

    @property
    def done_by(self) -> date:
        """The last lawful day for the first of them."""
        return rules.done_by(self.first_due_on)


def is_due(
    before: date,
    *,
    last_note: str = "last_note_on",
    rule_class: str = "rule_class",
    born_on: str = "",
) -> Q:
    """The records that are due before the day, as a filter on a room's own columns.

    last_note, rule_class, born_on: names of the room's columns. Without a rule class every record
    is of the usual one; without a day of birth none that counts from it is ever due.
    """
    if not rule_class:
        return _noted(before, rules.rule_class(rules.USUAL).years, last_note)
    found = Q(pk__in=[])
    for one in rules.rule_classes().values():
        if one.base is Base.LAST_NOTE:
            found |= Q(**{rule_class: one.code}) & _noted(before, one.years, last_note)
        elif one.base is Base.BIRTH and born_on:
            usual = _noted(before, rules.rule_class(rules.USUAL).years, last_note)
            born = Q(**{f"{born_on}__lte": rules.last_day_that_is_due(before, one.years)})
            found |= Q(**{rule_class: one.code}) & usual & born
    return found


def units_of(viewer: "Person") -> frozenset[str]:
    """The units of whose disposal the viewer learns: her own, and for who runs the system all."""
    if Role.SYSTEM_ADMINISTRATOR in viewer.roles():
        return frozenset(every_unit())
    return own_units(viewer)


def own_units(viewer: "Person") -> frozenset[str]:
    """The units whose disposal the viewer sees in full: those that she belongs to or heads."""
    permits.require(viewer, "disposal.see")
    return headed_units(viewer) | member_units(viewer)


def coming(viewer: "Person", today: date) -> list[Coming]:
    """What comes within a year, what is due and what is late, for each of the viewer's units."""
    own = own_units(viewer)
    found = (_of_unit(unit, today) for unit in sorted(units_of(viewer)))
    return [one if one.unit in own else _told_outside(one) for one in found]


def forecast(viewer: "Person", on: date) -> list[Share]:
    """What is due on the day in the viewer's own units, by unit, kind and rule class."""
    return _shares(own_units(viewer), on, before=rules.day_after(on))


def outlook(viewer: "Person", on: date, today: date) -> list[Outlook]:
    """What is due by the end of the day's year, as told to those who run the system.

    Neither a small count, nor a day, nor what was written this month: asked twice, it does not
    tell that somebody came in between.
    """
    end = date(on.year, 12, 31)
    written_this_month = rules.years_after(
        today.replace(day=1), rules.rule_class(rules.USUAL).years
    )
    before = min(rules.day_after(end), written_this_month)
    return [
        Outlook(
            one.unit,
            one.kind,
            one.rule_class,
            if_many(one.count),
            if_many(one.held),
            if_many(one.breach),
        )
        for one in _shares(units_of(viewer), end, before=before)
    ]


def _shares(units: Collection[str], on: date, *, before: date) -> list[Share]:
    found: dict[tuple[str, str, str], Share] = {}
    for unit in sorted(units):
        for kind, candidate, hold in due_in(unit, before, today=on):
            key = (unit, kind, candidate.rule_class)
            due = candidate.due_on
            assert due is not None  # due_in gives what is due
            share = found.setdefault(key, Share(*key, 0, 0, 0, due))
            share.count += 1
            share.held += hold is not None
            share.breach += rules.is_breach(due, on)
            share.first_due_on = min(share.first_due_on, due)
    return list(found.values())


def due_in(unit: str, before: date, *, today: date) -> Iterator[tuple[str, Candidate, Hold | None]]:
    """Each record of the unit that is due before the day: its kind, itself, what keeps it."""
    for kind, holding in rules.holdings().items():
        for page in _pages(holding, unit, before):
            held = held_ids(kind, [one.id for one in page], today=today)
            for candidate in page:
                if candidate.due_on is not None and candidate.due_on < before:
                    yield kind, candidate, held.get(candidate.id)


def held_ids(kind: str, ids: Collection[UUID], *, today: date) -> dict[UUID, Hold]:
    """The holds against disposing of these records on the day; a hold's last day counts."""
    rows = Hold.objects.filter(kind=kind, thing__in=ids, lifted_at__isnull=True, until__gte=today)
    return {row.thing: row for row in rows.order_by("until")}


def _pages(holding: Holding, unit: str, before: date) -> Iterator[list[Candidate]]:
    after: UUID | None = None
    while page := list(
        holding.candidates(unit=unit, due_before=before, after_id=after, limit=PAGE)
    ):
        yield page
        if len(page) < PAGE:
            return
        after = page[-1].id


def _of_unit(unit: str, today: date) -> Coming:
    soon, due, breach = (
        sum(one.count(unit=unit, due_before=before) for one in rules.holdings().values())
        for before in (
            rules.day_after(rules.years_after(today, 1)),
            rules.day_after(today),
            rules.breach_before(today),
        )
    )
    return Coming(unit, soon - due, due, breach)


def _told_outside(one: Coming) -> Coming:
    """Without the small counts; the greater hold the lesser, so a difference is hidden too."""
    return Coming(one.unit, *(if_many(count or 0) for count in (one.soon, one.due, one.breach)))


def _noted(before: date, years: int, last_note: str) -> Q:
    return Q(**{f"{last_note}__lte": rules.last_day_that_is_due(before, years)})
