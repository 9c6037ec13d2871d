"""The plan of a case on one page, the forms that it leads to, and the unit's open support."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.lists import Column, Link, Tag, listing
from hamn.ui.pages import page
from hamn.ui.words import NONE, said

from .. import actions
from ..actions.plans import OpenSupport
from ..forms.plans import ActionForm, ChangedActionForm, GoalForm, MoveForm, SupportForm
from ..queries.notes import record_of, records_of
from ..queries.plans import open_support, plan_of
from ..rules.kinds import TODO_STATES
from ..rules.plans import COUNTERPARTS, DOERS
from ..rules.states import is_overdue
from .frame import case_page, opened_for
from .safe_contact import change_planned
from .writing import changed, place_for, written

if TYPE_CHECKING:
    from ..models import Case
    from ..queries.opened import OpenRecord

_COLOURS = {
    **{"open": "yellow", "confirmed": "blue", "current": "blue"},
    **{"done": "green", "reached": "green"},
}


@permit("cases.see")
def plan(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Goals, what is agreed on, practical support and follow-ups."""
    opened = opened_for(request, case_id, "plan")
    today, found = timezone.localdate(), plan_of(opened)
    return case_page(
        request,
        opened,
        "plan",
        "cases/plan.html",
        goals=[
            {**_planned(goal, today), "actions": [_planned(one, today) for one in steps]}
            for goal, steps in found.goals
        ],
        loose=[_planned(one, today) for one in found.loose],
        support=[_planned(one, today) for one in found.support],
        outcomes=found.outcomes,
    )


@permit("cases.see")
def support(request: HttpRequest) -> HttpResponse:
    """The practical support that is open in the cases that open to her."""
    by, today = staff(request), timezone.localdate()
    return page(
        request,
        "cases/support.html",
        support=listing(
            request,
            open_support(by, timezone.now()),
            _columns(today),
            caption=_("Praktiskt stöd att ge"),
            default="senast",
            shown=lambda rows: actions.read_support(records=rows, by=by),
        ),
    )


@permit("cases.write")
def write_goal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a goal in the person's own words."""
    return written(
        request,
        place_for(request, case_id),
        GoalForm.of(request),
        lambda **given: actions.write_goal(on=timezone.localdate(), **given),
        told=_("Målet är sparat."),
        section="plan",
        heading=_("Nytt mål"),
    )


