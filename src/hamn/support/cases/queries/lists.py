"""Lists of cases: mine, those that wait, those that fall due, those that are nobody's."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hamn.core.looks import once
from hamn.register.staff import queries as staff

from ..models import Case, Contact, Participant, Record
from ..rules.kinds import KINDS
from ..rules.states import OPEN
from .walls import cases_for, contacts_alone_for, contacts_for, open_to, units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

WEEK = timedelta(days=7)
ANSWER = "answer"  # what falls due when an answer was promised
_OVERDUE, _SOON, _WAITS = "overdue", "soon", "waiting"
PARTS = (_OVERDUE, _SOON, _WAITS)


class Counts(NamedTuple):
    """How many of the cases that she works with are where."""

    mine: int
    overdue: int
    soon: int
    waiting: int


def caseload(viewer: "Person") -> QuerySet[Case]:
    """The open cases of her units that she works with: responsible, deputy, or taking part."""
    rows = Case.objects.filter(unit__in=units_of(viewer), pk__in=_hers(viewer), state__in=OPEN)
    return _shown(rows)


def counts(viewer: "Person", today: date) -> Counts:
    """How long her lists are, in one query."""
    parts = {name: Count("pk", filter=_part(name, today)) for name in PARTS}
    return Counts(**caseload(viewer).aggregate(mine=Count("pk"), **parts))


def part_of(rows: QuerySet[Case], name: str, today: date) -> QuerySet[Case]:
    """Of the cases those that are overdue, fall due within a week (`soon`), or wait for an answer.

    In the order in which they should be seen to.
    """
    by = "waits_since" if name == _WAITS else "due_on"
    return rows.filter(_part(name, today)).order_by(by, "pk")


def covered(viewer: "Person", today: date) -> QuerySet[Case]:
    """What cannot wait in the units that she covers: due within a week, overdue, unanswered."""
    rows = cases_for(viewer, today).filter(unit__in=staff.covers(viewer, today), state__in=OPEN)
    urgent = _part(_OVERDUE, today) | _part(_SOON, today) | _part(_WAITS, today)
    return _shown(rows.filter(urgent).exclude(pk__in=_hers(viewer))).order_by("due_on", "pk")


def unassigned(viewer: "Person", today: date) -> QuerySet[Case]:
    """Open cases of her units that nobody is responsible for, the oldest first; none shared."""
    rows = cases_for(viewer, today).filter(unit__in=units_of(viewer))
    rows = rows.filter(responsible__isnull=True, state__in=OPEN)
    return _shown(rows).order_by("opened_on", "pk")


def unanswered_contacts(viewer: "Person", now: datetime) -> QuerySet[Contact]:
    """Contacts with a promised answer, hers and nobody's, the earliest promise first."""
    rows = contacts_for(viewer, now).filter(answer_by__isnull=False)
    return rows.order_by("answer_by", "pk")


def promised_alone(viewer: "Person", now: datetime) -> QuerySet[Contact]:
    """Of those the ones without a case: a case that waits stands in the list of cases."""
    return (
        contacts_alone_for(viewer, now).filter(answer_by__isnull=False).order_by("answer_by", "pk")
    )


def free_contacts(viewer: "Person", now: datetime) -> QuerySet[Contact]:
    """Contacts without a case that nobody has taken."""
    rows = contacts_alone_for(viewer, now).filter(responsible__isnull=True)
    return rows.order_by("on", "pk")


def reports_to_send(viewer: "Person", now: datetime) -> QuerySet[Record]:
    """Reports of concern that are not sent yet, in cases open to her (SoL 19:1: at once).

    Of a case that is only shared with her unit those that she made; the rest is not hers to send.
    """
    rows = Record.objects.filter(kind="child_report", state="open", case__in=open_to(viewer, now))
    rows = rows.filter(Q(case__unit__in=units_of(viewer)) | Q(written_by=viewer))
    return rows.select_related("case__responsible", "case__deputy").order_by("on", "pk")


def of_units(viewer: "Person", today: date) -> QuerySet[Case]:
    """All cases that exist for her; which of them open is another question."""
    return _shown(cases_for(viewer, today))


def next_kinds(cases: Collection[Case]) -> dict[UUID, str]:
    """The kind of what falls due first in each case: of a record, or `ANSWER` for one promised."""
    days = {case.pk: case.due_on for case in cases if case.due_on}
    rows = Record.objects.filter(case__in=days, due_on__in=set(days.values()))
    found: dict[UUID, str] = {}
    for row in rows.only("case", "kind", "state", "due_on").order_by("-written_at", "-pk"):
        if row.due_on == days[row.case_id] and row.state not in KINDS[row.kind].done:
            found[row.case_id] = row.kind
    promised = Contact.objects.filter(case__in=days, answer_by__isnull=False)
    for case_id, answer_by in promised.values_list("case", "answer_by"):
        if answer_by == days[case_id]:
            found[case_id] = ANSWER
    return found


def _hers(viewer: "Person") -> frozenset[UUID]:
    """The ids of the open cases she works with, each way by an index of its own.

    Asked for by themselves: as a part of a longer question, a database may begin with the unit.
    """

    def asked() -> frozenset[UUID]:
        rows = Case.objects.filter(state__in=OPEN)
        takes_part = Participant.objects.filter(person=viewer).values("case")
        ways = (
            rows.filter(responsible=viewer).values_list("pk"),
            rows.filter(deputy=viewer).values_list("pk"),
            rows.filter(pk__in=takes_part).values_list("pk"),
        )
        return frozenset(pk for (pk,) in ways[0].union(*ways[1:]))

    return once(("hers", viewer.pk), asked)


def _part(name: str, today: date) -> Q:
    return {
        _OVERDUE: Q(due_on__lt=today),
        _SOON: Q(due_on__gte=today, due_on__lte=today + WEEK),
        _WAITS: Q(waits_since__isnull=False),
    }[name]


def _shown(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("responsible", "deputy")
