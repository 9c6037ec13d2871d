"""Disposal that was done before Hamn, so that the centre's certificates are whole."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from hamn.core.errors import BadInput, _
from hamn.guards.access import permits
from hamn.guards.access.rules import every_unit
from hamn.guards.audit import actions as audit

from .. import rules
from ..events import Event
from ..models import Certificate
from .plan import Unit

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@transaction.atomic
def record_earlier(
    *,
    unit: str,
    due_before: date,
    approved_on: date,
    finished_on: date,
    approved_title: str,
    run_title: str,
    records: Mapping[str, Mapping[str, int]],
    today: date,
    by: "Person",
) -> Certificate:
    """The certificate of a disposal before Hamn, entered afterwards and marked so.

    records: how many, by kind and rule class. It says nothing of keys: there were none.
    Raises BadInput for an unknown unit or rule class, for days out of order or to come.
    """
    permits.require(by, "disposal.record_earlier", Unit(unit))
    if unit not in every_unit():
        raise BadInput(_("Enheten {unit} finns inte. Välj en i listan."), unit=unit)
    for counts in records.values():
        for code in counts:
            rules.rule_class(code)
    if not approved_on <= finished_on <= today:
        raise BadInput(_("Dagarna stämmer inte: gallringen godkänns före den görs, och är gjord."))
    row = Certificate.objects.create(
        unit=unit,
        due_before=due_before,
        planned_on=approved_on,
        planned_title="",
        approved_on=approved_on,
        approved_title=approved_title,
        finished_on=finished_on,
        run_title=run_title,
        records={kind: dict(counts) for kind, counts in records.items()},
        rows={},
        excluded=0,
        moved=0,
        key_versions={},
        new_key_versions={},
        is_earlier=True,
    )
    audit.record(Event.EARLIER_RECORDED, by=by, on=row, unit=unit, on_day=finished_on.isoformat())
    return row
