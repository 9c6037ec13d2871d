"""The start page of a year's invoicing: what is done, what waits, and the one thing to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.money import kronor
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.register.organisations.queries import known_municipalities
from hamn.ui.lists import Column, Link, Tag, listing
from hamn.ui.pages import is_fragment, page
from hamn.ui.words import moment, said

from ... import queries
from ...rules import OPEN, OUTCOME_NAMES, RUN_NAMES, Outcome, Plan, RunState
from . import told

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ...models import InvoiceRun

FIRST_YEAR, LAST_YEAR = 2018, 2100
MOST_EARLIER = 10  # municipalities told by name for each earlier year
RUN_COLOURS = {
    RunState.PREPARED: "yellow",
    RunState.RELEASED: "blue",
    RunState.RUNNING: "blue",
    RunState.FINISHED: "green",
    RunState.CANCELLED: "grey",
    RunState.INTERRUPTED: "red",
}
_UNBILLED = (Outcome.TO_ISSUE, Outcome.HELD, Outcome.INCOMPLETE)


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: a sentence, and the button that leads there."""

    text: str
    button: str
    url: str


@permit("invoicing.see")
def runs(request: HttpRequest) -> HttpResponse:
    """The year's invoicing: figures, the next step, runs, and earlier years without invoices."""
    viewer, today = staff(request), timezone.localdate()
    year = _year(request, today.year)
    if is_fragment(request):
        return page(request, "invoicing/run_earlier.html", earlier=_earlier(viewer, year))
    in_hand = list(queries.runs_for(viewer).filter(state__in=OPEN)[: told.PAGE])
    return page(
        request,
        "invoicing/run_start.html",
        year=year,
        years=_years(year, today.year),
        cards=_cards(queries.year_totals(viewer, year), year),
        step=_next_step(viewer, year, in_hand, today.year),
        others=[run for run in in_hand if run.year != year],
        page=listing(
            request,
            queries.runs_for(viewer).filter(year=year),
            run_columns(),
            caption=_("Körningar för {year}").format(year=year),
            default="-run",
        ),
        earlier=_earlier(viewer, year) if "tidigare" in request.GET else None,
        waiting=queries.awaiting_number(viewer, year=year).count(),
        uses_ledger=queries.profile().uses_ledger,
        may_hand_over=permits.allows(viewer, "invoicing.deliver"),
        may_take_back=permits.allows(viewer, "invoicing.import_invoices"),
    )


def run_columns() -> list[Column]:
    """The columns of a list of runs."""
    return [
        Column("run", _("Körning"), _run_link, sort="pk"),
        Column("scope", _("Omfattning"), scope_of),
        Column("state", _("Läge"), run_tag, "tag"),
        Column("begun", _("Förberedd eller startad"), _begun),
        Column("released", _("Godkänd av"), lambda run: run.released_by),
        Column("issued", _("Utfärdade"), lambda run: run.issued, "integer", sort="issued"),
    ]


def run_tag(run: "InvoiceRun") -> Tag:
    """The run's state as a coloured label."""
    state = RunState(run.state)
    return Tag(said(RUN_NAMES[state]), RUN_COLOURS[state])


def scope_of(run: "InvoiceRun") -> str:
    """Which municipalities the run is about."""
    return known_municipalities().get(run.only, run.only) if run.only else _("alla kommuner")


