"""What this room holds for disposal (gallring): consultations; their facts stay."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from hamn.core.errors import _
from hamn.guards.disposal.queries import is_due
from hamn.guards.disposal.rules import Candidate, Destroyed, register_holding
from hamn.support.cases import actions as casework

from ..models import Consultation


class Consultations:
    """Consultations, by the last note in each."""

    kind = "consultations.consultation"
    name: str = _("Konsultationer")

    def candidates(
        self, *, unit: str | None, due_before: date, after_id: UUID | None, limit: int
    ) -> Sequence[Candidate]:
        """As the register asks."""
        rows = self._due(unit, due_before)
        if after_id is not None:
            rows = rows.filter(pk__gt=after_id)
        return _candidates(rows.order_by("pk")[:limit])

    def count(self, *, unit: str | None, due_before: date) -> int:
        """As the register asks."""
        return self._due(unit, due_before).count()

    def locked(self, *, ids: Collection[UUID]) -> Sequence[Candidate]:
        """As the register asks; whoever writes in one waits for the same lock."""
        rows = Consultation.objects.select_for_update().filter(pk__in=ids)
        return _candidates(rows.order_by("pk"))

    def destroy(self, *, ids: Collection[UUID]) -> Destroyed:
        """As the register asks."""
        casework.throw_drafts_at(ids)
        removed, _by_model = Consultation.objects.filter(pk__in=ids).delete()
        return Destroyed({"consultation": removed} if removed else {})

    def address(self, thing: UUID) -> str:
        """The consultation's page, for those to whom it opens."""
        return reverse("consultations:show", args=[thing])

    def _due(self, unit: str | None, before: date) -> QuerySet[Consultation]:
        rows = Consultation.objects.filter(is_due(before, rule_class=""))
        return rows if unit is None else rows.filter(unit=unit)


def register() -> None:
    """Tell disposal, at start-up."""
    register_holding(Consultations())


def _candidates(rows: QuerySet[Consultation]) -> list[Candidate]:
    return [Candidate(row.pk, row.unit, row.last_note_on, box_ids=(row.box,)) for row in rows]
