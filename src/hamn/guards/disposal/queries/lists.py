"""The lists, their items and the certificates, as a viewer may see them."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from hamn.core.errors import NotVisible, Refusal, _
from hamn.guards.access import permits
from hamn.guards.access.queries import is_member

from ..models import Certificate, DisposalItem, DisposalList, Hold
from ..rules import OPEN, ListState
from .coming import units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

# No sign of life for so long: whoever worked on the run is gone.
SILENCE = timedelta(minutes=2)


class Part(NamedTuple):
    """Records of a list that are alike."""

    kind: str
    rule_class: str
    reason: str  # why they are kept; empty for what is destroyed
    records: int
    first_due_on: date


def lists_for(viewer: "Person") -> QuerySet[DisposalList]:
    """The lists of the viewer's units, those she approved, and those that wait for her."""
    rows = DisposalList.objects.select_related(
        "made_by", "approved_by", "started_by", "withdrawn_by", "certificate"
    )
    waiting = [
        row.pk
        for row in DisposalList.objects.filter(state=ListState.PLANNED)
        if permits.allows(viewer, "disposal.approve", row)
    ]
    seen = Q(unit__in=units_of(viewer)) | Q(approved_by_id=viewer.pk) | Q(pk__in=waiting)
    return rows.filter(seen).order_by("-pk")


def list_of(viewer: "Person", list_id: int) -> DisposalList:
    """The list with the number.

    Raises NotVisible.
    """
    found = lists_for(viewer).filter(pk=list_id).first()
    if found is None:
        raise NotVisible(_("Gallringslistan finns inte. Välj en på sidan Gallring."))
    return found


def locked(by: "Person", list_id: int) -> DisposalList:
    """The list, locked until the transaction ends.

    Raises NotVisible.
    """
    found = list_of(by, list_id)
    found.refresh_from_db(from_queryset=DisposalList.objects.select_for_update())
    return found


def open_list(unit: str) -> DisposalList | None:
    """The unit's list that is neither done nor withdrawn; there is one at the most."""
    return DisposalList.objects.filter(unit=unit, state__in=OPEN).first()


def may_see_items(viewer: "Person", row: DisposalList) -> bool:
    """Whether the viewer sees the records one by one: those who belong to the unit do."""
    return is_member(viewer, row.unit)


def items_of(viewer: "Person", row: DisposalList) -> QuerySet[DisposalItem]:
    """The records that are left on the list, by their opaque ids.

    Raises NotVisible to those who do not belong to the unit.
    """
    if not may_see_items(viewer, row):
        raise NotVisible(_("Uppgifterna visas bara för dem som hör till enheten."))
    return row.items.order_by("due_on", "id")


def item_of(viewer: "Person", row: DisposalList, item_id: int) -> DisposalItem:
    """The record on the list.

    Raises NotVisible.
    """
    found = items_of(viewer, row).filter(pk=item_id).first()
    if found is None:
        raise NotVisible(_("Uppgiften står inte längre i listan. Läs om sidan."))
    return found


def breakdown(viewer: "Person", row: DisposalList) -> list[Part]:
    """The list's records by kind, rule class and why they are kept; no record by itself."""
    permits.require(viewer, "disposal.see")
    rows = row.items.values_list("kind", "rule_class", "reason").annotate(
        records=Count("pk"), first=Min("due_on")
    )
    return [Part(*one) for one in rows.order_by("reason", "kind", "rule_class")]


def holds_for(viewer: "Person", today: date) -> QuerySet[Hold]:
    """The holds of the viewer's units on the day, its last day too; soonest to end first."""
    rows = Hold.objects.filter(unit__in=units_of(viewer), lifted_at__isnull=True, until__gte=today)
    return rows.select_related("placed_by").order_by("until", "pk")


def certificates_for(viewer: "Person") -> QuerySet[Certificate]:
    """The certificates of the viewer's units, newest first."""
    return Certificate.objects.filter(unit__in=units_of(viewer)).order_by("-finished_on", "-pk")


def certificate_of(viewer: "Person", certificate_id: int) -> Certificate:
    """The certificate with the number.

    Raises NotVisible.
    """
    found = certificates_for(viewer).filter(pk=certificate_id).first()
    if found is None:
        raise NotVisible(_("Gallringsbeviset finns inte. Välj ett på sidan Gallring."))
    return found


def proof_of(row: DisposalList) -> Certificate:
    """The certificate of a list that is done. Raises NotVisible for another."""
    found = Certificate.objects.filter(disposal=row).first()
    if found is None:
        raise NotVisible(_("Gallringen är inte slutförd. Kör igen, så fortsätter den."))
    return found


def is_silent(row: DisposalList) -> bool:
    """Whether nothing has been heard for long from a run at work."""
    heard_at = row.progressed_at or row.started_at
    is_at_work = row.state == ListState.RUNNING
    return is_at_work and (heard_at is None or timezone.now() - heard_at > SILENCE)


def fault_of(row: DisposalList) -> Refusal | None:
    """Why the run waits, as a refusal to show like any other; None when nothing hinders it."""
    return Refusal(row.fault["sentence"], **row.fault["facts"]) if row.fault else None
