"""All agreements: found, filtered, sorted, taken home as a file."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.papers import tables
from hamn.ui.exports import CHUNK, as_file
from hamn.ui.lists import Column, Link, Tag, listing
from hamn.ui.pages import page
from hamn.ui.words import said

from .. import queries
from ..forms import AgreementFilter
from ..queries import Asked, Lacks
from ..rules import NAMES, UNSIGNED, Status

if TYPE_CHECKING:
    from ..models import Agreement

COLOURS = {
    Status.DRAFT: "blue",
    Status.SIGNED_BY_ONE: "yellow",
    Status.IN_FORCE: "green",
    Status.UNDER_NOTICE: "orange",
    Status.ENDED: "grey",
    Status.WITHDRAWN: "grey",
}


@permit("agreements.see")
def all_agreements(request: HttpRequest) -> HttpResponse:
    """The agreements that were asked for, by municipality unless sorted otherwise."""
    by = staff(request)
    form = AgreementFilter.asked(request)
    asked, on = _asked(form), timezone.localdate()
    rows = queries.search(by, asked, on=on)
    found = listing(
        request,
        rows,
        _columns(asked),
        caption=_("Avtal"),
        default="municipality",
        shown=lambda rows: queries.with_contacts(rows, on=on),
    )
    return page(
        request,
        "agreements/list.html",
        filter=form,
        count=rows.count(),
        found=found,
        query=request.GET.urlencode(),
        may_draft=permits.allows(by, "agreements.draft"),
        may_import=permits.allows(by, "agreements.import_agreements"),
    )


@permit("agreements.see")
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The agreements that were asked for, all of them, as a file."""
    asked, on = _asked(AgreementFilter.asked(request)), timezone.localdate()
    rows = queries.search(staff(request), asked, on=on)
    ordered = rows.order_by("party__municipality__code", "pk")
    return as_file(
        _file_columns(),
        _told(queries.in_chunks(ordered, on=on, size=CHUNK)),
        form=form,
        name="hamn-avtal",
        title=_("Avtal"),
    )


def tag_of(row: "Agreement") -> Tag:
    """Where the agreement stands, as a label."""
    status = Status(row.status)
    return Tag(said(NAMES[status]), COLOURS[status])


def missing_words(row: "Agreement") -> str:
    """What a row lacks, in the reader's words."""
    return ", ".join(said(item.name) for item in queries.lacking(row))


def _asked(form: AgreementFilter) -> Asked:
    given = form.cleaned_data
    status, lacks = given.get("lage"), given.get("saknas")
    return Asked(
        text=given.get("sok") or "",
        status=Status(status) if status else None,
        start_year=given.get("startar"),
        lacks=Lacks(lacks) if lacks else None,
    )


def _columns(asked: Asked) -> list[Column]:
    # An empty date has no place in an order, so only lists without one are sorted by it.
    begun = asked.start_year or (asked.status and asked.status not in UNSIGNED | {Status.WITHDRAWN})
    return [
        Column(
            "municipality",
            _("Kommun"),
            lambda row: Link(row.party.name, reverse("agreements:show", args=[row.pk])),
            sort="party__municipality__name",
        ),
        Column(
            "code",
            _("Kod"),
            lambda row: row.party.municipality_id,
            sort="party__municipality__code",
        ),
        Column("status", _("Läge"), tag_of, "tag", sort="status"),
        Column(
            "starts",
            _("Gäller från"),
            lambda row: row.starts_on,
            "date",
            sort="starts_on" if begun else "",
        ),
        Column("ends", _("Sista dag"), lambda row: row.ends_on, "date"),
        Column("reference", _("Diarienummer"), lambda row: row.reference),
        Column("missing", _("Saknas"), missing_words),
    ]


def _file_columns() -> list[tables.Column]:
    return [
        tables.Column("municipality_code", _("Kod")),
        tables.Column("name", _("Kommun")),
        tables.Column("status", _("Läge")),
        tables.Column("reference", _("Diarienummer")),
        tables.Column("starts_on", _("Gäller från"), "date"),
        tables.Column("notice_received_on", _("Uppsagt"), "date"),
        tables.Column("ends_on", _("Sista dag"), "date"),
        tables.Column("index_base_year", _("Basår")),
        tables.Column("tariff", _("Taxa")),
        tables.Column("missing", _("Saknas")),
    ]


def _told(rows: Iterator["Agreement"]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        yield {
            "municipality_code": row.party.municipality_id,
            "name": row.party.name,
            "status": said(NAMES[Status(row.status)]),
            "reference": row.reference,
            "starts_on": row.starts_on,
            "notice_received_on": row.notice_received_on,
            "ends_on": row.ends_on,
            "index_base_year": str(row.index_base_year),
            "tariff": row.tariff.name,
            "missing": missing_words(row),
        }
