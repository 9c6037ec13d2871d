"""Who may be given cases, and what waits for an answer."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from hamn.guards.access import queries as access
from hamn.register.staff import queries as staff

from ..models import Case, Contact, Handover, Record, Share
from ..rules.assigning import still_responsible
from ..rules.states import OPEN
from .walls import no_such_case, units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.register.staff.queries import Worker

NEWS = timedelta(days=7)
# For who was away: as long after she is back; and never what is older than a year.
NEWS_WHEN_BACK, OLDEST_NEWS = timedelta(days=14), timedelta(days=366)
_WAITING = Q(accepted_at__isnull=True, ended_at__isnull=True)


def candidates(viewer: "Person", unit: str) -> dict[int, "Worker"]:
    """By id, those who work in the unit now and carry on cases, the unit's cover with them.

    Raises NotVisible for a unit that the viewer does not see.
    """
    return {one.person.pk: one for one in staff.workers(viewer, unit) if one.is_reader}


def is_here(person_id: int | None, people: "Mapping[int, Worker]", on: date) -> bool:
    """Whether the person is one of those who work in the unit, and not away on the day."""
    worker = people.get(person_id) if person_id is not None else None
    return worker is not None and not staff.is_absent(worker.person, on)


def cases_of(giver: "Person | int", unit: str) -> QuerySet[Case]:
    """All cases of the unit that somebody is responsible for; a permit is asked above."""
    return Case.objects.filter(unit=unit, responsible=giver).order_by("opened_on", "pk")


def caseload_of(giver: "Person | int", unit: str) -> QuerySet[Case]:
    """Of those the open ones."""
    return cases_of(giver, unit).filter(state__in=OPEN)


def deputyships_of(giver: "Person | int", unit: str) -> QuerySet[Case]:
    """The cases of the unit that somebody is deputy for."""
    return Case.objects.filter(unit=unit, deputy=giver).order_by("pk")


def contacts_of(giver: "Person | int", unit: str) -> QuerySet[Contact]:
    """The contacts without a case that somebody in the unit has taken."""
    rows = Contact.objects.filter(unit=unit, responsible=giver, case__isnull=True)
    return rows.order_by("pk")


def without_deputy(viewer: "Person") -> int:
    """How many of the open cases that she is responsible for have no deputy."""
    rows = Case.objects.filter(unit__in=units_of(viewer), responsible=viewer, state__in=OPEN)
    return rows.filter(deputy__isnull=True).count()


def waiting_handovers(viewer: "Person") -> list[Handover]:
    """What waits for her answer, what she gives away or has proposed, and her unit's as head.

    Each with how many cases it still holds, in `count`.
    """
    hers = Q(receiver=viewer) | Q(giver=viewer) | Q(proposed_by=viewer)
    hers |= Q(unit__in=access.headed_units(viewer))
    rows = Handover.objects.filter(_WAITING & hers, unit__in=units_of(viewer))
    rows = rows.annotate(count=Count("items", filter=Q(items__is_waiting=True)))
    return list(rows.select_related("giver", "receiver", "proposed_by").order_by("proposed_at"))


def given_by_a_head(viewer: "Person", now: datetime) -> list[Handover]:
    """What she was given of late without being asked; how many cases, in `count`."""
    rows = Handover.objects.filter(
        receiver=viewer, unit__in=units_of(viewer), accepted_at__gte=now - NEWS
    )
    rows = rows.exclude(accepted_by=viewer).annotate(count=Count("items"))
    return list(rows.select_related("accepted_by").order_by("-accepted_at"))


def taken_by_a_head(viewer: "Person", now: datetime) -> list[Handover]:
    """What a head has taken over from her, until two weeks after she is back; how many cases."""
    was_away = staff.is_absent(viewer, timezone.localdate(now - NEWS_WHEN_BACK))
    since = now - (OLDEST_NEWS if was_away else NEWS_WHEN_BACK)
    rows = Handover.objects.filter(
        giver=viewer,
        unit__in=units_of(viewer),
        accepted_at__gte=since,
        accepted_by=F("receiver"),
        proposed_by=F("receiver"),
    )
    rows = rows.annotate(count=Count("items")).select_related("receiver")
    return list(rows.order_by("-accepted_at"))


def handover(viewer: "Person", handover_id: UUID, *, lock: bool = False) -> Handover:
    """A handover that waits, for its receiver, its giver, who proposed it, and the unit's head.

    Raises NotVisible to others, and when it does not wait any more.
    """
    rows = Handover.objects.filter(_WAITING, pk=handover_id, unit__in=units_of(viewer))
    if lock:
        list(rows.select_for_update(of=("self",)))
    row = rows.select_related("giver", "receiver", "proposed_by").first()
    if row is None or not _concerns(viewer, row):
        raise no_such_case()
    return row


def waiting_for(case: Case) -> Handover | None:
    """The handover of the case that waits for its receiver."""
    rows = Handover.objects.filter(_WAITING, items__case=case, items__is_waiting=True)
    return rows.select_related("receiver").first()


def check_nothing_left(person: "Person", units: Collection[str], by: "Person") -> None:
    """Pass who has no cases, contacts of her own or unsent reports in the units she would leave.

    Closed cases too: who has left opens none of them. Only those of the unit are told how many.
    Raises StillResponsible.
    """
    cases = Case.objects.filter(unit__in=units, responsible=person)
    contacts = Contact.objects.filter(unit__in=units, responsible=person, case__isnull=True)
    # A report is the duty of who wrote it, also in a case that is only shared with her unit.
    shared = Share.objects.filter(unit__in=units, ended_at__isnull=True).values("case")
    hers = Q(case__unit__in=units) | Q(case__in=shared)
    reports = Record.objects.filter(hers, kind="child_report", state="open", written_by=person)
    counts = {
        "cases": cases.count(),
        "contacts": contacts.count(),
        "reports": reports.count(),
    }
    if any(counts.values()):
        is_told = set(units) <= units_of(by)
        raise still_responsible(person.title, **counts, is_told=is_told)


def _concerns(viewer: "Person", row: Handover) -> bool:
    people = {row.receiver_id, row.giver_id, row.proposed_by_id}
    return viewer.pk in people or row.unit in access.headed_units(viewer)
