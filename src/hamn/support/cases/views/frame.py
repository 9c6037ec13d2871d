"""What every page of a case has around it: who, which state, what waits, and the way on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import _ as marked
from hamn.guards.access.permits import staff
from hamn.guards.access.queries import titles
from hamn.register.staff.queries import unit_name
from hamn.support.services.rules import AgeGroup
from hamn.ui.lists import Tag
from hamn.ui.pages import page
from hamn.ui.words import moment, said

from .. import actions
from ..queries.access import unreviewed
from ..queries.children import coordinator_beside, is_read_by
from ..rules.access import FORM
from ..rules.content import IDENTITY_LEVELS, CaseContent, IdentityLevel
from ..rules.states import CASE_STATES, OPEN, CaseState, is_overdue
from .safe_words import safe_words

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import Case
    from ..queries.opened import OpenCase

# Code of the section, its name, its address.
SECTIONS = (
    ("timeline", marked("Händelser"), "cases:show"),
    ("plan", marked("Plan och stöd"), "cases:plan"),
    ("referrals", marked("Remisser och samtycken"), "cases:referrals"),
    ("children", marked("Barn och anhöriga"), "cases:children"),
    ("files", marked("Filer"), "cases:files"),
    ("details", marked("Uppgifter"), "cases:details"),
    ("access", marked("Åtkomst"), "cases:access"),
)
# What is a page to read; every other code that a page asks with is that of an act.
READ = {code for code, _name, _url in SECTIONS} | {"keeping", "send_referral"}
COLOURS = {
    CaseState.ACTIVE: "green",
    CaseState.FOLLOW_UP: "blue",
    CaseState.CLOSED: "grey",
    CaseState.CLOSED_REFERRED: "grey",
}
WAYS_IN = {
    "responsible": marked("Du är ansvarig för ärendet."),
    "deputy": marked("Du är ersättare i ärendet."),
    "takes_part": marked("Du deltar i ärendet."),
    "unassigned": marked("Ärendet har ingen ansvarig ännu."),
    "shared": marked("Ärendet är delat med din enhet."),
    "cover": marked("Du är enhetens ersättare."),
    "break_glass": marked("Du har öppnat ärendet med en angiven anledning; det granskas."),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a case in its menu."""

    text: str
    url: str
    is_here: bool


def opened_for(request: HttpRequest, case_id: UUID, section: str) -> "OpenCase":
    """The case opened for whoever asks, and the reading recorded; of a form as of a form."""
    what = section if section in READ else f"{FORM}{section}"
    return actions.read_case(case_id=case_id, what=what, by=staff(request), now=timezone.now())


def case_page(
    request: HttpRequest, opened: "OpenCase", section: str, template: str, **context: Any
) -> HttpResponse:
    """A page of the case; the template extends `cases/frame.html`."""
    return page(request, template, **frame(opened, section), **context)


def frame(opened: "OpenCase", section: str) -> dict[str, Any]:
    """What `cases/frame.html` needs."""
    case, content = opened.case, opened.content
    state = CaseState(case.state)
    people = titles({f"access.person:{pk}" for pk in (case.responsible_id, case.deputy_id) if pk})
    return {
        "case": case,
        "content": content,
        "called": called(content),
        "state": state_tag(case),
        # What nothing can be written in: it is closed, or only shared with the viewer's unit.
        "is_open": state in OPEN and opened.why != "shared",
        "is_shared": opened.why == "shared",
        "safe_contact": safe_words(content),
        **_coordinator(opened),
        "unit_name": unit_name(case.unit),
        "responsible": people.get(f"access.person:{case.responsible_id}", ""),
        "deputy": people.get(f"access.person:{case.deputy_id}", ""),
        "way_in": said(WAYS_IN[opened.why]),
        "is_overdue": is_overdue(case.due_on, timezone.localdate()),
        "unreviewed": [
            _("{name} nödöppnade ärendet {at}. Granskningen väntar.").format(
                name=one.person.title, at=moment(one.opened_at)
            )
            for one in unreviewed(case)
        ],
        "sections": [
            Section(_(text), reverse(name, args=[case.pk]), code == section)
            for code, text, name in SECTIONS
        ],
    }


def called(content: CaseContent) -> str:
    """What the person is called, or how little is known of who she is."""
    return content.called or said(IDENTITY_LEVELS[IdentityLevel(content.identity_level)])


def state_tag(case: "Case") -> Tag:
    """The case's state as a label."""
    state = CaseState(case.state)
    return Tag(said(CASE_STATES[state]), COLOURS[state])


def numbers_of(cases: "Collection[Case]", person: "Person") -> dict[UUID, str]:
    """The numbers of the cases, by id; nothing else of them is shown."""
    every = list({case.pk: case for case in cases}.values())
    says = actions.read_names(cases=every, by=person, now=timezone.now())
    return {pk: one.content.number for pk, one in says.items()}


def _coordinator(opened: "OpenCase") -> dict[str, bool]:
    """Whether the coordinator for children already reads a child's case, or can be let in."""
    if opened.content.age_group != AgeGroup.CHILD:
        return {}
    case, unit = opened.case, coordinator_beside(opened.case.unit)
    reads = bool(unit) and is_read_by(case, unit)
    may_call = bool(unit) and not reads and case.state in OPEN and opened.why != "shared"
    return {"coordinator_reads": reads, "may_call_coordinator": may_call}


def back_to(case: "Case", section: str = "timeline") -> str:
    """The address of a section of the case."""
    name = next(name for code, _text, name in SECTIONS if code == section)
    return reverse(name, args=[case.pk])
