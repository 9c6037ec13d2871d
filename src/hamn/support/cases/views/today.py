"""A worker's day: what waits, what falls due, what is nobody's; and the lists behind it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit
from hamn.guards.access.permits import staff as viewer_of
from hamn.register.staff import queries as staff
from hamn.ui.lists import Column, Link, Listing, Tag, listing, table
from hamn.ui.pages import page
from hamn.ui.words import NONE, said

from .. import actions
from ..forms.today import ALL, NOBODY, PARTS, CaseFilter, CaseloadFilter
from ..queries import lists, walls
from ..queries.day import lines_of_day
from ..queries.requests import due_requests
from ..rules.content import CaseContent
from ..rules.kinds import KINDS
from ..rules.states import OPEN, is_overdue
from .exchange import of_day
from .frame import called, state_tag
from .notices import notices

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hamn.guards.access.models import Person

    from ..models import Case

MOST = 25  # of each list on the page of the day; the rest a click away


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list, with what of it the viewer may read.

    Of one that is not hers only number, state and whom to ask; next_kind: of what falls due first.
    """

    case: "Case"
    says: CaseContent | None
    is_hers: bool
    next_kind: str


@dataclass(frozen=True, slots=True)
class Part:
    """One list on the page of the day. more_url: where the whole of a longer one is."""

    key: str
    heading: str
    cases: Listing
    more_url: str


@permit("cases.see")
def today(request: HttpRequest) -> HttpResponse:
    """What a worker needs to see when she sits down."""
    person, now = viewer_of(request), timezone.now()
    day = timezone.localdate(now)
    found = _found(person, day)
    reports = list(lists.reports_to_send(person, now)[:MOST])
    every = [*(one.case for one in reports), *(one for cases in found.values() for one in cases)]
    rows = rows_of(every, person, now)
    return page(
        request,
        "cases/today.html",
        parts=[_part(key, [rows[one.pk] for one in found[key]], day) for key in found],
        reports=[rows[one.case_id] for one in reports],
        free_contacts=lists.free_contacts(person, now).count(),
        answers=list(lists.promised_alone(person, now)[:MOST]),
        counts=lists.counts(person, day),
        lines=lines_of_day(person, day),
        day=day,
        units=_units(person),
        access=notices(person, now),
        requests=list(due_requests(person, day)[:MOST]),
        **of_day(person, now),
    )


@permit("cases.see")
def mine(request: HttpRequest) -> HttpResponse:
    """All the open cases she works with, or those of them that cannot wait."""
    person, now = viewer_of(request), timezone.now()
    form = CaseloadFilter.asked(request)
    rows, wanted = lists.caseload(person), form.cleaned_data.get("visa", "")
    if wanted:
        rows = lists.part_of(rows, wanted, timezone.localdate(now))
    return page(
        request,
        "cases/list.html",
        heading=_("Mina ärenden"),
        form=form,
        cases=_listing(request, rows, wanted),
        hint=_("Anteckna en kontakt, eller ta ett ärende utan ansvarig."),
    )


@permit("cases.see")
def of_unit(request: HttpRequest) -> HttpResponse:
    """Her units' cases: that they exist, and whom to ask; those open to her with a name."""
    person, day = viewer_of(request), timezone.localdate()
    units = _units(person)
    people = {
        str(one.person.pk): one.title for code in units for one in staff.workers(person, code)
    }
    form = CaseFilter.asked(request, units=units, workers=people)
    return page(
        request,
        "cases/list.html",
        heading=_("Enhetens ärenden"),
        lead=_("Ett ärende öppnas av dem som arbetar med det. Fråga den som är ansvarig."),
        form=form,
        cases=_listing(
            request,
            _filtered(lists.of_units(person, day), form.cleaned_data, units),
            of_unit=True,
        ),
        hint=_("Ändra filtret, eller anteckna en kontakt."),
    )


def rows_of(cases: Collection["Case"], person: "Person", now: datetime) -> dict[Any, Row]:
    """Each case with what she may read of it, by id; one round trip to the vault for all."""
    says = actions.read_names(cases={case.pk: case for case in cases}.values(), by=person, now=now)
    hers = {pk for pk, one in says.items() if one.is_readable}
    kinds = lists.next_kinds([case for case in cases if case.pk in hers])
    return {
        case.pk: Row(
            case,
            says[case.pk].content if case.pk in says else None,
            case.pk in hers,
            kinds.get(case.pk, ""),
        )
        for case in cases
    }


def _units(person: "Person") -> dict[str, str]:
    return {code: staff.unit_name(code) for code in sorted(walls.units_of(person))}


