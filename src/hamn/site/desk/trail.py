"""The trail on screen: what has happened, found by room, person, thing and day; proved; saved."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist, TaskResultMismatch

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import permit, staff
from hamn.guards.access.queries import by_title
from hamn.guards.audit import queries as audit
from hamn.guards.audit.events import registered
from hamn.guards.audit.rules import FINDINGS, Fault
from hamn.papers.tables import Column as FileColumn
from hamn.site.tasks import verify_trail as verification
from hamn.ui.exports import as_file
from hamn.ui.forms import Choice, Day, HamnForm, Text
from hamn.ui.lists import Column, listing
from hamn.ui.pages import is_fragment, page
from hamn.ui.words import said

from .entries import WALLED, thing_from_words, told

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hamn.guards.audit.models import Entry

ROOMS = {
    "access": marked("Personer och inloggning"),
    "organisations": marked("Kommuner"),
    "vault": marked("Valvet"),
    "disposal": marked("Gallring"),
    "staff": marked("Personal"),
    "tariffs": marked("Taxor"),
    "agreements": marked("Avtal"),
    "invoicing": marked("Fakturering"),
    "services": marked("Verksamheter"),
    "followup": marked("Uppföljning"),
    "system": marked("Drift"),
}
CHUNK = 500


class TrailFilter(HamnForm):
    """What of the trail to show."""

    rum = Choice(marked("Område"), ROOMS, required=False, empty="–")
    person = Text(marked("Vem"), hint=marked("Titel eller e-post"), required=False)
    pa = Text(
        marked("Vad"),
        hint=marked("Ett fakturanummer, eller så som det står i listan"),
        required=False,
    )
    fran = Day(marked("Från och med"), required=False)
    till = Day(marked("Till och med"), required=False)


@permit("audit.see")
def trail(request: HttpRequest) -> HttpResponse:
    """The entries, newest first."""
    form = TrailFilter.asked(request)
    found = listing(
        request,
        _chosen(form),
        _columns(),
        caption=_("Spåret"),
        default="-place",
        shown=lambda entries: told(staff(request), entries),
    )
    return page(
        request, "desk/trail.html", filter=form, listing=found, query=request.GET.urlencode()
    )


@permit("audit.verify")
def verify_trail(request: HttpRequest) -> HttpResponse:
    """Start a verification, and then its progress and result."""
    if request.method == "POST":
        result = verification.enqueue()
        return HttpResponseRedirect(reverse("desk:verified_trail", args=[result.id]))
    return page(request, "desk/trail_verify.html")


@permit("audit.verify")
def verified_trail(request: HttpRequest, result_id: UUID) -> HttpResponse:
    """What the verification found, or that it is still at work."""
    try:
        result = verification.get_result(str(result_id))
    except (TaskResultDoesNotExist, TaskResultMismatch, ValueError):
        raise NotVisible(marked("Kontrollen finns inte kvar. Starta en ny.")) from None
    context: dict[str, Any] = {"is_done": result.is_finished, "url": request.path}
    if is_fragment(request) and not result.is_finished:
        return page(request, "desk/trail_progress.html", **context)
    if result.status == TaskResultStatus.SUCCESSFUL:
        verdict: Any = result.return_value
        context |= {"verdict": verdict, "findings": list(_findings(verdict))}
    response = page(request, "desk/trail_verify.html", result=result, **context)
    if is_fragment(request):
        response.headers["HX-Refresh"] = "true"
    return response


@permit("audit.export")
def export_trail(request: HttpRequest, form: str) -> HttpResponseBase:
    """The chosen entries as a file, oldest first, with their hashes."""
    columns = [
        FileColumn(name, name)
        for name in ("place", "at", "event", "by", "via", "on", "facts", "previous", "hash")
    ]
    entries = _chosen(TrailFilter.asked(request)).order_by("place").values()
    return as_file(columns, entries.iterator(CHUNK), form=form, name="hamn-spar", title=_("Spåret"))


def _chosen(form: TrailFilter) -> "QuerySet[Entry]":
    asked = form.cleaned_data
    room = asked.get("rum") or ""
    entries = audit.of_rooms([room]) if room else audit.of_rooms(ROOMS)
    if asked.get("person"):
        entries = entries.filter(by__in=by_title(asked["person"]))
    if asked.get("pa"):
        entries = entries.filter(on=thing_from_words(asked["pa"]))
    if asked.get("fran"):
        entries = entries.filter(at__gte=_utc(asked["fran"]))
    if asked.get("till"):
        entries = entries.filter(at__lt=_utc(asked["till"] + timedelta(days=1)))
    return entries


def _utc(day: Any) -> str:
    """The beginning of the Swedish day as the trail writes moments."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _columns() -> list[Column]:
    return [
        Column("place", _("Nr"), lambda one: one.place, "integer", sort="place"),
        Column("when", _("När"), lambda one: one.when, "moment"),
        Column("title", _("Vad hände"), lambda one: one.title),
        Column("by", _("Vem"), lambda one: one.by),
        Column("via", _("Hur"), lambda one: one.via),
        Column("on", _("På"), lambda one: one.on),
    ]


def _findings(verdict: dict[str, Any]) -> Iterator[str]:
    for one in verdict["findings"]:
        yield said(FINDINGS[Fault(one["fault"])], place=one["place"], other=one["other"])
    for trigger in verdict["missing_triggers"]:
        yield said(marked("Spärren {trigger} saknas i databasen."), trigger=trigger)


def rooms_of_events() -> set[str]:
    """The rooms that write in the trail, but the walled; each has a name in `ROOMS`."""
    return {event.partition(".")[0] for event in registered()} - WALLED
