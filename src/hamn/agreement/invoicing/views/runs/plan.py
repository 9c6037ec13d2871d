"""The year before anything is issued: who will be invoiced, who will not and why, and decisions."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.agreements.rules import check_seen
from hamn.core.money import kronor
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.register.organisations import queries as organisations
from hamn.ui.exports import as_file
from hamn.ui.pages import done, page

from ... import actions, queries, rules
from ...forms.runs import DecideForm, PreviewFilter
from ...rules import OPEN, Outcome, Plan, Reading
from . import told

if TYPE_CHECKING:
    from hamn.agreement.agreements.models import Agreement
    from hamn.guards.access.models import Person

    from ...queries import RunTotals

DECIDABLE = (Outcome.HELD, Outcome.TO_ISSUE, Outcome.DECIDED_NOTHING)


@permit("invoicing.see")
def preview(request: HttpRequest, year: int) -> HttpResponse:
    """What a run would do with the year, municipality by municipality, with the reasons."""
    viewer = staff(request)
    totals = queries.run_totals(viewer, year)
    asked, outcome = PreviewFilter.asked(request), told.asked_outcome(request)
    rows = [_row(item) for item in _asked_for(viewer, year, request, outcome)]
    caption = _("Förhandsgranskning av {year}, kommun för kommun").format(year=year)
    return page(
        request,
        "invoicing/run_preview.html",
        year=year,
        cards=_cards(totals),
        to_mend=told.to_mend(totals.by_outcome),
        tabs=told.tabs(request, totals.by_outcome, outcome),
        filter=asked,
        page=told.page_by_code(request, rows, told.preview_columns(viewer, year), caption=caption),
        is_later_page=bool(told.asked_place(request)),
        to_prepare=_to_prepare(viewer, year, totals),
        open_run=queries.runs_for(viewer).filter(year=year, only="", state__in=OPEN).first(),
        is_future=year > timezone.localdate().year,
    )


@permit("invoicing.see")
def preview_file(request: HttpRequest, year: int, form: str) -> HttpResponseBase:
    """The whole preview as a file."""
    rules.check_year(year)
    plans: Iterator[Plan] = queries.preview(staff(request), year=year)
    rows = (told.with_reason(_row(item)) for item in plans)
    name = f"forhandsgranskning-{year}"
    return as_file(told.file_columns(), rows, form=form, name=name, title=str(year))


@permit("invoicing.decide")
def decide(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """What is invoiced for an agreement that ends in the year: the form, and what came of it."""
    viewer = staff(request)
    back = reverse("invoicing:preview", args=[year])
    item, ending = _decidable(viewer, code, year)
    if item is None:
        return page(
            request,
            "invoicing/run_closed.html",
            heading=_("Det finns inget att besluta"),
            sentences=[_why_not(ending, year)],
            back_url=back,
        )
    form = DecideForm.of(request, sums=_sums(item))

    def act(given: dict[str, Any]) -> None:
        with transaction.atomic():
            agreements.lock([row.pk for row in ending])
            present, _ending = _decidable(viewer, code, year)
            check_seen(given["seen"], _seen(present))
            actions.decide(
                code=code,
                year=year,
                reading=Reading(given["reading"]),
                reason=given["reason"],
                by=viewer,
            )

    if form.sent(act):
        return done(
            request,
            _("Beslutet är antecknat. Nästa körning av {year} följer det.").format(year=year),
            back,
        )
    form.show_again(_seen(item))
    return page(
        request, "invoicing/run_form.html", form=form, back_url=back, **_decision(item, year)
    )


def _asked_for(
    viewer: "Person", year: int, request: HttpRequest, outcome: Outcome | None
) -> list[Plan]:
    """The plans of the page that the address asks for."""
    wanted = request.GET.get("kommun", "").strip()
    if wanted:
        found = queries.preview(viewer, year=year, only=_code_of(wanted))
        return [item for item in found if outcome in (None, item.outcome)]
    after = told.asked_place(request)
    return queries.preview_page(
        viewer, year=year, after=after, limit=told.PAGE + 1, outcome=outcome
    )


def _code_of(text: str) -> str:
    """The code of the municipality that is meant; what nobody has when none is."""
    names = organisations.known_municipalities()
    if text in names:
        return text
    low = text.casefold()
    return next((code for code, name in names.items() if name.casefold().startswith(low)), "-")


def _row(item: Plan) -> dict[str, Any]:
    return {**queries.plan_row(item), "agreement_id": item.agreement_id}


def _cards(totals: "RunTotals") -> list[dict[str, str]]:
    """The figures on top: how many, how much, and how many not."""
    without = sum(totals.by_outcome.values()) - totals.count
    difference = kronor(totals.other_kr - totals.sum_kr)
    return [
        {"value": str(totals.count), "label": _("fakturor att utfärda")},
        {"value": kronor(totals.sum_kr), "label": _("summa")},
        {
            "value": kronor(totals.other_kr),
            "label": _("med den andra läsningen av § 6 (skillnad {difference})").format(
                difference=difference
            ),
        },
        {"value": str(without), "label": _("får ingen faktura")},
    ]


def _to_prepare(viewer: "Person", year: int, totals: "RunTotals") -> str:
    """The way to the next step; empty when there is nothing to prepare or it is not hers."""
    if not totals.count or year > timezone.localdate().year:
        return ""
    is_hers = permits.allows(viewer, "invoicing.prepare")
    return reverse("invoicing:prepare", args=[year]) if is_hers else ""


def _decidable(viewer: "Person", code: str, year: int) -> tuple[Plan | None, list["Agreement"]]:
    """The plan that a decision is about, and the municipality's agreements that end in the year."""
    rules.check_year(year)
    held = agreements.holding_in(viewer, code, year)
    ending = [row for row in held if row.ends_on is not None and row.ends_on.year == year]
    plans = queries.plans(ending, year=year) if ending else []
    found = [item for item in plans if item.outcome in DECIDABLE]
    return (found[-1] if found else None), ending


def _why_not(ending: list["Agreement"], year: int) -> str:
    if not ending:
        return _("Kommunens avtal upphör inte under {year}, så hela året faktureras.").format(
            year=year
        )
    item = queries.plans(ending, year=year)[-1]
    return told.reason_of(_row(item))


def _seen(item: Plan | None) -> str:
    """What a decision's page shows, in a word."""
    if item is None:
        return "-"
    return f"{item.outcome}.{item.fee.amount_kr if item.fee else 0}"


def _sums(item: Plan) -> dict[str, str]:
    """What each reading gives, for the choices; known while nothing is decided."""
    if item.outcome != Outcome.HELD:
        return {}
    return {
        Reading.WHOLE_YEAR.value: str(item.facts["whole_year"]),
        Reading.UNTIL_END.value: str(item.facts["until_end"]),
        Reading.NOTHING.value: kronor(0),
    }


def _decision(item: Plan, year: int) -> dict[str, Any]:
    """The words of the decision's page."""
    present = told.reason_of(_row(item))
    if item.fee is not None:
        present = _("Ett beslut finns: {sum} faktureras. Ett nytt ersätter det.").format(
            sum=kronor(item.fee.amount_kr)
        )
    return {
        "heading": _("Besluta om {year} för {name}").format(year=year, name=item.name),
        "lead": present,
        "button": _("Spara beslutet"),
        "clause": "6",
        "clause_term": _("ingen återbetalning vid uppsägning under avtalsåret"),
    }
