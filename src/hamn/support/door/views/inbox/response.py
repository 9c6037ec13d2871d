"""How long people wait for an answer, a year at a time."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.dates import ended_through
from hamn.core.figures import LEAST_SHOWN
from hamn.guards.access.permits import permit, staff
from hamn.ui.lists import Column, table
from hamn.ui.pages import page
from hamn.ui.words import said

from ...forms.inbox import YearFilter
from ...queries import response
from ...rules.response import DAYS, HEADS, TOTALS


@permit("door.count")
def response_times(request: HttpRequest) -> HttpResponse:
    """The year of each of her units in full, and every unit's without the small counts."""
    person, today = staff(request), timezone.localdate()
    years = response.years(today)
    asked = request.GET.get("ar", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else today.year
    form = YearFilter.asked(request, years=years)
    form.initial["ar"] = str(today.year)
    exact = response.exact_of(person, year, today=today)
    every = response.totals_of(person, year, today=today)
    return page(
        request,
        "door/inbox/response.html",
        form=form,
        year=year,
        least=LEAST_SHOWN,
        through=ended_through(year, today=today) or "",
        units=[_shown(one) for one in exact],
        every=table(every, _columns(), caption=_("Alla enheter")),
    )


def _shown(one: response.Exact) -> dict[str, Any]:
    totals = {said(name): one.times.totals[code] for code, name in TOTALS.items()}
    days = [(said(name), one.times.by_days[code]) for code, name in DAYS.items()]
    caption = _("Svar efter hur länge personen väntade")
    return {
        "code": one.unit,
        "name": said(one.name),
        "totals": [
            {"key": {"text": name}, "value": {"text": str(count)}} for name, count in totals.items()
        ],
        "median": said(DAYS[one.times.median]) if one.times.median is not None else "",
        "days": table(days, _day_columns(), caption=caption),
    }


def _columns() -> list[Column]:
    def count(code: str) -> Any:
        return lambda row: row.totals[code]

    return [
        Column("enhet", _("Enhet"), lambda row: said(row.name)),
        *(Column(code, said(name), count(code), "integer") for code, name in HEADS.items()),
        Column("halften", _("Hälften av svaren"), _median),
    ]


def _median(row: response.Totals) -> str:
    return said(DAYS[row.median]) if row.median is not None else ""


def _day_columns() -> list[Column]:
    return [
        Column("tid", _("Svar"), lambda row: row[0]),
        Column("antal", _("Antal"), lambda row: row[1], "integer"),
    ]
