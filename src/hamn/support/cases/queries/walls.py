"""The walls (väggarna): which cases and contacts exist for a viewer, and which open to her.

A unit's workers know that its cases exist; a case opens to those who work with it. For anybody
else there is no case: the same query, the same answer, as for one that was never there.
Source: docs/adr/0023; docs/law.md section 4, rules 3 and 4.
"""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from hamn.core.errors import NotVisible, _
from hamn.core.looks import once
from hamn.guards.access import permits
from hamn.guards.access.queries import member_units
from hamn.register.staff import queries as staff

from ..models import BreakGlass, Case, Contact, Participant, Share
from ..rules.access import BREAK_GLASS, COVER
from ..rules.shares import OnlyShared
from ..rules.states import ClosedToYou

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def units_of(viewer: "Person") -> frozenset[str]:
    """The units whose cases exist for her: those she belongs to, with a role that meets people."""
    return member_units(viewer) if permits.allows(viewer, "cases.see") else frozenset()


def cases_for(viewer: "Person", on: date) -> QuerySet[Case]:
    """The cases that exist for her: her units', and those shared with them."""
    units = units_of(viewer)
    shared = once(("shared", units, on), lambda: _shared_ids(units, on))
    # Named one by one, or nobody's list could be read in the order of an index.
    there = Q(unit__in=units)
    return Case.objects.filter(there | Q(pk__in=shared) if shared else there)


def open_to(viewer: "Person", now: datetime) -> QuerySet[Case]:
    """The cases that open to her now: hers, nobody's yet, covered, shared, or broken open."""
    on, units = timezone.localdate(now), units_of(viewer)
    hers = (
        Q(responsible=viewer)
        | Q(deputy=viewer)
        | Q(responsible__isnull=True)
        | Q(unit__in=staff.covers(viewer, on))
        | Exists(_participations(viewer))
        | Exists(_broken(viewer, now))
    )
    # Who has left the unit has no way of her own into its cases any more.
    return Case.objects.filter(Q(unit__in=units) & hers | Exists(_shares(units, on)))


def case_for(viewer: "Person", case_id: UUID, now: datetime, *, lock: bool = False) -> Case:
    """A case that opens to her, and the way by which it does, in its `why`.

    Raises NotVisible outside its units, ClosedToYou inside them when it is not hers.
    """
    on, units = timezone.localdate(now), units_of(viewer)
    rows = _existing(units, on).annotate(
        takes_part=Exists(_participations(viewer)),
        is_broken_open=Exists(_broken(viewer, now)),
        is_shared=Exists(_shares(units, on)),
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise no_such_case()
    case.why = _why(viewer, case, on, units)  # type: ignore[attr-defined]
    if not case.why:  # type: ignore[attr-defined]
        raise ClosedToYou(
            _(
                "Ärendet är enhetens men inte ditt. Fråga den som är ansvarig, eller öppna det "
                "med en angiven anledning om det inte kan vänta."
            )
        )
    return case


def check_not_only_shared(case: Case) -> None:
    """Pass a case of `case_for` that is hers to write in; a unit it is shared with only reads it.

    Raises OnlyShared.
    """
    if case.why == "shared":  # type: ignore[attr-defined]
        raise OnlyShared(
            _(
                "Ärendet är delat med din enhet för att läsas. Be den enhet som har ärendet att "
                "skriva, eller skriv i ett ärende hos er."
            )
        )


def known_case(viewer: "Person", case_id: UUID, *, lock: bool = False) -> Case:
    """A case of her own units, whether or not it opens to her. Raises NotVisible."""
    rows = Case.objects.filter(unit__in=units_of(viewer))
    rows = rows.select_for_update() if lock else rows.select_related("responsible", "deputy")
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise no_such_case()
    return case


def contacts_for(viewer: "Person", now: datetime) -> QuerySet[Contact]:
    """The contacts that open to her: in cases that do, and without a case her own or nobody's."""
    in_hers = Exists(open_to(viewer, now).filter(pk=OuterRef("case")))
    return Contact.objects.filter(_alone(viewer, now) | in_hers)


def contacts_alone_for(viewer: "Person", now: datetime) -> QuerySet[Contact]:
    """Of the contacts that open to her those without a case."""
    return Contact.objects.filter(_alone(viewer, now))


def contact_for(
    viewer: "Person", contact_id: UUID, now: datetime, *, lock: bool = False
) -> Contact:
    """A contact that opens to her. Raises NotVisible for any other."""
    rows = contacts_for(viewer, now)
    if lock:
        rows = rows.select_for_update(of=("self",))
    contact = rows.filter(pk=contact_id).first()
    if contact is None:
        raise no_such_case()
    return contact


def why_of_contact(viewer: "Person", contact: Contact) -> str:
    """The code of the way by which a contact without a case opens to her."""
    if contact.responsible_id is None:
        return "unassigned"
    return "responsible" if contact.responsible_id == viewer.pk else COVER


def no_such_case() -> NotVisible:
    """What everyone meets who may not know: there is no such case or contact."""
    return NotVisible(_("Ärendet eller kontakten finns inte för dig. Kontrollera adressen."))


def _alone(viewer: "Person", now: datetime) -> Q:
    covered = staff.covers(viewer, timezone.localdate(now))
    whose = Q(responsible=viewer) | Q(responsible__isnull=True) | Q(unit__in=covered)
    return Q(case__isnull=True, unit__in=units_of(viewer)) & whose


def _shared_ids(units: frozenset[str], on: date) -> frozenset[UUID]:
    rows = Share.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), unit__in=units, ended_at__isnull=True
    )
    return frozenset(rows.values_list("case", flat=True))


def _existing(units: frozenset[str], on: date) -> QuerySet[Case]:
    return Case.objects.filter(Q(unit__in=units) | Exists(_shares(units, on)))


def _participations(viewer: "Person") -> QuerySet[Participant]:
    return Participant.objects.filter(case=OuterRef("pk"), person=viewer)


def _broken(viewer: "Person", now: datetime) -> QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(
        case=OuterRef("pk"), person=viewer, until__gt=now, opened_at__lte=now
    )


def _shares(units: frozenset[str], on: date) -> QuerySet[Share]:
    return Share.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        case=OuterRef("pk"),
        unit__in=units,
        ended_at__isnull=True,
    )


def _why(viewer: "Person", case: Case, on: date, units: frozenset[str]) -> str:
    """The code of the way by which the case opens to her; empty when it does not."""
    is_units = case.unit in units
    ways = {
        "responsible": is_units and case.responsible_id == viewer.pk,
        "deputy": is_units and case.deputy_id == viewer.pk,
        "takes_part": is_units and case.takes_part,  # type: ignore[attr-defined]
        "unassigned": is_units and case.responsible_id is None,
        COVER: is_units and case.unit in staff.covers(viewer, on),
        BREAK_GLASS: is_units and case.is_broken_open,  # type: ignore[attr-defined]
        "shared": case.is_shared,  # type: ignore[attr-defined]
    }
    return next((why for why, holds in ways.items() if holds), "")
