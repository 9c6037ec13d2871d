"""Every write of follow-up."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hamn.core.errors import BadInput, NotVisible, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.support.services import queries as services

from . import queries, rules
from .events import Event
from .models import PublishedTotal

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def enter_total(*, figure: rules.Figure, now: datetime, by: "Person") -> PublishedTotal:
    """A new published total.

    Raises BadInput for what cannot have been published, and for what is entered already.
    """
    permits.require(by, "followup.enter_total")
    rules.check(figure, services=services.names(), today=timezone.localdate(now))
    _refuse_the_same(figure)
    row = PublishedTotal.objects.create(**asdict(figure), entered_by=by, entered_at=now)
    audit.record(Event.TOTAL_ENTERED, by=by, on=row, **_facts(row))
    return row


@transaction.atomic
def correct_total(
    *, total_id: int, figure: rules.Figure, reason: str, now: datetime, by: "Person"
) -> PublishedTotal:
    """A new version of a published total; the old one is kept and no longer holds.

    Raises NotVisible, Changed when it is corrected already, BadInput for a correction that lacks
    its reason or changes nothing, and for what cannot have been published.
    """
    row = _locked(total_id)
    permits.require(by, "followup.correct_total", row)
    if PublishedTotal.objects.filter(supersedes=row).exists():
        raise rules.Changed
    rules.check(figure, services=services.names(), today=timezone.localdate(now))
    if not reason.strip():
        raise BadInput(_("Skriv varför siffran rättas."))
    if figure == queries.figure_of(row):
        raise BadInput(_("Inget är ändrat. Den siffran står redan så."))
    _refuse_the_same(figure, but=row)
    newer = PublishedTotal.objects.create(
        **asdict(figure), supersedes=row, reason=reason.strip(), entered_by=by, entered_at=now
    )
    audit.record(Event.TOTAL_CORRECTED, by=by, on=newer, corrects=row.pk, **_facts(newer))
    return newer


def _locked(total_id: int) -> PublishedTotal:
    row = PublishedTotal.objects.select_for_update().filter(pk=total_id).first()
    if row is None:
        raise NotVisible(_("Den publicerade siffran finns inte."))
    return row


def _refuse_the_same(figure: rules.Figure, *, but: PublishedTotal | None = None) -> None:
    """Two documents may tell different things; one document tells one thing once."""
    told = ("measure", "service", "residence", "from_year", "to_year", "is_partial", "source")
    twins = PublishedTotal.objects.filter(
        correction__isnull=True, **{name: getattr(figure, name) for name in told}
    )
    if any(twin != but for twin in twins):
        raise BadInput(
            _("Den siffran finns redan från samma källa. Rätta den som finns i stället.")
        )


def _facts(row: PublishedTotal) -> dict[str, object]:
    return {"measure": row.measure, "service": row.service, "year": row.from_year}
