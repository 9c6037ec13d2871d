"""Four eyes on screen: a run is prepared by one person and released by another, or put away."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.agreement.agreements.rules import check_seen
from hamn.core.money import kronor
from hamn.guards.access.permits import permit, staff
from hamn.register.organisations.queries import known_municipalities
from hamn.register.organisations.rules import known_code
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page
from hamn.ui.words import moment, said

from ... import actions, queries, rules
from ...forms.runs import BASIS, PrepareForm, ReleaseForm
from ...rules import RUN_NAMES, RunState

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ...models import InvoiceRun
    from ...queries import RunTotals

LONGEST_SUM = 18  # digits


@permit("invoicing.prepare")
def prepare(request: HttpRequest, year: int) -> HttpResponse:
    """What a run would issue, and the button that asks another person to release it."""
    viewer = staff(request)
    rules.check_year(year)
    rules.check_year_begun(year, today=timezone.localdate())
    uses_ledger = queries.profile().uses_ledger
    form = PrepareForm.of(
        request,
        asks_way=not uses_ledger,
        initial={"kommun": request.GET.get("kommun", "")},
    )
    only = _scope(form)
    totals = queries.run_totals(viewer, year, only=only)
    back = reverse("invoicing:preview", args=[year])
    if not totals.count:
        return _closed(request, _nothing(year, only), back)
    made: list[InvoiceRun] = []
    if form.sent(lambda given: made.append(_prepare(given, _seen(totals), year, only, viewer))):
        told = _("Körningen är förberedd. En annan person granskar och godkänner den.")
        return done(request, told, "invoicing:run", made[0].pk)
    form.show_again(_seen(totals))
    return page(
        request,
        "invoicing/run_form.html",
        form=form,
        heading=_("Förbered fakturering av {year}").format(year=year),
        lead=_("Inget utfärdas än. En annan person granskar samma uppgifter och godkänner dem."),
        rows=_scope_rows(year, only, uses_ledger) + _total_rows(totals),
        below=_who_releases(),
        button=_("Förbered körningen"),
        back_url=back,
    )


@permit("invoicing.release")
def release(request: HttpRequest, run_id: int) -> HttpResponse:
    """What another person prepared, what would be issued now, and the button to let it go."""
    viewer = staff(request)
    run = queries.run_of(viewer, run_id)
    back = reverse("invoicing:run", args=[run_id])
    if run.state != RunState.PREPARED:
        return _closed(request, _not_prepared(run), back)
    if run.prepared_by_id == viewer.pk and request.method != "POST":
        return _closed(request, own_run(), back)
    totals = queries.run_totals(viewer, run.year, only=run.only or None)
    is_changed = (totals.count, totals.sum_kr) != (run.expected_count, run.expected_kr)
    form = ReleaseForm.of(request)
    if form.sent(lambda given: _release(given["seen"], run_id, viewer)):
        return done(request, _("Körningen är godkänd. Fakturorna utfärdas nu."), back)
    form.show_again(str(totals.sum_kr))
    return page(
        request,
        "invoicing/run_form.html",
        form=form,
        heading=_("Godkänn fakturering av {year}").format(year=run.year),
        rows=run_rows(run) + _difference_rows(run, totals),
        changed=is_changed,
        withdraw_url=reverse("invoicing:withdraw_run", args=[run_id]),
        preview_url=reverse("invoicing:preview", args=[run.year]),
        warning=_final(run, totals),
        button=_("Godkänn och utfärda"),
        is_final=True,
        back_url=back,
    )


@permit("invoicing.withdraw_run")
def withdraw_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """A prepared run is put away before anyone releases it."""
    viewer = staff(request)
    run = queries.run_of(viewer, run_id)
    back = reverse("invoicing:run", args=[run_id])
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.withdraw_run(run_id=run_id, by=viewer)):
        told = _("Körningen är borttagen. Inget utfärdades.")
        return done(request, told, "invoicing:preview", run.year)
    if run.state != RunState.PREPARED and not form.errors:
        return _closed(request, _not_prepared(run), back)
    return page(
        request,
        "invoicing/run_form.html",
        form=form,
        heading=_("Ta bort den förberedda körningen"),
        lead=_("Inget har utfärdats. Körningen kan förberedas på nytt när som helst."),
        rows=run_rows(run),
        button=_("Ta bort körningen"),
        back_url=back,
    )


@permit("invoicing.cancel_run")
def cancel_run(request: HttpRequest, run_id: int) -> HttpResponse:
    """A run in the queue or at work is stopped; what is issued stays issued."""
    viewer = staff(request)
    run = queries.run_of(viewer, run_id)
    back = reverse("invoicing:run", args=[run_id])
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.cancel_run(run_id=run_id, by=viewer)):
        return done(request, _("Körningen avbryts."), back)
    if run.state not in rules.OPEN and not form.errors:
        return _closed(request, _ended(run), back)
    return page(
        request,
        "invoicing/run_form.html",
        form=form,
        heading=_("Avbryt körningen"),
        warning=_(
            "Det som redan är utfärdat står kvar (antal fakturor: {issued}). Resten utfärdas inte "
            "förrän en ny körning görs."
        ).format(issued=run.issued),
        rows=run_rows(run),
        button=_("Avbryt körningen"),
        is_final=True,
        back_url=back,
    )


def run_rows(run: "InvoiceRun") -> list[dict[str, Any]]:
    """What a run is about and who has done what with it, for a summary list."""
    rows = _scope_rows(run.year, run.only or None, run.hands_over)
    if run.prepared_at:
        rows.append(_row(_("Förberedd"), _who(run.prepared_by, run.prepared_at)))
        sentence = _("{sum} (antal fakturor: {count})")
        told = sentence.format(count=run.expected_count, sum=kronor(run.expected_kr or 0))
        rows.append(_row(_("Förberett underlag"), told))
    if run.released_at:
        rows.append(_row(_("Godkänd"), _who(run.released_by, run.released_at)))
    elif run.started_at:
        rows.append(_row(_("Startad"), _who(run.started_by, run.started_at)))
    if run.finished_at:
        rows.append(_row(_("Slutade"), moment(run.finished_at)))
    return rows


def own_run() -> list[str]:
    """Why who prepared a run cannot release it, and who can."""
    return [
        _("Du har själv förberett körningen. Två personer ska se varje summa."),
        _("En annan controller eller enhetschefen kan granska och godkänna den."),
    ]


def _prepare(
    given: dict[str, Any], present: str, year: int, only: str | None, by: "Person"
) -> "InvoiceRun":
    check_seen(given["seen"], present)
    return actions.prepare_run(
        year=year,
        today=timezone.localdate(),
        by=by,
        only=only,
        hands_over=given.get("way") == BASIS,
    )


def _release(seen: str, run_id: int, by: "Person") -> None:
    is_sum = seen.isascii() and seen.isdecimal() and len(seen) <= LONGEST_SUM
    actions.release_run(
        run_id=run_id,
        expected_kr=int(seen) if is_sum else -1,
        today=timezone.localdate(),
        by=by,
    )


def _seen(totals: "RunTotals") -> str:
    return f"{totals.count}.{totals.sum_kr}"


def _scope(form: PrepareForm) -> str | None:
    """The one municipality that is asked for; None for all.

    Raises BadInput for a code that no municipality has.
    """
    wanted = str(form["kommun"].value() or "").strip()
    return known_code(wanted, known_municipalities()) if wanted else None


def _scope_rows(year: int, only: str | None, hands_over: bool) -> list[dict[str, Any]]:
    name = known_municipalities().get(only, only) if only else _("alla kommuner med avtal")
    rows = [_row(_("År"), str(year)), _row(_("Omfattning"), name)]
    if hands_over:
        rows.append(_row(_("Nummer"), _("Ekonomisystemet numrerar; Hamn lämnar underlaget")))
    return rows


def _total_rows(totals: "RunTotals") -> list[dict[str, Any]]:
    return [
        _row(_("Fakturor"), str(totals.count)),
        _row(_("Summa"), kronor(totals.sum_kr)),
    ]


def _difference_rows(run: "InvoiceRun", totals: "RunTotals") -> list[dict[str, Any]]:
    """What would be issued now, and the difference where there is one."""
    now = _("{sum} (antal fakturor: {count})").format(count=totals.count, sum=kronor(totals.sum_kr))
    rows = [_row(_("Underlag just nu"), now)]
    if difference := totals.sum_kr - (run.expected_kr or 0):
        rows.append(_row(_("Skillnad"), kronor(difference)))
    return rows


def _final(run: "InvoiceRun", totals: "RunTotals") -> str:
    """What the button does, and that it cannot be undone."""
    count, total = totals.count, kronor(totals.sum_kr)
    sentence = _(
        "Fakturor på sammanlagt {sum} utfärdas med dagens datum (antal: {count}). En utfärdad "
        "faktura kan inte ändras, bara krediteras."
    )
    if run.hands_over:
        sentence = _(
            "Underlag på sammanlagt {sum} skapas till ekonomisystemet (antal fakturor: {count}). "
            "Det kan inte ändras efteråt, bara krediteras."
        )
    return sentence.format(count=count, sum=total)


def _who_releases() -> str:
    return _(
        "Körningen godkänns av en annan controller eller av enhetschefen, inte av dig som "
        "förbereder den."
    )


def _nothing(year: int, only: str | None) -> list[str]:
    sentence = _("Det finns ingen faktura att utfärda för {year}.").format(year=year)
    if only:
        name = known_municipalities()[only]
        sentence = _("Det finns ingen faktura att utfärda för {name} {year}.").format(
            name=name, year=year
        )
    return [sentence, _("Skälen står i förhandsgranskningen, kommun för kommun.")]


def _not_prepared(run: "InvoiceRun") -> list[str]:
    name = said(RUN_NAMES[RunState(run.state)])
    return [_("Körningen väntar inte på godkännande längre. Den är: {state}.").format(state=name)]


def _ended(run: "InvoiceRun") -> list[str]:
    name = said(RUN_NAMES[RunState(run.state)])
    return [_("Körningen har redan slutat. Den är: {state}.").format(state=name)]


def _closed(request: HttpRequest, sentences: list[str], back_url: str) -> HttpResponse:
    return page(
        request,
        "invoicing/run_closed.html",
        heading=_("Det går inte att göra nu"),
        sentences=sentences,
        back_url=back_url,
    )


def _who(person: "Person | None", at: Any) -> str:
    return _("{moment} av {person}").format(moment=moment(at), person=person)


def _row(key: str, value: object) -> dict[str, Any]:
    return {"key": {"text": key}, "value": {"text": str(value)}}
