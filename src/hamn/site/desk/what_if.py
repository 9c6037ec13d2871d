"""What if: the fees with another total, population or treatment of Gotland beside today's.

Stands here, since it needs both the tariffs and, for who pays, the agreements.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.agreement.agreements import queries as agreements
from hamn.agreement.tariffs import queries as tariffs
from hamn.agreement.tariffs.rules import (
    GOTLAND_NAMES,
    LARGEST_TOTAL_KR,
    Comparison,
    Gotland,
    side_by_side,
    summary,
)
from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.core.money import NO_BREAK_SPACE, decimal_comma
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.papers.tables import Column as FileColumn
from hamn.register.organisations import queries as organisations
from hamn.site.sqlite.base import sort_key
from hamn.ui.charts import NARROW, WIDE, Pair, bar_pairs, svg_response
from hamn.ui.exports import as_file
from hamn.ui.forms import Boxes, Choice, HamnForm, Kronor, Radio
from hamn.ui.lists import Column, Link, Listing, table
from hamn.ui.pages import page

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

# More boxes than the country has municipalities would not fit in an address.
MOST_BOXES = 300
MOST_ROWS = 300
MOST_BARS = 60


class WhatIfForm(HamnForm):
    """What to change. codes: who can have signed, by name; additions: who is outside the county."""

    belopp = Kronor(marked("Totalt belopp per år"), most=LARGEST_TOTAL_KR, required=False)
    folkmangd = Choice(marked("Folkmängd den 31 december"), {}, required=False)
    tillagg = Radio(marked("Kommuner utanför länet"), GOTLAND_NAMES, required=False)
    anslutna = Boxes(marked("Kommuner som betalar"), {}, required=False)

    def __init__(
        self,
        *arguments: Any,
        years: list[int],
        codes: dict[str, str],
        additions: list[str],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.fields["folkmangd"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["tillagg"].help_text = ", ".join(additions)
        self.fields["anslutna"].choices = list(codes.items())  # type: ignore[attr-defined]
        if not additions:
            del self.fields["tillagg"]
        if len(codes) > MOST_BOXES:
            del self.fields["anslutna"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Both sides of the comparison, row by row."""

    now: Comparison
    then: Comparison
    rows: list[dict[str, Any]]


@permit("tariffs.see")
def what_if(request: HttpRequest) -> HttpResponse:
    """The question, both sums, a chart and a row for each municipality."""
    form, answer, query = _asked(request)
    context: dict[str, Any] = {"form": form, "query": query}
    if answer is not None:
        context |= {
            "now": summary(answer.now),
            "then": summary(answer.then),
            "shares": _shares(answer),
            "found": _table(answer),
            "has_more": len(answer.rows) > MOST_ROWS,
            "has_chart": len(answer.rows) <= MOST_BARS,
            "differs_kr": answer.then.borne_kr - answer.now.borne_kr,
        }
    return page(request, "desk/what_if.html", **context)


@permit("tariffs.see")
def what_if_chart(request: HttpRequest) -> HttpResponse:
    """Each municipality's two fees as bars; the page has the same figures in a table."""
    _form, answer, _query = _asked(request)
    chart = bar_pairs(
        [
            Pair(row["name"], row["today_sek"], row["what_if_sek"])
            for row in _answered(answer).rows[:MOST_BARS]
        ],
        title=_("Avgift per kommun"),
        x_title=_("Kronor per år"),
        before=_("I dag"),
        after=_("Med ändringen"),
        cut_note=_("Den längsta stapeln är avkortad."),
        width=NARROW if "smal" in request.GET else WIDE,
    )
    return svg_response(request, chart)


