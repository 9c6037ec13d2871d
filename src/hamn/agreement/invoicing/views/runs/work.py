"""A run on screen: waiting, at work with its progress, and what came of it by municipality."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.ui.exports import as_file
from hamn.ui.pages import is_fragment, page
from hamn.ui.words import moment, refusal_sentences

from ... import queries
from ...rules import Outcome, RunState
from . import told
from .release import own_run, run_rows
from .start import run_tag, scope_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ...models import InvoiceRun

AT_WORK = {RunState.RELEASED, RunState.RUNNING}
PATIENCE_S = 60  # in the queue; then the page says what may be wrong


@permit("invoicing.see")
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """The run as it stands: what waits for release, how far it has come, or its result.

    A live page asks for its progress alone, and is told to read itself anew when the run has ended.
    """
    viewer = staff(request)
    found = queries.run_of(viewer, run_id)
    is_at_work = found.state in AT_WORK
    if is_fragment(request):
        response = page(request, "ui/progress.html", **_progress(found))
        if not is_at_work:
            response.headers["HX-Refresh"] = "true"
        return response
    context = {
        "run": found,
        "heading": _("Fakturering av {year}: {scope}").format(
            year=found.year, scope=scope_of(found)
        ),
        "state": run_tag(found),
        "rows": run_rows(found),
        "fault": _fault(found),
        "is_at_work": is_at_work,
        "is_prepared": found.state == RunState.PREPARED,
        **_may(viewer, found),
    }
    if is_at_work:
        context["progress"] = _progress(found)
    elif found.started_at:
        context.update(_result(request, viewer, found))
    return page(request, "invoicing/run_show.html", **context)


@permit("invoicing.see")
def run_file(request: HttpRequest, run_id: int, form: str) -> HttpResponseBase:
    """The result by municipality as a file: `summary` of the command line."""
    viewer = staff(request)
    found = queries.run_of(viewer, run_id)
    rows = map(told.with_reason, queries.run_rows(viewer, found))
    name = f"korning-{found.pk}"
    return as_file(told.file_columns(), rows, form=form, name=name, title=str(found.year))


def _progress(run: "InvoiceRun") -> dict[str, Any]:
    """What the live part of the page shows."""
    return {
        "url": reverse("invoicing:run", args=[run.pk]),
        "is_done": run.state not in AT_WORK,
        "value": run.looked_at,
        "most": max(run.planned, 1),
        "text": _told(run),
    }


def _told(run: "InvoiceRun") -> str:
    """How far the run has come, in a sentence or two."""
    if run.is_cancel_requested:
        return _("Körningen avbryts så snart den omgång som pågår är klar.")
    if queries.is_silent(run):
        return _(
            "Körningen har inte hörts av sedan {moment}. Den fortsätter när arbetsprocessen är "
            "igång igen; inget går förlorat. Be systemadministratören om hjälp."
        ).format(moment=moment(run.progressed_at or run.started_at))
    if run.state == RunState.RUNNING:
        return _("{done} av {all} avtal är klara. Utfärdade fakturor: {issued}.").format(
            done=run.looked_at, all=run.planned, issued=run.issued
        )
    waited = (timezone.now() - run.released_at).total_seconds() if run.released_at else 0
    if waited > PATIENCE_S:
        return _(
            "Körningen har väntat sedan {moment}. Händer inget, be systemadministratören "
            "kontrollera att arbetsprocessen är igång."
        ).format(moment=moment(run.released_at))
    return _("Körningen är godkänd och börjar strax.")


def _may(viewer: "Person", run: "InvoiceRun") -> dict[str, Any]:
    """What this person can do with the run, and why she cannot release it."""
    is_own = run.prepared_by_id == viewer.pk
    releases = permits.allows(viewer, "invoicing.release")
    why_not: list[str] = []
    if run.state == RunState.PREPARED and is_own:
        why_not = own_run()
    elif run.state == RunState.PREPARED and not releases:
        why_not = [_("Körningen väntar på att en controller eller enhetschefen godkänner den.")]
    return {
        "may_release": releases and not is_own,
        "may_withdraw": permits.allows(viewer, "invoicing.withdraw_run"),
        "may_cancel": permits.allows(viewer, "invoicing.cancel_run")
        and not run.is_cancel_requested,
        "may_hand_over": run.hands_over and permits.allows(viewer, "invoicing.deliver"),
        "may_take_back": run.hands_over and permits.allows(viewer, "invoicing.import_invoices"),
        "may_prepare": permits.allows(viewer, "invoicing.prepare"),
        "why_not": why_not,
    }


def _result(request: HttpRequest, viewer: "Person", run: "InvoiceRun") -> dict[str, Any]:
    """What came of the run: figures by outcome, and one page of municipalities."""
    counts, outcome = queries.run_counts(viewer, run), told.asked_outcome(request)
    rows = queries.run_page(
        viewer,
        run,
        after=told.asked_place(request),
        limit=told.PAGE + 1,
        outcome=outcome,
    )
    return {
        "tabs": told.tabs(request, counts, outcome),
        "page": told.page_by_code(
            request, rows, told.result_columns(viewer, run.year), caption=_("Resultat per kommun")
        ),
        "is_later_page": bool(told.asked_place(request)),
        "stopped": counts.get(Outcome.STOPPED, 0),
        "to_mend": told.to_mend(counts),
        "is_cut_short": run.state in (RunState.CANCELLED, RunState.INTERRUPTED),
    }


def _fault(run: "InvoiceRun") -> list[str]:
    """Why the run stopped or waits."""
    refusal = queries.fault_of(run)
    return refusal_sentences(refusal) if refusal else []
