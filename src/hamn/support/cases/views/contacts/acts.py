"""Small acts on a contact: taken, joined, handed on, answered, taken away."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamn.guards.access.permits import permit, staff
from hamn.ui.pages import done, page

from ... import actions
from ...forms.contacts import HandForm, JoinForm, MoveForm, RemoveForm
from ...queries.contacts import case_by_number
from ...queries.lists import caseload
from ...rules.access import FORM
from ..drafts import kept
from ..frame import back_to

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

MOST_CASES = 100  # of hers in the list; the rest by number


@permit("cases.write")
@require_POST
def take_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The contact that was nobody's is hers."""
    actions.take_contact(contact_id=contact_id, by=staff(request), now=timezone.now())
    return done(request, _("Kontakten är din."), "cases:contact", contact_id)


@permit("cases.write")
@require_POST
def mark_answered(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The promised answer was given."""
    actions.mark_answered(contact_id=contact_id, by=staff(request), now=timezone.now())
    return done(request, _("Svaret är markerat som givet."), "cases:contact", contact_id)


@permit("cases.write")
def join_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The form for the number of the case that the contact goes to."""
    by, now = staff(request), timezone.now()
    seen = actions.see_contact(contact_id=contact_id, by=by, now=now, what=f"{FORM}join_contact")
    back_url = reverse("cases:contact", args=[contact_id])
    form = JoinForm.of(request, cases=_own_cases(by, seen.one.contact.unit, now))
    if form.sent(
        lambda given: actions.join_contact(
            contact_id=contact_id,
            case_id=_chosen(given, by, seen.one.contact.unit, now),
            by=by,
            now=now,
        )
    ):
        case = form.outcome.contact.case
        return done(request, _("Kontakten är förd till ärendet."), back_to(case))
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("För kontakten till ett ärende"),
        lead=_("Kontakten kan höra till ett ärende i samma enhet som är öppet för dig."),
        button=_("För till ärendet"),
        back_url=back_url,
    )


@permit("cases.write")
def move_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The form that takes a contact out of the wrong case; without one it is joined instead."""
    by, now = staff(request), timezone.now()
    seen = actions.see_contact(contact_id=contact_id, by=by, now=now, what=f"{FORM}move_contact")
    if seen.case is None:
        return HttpResponseRedirect(reverse("cases:join_contact", args=[contact_id]))
    unit, here = seen.unit, str(seen.case.case.pk)
    cases = {pk: name for pk, name in _own_cases(by, unit, now).items() if pk != here}
    form = MoveForm.of(request, cases=cases)
    if form.sent(
        lambda given: actions.move_contact(
            contact_id=contact_id,
            case_id=None if given["alone"] else _chosen(given, by, unit, now),
            reason=given["reason"],
            by=by,
            now=now,
        )
    ):
        return done(request, _("Kontakten är flyttad."), "cases:contact", contact_id)
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Flytta till rätt ärende"),
        lead=_(
            "Kontaktens text, filer och det som räknas av den följer med. Det som ärendet har fått "
            "veta av den, till exempel åldern, rättar du under Uppgifter i ärendet."
        ),
        button=_("Flytta kontakten"),
        back_url=reverse("cases:contact", args=[contact_id]),
    )


def _own_cases(by: "Person", unit: str, now: datetime) -> dict[str, str]:
    """Her open cases in the unit, number and name by id; those written in last come first."""
    rows = caseload(by).filter(unit=unit).order_by("-last_note_on", "pk")
    named = actions.read_names(cases=list(rows[:MOST_CASES]), by=by, now=now)
    says = {str(pk): one.content for pk, one in named.items()}
    return {pk: f"{one.number} {one.called}".strip() for pk, one in says.items()}


def _chosen(given: dict[str, Any], by: "Person", unit: str, now: datetime) -> UUID:
    if given.get("case"):
        return UUID(given["case"])
    return case_by_number(by, given["number"], unit, now).pk


@permit("cases.write")
def remove_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The form that takes a mistaken contact away."""
    by, now = staff(request), timezone.now()
    seen = actions.see_contact(contact_id=contact_id, by=by, now=now, what=f"{FORM}remove_contact")
    form = RemoveForm.of(request)
    if form.sent(
        lambda given: actions.remove_contact(
            contact_id=contact_id, reason=given["reason"], by=by, now=now
        )
    ):
        case = seen.one.contact.case
        return done(
            request,
            _("Kontakten är borttagen."),
            back_to(case) if case else reverse("cases:contacts"),
        )
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Ta bort en felaktig kontakt"),
        lead=_("Bara det som antecknats av misstag tas bort. Fel uppgifter rättar du i stället."),
        warning=_("Kontakten och det som räknats av den försvinner och kan inte fås tillbaka."),
        is_final=True,
        button=_("Ta bort kontakten"),
        back_url=reverse("cases:contact", args=[contact_id]),
    )


@permit("cases.write")
def hand_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The form that puts a child's contact before the coordinator for children."""
    by, now = staff(request), timezone.now()
    seen = actions.see_contact(contact_id=contact_id, by=by, now=now, what=f"{FORM}hand_contact")
    row = seen.one.contact
    form = HandForm.of(request)
    draft = kept(request, form, unit=row.unit, case_id=row.case_id)
    if draft.sent(
        lambda given: actions.hand_to_child_coordinator(
            contact_id=contact_id, by=by, now=now, **given
        )
    ):
        return done(
            request,
            _(
                "Koordinatorn för barn och unga har fått kontakten. Hjälp barnet tills någon "
                "där tar över."
            ),
            "cases:contact",
            contact_id,
        )
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=_("Koppla in koordinatorn för barn och unga"),
        lead=_("Inget barn hänvisas bort. Du hjälper barnet tills koordinatorn har tagit över."),
        button=_("Lämna till koordinatorn"),
        back_url=reverse("cases:contact", args=[contact_id]),
    )
