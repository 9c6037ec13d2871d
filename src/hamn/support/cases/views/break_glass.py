"""Break-glass: the form that opens a colleague's case, and the head's review of it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, require, staff
from hamn.register.staff.queries import unit_name
from hamn.ui.pages import done, page

from .. import actions
from ..forms.access import BreakGlassForm, ReviewForm
from ..queries import walls
from ..queries.access import break_glass_to_review
from ..rules.reviews import RIGHT
from .access import shown
from .drafts import kept
from .frame import back_to


@permit("cases.break_glass")
def break_glass(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for why the case must be opened now. NotVisible outside its unit."""
    person, now = staff(request), timezone.now()
    case = walls.known_case(person, case_id)
    require(person, "cases.break_glass", case)
    if request.method == "GET" and walls.open_to(person, now).filter(pk=case.pk).exists():
        return HttpResponseRedirect(back_to(case))
    form = BreakGlassForm.of(request)
    draft = kept(request, form, unit=case.unit)

    def opened(given: dict[str, Any]) -> object:
        return actions.break_glass(case_id=case_id, by=person, now=now, **given)

    if draft.sent(opened):
        return done(request, _("Ärendet är öppet för dig i fyra timmar."), back_to(case))
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=_("Nödöppna ärendet"),
        lead=_(
            "Ärendet öppnas för dig i fyra timmar och stängs sedan av sig självt. Den som är "
            "ansvarig ser det, och en chef granskar det."
        ),
        button=_("Öppna i fyra timmar"),
        is_final=True,
        back_url=reverse("cases:today"),
    )


@permit("cases.review")
def review_break_glass(request: HttpRequest, break_glass_id: UUID) -> HttpResponse:
    """The reason, and the head's signed view of it. NotVisible for what she did herself."""
    person, now = staff(request), timezone.now()
    row = break_glass_to_review(person, break_glass_id, now)
    form = ReviewForm.of(request)
    draft = kept(request, form, unit=row.unit, case_id=row.case_id)

    def signed(given: dict[str, Any]) -> object:
        return actions.review_break_glass(
            break_glass_id=break_glass_id,
            was_right=given["verdict"] == RIGHT,
            comment=given["comment"],
            by=person,
            now=now,
        )

    if draft.sent(signed):
        return done(request, _("Granskningen är signerad."), "cases:reviews")
    broken = actions.read_break_glass(break_glass_id=break_glass_id, by=person, now=now)
    number = actions.read_names(cases=[row.case], by=person, now=now)[row.case_id].content.number
    return page(
        request,
        "cases/review_break_glass.html",
        form=form,
        glass=shown(broken),
        number=number,
        heading=_("Granska en nödöppning"),
        lead=unit_name(row.unit),
        button=_("Signera"),
        back_url=reverse("cases:reviews"),
    )
