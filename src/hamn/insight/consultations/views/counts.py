"""A year's consultations in counts, on a page and as a file."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.figures import LEAST_SHOWN
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.papers.tables import Column as FileColumn
from hamn.ui.exports import as_file
from hamn.ui.lists import Column, Listing, table
from hamn.ui.pages import page
from hamn.ui.words import said

from ..forms.desk import YearFilter
from ..queries import stats
from ..rules.counting import TOTALS

if TYPE_CHECKING:
    from ..queries.stats import Exact, Line


@dataclass(frozen=True, slots=True)
class UnitYear:
    """A unit's year on the page."""

    code: str
    name: str
    totals: list[dict[str, Any]]
    parts: Listing


@permit("consultations.see")
def counts(request: HttpRequest) -> HttpResponse:
    """The chosen year: her units' exactly, the centre's with the small counts left out."""
    form, year = _asked(request)
    person, today = staff(request), timezone.localdate()
    exact = permits.allows(person, "consultations.count")
    whole = permits.allows(person, "consultations.count_all")
    return page(
        request,
        "consultations/desk/counts.html",
        form=form,
        year=year,
        least=LEAST_SHOWN,
        units=[_shown(one) for one in stats.exact_of(person, year, today=today)] if exact else [],
        whole=_whole(request, year) if whole else None,
    )


@permit("consultations.see")
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same as a file, a count a line: her units' exactly where she has any, else the whole."""
    year = _asked(request)[1]
    columns = [
        FileColumn("year", _("År"), "text"),
        FileColumn("unit", _("Enhet"), "text"),
        FileColumn("what", _("Vad"), "text"),
        FileColumn("part", _("Fördelning"), "text"),
        FileColumn("count", _("Antal"), "text"),
    ]
    rows = ({"year": str(year), **_told(line)} for line in _lines(request, year))
    name = f"hamn-konsultationer-{year}"
    return as_file(columns, rows, form=form, name=name, title=_("Konsultationer"))


def _asked(request: HttpRequest) -> tuple[YearFilter, int]:
    today = timezone.localdate()
    years = stats.years(today)
    data = request.GET.get("ar", "")
    form = YearFilter.asked(request, years=years)
    form.initial["ar"] = str(today.year)
    return form, int(data) if data.isdecimal() and int(data) in years else today.year


def _lines(request: HttpRequest, year: int) -> "list[Line]":
    person, today = staff(request), timezone.localdate()
    if permits.allows(person, "consultations.count"):
        found = stats.exact_of(person, year, today=today)
        return [line for one in found for line in stats.lines_of(one)]
    whole = stats.whole_of(person, year, today=today)
    return list(stats.whole_lines(whole, _("Hela centret")))


def _whole(request: HttpRequest, year: int) -> Listing:
    whole = stats.whole_of(staff(request), year, today=timezone.localdate())
    lines = list(stats.whole_lines(whole, ""))
    return table(lines, _columns(), caption=_("Hela centret"))


def _shown(one: "Exact") -> UnitYear:
    return UnitYear(
        code=one.unit,
        name=one.name,
        totals=[
            {"key": {"text": said(told)}, "value": {"text": str(getattr(one.tally, name))}}
            for name, told in TOTALS.items()
        ],
        parts=table(list(stats.part_lines(one)), _columns(), caption=_("Fördelningar")),
    )


def _columns() -> list[Column]:
    return [
        Column("what", _("Vad"), lambda line: said(line.what)),
        Column("part", _("Fördelning"), lambda line: said(line.part)),
        Column("count", _("Antal"), lambda line: line.count, "text"),
    ]


def _told(line: "Line") -> dict[str, Any]:
    return {
        "unit": line.unit,
        "what": said(line.what),
        "part": said(line.part),
        "count": "" if line.count is None else str(line.count),
    }