def _found(person: "Person", day: date) -> dict[str, list["Case"]]:
    """The cases of each list of the day, one more than are shown where there are more."""
    load = lists.caseload(person)
    asked: dict[str, QuerySet[Case]] = {
        **{name: lists.part_of(load, name, day) for name in lists.PARTS},
        "covered": lists.covered(person, day),
        "unassigned": lists.unassigned(person, day),
        "mine": load.order_by("-last_note_on", "pk"),
    }
    return {key: list(rows[: MOST + 1]) for key, rows in asked.items()}


def _part(key: str, rows: list[Row], day: date) -> Part:
    heading = _headings()[key]
    columns = [*_columns(day), *([_waits()] if key in ("waiting", "covered") else [])]
    more = _more_url(key) if len(rows) > MOST else ""
    return Part(key, heading, table(rows[:MOST], columns, caption=heading), more)


def _headings() -> dict[str, str]:
    return {
        "overdue": _("Försenat"),
        "soon": _("Att göra inom en vecka"),
        "waiting": _("Väntar på svar"),
        "covered": _("Där du är ersättare"),
        "unassigned": _("Utan ansvarig"),
        "mine": _("Mina ärenden"),
    }


def _more_url(key: str) -> str:
    if key in PARTS:
        return f"{reverse('cases:mine')}?visa={key}"
    if key == "mine":
        return reverse("cases:mine")
    return reverse("cases:of_unit") + (f"?ansvarig={NOBODY}" if key == "unassigned" else "")


def _listing(request: HttpRequest, rows: Any, part: str = "", *, of_unit: bool = False) -> Listing:
    person, now = viewer_of(request), timezone.now()
    columns = _columns(timezone.localdate(now), part, of_unit=of_unit)
    usual = "-oppnat" if of_unit else "-senast"

    def shown(cases: list["Case"]) -> list[Row]:
        found = rows_of(cases, person, now)
        return [found[case.pk] for case in cases]

    return listing(
        request,
        rows,
        [*columns, _responsible(), *_sorted_by(part)],
        caption=_("Ärenden"),
        default={"overdue": "narmast", "soon": "narmast", "waiting": "vantat"}.get(part, usual),
        shown=shown,
    )


def _filtered(
    rows: "QuerySet[Case]", asked: dict[str, Any], units: dict[str, str]
) -> "QuerySet[Case]":
    """One unit's cases, so that the list follows an index however many there are."""
    state, responsible = asked.get("lage", ""), asked.get("ansvarig", "")
    rows = rows.filter(unit=asked.get("enhet") or next(iter(units), ""))
    if state != ALL:
        rows = rows.filter(state__in=[state] if state else OPEN)
    if responsible == NOBODY:
        return rows.filter(responsible__isnull=True)
    return rows.filter(responsible=responsible) if responsible else rows


def _columns(day: date, part: str = "", *, of_unit: bool = False) -> list[Column]:
    """part: the list of hers that it is; what it is about may then be sorted by.

    of_unit: the order must not tell when something was written in a case that is not hers.
    """
    by_due = "due_on" if part in ("overdue", "soon") else ""
    return [
        Column("nummer", _("Ärende"), _number),
        Column("kallas", _("Kallas"), _called),
        Column("lage", _("Läge"), lambda row: state_tag(row.case), kind="tag"),
        Column("narmast", _("Närmast"), lambda row: _due(row, day), "tag", by_due),
        Column(
            "senast", _("Senast skrivet"), _last_note, "date", "" if of_unit else "last_note_on"
        ),
        Column("oppnat", _("Öppnat"), _opened, "date", "opened_on"),
    ]


def _sorted_by(part: str) -> Iterable[Column]:
    return [_waits("waits_since")] if part == "waiting" else []


def _waits(sort: str = "") -> Column:
    return Column("vantat", _("Väntar sedan"), lambda row: row.case.waits_since, "date", sort)


def _responsible() -> Column:
    return Column("ansvarig", _("Ansvarig"), lambda row: _title(row.case))


def _title(case: "Case") -> str:
    return case.responsible.title if case.responsible else _("ingen ännu")


def _number(row: Row) -> Link:
    text = row.says.number if row.says else _("kan inte öppnas")
    return Link(text, reverse("cases:show", args=[row.case.pk]))


def _called(row: Row) -> str:
    if row.says is None or not row.is_hers:
        return NONE
    return called(row.says)


def _last_note(row: Row) -> date | None:
    return row.case.last_note_on if row.is_hers else None


def _opened(row: Row) -> date | None:
    return row.case.opened_on if row.is_hers else None


def _due(row: Row, day: date) -> Tag | str:
    """The day, and what kind of thing falls due then; late things as a label."""
    case = row.case
    if case.due_on is None or not row.is_hers:
        return NONE
    told = case.due_on.isoformat()
    if row.next_kind:
        kind = KINDS.get(row.next_kind)
        told = f"{told}, {said(kind.name) if kind else _('lovat svar')}"
    if is_overdue(case.due_on, day):
        return Tag(_("{what}, försenat").format(what=told), "red")
    return told
