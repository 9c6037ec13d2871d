"""The desk's list of consultations and one consultation's page."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access import permits
from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import unit_name
from hamn.support.services import queries as services
from hamn.ui.lists import Column, listing
from hamn.ui.pages import page
from hamn.ui.words import said

from .. import actions
from ..queries import lists
from ..rules.words import OPEN, PROFESSIONS, TOPICS, Origin
from . import told

if TYPE_CHECKING:
    from ..models import Consultation


@permit("consultations.see")
def inbox(request: HttpRequest) -> HttpResponse:
    """Her units' consultations; who only counts them is led to the counts."""
    person, today = staff(request), timezone.localdate()
    if not permits.allows(person, "consultations.read"):
        return redirect("consultations:counts")
    part = request.GET.get("visa", lists.WAITING)
    part = part if part in (lists.MINE, lists.OVER) else lists.WAITING
    counts = lists.counts(person, today=today)
    return page(
        request,
        "consultations/desk/list.html",
        parts=_parts(part, counts),
        found=listing(
            request,
            lists.consultations_for(person, part=part),
            _columns(today, is_over=part == lists.OVER),
            caption=_("Konsultationer"),
            default="-asked_on" if part == lists.OVER else "answer_by",
        ),
        overdue=counts.overdue,
    )


@permit("consultations.read")
def show(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """One consultation, opened; the reading is recorded."""
    person, today = staff(request), timezone.localdate()
    one = actions.read_consultation(consultation_id=consultation_id, by=person)
    row = one.row
    return page(
        request,
        "consultations/desk/show.html",
        row=row,
        content=one.content,
        heading=said(TOPICS[row.topic]).capitalize(),
        state=told.state_tag(row),
        unit_name=unit_name(row.unit),
        facts=told.facts(one, services.municipality_names()),
        found=told.covered(row, today),
        is_open=row.state in OPEN,
        is_hers=row.worker_id == person.pk,
        is_ours=row.origin == Origin.STAFF,
    )


def _parts(here: str, counts: lists.Counts) -> list[dict[str, Any]]:
    """The ways into the list, each with how many there are."""
    names = (
        (lists.WAITING, _("Väntar på svar ({count})").format(count=counts.waiting)),
        (lists.MINE, _("Mina ({count})").format(count=counts.mine)),
        (lists.OVER, _("Avslutade")),
    )
    address = reverse("consultations:list")
    return [
        {"text": text, "url": f"{address}?visa={code}", "is_here": code == here}
        for code, text in names
    ]


def _columns(today: date, *, is_over: bool) -> list[Column]:
    names = services.municipality_names()

    def worker(row: "Consultation") -> str:
        return row.worker.title if row.worker else ""

    columns = [
        Column("topic", _("Vad det gäller"), told.topic),
        Column("municipality", _("Kommun"), lambda row: told.municipality(row, names)),
        Column("profession", _("Verksamhet"), lambda row: said(PROFESSIONS[row.profession])),
        Column("urgency", _("Svar behövs"), told.urgency_tag, "tag"),
        Column("asked_on", _("Kom in"), lambda row: row.asked_on, "date", sort="asked_on"),
        Column("state", _("Läge"), told.state_tag, "tag"),
        Column("worker", _("Vem som svarar"), worker),
    ]
    if not is_over:
        by = Column(
            "answer_by", _("Svar senast"), lambda row: told.due(row, today), sort="answer_by"
        )
        columns.insert(5, by)
    return columns
