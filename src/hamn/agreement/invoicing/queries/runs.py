"""The runs: how each stands, and what came of it by municipality."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from hamn.core.errors import NotVisible, Refusal, _
from hamn.guards.access import permits
from hamn.register.organisations import queries as organisations

from ..document import Kind
from ..models import Invoice, InvoiceRun, RunOutcome
from ..rules import DEAD_AFTER, Outcome, Plan, RunState
from .invoices import invoices_for, real_due_on

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

CODE = "agreement__party__municipality"


def runs_for(viewer: "Person") -> QuerySet[InvoiceRun]:
    """The runs, newest first, each with who prepared, released and started it."""
    permits.require(viewer, "invoicing.see")
    return InvoiceRun.objects.select_related("prepared_by", "released_by", "started_by").order_by(
        "-pk"
    )


def run_of(viewer: "Person", run_id: int) -> InvoiceRun:
    """The run with the id.

    Raises NotVisible.
    """
    found = runs_for(viewer).filter(pk=run_id).first()
    if found is None:
        raise NotVisible(_("Körningen finns inte. Välj en i listan över körningar."))
    return found


def locked_run(by: "Person", run_id: int) -> InvoiceRun:
    """The run, locked until the transaction ends.

    Raises NotVisible.
    """
    run = run_of(by, run_id)
    run.refresh_from_db(from_queryset=InvoiceRun.objects.select_for_update())
    return run


def is_silent(run: InvoiceRun) -> bool:
    """Whether nothing has been heard for long from a run at work: whoever worked on it is gone."""
    heard_at = run.progressed_at or run.started_at
    is_at_work = run.state == RunState.RUNNING
    return is_at_work and (heard_at is None or timezone.now() - heard_at > DEAD_AFTER)


def fault_of(run: InvoiceRun) -> Refusal | None:
    """Why the run stopped or waits, as a refusal to show like any other; None when nothing did."""
    return Refusal(run.fault["sentence"], **run.fault["facts"]) if run.fault else None


def latest_run(year: int) -> InvoiceRun:
    """The newest run of the year that looked at every agreement.

    Raises NotVisible when there is none.
    """
    begun = InvoiceRun.objects.filter(year=year, only="", started_at__isnull=False)
    found = begun.order_by("-pk").first()
    if found is None:
        raise NotVisible(_("Ingen körning har gjorts för {year}."), year=year)
    return found


def run_counts(viewer: "Person", run: InvoiceRun) -> dict[Outcome, int]:
    """How many of each outcome the run has given so far, issued first."""
    permits.require(viewer, "invoicing.see")
    rows = run.outcomes.values_list("outcome").annotate(count=Count("pk")).order_by("outcome")
    counts = {Outcome(outcome): count for outcome, count in rows}
    return {Outcome.ISSUED: run.issued, **counts}


def run_rows(viewer: "Person", run: InvoiceRun) -> list[dict[str, Any]]:
    """What came of a run, by municipality: what was issued, and why the rest was not."""
    permits.require(viewer, "invoicing.see")
    charges = invoices_for(viewer).filter(year=run.year).exclude(kind=Kind.CREDIT)
    return _rows(run, list(charges), run.outcomes.select_related("agreement__party"))


def run_page(
    viewer: "Person",
    run: InvoiceRun,
    *,
    after: str | None = None,
    limit: int = 50,
    outcome: Outcome | None = None,
) -> list[dict[str, Any]]:
    """The rows of the next municipalities after a code, as `run_rows` gives them all."""
    permits.require(viewer, "invoicing.see")
    issued = Invoice.objects.filter(run=run).exclude(kind=Kind.CREDIT)
    others = run.outcomes.select_related("agreement__party")
    if outcome is not None:
        others = others.filter(outcome=outcome)
        issued = issued if outcome == Outcome.ISSUED else issued.none()
    codes = sorted(
        {
            *_codes_after(issued, CODE, after, limit),
            *_codes_after(others, "code", after, limit),
        }
    )[:limit]
    charges = invoices_for(viewer).filter(year=run.year, **{f"{CODE}__in": codes})
    rows = _rows(run, list(charges.exclude(kind=Kind.CREDIT)), others.filter(code__in=codes))
    return [row for row in rows if outcome in (None, row["outcome"])]


def plan_row(item: Plan) -> dict[str, Any]:
    """A plan as a row of the preview."""
    other = item.other_reading
    return {
        "municipality_code": item.code,
        "name": item.name,
        "outcome": item.outcome,
        "facts": item.facts,
        "number": "",
        "twelfths": item.fee.twelfths if item.fee else None,
        "amount_kr": item.fee.amount_kr if item.fee else None,
        "other_base_year": str(item.other_base_year or ""),
        "other_amount_kr": other.amount_kr if other else None,
        "difference_kr": other.amount_kr - item.fee.amount_kr if other and item.fee else None,
        "due_on": None,
    }


def _codes_after(rows: QuerySet[Any], field: str, after: str | None, limit: int) -> list[str]:
    found = rows.filter(**{f"{field}__gt": after or ""}).order_by(field)
    return list(found.values_list(field, flat=True).distinct()[:limit])


def _rows(
    run: InvoiceRun, charges: list[Invoice], outcomes: Iterable[RunOutcome]
) -> list[dict[str, Any]]:
    names = organisations.known_municipalities()
    by_number = {str(row): row for row in charges}
    rows = [_issued_row(row) for row in charges if row.run_id == run.pk]
    rows += [
        {
            # What was invoiced before keeps its number and amount in every later summary.
            **_issued_row(
                by_number.get(str(row.facts.get("number")))
                if row.outcome == Outcome.ALREADY_INVOICED
                else None
            ),
            "municipality_code": row.code,
            "name": row.agreement.party.name if row.agreement else names[row.code],
            "outcome": row.outcome,
            "facts": row.facts,
        }
        for row in outcomes
    ]
    return sorted(rows, key=lambda row: str(row["municipality_code"]))


def _issued_row(row: Invoice | None) -> dict[str, Any]:
    party = row.agreement.party if row else None
    return {
        "municipality_code": party.municipality_id if party else "",
        "name": party.name if party else "",
        "outcome": Outcome.ISSUED,
        "facts": {},
        "number": str(row) if row else "",
        "twelfths": row.twelfths if row else None,
        "amount_kr": row.amount_kr if row else None,
        "other_base_year": "",
        "other_amount_kr": None,
        "difference_kr": None,
        "due_on": real_due_on(row) if row else None,
    }