@permit("cases.write")
def change_goal(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for a goal in other words."""
    return changed(
        request,
        place_for(request, case_id),
        GoalForm.of(request),
        actions.change_goal,
        record=(record_id, "goal"),
        initial=lambda one: {"words": one.content.words},
        told=_("Målet är sparat."),
        heading=_("Ändra målet"),
    )


@permit("cases.write")
def write_action(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for something that is agreed on, towards one of the case's goals."""
    case = place_for(request, case_id)
    goals = records_of(opened_for(request, case_id, "write_action"), ["goal"])
    current = [one for one in goals if one.record.state == "current"]
    choices = [(str(one.record.pk), one.content.words[:100]) for one in current]
    return written(
        request,
        case,
        ActionForm.of(request, goals=choices, initial={"who": "together"}),
        actions.write_action,
        told=_("Det är sparat i planen."),
        section="plan",
        heading=_("Vad som ska göras"),
    )


@permit("cases.write")
def change_action(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for something agreed on, or for a planned contact with the rules of its person."""
    case = place_for(request, case_id)
    one = record_of(opened_for(request, case_id, "change_action"), record_id, "action")
    if one.content.at is not None:
        return change_planned(request, case, one)
    return changed(
        request,
        case,
        ChangedActionForm.of(request),
        actions.change_action,
        record=(record_id, "action"),
        initial=lambda one: {
            "text": one.content.text,
            "who": one.content.who,
            "due_on": one.record.due_on,
        },
        told=_("Det är sparat i planen."),
        heading=_("Ändra vad som ska göras"),
    )


@permit("cases.write")
def write_support(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for practical support with an authority or somebody else."""
    return written(
        request,
        place_for(request, case_id),
        SupportForm.of(request),
        actions.write_support,
        told=_("Stödet är sparat."),
        section="plan",
        heading=_("Praktiskt stöd"),
        lead=_("Till exempel att boka en tid, följa med, eller tala med en myndighet."),
    )


@permit("cases.write")
def change_support(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for practical support in other words, or with another day."""
    return changed(
        request,
        place_for(request, case_id),
        SupportForm.of(request),
        actions.change_support,
        record=(record_id, "practical_support"),
        initial=lambda one: {
            "text": one.content.text,
            "counterpart": one.content.counterpart,
            "counterpart_name": one.content.counterpart_name,
            "due_on": one.record.due_on,
        },
        told=_("Stödet är sparat."),
        heading=_("Ändra det praktiska stödet"),
    )


@permit("cases.write")
def move_goal(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """How it went with a goal."""
    return _move(request, place_for(request, case_id), record_id, "goal")


@permit("cases.write")
def move_action(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """How it went with what was agreed on."""
    return _move(request, place_for(request, case_id), record_id, "action")


@permit("cases.write")
def move_support(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """How it went with practical support."""
    return _move(request, place_for(request, case_id), record_id, "practical_support")


def _move(request: HttpRequest, case: "Case", record_id: UUID, kind: str) -> HttpResponse:
    one = record_of(opened_for(request, case.pk, f"move_{kind}"), record_id, kind)
    states = [
        (code, said(name))
        for code, name in one.kind.states.items()
        if code in one.kind.moves[one.record.state]
    ]
    return changed(
        request,
        case,
        MoveForm.of(request, states=states),
        lambda **given: actions.move(kind=kind, **given),
        record=(record_id, kind),
        initial=lambda one: {"came_of_it": one.content.came_of_it},
        told=_("Läget är sparat."),
        heading=_("Hur har det gått?"),
        about=one.content.words if kind == "goal" else one.content.text,
    )


def _planned(one: "OpenRecord", today: date) -> dict[str, Any]:
    """A record of the plan as its template draws it."""
    row, says = one.record, one.content
    is_left = row.state not in one.kind.done
    return {
        "row": row,
        "says": says,
        "state": Tag(said(one.kind.states[row.state]), _COLOURS.get(row.state, "grey")),
        "is_left": is_left,
        "is_overdue": is_left and is_overdue(row.due_on, today),
        "who": said(DOERS[says.who]) if getattr(says, "who", "") in DOERS else "",
        "counterpart": _counterpart(says) if hasattr(says, "counterpart") else "",
    }


def _counterpart(says: Any) -> str:
    names = (said(COUNTERPARTS.get(says.counterpart, "")), says.counterpart_name)
    return ", ".join(name for name in names if name)


def _columns(today: date) -> list[Column]:
    return [
        Column("arende", _("Ärende"), _case),
        Column("stod", _("Stöd"), lambda row: row.says.text if row.says else NONE),
        Column("med", _("Gentemot"), lambda row: _counterpart(row.says) if row.says else NONE),
        Column("lage", _("Läge"), _state, "tag"),
        Column("senast", _("Klart senast"), lambda row: _due(row, today), sort="due_on"),
    ]


def _case(row: OpenSupport) -> Link:
    text = f"{row.case.number} {row.case.called}".strip() if row.case else _("kan inte öppnas")
    return Link(text, reverse("cases:plan", args=[row.record.case_id]))


def _state(row: OpenSupport) -> Tag:
    state = row.record.state
    return Tag(said(TODO_STATES[state]), _COLOURS.get(state, "grey"))


def _due(row: OpenSupport, today: date) -> str:
    due_on = row.record.due_on
    told = due_on.isoformat() if due_on else NONE
    return _("{day}, försenat").format(day=told) if is_overdue(due_on, today) else told
