"""Units with their posts, people, absences and covers."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.ui.lists import Column, Link, Listing, Tag, table
from hamn.ui.pages import page
from hamn.ui.words import NONE, said

from .. import queries
from ..models import Absence, Cover, Post
from ..queries import Overview, Worker
from ..rules import (
    ABSENCE_NAMES,
    COVER_NAMES,
    FUNDING_NAMES,
    LACK_SENTENCES,
    QUALIFICATION_NAMES,
    AbsenceKind,
    CoverState,
    Funding,
    Qualification,
    Staffing,
    in_posts,
)

COLOURS = {CoverState.IN_FORCE: "green", CoverState.OFFERED: "yellow", CoverState.PAST: "orange"}


@permit("staff.see")
def overview(request: HttpRequest) -> HttpResponse:
    """The viewer's units: staff, what they lack; her own absences and what she is asked."""
    viewer, on = staff(request), timezone.localdate()
    rows = queries.overview(viewer, on=on)
    may_absent = permits.allows(viewer, "staff.save_absence")
    names = {unit.code: said(unit.name) for unit in queries.all_units()}
    return page(
        request,
        "staff/overview.html",
        units=table(rows, _unit_columns(), caption=_("Enheter")),
        total=_staffing(sum((one.staffing for one in rows), start=Staffing())),
        lacks=[lack for one in rows for lack in _lacks(one)],
        offers=[
            (cover, names.get(cover.membership.unit, "")) for cover in queries.own_offers(viewer)
        ],
        may_absent=may_absent,
        absences=_absences(queries.absences_of(viewer, on=on)) if may_absent else None,
    )


@permit("staff.see")
def one_unit(request: HttpRequest, unit: str) -> HttpResponse:
    """One unit: who works there, its posts, its covers, and what it lacks."""
    viewer, on = staff(request), timezone.localdate()
    found = queries.one_unit(viewer, unit, on=on)
    current = {post.pk for post in found.posts}
    others = [post for post in queries.posts_of(viewer, unit) if post.pk not in current]
    keeps = permits.allows(viewer, "staff.save_post", found.unit)
    offers = permits.allows(viewer, "staff.offer_cover", found.unit)

    def end(cover: Cover) -> Link | None:
        return _end(cover) if offers or cover.membership.person_id == viewer.pk else None

    return page(
        request,
        "staff/unit.html",
        unit=found.unit,
        lacks=[sentence for _unit, sentence in _lacks(found)],
        staffing=_staffing(found.staffing),
        workers=table(found.workers, _worker_columns(), caption=_("Hör till enheten")),
        posts=table(found.posts, _post_columns(keeps=keeps), caption=_("Befattningar")),
        others=table(others, _post_columns(keeps=keeps), caption=_("Befattningar, andra tider")),
        covers=table(found.covers, _cover_columns(on, end), caption=_("Ersättare")),
        may={"save_post": keeps, "offer_cover": offers},
    )


def _lacks(one: Overview) -> list[tuple[str, str]]:
    """Unit and sentence for each thing that it lacks."""
    name = said(one.unit.name)
    return [(name, said(LACK_SENTENCES[lack], title=one.only_reader)) for lack in one.lacks]


def _staffing(staffing: Staffing) -> dict[str, str]:
    """Each part as a number of posts."""
    return {
        "financed": in_posts(staffing.financed),
        "actual": in_posts(staffing.actual),
        "vacant": in_posts(staffing.vacant),
        "management": in_posts(staffing.management),
    }


def _unit_columns() -> list[Column]:
    return [
        Column("name", _("Enhet"), _unit_link),
        Column("heads", _("Chef"), lambda one: one.heads),
        Column("workers", _("Hör dit"), lambda one: len(one.workers), "integer"),
        Column("financed", _("Finansierade av kommunerna"), lambda one: _posts(one, "financed")),
        Column("actual", _("Anställningar i verkligheten"), lambda one: _posts(one, "actual")),
        Column("vacant", _("Vakant"), lambda one: _posts(one, "vacant")),
        Column("state", _("Läge"), _state, "tag"),
    ]


def _unit_link(one: Overview) -> Link:
    return Link(said(one.unit.name), reverse("staff:one_unit", args=[one.unit.code]))


def _posts(one: Overview, part: str) -> str:
    return _staffing(one.staffing)[part]


def _state(one: Overview) -> Tag | None:
    return Tag(_("sårbar"), "red") if one.lacks else Tag(_("täckt"), "green")