def _year(request: HttpRequest, this_year: int) -> int:
    """The year that the address asks for; this one when it asks for no sense."""
    text = request.GET.get("ar", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else this_year
    return year if FIRST_YEAR <= year <= LAST_YEAR else this_year


def _years(chosen: int, this_year: int) -> list[dict[str, Any]]:
    """The years to choose from: last, this and next, and the chosen one."""
    years = sorted({this_year - 1, this_year, this_year + 1, chosen})
    return [{"text": str(year), "url": f"?ar={year}", "is_here": year == chosen} for year in years]


def _cards(totals: dict[str, int], year: int) -> list[dict[str, str]]:
    left = totals["invoiced_kr"] - totals["paid_kr"]
    return [
        {
            "value": str(totals["count"]),
            "label": _("utfärdade fakturor för {year}").format(year=year),
        },
        {"value": kronor(totals["invoiced_kr"]), "label": _("fakturerat efter krediteringar")},
        {"value": kronor(totals["paid_kr"]), "label": _("betalt")},
        {"value": kronor(left), "label": _("kvar att få in")},
    ]


def _next_step(
    viewer: "Person", year: int, in_hand: Sequence["InvoiceRun"], this_year: int
) -> Step:
    """The one thing that this person should do now."""
    own_year = [run for run in in_hand if run.year == year]
    waiting = [run for run in own_year if run.state == RunState.PREPARED]
    for run in waiting:
        if run.prepared_by_id != viewer.pk and permits.allows(viewer, "invoicing.release"):
            return _to_release(run)
    for run in own_year:
        if run.state != RunState.PREPARED:
            return _to_watch(run)
    if waiting:
        return _to_wait(waiting[0], viewer)
    return _after_latest(viewer, year) or _to_preview(viewer, year, this_year)


def _to_release(run: "InvoiceRun") -> Step:
    sentence = _(
        "{person} har förberett en körning på {sum} (antal fakturor: {count}). Granska och godkänn "
        "den."
    )
    return Step(
        _about(sentence, run),
        _("Granska körningen"),
        reverse("invoicing:release", args=[run.pk]),
    )


def _to_watch(run: "InvoiceRun") -> Step:
    return Step(
        _("En körning pågår: {done} av {all} avtal är klara.").format(
            done=run.looked_at, all=run.planned
        ),
        _("Följ körningen"),
        _run_url(run),
    )


def _to_wait(run: "InvoiceRun", viewer: "Person") -> Step:
    sentence = _(
        "{person} har förberett en körning på {sum} (antal fakturor: {count}). En controller eller "
        "enhetschefen behöver godkänna den."
    )
    if run.prepared_by_id == viewer.pk:
        sentence = _(
            "Du har förberett en körning på {sum} (antal fakturor: {count}). En annan controller "
            "eller enhetschefen behöver godkänna den."
        )
    return Step(_about(sentence, run), _("Visa körningen"), _run_url(run))


def _about(sentence: str, run: "InvoiceRun") -> str:
    return sentence.format(
        person=run.prepared_by, count=run.expected_count, sum=kronor(run.expected_kr or 0)
    )


def _after_latest(viewer: "Person", year: int) -> Step | None:
    """What the year's newest run left to mend; None when it left nothing."""
    latest = queries.runs_for(viewer).filter(year=year, started_at__isnull=False).first()
    if latest is None:
        return None
    if latest.state == RunState.INTERRUPTED:
        return Step(
            _("Den senaste körningen stannade i förtid. Se varför, och gör om det som är kvar."),
            _("Visa körningen"),
            _run_url(latest),
        )
    stopped = queries.run_counts(viewer, latest).get(Outcome.STOPPED, 0)
    if not stopped:
        return None
    return Step(
        _("Stoppade fakturor i den senaste körningen: {count}. Rätta uppgifterna.").format(
            count=stopped
        ),
        _("Visa vad som stoppades"),
        f"{_run_url(latest)}?utfall={Outcome.STOPPED}",
    )


def _to_preview(viewer: "Person", year: int, this_year: int) -> Step:
    totals = queries.run_totals(viewer, year)
    waits = sum(totals.by_outcome.get(one, 0) for one in told.TO_MEND)
    if year > this_year:
        text = _("Året har inte börjat. Det går att förhandsgranska nu och utfärda från 1 januari.")
    elif not totals.count:
        text = _("Det finns ingen faktura att utfärda just nu.")
    elif permits.allows(viewer, "invoicing.prepare"):
        text = _("Fakturor att utfärda: {count}, summa {sum}. Granska dem och förbered en körning.")
    else:
        text = _("Fakturor att utfärda: {count}, summa {sum}. Ingen har förberett en körning än.")
    text = text.format(count=totals.count, sum=kronor(totals.sum_kr))
    if waits:
        sentence = _("Kommuner som väntar på ett beslut eller en uppgift: {count}.")
        text = f"{text} {sentence.format(count=waits)}"
    button = _("Förhandsgranska {year}").format(year=year)
    return Step(text, button, reverse("invoicing:preview", args=[year]))


def _earlier(viewer: "Person", year: int) -> list[dict[str, Any]]:
    """Earlier years since the first invoice here, each with those who were not invoiced."""
    # What another system invoiced may be of years that no agreement is about.
    first = max(FIRST_YEAR, min(queries.years_with_invoices(viewer), default=year))
    found = []
    for earlier in range(year - 1, first - 1, -1):
        plans = [
            item
            for outcome in _UNBILLED
            for item in queries.preview_page(
                viewer, year=earlier, outcome=outcome, limit=MOST_EARLIER
            )
        ]
        if plans:
            found.append(_earlier_year(earlier, plans))
    return found


def _earlier_year(year: int, plans: Sequence[Plan]) -> dict[str, Any]:
    return {
        "year": year,
        "url": reverse("invoicing:preview", args=[year]),
        "municipalities": [
            {"name": item.name, "outcome": said(OUTCOME_NAMES[item.outcome])}
            for item in plans[:MOST_EARLIER]
        ],
        "has_more": len(plans) > MOST_EARLIER,
    }


def _run_url(run: "InvoiceRun") -> str:
    return reverse("invoicing:run", args=[run.pk])


def _run_link(run: "InvoiceRun") -> Link:
    return Link(_("Körning {number}").format(number=run.pk), _run_url(run))


def _begun(run: "InvoiceRun") -> str:
    person, at = run.prepared_by, run.prepared_at
    if at is None:
        person, at = run.started_by, run.started_at
    return _("{moment} av {person}").format(moment=moment(at), person=person) if at else ""
