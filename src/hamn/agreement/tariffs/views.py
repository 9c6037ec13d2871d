"""The desk's pages for tariffs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.papers.tables import Column as FileColumn
from hamn.register.organisations.queries import counties
from hamn.ui.confirm import in_steps
from hamn.ui.exports import as_file
from hamn.ui.lists import Column, Link, Listing, Tag, listing, table
from hamn.ui.pages import done, page
from hamn.ui.words import long_date, said

from . import actions, queries
from .forms import AdoptForm, posts_of
from .rules import SERVICES, share_percent, written_decimal

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from .models import Tariff, TariffLine

ADOPT = "fastst"  # the value of the button that adopts
CHUNK = 500


@permit("tariffs.see")
def tariffs(request: HttpRequest) -> HttpResponse:
    """Every tariff, the latest first."""
    person = staff(request)
    rows = queries.tariffs_for(person)
    used = queries.in_use(person) if rows.exists() else None
    found = listing(
        request, rows, _columns(person, used), caption=_("Taxor"), default="-valid_from"
    )
    may_adopt = permits.allows(person, "tariffs.adopt")
    return page(request, "tariffs/list.html", found=found, may_adopt=may_adopt)


@permit("tariffs.see")
def show(request: HttpRequest, tariff_id: int) -> HttpResponse:
    """One tariff with its annex."""
    person = staff(request)
    tariff = queries.tariff(person, tariff_id)
    annex = listing(
        request,
        queries.annex_of(person, tariff),
        _annex_columns(tariff),
        caption=_("Bilagan: varje kommuns del"),
        default="code",
    )
    return page(
        request,
        "tariffs/show.html",
        tariff=tariff,
        is_used=queries.in_use(person).pk == tariff.pk,
        sums=queries.sums_of(person, tariff),
        facts=[{"key": {"text": key}, "value": {"text": text}} for key, text in _terms(tariff)],
        annex=annex,
    )


@permit("tariffs.see")
def export(request: HttpRequest, tariff_id: int, form: str) -> HttpResponseBase:
    """The annex as a file."""
    person = staff(request)
    tariff = queries.tariff(person, tariff_id)
    columns = [
        FileColumn("municipality_code", _("Kommunkod")),
        FileColumn("name", _("Kommun")),
        FileColumn("population", _("Folkmängd"), "integer"),
        FileColumn("share_percent", _("Andel %"), "percent"),
        FileColumn("annex_kr", _("Avgift per år, kr"), "kr"),
        FileColumn("is_addition", _("Utöver totalen")),
    ]
    rows = queries.annex_of(person, tariff).order_by("municipality").iterator(CHUNK)
    return as_file(
        columns,
        (_file_row(row, tariff) for row in rows),
        form=form,
        name=f"hamn-taxa-{tariff.pk}",
        title=_("Bilagan"),
    )


@permit("tariffs.adopt")
def adopt(request: HttpRequest) -> HttpResponse:
    """The form, then the fees it would give, then the tariff; only the last step stores."""
    person = staff(request)
    return in_steps(
        request,
        AdoptForm.of(request, counties=counties(person), initial=_initial(person)),
        "tariffs/adopt.html",
        foresee=lambda given: _foresee(given, person),
        act=lambda given: _adopt(given, person),
        end=lambda adopted: done(request, _("Taxan är fastställd."), "tariffs:show", adopted.pk),
        yes=ADOPT,
        heading=_("Lägg upp en ny taxa"),
        confirm_heading=_("Kontrollera avgifterna"),
        lead=_("I nästa steg ser du varje kommuns avgift. Först därefter fastställer du taxan."),
        button=_("Visa avgifterna"),
        back_url=reverse("tariffs:list"),
    )


def _adopt(given: Mapping[str, Any], by: "Person") -> "Tariff":
    terms = ("name", "total_kr", "population_year", "index_percent", "price_level_year")
    populations, additions = _shares(given, by)
    return actions.adopt(
        **{name: given[name] for name in terms},
        valid_from=given["valid_from"],
        posts=posts_of(given),
        populations=populations,
        additions=additions,
        by=by,
    )


def _foresee(given: Mapping[str, Any], by: "Person") -> dict[str, Any]:
    """The fees that the tariff would give, in a table, and the tariff that would stay in use."""
    populations, additions = _shares(given, by)
    found = queries.preview(
        by,
        name=given["name"],
        total_kr=given["total_kr"],
        posts=posts_of(given),
        index_percent=given["index_percent"],
        populations=populations,
        additions=additions,
    )
    later = found.in_use is not None and found.in_use.valid_from > given["valid_from"]
    return {
        "given": given,
        "found": found,
        "posts": _posts(posts_of(given)),
        "index": written_decimal(given["index_percent"]),
        "fees": _preview_table(found),
        "stays": found.in_use if later else None,
    }


def _shares(given: Mapping[str, Any], by: "Person") -> tuple[dict[str, int], dict[str, int]]:
    return queries.shares(
        by,
        counties=given["counties"],
        additions=given["additions"] or (),
        population_year=given["population_year"],
    )


def _preview_table(found: queries.Preview) -> Listing:
    columns = [
        Column("name", _("Kommun"), lambda row: row["name"]),
        Column("population", _("Folkmängd"), lambda row: row["population"], "integer"),
        Column("share", _("Andel"), lambda row: row["share"], "percent"),
        Column("fee", _("Ny avgift per år"), lambda row: row["fee_kr"], "kr"),
        Column("today", _("I dag"), lambda row: row["today_kr"], "kr"),
        Column("difference", _("Skillnad"), lambda row: row["difference_kr"], "kr"),
        Column("addition", _("Utöver totalen"), lambda row: _addition(row["is_addition"]), "tag"),
    ]
    return table(found.rows, columns, caption=_("Avgifter med den nya taxan"))


def _initial(person: "Person") -> dict[str, Any]:
    """The terms of the tariff in use, but for its name and its day."""
    found = queries.latest_terms(person)
    if found is None:
        return {"index_percent": "2"}
    tariff, in_counties, additions = found
    posts = {post.service: written_decimal(post.posts) for post in tariff.posts.all()}
    return {
        **posts,
        "total_kr": tariff.total_kr,
        "population_year": tariff.population_year,
        "index_percent": written_decimal(tariff.index_percent),
        "price_level_year": tariff.price_level_year,
        "counties": in_counties,
        "additions": ", ".join(additions),
    }


def _columns(person: "Person", used: "Tariff | None") -> list[Column]:
    columns = [
        Column("name", _("Taxa"), lambda row: Link(row.name, _url(row)), sort="name"),
        Column("used", _("Läge"), lambda row: _state(row, used), "tag"),
        Column("valid_from", _("Gäller från"), lambda row: row.valid_from, "date", "valid_from"),
        Column("total", _("Totalt belopp"), lambda row: row.total_kr, "kr", "total_kr"),
        Column("year", _("Folkmängd år"), lambda row: row.population_year, sort="population_year"),
        Column("index", _("Uppräkning"), _percent),
        Column("level", _("Prisnivå"), lambda row: row.price_level_year, sort="price_level_year"),
    ]
    if permits.allows(person, "agreements.see"):
        columns.append(Column("agreements", _("Avtal"), lambda row: row.agreements, "integer"))
    return columns


def _state(row: "Tariff", used: "Tariff | None") -> Tag:
    return Tag(_("används"), "green") if row == used else Tag(_("äldre"), "grey")


def _url(row: "Tariff") -> str:
    return reverse("tariffs:show", args=[row.pk])


def _percent(row: "Tariff") -> str:
    return _("{percent} % per år").format(percent=written_decimal(row.index_percent))


def _posts(posts: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{said(SERVICES[service])} {written_decimal(count)}" for service, count in posts.items()
    )


def _terms(tariff: "Tariff") -> list[tuple[str, str]]:
    """The tariff's terms in words."""
    posts = {post.service: post.posts for post in tariff.posts.all()}
    agreements = getattr(tariff, "agreements", None)
    rows = [
        (_("Gäller från och med"), long_date(tariff.valid_from)),
        (_("Folkmängd"), _("31 december {year}").format(year=tariff.population_year)),
        (_("Anställningar"), _posts(posts)),
        (_("Uppräkning"), _percent(tariff)),
        (_("Prisnivå"), str(tariff.price_level_year)),
        (_("Låst"), _("ja, ett avtal hänvisar till den") if tariff.frozen_at else _("nej")),
    ]
    if agreements is not None:
        rows.append((_("Avtal som har taxan"), str(agreements)))
    return rows


