"""How long a case is kept: shown, its rule changed, held against disposal."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.guards.disposal.rules import REASON_NAMES, TO_BE_CONFIRMED, Reason
from hamn.ui.pages import done, page
from hamn.ui.words import NONE, long_date, said

from .. import actions
from ..forms.keeping import HoldForm, RuleClassForm
from ..queries import walls
from ..queries.keeping import keeping_of
from .frame import case_page, opened_for
from .writing import who

if TYPE_CHECKING:
    from ..queries.keeping import Keeping


@permit("cases.see")
def keeping(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """When the case's time comes, by which rule, and what stands against it."""
    opened = opened_for(request, case_id, "keeping")
    found = keeping_of(staff(request), opened.case, timezone.localdate())
    told = [
        *_about(found),
        (_("Senaste anteckning"), long_date(opened.case.last_note_on)),
    ]
    return case_page(
        request,
        opened,
        "details",
        "cases/keeping.html",
        facts=[{"key": {"text": key}, "value": {"text": text}} for key, text in told],
        hold=found.hold,
    )


@permit("cases.write")
def set_rule_class(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for the rule class that a case follows."""
    case = walls.case_for(staff(request), case_id, timezone.now())
    year = case.born_on.year if case.born_on else None
    form = RuleClassForm.of(request, initial={"rule": case.rule_class, "birth_year": year})
    if form.sent(lambda given: actions.set_rule_class(**given, **who(request, case))):
        return done(request, _("Gallringsregeln är ändrad."), "cases:keeping", case_id)
    form.show_again(str(case.version))
    return _form_page(request, case_id, form, _("Ändra gallringsregel"))


@permit("cases.write")
def hold_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for a hold against disposal."""
    case = walls.case_for(staff(request), case_id, timezone.now())
    form = HoldForm.of(request)
    if form.sent(lambda given: actions.hold_case(**given, **who(request, case))):
        return done(request, _("Ärendet är undantaget från gallring."), "cases:keeping", case_id)
    return _form_page(request, case_id, form, _("Undanta ärendet från gallring"))


def _form_page(request: HttpRequest, case_id: UUID, form: Any, heading: str) -> HttpResponse:
    back = reverse("cases:keeping", args=[case_id])
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=heading,
        button=_("Spara"),
        back_url=back,
    )


def _about(found: "Keeping") -> list[tuple[str, str]]:
    rule, hold = found.rule, found.hold
    kept = NONE
    if hold is not None:
        kept = _("till och med {day}: {reason} ({who})").format(
            day=long_date(hold.until),
            reason=said(REASON_NAMES[Reason(hold.reason)]),
            who=hold.placed_by,
        )
    return [
        (_("Gallringsregel"), f"{said(rule.name)}. {said(rule.clause)}"),
        (_("Källa"), f"{rule.source}. {said(TO_BE_CONFIRMED)}"),
        (_("Gallras från"), long_date(found.due_on) if found.due_on else _("gallras inte")),
        (_("Klart senast"), long_date(found.done_by)),
        (_("Undantag"), kept),
    ]
