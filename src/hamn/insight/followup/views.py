"""The desk's pages for what was published before Hamn."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import BadInput
from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.papers.tables import Column as FileColumn
from hamn.support.services import queries as services
from hamn.ui.exports import as_file
from hamn.ui.lists import Column, Link, Tag, listing, table
from hamn.ui.pages import done, page
from hamn.ui.words import moment, refusal_sentences, said

from . import actions, queries
from .forms import CorrectForm, TotalFilter, TotalForm, as_fields, figure_from
from .rules import (
    MEASURES,
    RESIDENCE_NAMES,
    UNIT_NAMES,
    Base,
    Measure,
    Residence,
    Unit,
    period_in_words,
    value_in_words,
    written,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from .models import PublishedTotal

CHUNK = 500


@permit("followup.see")
def totals(request: HttpRequest) -> HttpResponse:
    """The published totals that hold, found by measure, service and year."""
    form = TotalFilter.asked(request)
    rows = _chosen(request, form)
    return page(
        request,
        "followup/list.html",
        filter=form,
        found=listing(
            request, rows, _columns(), caption=_("Publicerade siffror"), default="-period"
        ),
        together=_together(request, form, rows),
        query=request.GET.urlencode(),
        may_enter=permits.allows(staff(request), "followup.enter_total"),
    )


@permit("followup.see")
def show(request: HttpRequest, total_id: int) -> HttpResponse:
    """One published total with all its versions."""
    person = staff(request)
    row = queries.total(person, total_id)
    return page(
        request,
        "followup/show.html",
        row=row,
        heading=_measure(row),
        newer=getattr(row, "correction", None),
        facts=[{"key": {"text": key}, "value": {"text": text}} for key, text in _facts(row)],
        versions=table(
            queries.versions(person, row), _version_columns(), caption=_("Alla versioner")
        ),
        may_correct=permits.allows(person, "followup.correct_total", row),
    )


@permit("followup.enter_total")
def enter_total(request: HttpRequest) -> HttpResponse:
    """The form for a published total."""
    form = TotalForm.of(request)
    if form.sent(
        lambda given: actions.enter_total(
            figure=figure_from(given), now=timezone.now(), by=staff(request)
        )
    ):
        return done(request, _("Den publicerade siffran är inlagd."), "followup:list")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Lägg in en publicerad siffra"),
        lead=_("För år före Hamn. Skriv den så som den publicerades, även när den ser fel ut."),
        button=_("Lägg in"),
        back_url=reverse("followup:list"),
    )


@permit("followup.correct_total")
def correct_total(request: HttpRequest, total_id: int) -> HttpResponse:
    """The form for a new version of a published total."""
    person = staff(request)
    row = queries.total(person, total_id)
    form = CorrectForm.of(request, initial=as_fields(queries.figure_of(row)))
    if form.sent(
        lambda given: actions.correct_total(
            total_id=total_id,
            figure=figure_from(given),
            reason=given["reason"],
            now=timezone.now(),
            by=person,
        )
    ):
        return done(request, _("Siffran är rättad."), "followup:show", form.outcome.pk)
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Rätta en publicerad siffra"),
        lead=_("Den förra siffran finns kvar bland versionerna, med ditt skäl."),
        button=_("Rätta"),
        back_url=reverse("followup:show", args=[total_id]),
    )


@permit("followup.see")
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The chosen totals as a file, each marked as published."""
    rows = _chosen(request, TotalFilter.asked(request)).order_by("from_year", "pk")
    names = services.names()
    return as_file(
        _file_columns(),
        (_file_row(row, names) for row in rows.iterator(CHUNK)),
        form=form,
        name="hamn-publicerade-siffror",
        title=_("Publicerade siffror"),
    )


def _chosen(request: HttpRequest, form: TotalFilter) -> "QuerySet[PublishedTotal]":
    asked = form.cleaned_data
    return queries.totals_for(
        staff(request),
        measure=asked.get("matt") or "",
        service=asked.get("verksamhet") or "",
        year=asked.get("ar"),
    )


def _together(request: HttpRequest, form: TotalFilter, rows: "QuerySet[PublishedTotal]") -> str:
    """What several shares of one measure say together, or why that is not said; else nothing."""
    asked = form.cleaned_data.get("matt")
    if not asked or MEASURES[Measure(asked)].unit != Unit.PERCENT or rows.count() < 2:
        return ""
    try:
        share = queries.share_of_all(staff(request), rows)
    except BadInput as refusal:
        return " ".join(refusal_sentences(refusal))
    return _("Tillsammans {share} %.").format(share=written(share))