@permit("tariffs.see")
def what_if_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same rows as a file."""
    _form, answer, _query = _asked(request)
    columns = [
        FileColumn("municipality_code", _("Kod")),
        FileColumn("name", _("Kommun")),
        FileColumn("signed", _("Betalar")),
        FileColumn("today_sek", _("I dag kr"), "kr"),
        FileColumn("what_if_sek", _("Med ändringen kr"), "kr"),
        FileColumn("difference_sek", _("Skillnad kr"), "kr"),
    ]
    rows = [{**row, "signed": _("ja") if row["signed"] else ""} for row in _answered(answer).rows]
    return as_file(columns, rows, form=form, name="hamn-jamforelse", title=_("Jämförelse"))


def _asked(request: HttpRequest) -> tuple[WhatIfForm, Answer | None, str]:
    """The question of the address, or one to begin with; no answer to what cannot be asked."""
    person = staff(request)
    codes = tariffs.codes_in_use(person)
    provider = organisations.provider().municipality_id
    names = _by_name(organisations.names(person, codes))
    years = organisations.complete_years(person, codes)
    data = request.GET if "belopp" in request.GET else _beginning(person, years)
    form = WhatIfForm(
        data,
        years=years,
        codes={code: name for code, name in names.items() if code != provider},
        additions=list(tariffs.additions_in_use(person).values()),
    )
    form.request, form.is_filter = request, True
    found: list[Answer] = []
    form.sent(lambda given: found.append(_answer(given, person, names)))
    return form, found[0] if found else None, data.urlencode()


def _beginning(person: "Person", years: list[int]) -> QueryDict:
    """What the page asks before anybody has: today's total with the latest population."""
    asked = QueryDict(mutable=True)
    asked["belopp"] = str(tariffs.in_use(person).total_kr)
    asked["folkmangd"] = str(years[0]) if years else ""
    signed = _signed(person)
    outside = set(tariffs.additions_in_use(person)) & signed
    asked["tillagg"] = Gotland.ADDED if outside else Gotland.LEFT_OUT
    if len(signed) <= MOST_BOXES:
        asked.setlist("anslutna", sorted(signed))
    return asked


def _signed(person: "Person") -> frozenset[str]:
    """Who has an agreement today, for those who may know."""
    if not permits.allows(person, "agreements.see"):
        return frozenset()
    return agreements.affiliated_codes(person, timezone.localdate())


def _by_name(names: dict[str, str]) -> dict[str, str]:
    """The municipalities in Swedish order; in code order when there are too many to sort."""
    if len(names) > MOST_ROWS:
        return names
    return dict(sorted(names.items(), key=lambda one: sort_key(one[1])))


def _answer(given: dict[str, Any], person: "Person", names: dict[str, str]) -> Answer:
    signed = frozenset(given["anslutna"]) if "anslutna" in given else _signed(person)
    gotland = given.get("tillagg")
    now, then = tariffs.compared(
        person,
        total_kr=given["belopp"],
        population_year=int(given["folkmangd"]) if given["folkmangd"] else None,
        gotland=Gotland(gotland) if gotland else None,
        signed=signed,
    )
    rows = {row["municipality_code"]: row for row in side_by_side(now, then, names)}
    return Answer(now=now, then=then, rows=[rows[code] for code in names if code in rows])


def _answered(answer: Answer | None) -> Answer:
    if answer is None:
        raise NotVisible(marked("Frågan går inte att räkna på. Gå tillbaka och rätta den."))
    return answer


def _shares(answer: Answer) -> dict[str, str]:
    """How much of the cost the provider bears on each side, in percent."""
    return {"now": _percent(answer.now), "then": _percent(answer.then)}


def _percent(one: Comparison) -> str:
    return decimal_comma(Fraction(100 * one.borne_kr, one.cost_kr), 1) + f"{NO_BREAK_SPACE}%"


def _table(answer: Answer) -> Listing:
    columns = [
        Column("name", _("Kommun"), _link),
        Column("signed", _("Betalar"), lambda row: _("ja") if row["signed"] else ""),
        Column("today", _("I dag"), lambda row: row["today_sek"], "kr"),
        Column("then", _("Med ändringen"), lambda row: row["what_if_sek"], "kr"),
        Column("difference", _("Skillnad"), lambda row: row["difference_sek"], "kr"),
    ]
    return table(answer.rows[:MOST_ROWS], columns, caption=_("Avgift per kommun"))


def _link(row: dict[str, Any]) -> Link:
    return Link(row["name"], reverse("organisations:show", args=[row["municipality_code"]]))
