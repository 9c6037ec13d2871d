"""The end of a case, and its new beginning."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done
from hamn.ui.words import long_date

from .. import actions
from ..forms.closing import CloseForm, FollowUpForm, ReopenForm
from ..queries import walls
from ..queries.plans import open_ends
from ..rules.plans import check_closed, check_in_follow_up
from ..rules.states import CaseState
from .drafts import kept
from .frame import back_to, opened_for
from .writing import form_page, place_for, who, written

if TYPE_CHECKING:
    from ..models import Case
    from ..queries.opened import OpenCase, OpenRecord


@permit("cases.write")
def close_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for why and how it ends, with what is left to do above it."""
    case = place_for(request, case_id)
    form = CloseForm.of(request, initial={"on": timezone.localdate()})
    draft = kept(request, form, unit=case.unit, case_id=case.pk)
    if draft.sent(lambda given: actions.close_case(**given, **who(request, case))):
        return done(request, _("Ärendet är avslutat."), back_to(case))
    opened = opened_for(request, case_id, "close_case")
    if draft.saved_at is None:
        form.show_again(str(opened.case.version))
    return form_page(
        request,
        case,
        form,
        heading=_("Avsluta ärendet"),
        lead=_("Ett avslutat ärende går att läsa och att öppna igen tills det gallras."),
        leads_to=_left(opened),
        button=_("Avsluta ärendet"),
    )


@permit("cases.write")
def reopen_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for why a closed case is opened again."""
    case = walls.case_for(staff(request), case_id, timezone.now())
    check_closed(CaseState(case.state))
    return written(
        request,
        case,
        ReopenForm.of(request),
        actions.reopen_case,
        told=_("Ärendet är öppet igen."),
        heading=_("Öppna ärendet igen"),
        button=_("Öppna igen"),
    )


@permit("cases.write")
def to_follow_up(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for what is to be followed up, and when."""
    return written(
        request,
        place_for(request, case_id),
        FollowUpForm.of(request),
        actions.to_follow_up,
        told=_("Ärendet följs nu upp."),
        section="plan",
        heading=_("Gå över till uppföljning"),
        lead=_("Ärendet står kvar hos dig och påminner när det är dags."),
    )


@permit("cases.write")
def back_to_active(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The button that ends a follow-up and makes the case active again."""
    case = place_for(request, case_id)
    check_in_follow_up(CaseState(case.state))
    return written(
        request,
        case,
        ConfirmForm.of(request),
        actions.back_to_active,
        told=_("Ärendet pågår igen."),
        heading=_("Ta upp ärendet igen"),
        button=_("Ärendet pågår igen"),
    )


def _left(opened: "OpenCase") -> list[dict[str, Any]]:
    """What the person is owed before the case is closed, each with where it is mended."""
    left, case = open_ends(opened), opened.case
    rows = [
        _line(
            len(left.get("child_report", [])),
            _("Orosanmälningar som inte är skickade: {count}."),
            case,
            "children",
        ),
        _line(
            len(left.get("referral_out", [])),
            _("Remisser och hänvisningar utan avslut: {count}."),
            case,
            "referrals",
        ),
        _notes(left.get("note", []), case),
        _line(
            len(left.get("action", [])) + len(left.get("practical_support", [])),
            _("Kvar att göra i planen: {count}."),
            case,
            "plan",
        ),
        _line(case.waits_since is not None, _("Personen väntar på svar."), case, "timeline"),
        _line(
            opened.content.informed_of_right_on is None,
            _("Det är inte antecknat att personen har fått veta att hen kan ansöka om insatser."),
            case,
            "details",
        ),
    ]
    return [row for row in rows if row]


def _notes(notes: list["OpenRecord"], case: "Case") -> dict[str, Any]:
    """The working notes, each with where it is drawn up, or taken away."""
    if not notes:
        return {}
    links = [
        {
            "url": reverse("cases:finalise_note", args=[case.pk, one.record.pk]),
            "text": _("Upprätta anteckningen den {day}").format(day=long_date(one.record.on)),
        }
        for one in notes
    ]
    text = _("Arbetsanteckningar som inte är upprättade: {count}.").format(count=len(notes))
    return {"text": text, "links": links}


def _line(count: int, text: str, case: "Case", section: str) -> dict[str, str]:
    if not count:
        return {}
    return {"text": text.format(count=count), "url": back_to(case, section), "link": _("Visa")}
