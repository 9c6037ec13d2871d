"""Safe contact: what the person allows, and a planned contact that keeps to it."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hamn.core.errors import _ as marked
from hamn.guards.access.permits import permit
from hamn.ui.words import said

from .. import actions
from ..forms.details import ChangedContactForm, PlannedContactForm, SafeContactForm
from ..rules.content import CaseContent
from ..rules.safe_contact import HERE, SafeContact, allowed_ways, moment, rules_of
from .details import content_form
from .frame import opened_for
from .safe_words import safe_text
from .writing import changed, place_for, who, written

if TYPE_CHECKING:
    from ..models import Case, Record
    from ..queries.opened import OpenRecord


@permit("cases.write")
def set_safe_contact(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for how the person may be reached."""
    case = place_for(request, case_id)
    return content_form(
        request,
        case,
        SafeContactForm.of(request),
        lambda note, seen, **given: actions.set_safe_contact(
            safe=_rules(given), note=note, seen=seen, **who(request, case)
        ),
        initial=_fields,
        told=_called_off,
        heading=_("Säker kontakt"),
        lead=_(
            "Hamn säger nej till en planerad kontakt på ett sätt eller en tid som personen inte "
            "vill. Planerade kontakter som inte längre är tillåtna ställs in."
        ),
    )


@permit("cases.write")
def plan_contact(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a planned call, message or meeting, with the rules above it."""
    case = place_for(request, case_id)
    content = opened_for(request, case_id, "plan_contact").content
    about = safe_text(content)
    return written(
        request,
        case,
        PlannedContactForm.of(request, ways=allowed_ways(rules_of(content))),
        _plan,
        told=_("Kontakten är planerad."),
        section="plan",
        heading=_("Planera en kontakt"),
        lead="" if about else _("Personen har inte sagt något om hur hon eller han får nås."),
        about=about,
    )


def change_planned(request: HttpRequest, case: "Case", one: "OpenRecord") -> HttpResponse:
    """The form for a planned contact at another time or in another way, with the rules above it."""
    content = opened_for(request, case.pk, "plan_contact").content
    return changed(
        request,
        case,
        ChangedContactForm.of(request, ways=allowed_ways(rules_of(content))),
        _change_plan,
        record=(one.record.pk, "action"),
        initial=_planned,
        told=_("Kontakten är planerad."),
        heading=_("Ändra den planerade kontakten"),
        about=safe_text(content),
    )


def _plan(*, on: date, clock: str, **given: Any) -> "Record":
    at = moment(on, clock)
    return actions.plan_contact(at=at, **given)


def _change_plan(*, on: date, clock: str, **given: Any) -> "Record":
    return actions.change_planned_contact(at=moment(on, clock), **given)


def _planned(one: "OpenRecord") -> dict[str, Any]:
    at = one.content.at.astimezone(HERE)
    return {
        "channel": one.content.channel,
        "on": at.date(),
        "clock": f"{at:%H.%M}",
        "text": one.content.text,
    }


def _rules(given: dict[str, Any]) -> SafeContact:
    return SafeContact(
        safe=tuple(given["safe"]),
        forbidden=tuple(given["forbidden"]),
        since=given["since"],
        until=given["until"],
        days=tuple(int(day) for day in given["days"]),
    )


def _fields(content: CaseContent) -> dict[str, Any]:
    return {
        "safe": list(content.safe_channels),
        "forbidden": list(content.forbidden_channels),
        "days": [str(day) for day in content.safe_days],
        "since": content.safe_from,
        "until": content.safe_until,
        "note": content.safe_note,
    }


def _called_off(count: int) -> str:
    if not count:
        return _("Reglerna för säker kontakt är sparade.")
    return said(
        marked(
            "Reglerna för säker kontakt är sparade. Kontakter som ställdes in: {count}. Planera "
            "dem på nytt."
        ),
        count=count,
    )
