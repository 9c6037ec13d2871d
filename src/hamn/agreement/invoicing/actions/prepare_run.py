"""The first half of a run with four eyes: one person sees what it would issue, and asks for it."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from hamn.core.errors import _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.register.organisations.queries import known_municipalities
from hamn.register.organisations.rules import known_code

from .. import queries, rules
from ..events import Event
from ..models import InvoiceRun
from ..rules import OPEN, RUN_NAMES, RunState, RunUnderWay
from .issue import end

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def prepare_run(
    *, year: int, today: date, by: "Person", only: str | None = None, hands_over: bool = False
) -> InvoiceRun:
    """A run for another person to release, with the count and the sum that it would issue now.

    hands_over: only a basis for the ledger; always so where the profile says that it does.
    Raises YearNotBegun, NothingToIssue; RunUnderWay beside another one for the same year and
    scope; BadInput for an impossible year or code.
    """
    permits.require(by, "invoicing.prepare")
    rules.check_year(year)
    rules.check_year_begun(year, today=today)
    scope = known_code(only, known_municipalities()) if only else ""
    # Outside the transaction: ten thousand agreements take a second, and nobody should wait for it.
    totals = queries.totals_now(by, year, scope or None)
    rules.check_something(totals.count, year=year)
    run = InvoiceRun(
        year=year,
        only=scope,
        today=today,
        prepared_at=timezone.now(),
        prepared_by=by,
        expected_count=totals.count,
        expected_kr=totals.sum_kr,
        planned=queries.to_look_at(by, only=scope or None).count(),
        hands_over=hands_over or queries.profile().uses_ledger,
    )
    try:
        with transaction.atomic():
            _refuse_beside(run, by)
            run.save()
            facts = {"year": year, "only": scope, "count": totals.count, "sum_kr": totals.sum_kr}
            audit.record(Event.RUN_PREPARED, by=by, on=run, **facts)
    except IntegrityError as fault:  # another person prepared one in the same moment
        raise _under_way(year, RunState.PREPARED) from fault
    return run


def _refuse_beside(run: InvoiceRun, by: "Person") -> None:
    """Raise RunUnderWay beside an open run; one whose worker is gone is ended instead."""
    beside = InvoiceRun.objects.select_for_update().filter(
        year=run.year, only=run.only, state__in=OPEN
    )
    for other in beside:
        if not queries.is_silent(other):
            raise _under_way(run.year, RunState(other.state))
        end(other, RunState.INTERRUPTED, by)


def _under_way(year: int, state: RunState) -> RunUnderWay:
    return RunUnderWay(
        _("En körning för {year} finns redan: den är {state}. Fortsätt med den eller ta bort den."),
        year=year,
        state=RUN_NAMES[state],
    )
