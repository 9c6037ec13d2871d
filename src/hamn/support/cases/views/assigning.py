"""Who is responsible for a case and who steps in; taking a case that is nobody's."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import allows, permit, require, staff
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page

from .. import actions
from ..forms.access import AssignForm
from ..queries import walls
from ..queries.assigning import candidates
from ..rules.assigning import seen_people
from .access import PAGE, label_of
from .frame import back_to

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import Case


@permit("cases.assign")
def take_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The question whether a case that nobody is responsible for shall be hers."""
    person, now = staff(request), timezone.now()
    case = walls.case_for(person, case_id, now)
    require(person, "cases.assign", case)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.take_case(case_id=case_id, by=person, now=now)):
        return done(request, _("Du är nu ansvarig för ärendet."), back_to(case, "access"))
    return page(
        request,
        PAGE,
        form=form,
        heading=_("Ta ärendet"),
        lead=_("Du blir ansvarig. Sedan öppnas det bara för dig och dem som du väljer."),
        button=_("Ta ärendet"),
        back_url=back_to(case, "access"),
    )


@permit("cases.assign")
def assign_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form for who is responsible and who is deputy; a head's also where it opens to others."""
    person, now = staff(request), timezone.now()
    case, is_head = _place(person, case_id)
    people = {pk: label_of(one) for pk, one in candidates(person, case.unit).items()}
    initial = {"responsible_id": case.responsible_id or "", "deputy_id": case.deputy_id or ""}
    form = AssignForm.of(request, people=people, initial=initial)

    def assign(given: dict[str, Any]) -> object:
        return actions.assign_case(case_id=case_id, by=person, now=now, **given)

    if form.sent(assign):
        told = _("Frågan är ställd. Ärendet byter ansvarig när mottagaren har tackat ja.")
        back = _back(case, person)
        return done(request, told if form.outcome else _("Det är sparat."), back)
    form.show_again(seen_people(case.responsible_id, case.deputy_id))
    return page(
        request,
        PAGE,
        form=form,
        heading=_("Ansvarig och ersättare"),
        lead=_("En ny ansvarig gäller genast, eftersom du är enhetens chef.")
        if is_head
        else _("En ny ansvarig gäller när den personen har tackat ja. En ersättare gäller genast."),
        button=_("Spara"),
        back_url=_back(case, person),
    )


def _place(person: "Person", case_id: UUID) -> "tuple[Case, bool]":
    """The case's row, and whether she assigns it as head. Raises NotVisible, ClosedToYou."""
    case = walls.known_case(person, case_id)
    require(person, "cases.assign", case)
    is_head = allows(person, "cases.assign_at_once", case)
    if not is_head:
        walls.case_for(person, case_id, timezone.now())
    return case, is_head


def _back(case: "Case", person: "Person") -> str:
    """To the case while it is open to her, else to the unit's list."""
    if walls.open_to(person, timezone.now()).filter(pk=case.pk).exists():
        return back_to(case, "access")
    return reverse("cases:of_unit")