def _columns() -> list[Column]:
    names = services.names()
    return [
        Column("measure", _("Mått"), lambda row: Link(_measure(row), _url(row))),
        Column("service", _("Verksamhet"), lambda row: _service(row, names)),
        Column("period", _("Period"), _period, sort="from_year"),
        Column("value", _("Siffra"), _value),
        Column("kind", _("Uppgift"), lambda _row: Tag(_("publicerat"), "purple"), "tag"),
        Column("base", _("Antal svar"), _base),
        Column("source", _("Källa"), lambda row: row.source),
    ]


def _version_columns() -> list[Column]:
    return [
        Column("value", _("Siffra"), lambda row: Link(_value(row), _url(row))),
        Column("state", _("Läge"), _state, "tag"),
        Column("period", _("Period"), _period),
        Column("base", _("Antal svar"), _base),
        Column("reason", _("Varför"), lambda row: row.reason),
        Column("by", _("Inlagd av"), lambda row: row.entered_by.title),
        Column("at", _("När"), lambda row: row.entered_at, "moment"),
    ]


def _facts(row: "PublishedTotal") -> list[tuple[str, str]]:
    """The total in words."""
    return [
        (_("Siffra"), _value(row)),
        (_("Så som det står i källan"), row.wording or _("så som siffran")),
        (_("Antal svar"), _base(row)),
        (_("Verksamhet"), _service(row, services.names())),
        (_("Bostadsort"), _residence(row)),
        (_("Period"), _period(row)),
        (_("Källa"), row.source),
        (_("Anteckning"), row.note or _("ingen")),
        (_("Inlagd av"), f"{row.entered_by.title}, {moment(row.entered_at)}"),
    ]


def _measure(row: "PublishedTotal") -> str:
    name = said(MEASURES[Measure(row.measure)].name)
    return f"{name} ({_residence(row)})" if row.residence else name


def _residence(row: "PublishedTotal") -> str:
    return said(RESIDENCE_NAMES[Residence(row.residence)]) if row.residence else _("alla")


def _service(row: "PublishedTotal", names: Mapping[str, str]) -> str:
    return names.get(row.service, row.service) if row.service else _("hela centret")


def _period(row: "PublishedTotal") -> str:
    told = period_in_words(queries.figure_of(row))
    return _("{period}, en del av året").format(period=told) if row.is_partial else told


def _value(row: "PublishedTotal") -> str:
    return value_in_words(queries.figure_of(row))


def _base(row: "PublishedTotal") -> str:
    match Base(row.base_state):
        case Base.KNOWN:
            return written(row.base)
        case Base.UNKNOWN:
            return _("okänt antal svar")
        case _:
            return _("gäller inte")


def _state(row: "PublishedTotal") -> Tag:
    if hasattr(row, "correction"):
        return Tag(_("rättad"), "grey")
    return Tag(_("gäller"), "green")


def _url(row: "PublishedTotal") -> str:
    return reverse("followup:show", args=[row.pk])


def _file_columns() -> list[FileColumn]:
    return [
        FileColumn("kind", _("Uppgift")),
        FileColumn("measure", _("Mått")),
        FileColumn("residence", _("Bostadsort")),
        FileColumn("service", _("Verksamhet")),
        FileColumn("from_year", _("Från och med år")),
        FileColumn("to_year", _("Till och med år")),
        FileColumn("is_partial", _("En del av året")),
        FileColumn("unit", _("Enhet")),
        FileColumn("low", _("Lägst")),
        FileColumn("high", _("Högst")),
        FileColumn("wording", _("Så som det står i källan")),
        FileColumn("base", _("Antal svar")),
        FileColumn("source", _("Källa")),
        FileColumn("note", _("Anteckning")),
    ]


def _file_row(row: "PublishedTotal", names: Mapping[str, str]) -> dict[str, Any]:
    plain = ("from_year", "to_year", "low", "high", "wording", "source", "note")
    return {name: getattr(row, name) for name in plain} | {
        "kind": _("publicerat"),
        "measure": said(MEASURES[Measure(row.measure)].name),
        "residence": _residence(row),
        "service": _service(row, names),
        "is_partial": _("ja") if row.is_partial else "",
        "unit": said(UNIT_NAMES[Unit(row.unit)]),
        "base": _base(row),
    }
