"""Absences: one's own, and those of the head's people."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page
from hamn.ui.words import long_date

from .. import actions, queries
from ..forms import AbsenceForm
from ..models import Absence
from .posts import FORM_PAGE, _read

OVERVIEW = "staff:overview"


@permit("staff.save_absence")
def add_absence(request: HttpRequest) -> HttpResponse:
    """The form for an absence, one's own unless a head chooses another."""
    people = queries.may_be_absent(staff(request))
    absence = Absence(person_id=staff(request).pk, version=0)
    initial = {"person_id": absence.person_id, "starts_on": timezone.localdate()}
    return _save(
        request,
        absence,
        people=people,
        initial=initial,
        heading=_("Registrera frånvaro"),
    )


@permit("staff.save_absence")
def edit_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """The form for an absence whose days have changed."""
    absence = queries.absence(staff(request), absence_id)
    names = ("person_id", "kind", "starts_on", "ends_on")
    return _save(
        request,
        absence,
        people={absence.person_id: absence.person.title},
        initial={name: getattr(absence, name) for name in names},
        heading=_("Ändra frånvaro för {title}").format(title=absence.person.title),
    )


@permit("staff.withdraw_absence")
def withdraw_absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """An absence that never came to be."""
    by = staff(request)
    absence = queries.absence(by, absence_id)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.withdraw_absence(absence_id=absence_id, by=by)):
        return done(request, _("Frånvaron är borttagen."), OVERVIEW)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Ta bort frånvaron för {title}").format(title=absence.person.title),
        lead=_("Från {day}. Är personen tillbaka tidigare? Ändra då sista dagen i stället.").format(
            day=long_date(absence.starts_on)
        ),
        is_final=True,
        button=_("Ta bort"),
        back_url=reverse(OVERVIEW),
    )


def _save(
    request: HttpRequest,
    absence: Absence,
    *,
    people: dict[int, str],
    initial: dict[str, Any],
    heading: str,
) -> HttpResponse:
    by = staff(request)
    form = AbsenceForm.of(request, people=people, initial=initial)
    if form.sent(lambda given: actions.save_absence(absence_id=absence.pk, by=by, **_read(given))):
        return done(request, _("Frånvaron är sparad."), OVERVIEW)
    form.show_again(str(queries.absence(by, absence.pk).version if absence.pk else 0))
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=heading,
        button=_("Spara"),
        back_url=reverse(OVERVIEW),
    )