def _annex_columns(tariff: "Tariff") -> list[Column]:
    def share(row: "TariffLine") -> Any:
        return share_percent(row.population, tariff.all_population)

    return [
        Column("name", _("Kommun"), _municipality, sort="municipality__name"),
        Column("code", _("Kod"), lambda row: row.municipality_id, sort="municipality__code"),
        Column("population", _("Folkmängd"), lambda row: row.population, "integer", "population"),
        Column("share", _("Andel"), share, "percent"),
        Column("fee", _("Avgift per år"), lambda row: row.annex_kr, "kr", "annex_kr"),
        Column("addition", _("Utöver totalen"), lambda row: _addition(row.is_addition), "tag"),
    ]


def _municipality(row: "TariffLine") -> Link:
    return Link(row.municipality.name, reverse("organisations:show", args=[row.municipality_id]))


def _addition(is_addition: bool) -> Tag | str:
    return Tag(_("utöver"), "blue") if is_addition else ""


def _file_row(row: "TariffLine", tariff: "Tariff") -> dict[str, Any]:
    return {
        "municipality_code": row.municipality_id,
        "name": row.municipality.name,
        "population": row.population,
        "share_percent": share_percent(row.population, tariff.all_population),
        "annex_kr": row.annex_kr,
        "is_addition": _("ja") if row.is_addition else "",
    }