def _worker_columns() -> list[Column]:
    return [
        Column("person", _("Person"), lambda one: one.person.title),
        Column("title", _("Befattning"), lambda one: one.title),
        Column("part", _("Som"), _part, "tag"),
        Column("absent", _("Frånvaro"), _absent, "tag"),
    ]


def _part(one: Worker) -> list[Tag]:
    parts = [
        (one.is_head, Tag(_("chef"), "blue")),
        (one.is_cover, Tag(_("ersättare"), "purple")),
        (not one.is_reader, Tag(_("läser inte ärenden"), "grey")),
    ]
    return [tag for is_so, tag in parts if is_so]


def _absent(one: Worker) -> Tag | None:
    if not one.is_absent:
        return None
    if one.absent_until is None:
        return Tag(_("borta tills vidare"), "orange")
    return Tag(_("borta till och med {day}").format(day=one.absent_until.isoformat()), "orange")


def _post_columns(*, keeps: bool) -> list[Column]:
    def title(post: Post) -> Link | str:
        url = reverse("staff:edit_post", args=[post.pk])
        return Link(post.title, url) if keeps else post.title

    columns = [
        Column("title", _("Befattning"), title),
        Column("percent", _("Grad"), lambda post: post.percent, "percent"),
        Column("funding", _("Betalas av"), lambda post: said(FUNDING_NAMES[Funding(post.funding)])),
        Column("person", _("Innehavare"), _holder),
        Column("qualification", _("Utbildning"), _qualification),
        Column("from", _("Från och med"), lambda post: post.starts_on, "date"),
        Column("until", _("Till och med"), lambda post: post.ends_on, "date"),
    ]
    return [*columns, Column("fill", _("Ny innehavare"), _fill)] if keeps else columns


def _holder(post: Post) -> str | Tag:
    if post.person is None:
        return Tag(_("vakant"), "yellow")
    return f"{post.person.title} ({_('chef')})" if post.is_management else post.person.title


def _qualification(post: Post) -> str:
    if not post.qualification:
        return NONE
    return said(QUALIFICATION_NAMES[Qualification(post.qualification)])


def _fill(post: Post) -> Link:
    url = reverse("staff:fill_post", args=[post.pk])
    return Link(_("Ny innehavare av {title}").format(title=post.title), url)


def _cover_columns(on: date, end: Callable[[Cover], Link | None]) -> list[Column]:
    return [
        Column("person", _("Ersättare"), lambda one: one.membership.person.title),
        Column("from", _("Från och med"), lambda one: one.starts_on, "date"),
        Column("until", _("Till och med"), lambda one: one.ends_on, "date"),
        Column("by", _("Tillfrågad av"), lambda one: one.offered_by.title),
        Column("accepted", _("Tackade ja"), lambda one: one.accepted_at, "moment"),
        Column("state", _("Läge"), lambda one: _cover_state(one, on), "tag"),
        Column("end", _("Avsluta"), end),
    ]


def _cover_state(cover: Cover, on: date) -> Tag:
    state = cover.state_on(on)
    return Tag(said(COVER_NAMES[state]), COLOURS.get(state, "grey"))


def _end(cover: Cover) -> Link:
    title = cover.membership.person.title
    url = reverse("staff:end_cover", args=[cover.pk])
    return Link(_("Avsluta {title}").format(title=title), url)


def _absences(rows: list[Absence]) -> Listing:
    return table(
        rows,
        [
            Column("person", _("Person"), lambda one: one.person.title),
            Column("kind", _("Frånvaro"), lambda one: said(ABSENCE_NAMES[AbsenceKind(one.kind)])),
            Column("from", _("Första dagen"), lambda one: one.starts_on, "date"),
            Column("until", _("Sista dagen"), lambda one: one.ends_on, "date"),
            Column("edit", _("Ändra"), _edit_absence),
            Column("withdraw", _("Ta bort"), _withdraw_absence),
        ],
        caption=_("Frånvaro"),
    )


def _edit_absence(row: Absence) -> Link:
    url = reverse("staff:edit_absence", args=[row.pk])
    return Link(_("Ändra för {title}").format(title=row.person.title), url)


def _withdraw_absence(row: Absence) -> Link:
    url = reverse("staff:withdraw_absence", args=[row.pk])
    return Link(_("Ta bort för {title}").format(title=row.person.title), url)
