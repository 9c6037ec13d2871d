"""A year's invoices, issued in batches, each batch whole or not at all.

For each batch: plan, write the documents with the numbers that come next, hold them to the rules,
and only then open a transaction that takes the numbers and stores everything. If anything moved
meanwhile, the batch is made again. So every stored byte has been validated, no number is lost to
an invoice that was stopped, and a kill at any point loses and doubles nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hamn.agreement.agreements import actions as agreements
from hamn.agreement.agreements import queries as agreement_queries
from hamn.core.errors import Refusal, _
from hamn.guards.access import permits
from hamn.guards.audit import actions as audit

from .. import queries, rules
from ..drafting import Buyer, Seller, charge, line_text
from ..events import Event
from ..models import Invoice, InvoiceLine, InvoiceRun, RunOutcome
from ..rules import Outcome, Overtaken, Plan, RunState, Stopped
from .press import Press, Pressed
from .store import Moved, Ready, ensure_series, next_place, numbered, store

if TYPE_CHECKING:
    from hamn.agreement.agreements.models import Agreement
    from hamn.guards.access.models import Person

Progress = Callable[[InvoiceRun], None]


def run_year(
    *,
    year: int,
    today: date,
    by: "Person",
    press: Press,
    only: str | None = None,
    hands_over: bool = False,
    progress: Progress = lambda _run: None,
) -> InvoiceRun:
    """The year's invoices for every agreement, or for one municipality; returns the ended run.

    The command line's way, which needs no second person (docs/adr/0013).
    hands_over: only a basis for the ledger, which numbers and sends; always so where the profile
    says that it does.
    Run again, it gives nothing new; after a kill it goes on where it stopped.
    Raises YearNotBegun, PermissionDenied; BadInput for an impossible year.
    """
    permits.require(by, "invoicing.issue")
    rules.check_year(year)
    rules.check_year_begun(year, today=today)
    with transaction.atomic():
        run = _start(year, only or "", today, hands_over or queries.profile().uses_ledger, by)
        audit.record(Event.RUN_STARTED, by=by, on=run, year=year, planned=run.planned)
    return work_off(run, press, by, progress)


def work_off(run: InvoiceRun, press: Press, by: "Person", progress: Progress) -> InvoiceRun:
    """What is left of a run at work; returns it ended. Both ways into a run meet here.

    It goes on after the last agreement that was looked at, whoever stopped there.
    Raises Overtaken when someone else works on it.
    """
    agreements.end_due(today=run.today)
    rows = queries.to_look_at(by, only=run.only or None)
    for batch in queries.in_batches(rows, after=run.reached):
        if not _issue_batch(run, [row.pk for row in batch], press, by):
            return end(run, RunState.CANCELLED, by)
        progress(run)
    return _finish(run, by)


def prepare(
    plans: Sequence[Plan],
    buyers: dict[int, Buyer],
    *,
    seller: Seller,
    run: InvoiceRun,
    press: Press,
    by: "Person",
    round_: int = 0,
) -> tuple[list[Ready], list[Plan], str, int]:
    """Planned fees as invoices ready to store, the plans that give none, and their first number.

    A plan that an e-invoice rule stops joins the latter with its reason and takes no number.
    """
    series = rules.series_name(seller.profile.series_prefix, run.today)
    first = next_place(series)
    ready: list[Ready] = []
    without: list[Plan] = []
    for item in plans:
        if item.outcome != Outcome.TO_ISSUE or item.agreement_id is None:
            without.append(item)
            continue
        number = rules.number_in(series, first + len(ready))
        try:
            pressed = _pressed(item, number, seller, buyers[item.agreement_id], run, press)
        except Stopped as refusal:
            without.append(replace(item, outcome=Outcome.STOPPED, facts=refusal.facts))
            continue
        ready.append(_ready(item, pressed, seller, run, by, round_))
    return ready, without, series, first


def _pressed(
    item: Plan, number: str, seller: Seller, buyer: Buyer, run: InvoiceRun, press: Press
) -> Pressed | None:
    if run.hands_over:
        return None
    return press.press(charge(item, number=number, issued_on=run.today, seller=seller, buyer=buyer))


def _ready(
    item: Plan, pressed: Pressed | None, seller: Seller, run: InvoiceRun, by: "Person", round_: int
) -> Ready:
    assert item.fee and item.kind and item.agreement_id  # only plans to issue come here
    invoice = Invoice(
        agreement_id=item.agreement_id,
        run=run if run.pk else None,
        kind=item.kind,
        year=item.fee.year,
        round=round_,
        twelfths=item.fee.twelfths,
        amount_kr=item.fee.amount_kr,
        explanation=[step.as_data() for step in item.fee.steps],
        created_by=by,
    )
    text = line_text(item, seller)
    line = InvoiceLine(position=1, text=text, amount_kr=item.fee.amount_kr)
    return Ready(numbered(invoice, pressed), [line], pressed)


def _issue_batch(run: InvoiceRun, agreement_ids: Sequence[int], press: Press, by: "Person") -> bool:
    """Issue one batch; False when the run was cancelled, and then nothing of it is."""
    for _attempt in range(20):
        batch = list(queries.to_look_at(by).filter(pk__in=agreement_ids))
        plans = queries.plans(batch, year=run.year)
        seller, buyers = queries.seller(run.today), queries.buyers(batch, run.today)
        ready, without, series, first = prepare(
            plans, buyers, seller=seller, run=run, press=press, by=by
        )
        ensure_series(series)
        try:
            with transaction.atomic():
                if not _hold(run):
                    return False
                refuse_changed(by, batch, plans, run.year)
                store(ready, series=series, first=first, by=by)
                _note(run, without, by)
                _advance(run, agreement_ids, len(ready))
        except Moved:
            continue
        return True
    raise Refusal(_("Någon annan fakturerar samtidigt. Vänta en stund och kör igen."))


def refuse_changed(
    by: "Person",
    batch: Sequence["Agreement"],
    plans: Sequence[Plan],
    year: int,
    *,
    anew: bool = False,
) -> None:
    """Raise Moved when what decides the charges was changed after the plans were made."""
    ids = [row.pk for row in batch]
    agreement_queries.lock(ids)
    fresh = list(queries.to_look_at(by).filter(pk__in=ids))
    if queries.plans(fresh, year=year, anew=anew) != list(plans):
        raise Moved


def _start(year: int, only: str, today: date, hands_over: bool, by: "Person") -> InvoiceRun:
    # A run at the command line has no one to take it up again: the next one does what is left.
    earlier = InvoiceRun.objects.filter(year=year, only=only, prepared_at=None)
    earlier.filter(state=RunState.RUNNING).update(state=RunState.INTERRUPTED)
    now = timezone.now()
    return InvoiceRun.objects.create(
        year=year,
        only=only,
        today=today,
        state=RunState.RUNNING,
        planned=queries.to_look_at(by, only=only or None).count(),
        hands_over=hands_over,
        started_at=now,
        started_by=by,
        progressed_at=now,
    )


def _hold(run: InvoiceRun) -> bool:
    """The run's row locked and read anew; False when it was cancelled.

    Raises Overtaken when someone else has gone on with it or ended it.
    """
    reached = run.reached
    run.refresh_from_db(from_queryset=InvoiceRun.objects.select_for_update())
    if run.state == RunState.INTERRUPTED and run.prepared_at is None:
        run.state = RunState.RUNNING  # another run took this one for dead
    is_cancelled = run.state == RunState.CANCELLED or run.is_cancel_requested
    if run.state not in (RunState.RUNNING, RunState.CANCELLED) or (
        run.reached != reached and not is_cancelled
    ):
        raise Overtaken(_("Körningen drivs vidare av en annan process. Läs in sidan på nytt."))
    return not is_cancelled


def _note(run: InvoiceRun, plans: Sequence[Plan], by: "Person") -> None:
    """Why these got no invoice; a stopped one also stands in the trail."""
    RunOutcome.objects.bulk_create(
        RunOutcome(
            run=run,
            code=item.code,
            agreement_id=item.agreement_id,
            outcome=item.outcome,
            facts=dict(item.facts),
        )
        for item in plans
    )
    stopped = [item for item in plans if item.outcome == Outcome.STOPPED]
    audit.record_many(
        (
            audit.Happening(
                Event.STOPPED,
                run,
                {"agreement": item.agreement_id, "year": run.year, "rules": item.facts["rules"]},
            )
            for item in stopped
        ),
        by=by,
    )


def _advance(run: InvoiceRun, agreement_ids: Sequence[int], issued: int) -> None:
    run.looked_at += len(agreement_ids)
    run.reached = agreement_ids[-1]
    run.issued += issued
    run.progressed_at = timezone.now()
    run.save(update_fields=["state", "looked_at", "reached", "issued", "progressed_at"])


@transaction.atomic
def _finish(run: InvoiceRun, by: "Person") -> InvoiceRun:
    if not _hold(run):
        return end(run, RunState.CANCELLED, by)
    only = run.only or None
    seen = queries.codes_to_look_at(by, only=only)
    _note(run, list(queries.without_agreement(by, seen, only=only)), by)
    return end(run, RunState.FINISHED, by)


@transaction.atomic
def end(run: InvoiceRun, state: RunState, by: "Person | None") -> InvoiceRun:
    """The run, ended; one that was ended already stays as it is."""
    if run.state == state:
        return run
    rules.check_run_move(RunState(run.state), state)
    run.state, run.finished_at = state, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    audit.record(Event.RUN_ENDED, by=by, on=run, year=run.year, state=state, issued=run.issued)
    return run
