"""What a professional meets: who answers, whether the municipality has an agreement, and a form.

In Swedish and English; who reads another language meets the Swedish page (docs/adr/0024). No page
here knows who asks before she says so, and nothing she sends can be read here afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from hamn.core.identifiers import shown_phone
from hamn.guards.access.permits import open_to_all
from hamn.register.organisations.queries import known_municipalities
from hamn.support.door.actions import limits
from hamn.support.door.actions.hashing import Busy
from hamn.support.door.actions.waiting import within
from hamn.support.door.rules import emergency
from hamn.support.door.rules.limits import TooMany
from hamn.support.services import queries as services
from hamn.ui.pages import page
from hamn.ui.words import long_date

from .. import actions
from ..forms.public import CoverageForm, RequestForm
from ..queries.coverage import Coverage, coverage, workplace
from ..rules.content import Asked
from ..rules.words import Urgency

if TYPE_CHECKING:
    from hamn.support.services.models import Service

    from ..actions import Promise

View = Callable[..., HttpResponse]
LANGUAGES = ("sv", "en")
# The national helpline for professionals; another number in `[door] helpline_phone`.
HELPLINE = "020-390 000"


@dataclass(frozen=True, slots=True)
class Reached:
    """A service as somebody calls it."""

    name: str
    told: str
    phone: str
    dialled: str
    hours: str


def in_two_languages(view: View) -> View:
    """The view in Swedish and English; in any other language its address leads to the Swedish."""

    @wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        if (get_language() or "sv") in LANGUAGES:
            return view(request, **named)
        match = request.resolver_match
        with override("sv"):
            return redirect(reverse(match.view_name) if match else "/")

    return guarded


@open_to_all
@in_two_languages
def start(request: HttpRequest) -> HttpResponse:
    """Who answers, how, and whether a municipality has an agreement."""
    form = CoverageForm(request.GET, municipalities=services.municipality_names())
    form.request, form.is_filter = request, True
    found = _coverage(form)
    return page(
        request,
        "consultations/public/start.html",
        filter=form,
        found=found,
        by_agreement=[_reached(row) for row in found.by_agreement] if found else [],
        for_everyone=[_reached(row) for row in found.for_everyone] if found else [],
        everyone=[_reached(row) for row in services.offered(timezone.localdate())],
        ask_url=reverse("professionals:ask"),
        **_around(),
    )


@open_to_all
@in_two_languages
def ask(request: HttpRequest) -> HttpResponse:
    """The form for a question, and the receipt when it was sent: the same form twice, the same.

    What is sent while the database is away stays in the form, which can be drawn without it.
    """
    form = RequestForm.of(request, municipalities=_municipalities(request))
    if form.sent(lambda given: within(lambda: _ask(request, form, given))):
        return page(
            request, "consultations/public/received.html", **_receipt(form.outcome), **_around()
        )
    response = page(
        request,
        "consultations/public/ask.html",
        form=form,
        back_url=reverse("professionals:start"),
        **_around(),
    )
    refusal = getattr(request, "refusal", None)
    if isinstance(refusal, Busy | TooMany):
        response.status_code = 429 if isinstance(refusal, TooMany) else 503
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def _municipalities(request: HttpRequest) -> Mapping[str, str]:
    """Name by code, the nearest first; by the code alone to who sends it while the database that
    knows the nearest is away.
    """
    if request.method != "POST":
        return services.municipality_names()
    try:
        return within(services.municipality_names)
    except Busy:
        return known_municipalities()


def _ask(request: HttpRequest, form: RequestForm, given: dict[str, Any]) -> "tuple[Promise, str]":
    limits.check("consult", limits.source_of(request.META.get("REMOTE_ADDR", "")))
    code = workplace(given["municipality"])
    asked = Asked(
        **{name: given[name] for name in _TYPED}, municipality=code, workplace=given["workplace"]
    )
    promise = actions.ask(
        asked=asked,
        is_confirmed=given["is_confirmed"],
        token=form.token_digest,
        now=timezone.now(),
    )
    return promise, asked.urgency


_TYPED = ("name", "phone", "email", "profession", "kind", "topic", "urgency", "text")


def _receipt(outcome: "tuple[Promise, str]") -> dict[str, Any]:
    promise, urgency = outcome
    return {
        "service": _reached(promise.service),
        "answer_by": long_date(promise.answer_by)
        if get_language() == "sv"
        else promise.answer_by.isoformat(),
        "is_urgent": urgency == Urgency.TODAY,
    }


def _coverage(form: CoverageForm) -> Coverage | None:
    """The answer for the municipality that was chosen; None where none was, or none of ours."""
    code = form.cleaned_data.get("kommun") if form.is_valid() else ""
    return coverage(code, on=timezone.localdate()) if code else None


def _reached(row: "Service") -> Reached:
    return Reached(
        name=row.title,
        told=row.told,
        phone=shown_phone(row.phone),
        dialled=row.phone,
        hours=row.open_hours,
    )


def _around() -> dict[str, Any]:
    """What every page here has: whom to call at once, and the national helpline."""
    helpline = settings.DOOR.get("helpline_phone", HELPLINE)
    line = emergency.Line(_("Nationell stödtelefon för yrkesverksamma"), helpline, "")
    return {"emergency_lines": emergency.lines(settings.DOOR), "helpline": line}
