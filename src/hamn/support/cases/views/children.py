"""Children of the person, reports of concern, and linked cases, on one page."""

from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Tag
from hamn.ui.pages import done
from hamn.ui.words import said

from .. import actions
from ..forms.children import ChildForm, ChildTaskForm, LinkForm, OwnCaseForm
from ..queries import walls
from ..queries.children import family_of, is_report_hers
from ..queries.notes import record_of
from ..rules.children import LINKS, SENT_HOW, Child
from ..rules.states import is_overdue
from .frame import back_to, case_page, opened_for
from .writing import changed, form_page, place_for, who, written

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..queries.children import Family
    from ..queries.opened import OpenRecord

_COLOURS = {"open": "red", "awaits": "yellow", "sent": "green", "answered": "green"}


@permit("cases.see")
def children(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case's children, reports and links."""
    opened = opened_for(request, case_id, "children")
    family = family_of(opened)
    return case_page(
        request,
        opened,
        "children",
        "cases/children.html",
        reports=[
            _report(one, may_write=is_report_hers(staff(request), opened, one))
            for one in reversed(family.reports)
        ],
        children=[_child(one, family) for one in family.children],
        links=_links(family, staff(request)),
    )


@permit("cases.write")
def add_child(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a child of the person."""
    return written(
        request,
        place_for(request, case_id),
        ChildForm.of(request),
        lambda case_id, by, now, **given: actions.add_child(
            child=Child(**given), case_id=case_id, by=by, now=now
        ),
        told=_("Barnet är antecknat."),
        section="children",
        heading=_("Ett barn"),
        lead=_(
            "Barnet är en egen person med egna behov. Skriv det ni vet; inget är obligatoriskt."
        ),
    )


@permit("cases.write")
def change_child(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for what is known of a child."""
    return changed(
        request,
        place_for(request, case_id),
        ChildForm.of(request),
        lambda seen, record_id, case_id, by, now, **given: actions.change_child(
            change=lambda child: replace(child, **given),
            seen=seen,
            record_id=record_id,
            case_id=case_id,
            by=by,
            now=now,
        ),
        record=(record_id, "child"),
        initial=lambda one: {
            name: value for name, value in asdict(one.content).items() if name in _ASKED
        },
        told=_("Barnet är sparat."),
        section="children",
        heading=_("Ändra uppgifterna om barnet"),
    )


@permit("cases.write")
def plan_for_child(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form for something to do for a child."""
    case, one = _child_of(request, case_id, record_id)
    return written(
        request,
        case,
        ChildTaskForm.of(request),
        partial(actions.plan_for_child, record_id=record_id),
        told=_("Det är sparat."),
        section="children",
        heading=_("Något att göra för barnet"),
        about=one.content.called,
    )


@permit("cases.write")
def open_case_for_child(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The form that puts a child before the coordinator, who gets a case of her own for it."""
    case, one = _child_of(request, case_id, record_id)
    return written(
        request,
        case,
        OwnCaseForm.of(request),
        partial(actions.open_case_for_child, record_id=record_id),
        told=_("Koordinatorn för barn och unga har fått ett ärende för barnet."),
        section="children",
        heading=_("Ett eget ärende för barnet"),
        lead=_(
            "Ärendet öppnas hos koordinatorn för barn och unga och läses bara där. Det du skriver "
            "blir den första anteckningen."
        ),
        about=one.content.called,
        button=_("Öppna ärendet"),
    )


@permit("cases.write")
def link_cases(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form that links the case with another of the unit, by its number."""
    return written(
        request,
        place_for(request, case_id),
        LinkForm.of(request),
        actions.link_cases,
        told=_("Ärendena är kopplade."),
        section="children",
        heading=_("Koppla till ett annat ärende"),
        lead=_("Akterna förblir var för sig, och vart ärende öppnas bara för sina egna."),
    )


@permit("cases.write")
def unlink_cases(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """One button that takes the link away from both cases."""
    case = walls.case_for(staff(request), case_id, timezone.now())
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.unlink_cases(record_id=record_id, **who(request, case))):
        return done(request, _("Kopplingen är borttagen."), back_to(case, "children"))
    record_of(opened_for(request, case_id, "unlink_cases"), record_id, "link")
    return form_page(
        request,
        case,
        form,
        section="children",
        heading=_("Ta bort kopplingen"),
        lead=_("Kopplingen tas bort i båda ärendena. Det som är skrivet i dem är kvar."),
        button=_("Ta bort kopplingen"),
    )


def _child_of(request: HttpRequest, case_id: UUID, record_id: UUID) -> Any:
    case = place_for(request, case_id)
    return case, record_of(opened_for(request, case_id, "child"), record_id, "child")


def _report(one: "OpenRecord", *, may_write: bool) -> dict[str, Any]:
    state = one.record.state
    return {
        "may_write": may_write,
        "row": one.record,
        "says": one.content,
        "state": Tag(said(one.kind.states[state]), _COLOURS.get(state, "grey")),
        "how": said(SENT_HOW[one.content.sent_how]) if one.content.sent_how else "",
        "is_late": is_overdue(one.record.due_on, timezone.localdate()) and state == "awaits",
    }


def _child(one: "OpenRecord", family: "Family") -> dict[str, Any]:
    says: Child = one.content
    rows = [
        (_("Född"), str(says.birth_year or "")),
        (_("Behöver"), says.needs),
        (_("Säger själv"), says.own_view),
        (_("Har fått veta"), says.informed),
        (_("Bor hos"), says.lives_with),
        (_("Vårdnadshavare"), says.guardian),
    ]
    return {
        "row": one.record,
        "says": says,
        "rows": [(label, text) for label, text in rows if text],
        "tasks": [
            {"row": task.record, "says": task.content, "state": said(task.kind.states[state])}
            for task in family.tasks.get(str(one.record.pk), [])
            for state in (task.record.state,)
        ],
    }


def _links(family: "Family", by: "Person") -> list[dict[str, Any]]:
    """Each link; the other's number only when her case opens to the viewer."""
    now = timezone.now()
    cases = actions.linked_cases(family.links, by=by, now=now)
    names = actions.read_names(cases=list(cases.values()), by=by, now=now)
    found = []
    for one in family.links:
        case = cases.get(one.content.other)
        name = names.get(case.pk) if case else None
        found.append(
            {
                "row": one.record,
                "says": one.content,
                "form": said(LINKS[one.content.form]),
                "case": case if name else None,
                "number": name.content.number if name else "",
            }
        )
    return found


_ASKED = frozenset(ChildForm.base_fields)
