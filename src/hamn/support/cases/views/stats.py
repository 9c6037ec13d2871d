"""A year in counts for the unit's own people: exact, and not to be passed on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.papers.tables import Column as FileColumn
from hamn.ui.exports import as_file
from hamn.ui.lists import Column, Listing, table
from hamn.ui.pages import page
from hamn.ui.words import said

from ..forms.stats import YearFilter
from ..queries import stats
from ..rules.stats import TOTALS

if TYPE_CHECKING:
    from ..queries.stats import Exact, Line


@dataclass(frozen=True, slots=True)
class UnitYear:
    """A unit's year on the page."""

    code: str
    name: str
    totals: list[dict[str, Any]]
    parts: Listing
    outcomes: Listing


@permit("cases.count")
def statistics(request: HttpRequest) -> HttpResponse:
    """The chosen year of each of her units."""
    form, year = _asked(request)
    found = stats.exact_of(staff(request), year, today=timezone.localdate())
    return page(
        request,
        "cases/stats.html",
        form=form,
        year=year,
        units=[_shown(one) for one in found],
    )


@permit("cases.count")
def export_statistics(request: HttpRequest, form: str) -> HttpResponseBase:
    """The chosen year of each of her units as a file, a count a line."""
    year = _asked(request)[1]
    found = stats.exact_of(staff(request), year, today=timezone.localdate())
    columns = [
        FileColumn("year", _("År"), "text"),
        FileColumn("unit", _("Enhet"), "text"),
        FileColumn("what", _("Vad"), "text"),
        FileColumn("part", _("Fördelning"), "text"),
        FileColumn("count", _("Antal"), "integer"),
        FileColumn("base", _("Av"), "integer"),
    ]
    return as_file(
        columns,
        ({"year": str(year), **_told(line)} for one in found for line in stats.lines_of(one)),
        form=form,
        name=f"hamn-statistik-{year}",
        title=_("Statistik"),
    )


def _asked(request: HttpRequest) -> tuple[YearFilter, int]:
    today = timezone.localdate()
    years = stats.years(today)
    data = request.GET.get("ar", "")
    form = YearFilter.asked(request, years=years)
    form.initial["ar"] = str(today.year)
    return form, int(data) if data.isdecimal() and int(data) in years else today.year


def _shown(one: "Exact") -> UnitYear:
    counts = [
        Column("what", _("Vad"), lambda line: said(line.what)),
        Column("part", _("Fördelning"), lambda line: said(line.part)),
        Column("count", _("Antal"), lambda line: line.count, "integer"),
    ]
    of = Column("base", _("Av svar"), lambda line: line.base, "integer")
    return UnitYear(
        code=one.unit,
        name=one.name,
        totals=[
            {"key": {"text": said(TOTALS[name])}, "value": {"text": str(count)}}
            for name, count in one.tally.totals.items()
        ],
        parts=table(list(stats.part_lines(one)), counts, caption=_("Fördelningar")),
        outcomes=table(list(stats.outcome_lines(one)), [*counts, of], caption=_("Uppföljningar")),
    )


def _told(line: "Line") -> dict[str, Any]:
    return {
        "unit": line.unit,
        "what": said(line.what),
        "part": said(line.part),
        "count": line.count,
        "base": line.base,
    }
