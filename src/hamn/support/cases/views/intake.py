"""A case is opened: directly, or from a contact."""

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import unit_name
from hamn.support.services.rules import AgeGroup
from hamn.ui.pages import done, page

from .. import actions
from ..actions.intake import Intake, intake_of
from ..forms.intake import IntakeForm
from ..rules.access import FORM
from .contacts import asked
from .drafts import kept
from .frame import back_to

if TYPE_CHECKING:
    from hamn.support.services.models import Service

    from ..queries.opened import OpenCase

_OWN = frozenset(field.name for field in fields(Intake))


@permit("cases.write")
def open_case(request: HttpRequest) -> HttpResponse:
    """The form for a new case, with no contact before it."""
    service, others = asked.own_service(request)
    return _open(request, service, initial={}, contact_id=None, others=others)


@permit("cases.write")
def open_case_from(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The same, with what the contact already says."""
    seen = actions.see_contact(
        contact_id=contact_id, by=staff(request), now=timezone.now(), what=f"{FORM}open_case"
    )
    if seen.case is not None:
        return done(request, _("Kontakten hör redan till ett ärende."), back_to(seen.case.case))
    content = seen.one.content
    service = asked.service_in(request, seen.one.contact.unit, content.service)
    initial = asdict(intake_of(content)) | {"grounds": list(content.grounds)}
    return _open(request, service, initial=initial, contact_id=contact_id)


@permit("cases.write")
@require_POST
def report_from_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """A case opened from the contact with what it says, and on to its report of concern."""
    by, now = staff(request), timezone.now()
    seen = actions.see_contact(contact_id=contact_id, by=by, now=now, what="report_from_contact")
    opened = seen.case or actions.take_in(
        intake=intake_of(seen.one.content), contact_id=contact_id, by=by, now=now
    )
    told = _("Ett ärende är öppnat. Skriv orosanmälan här; den kan göras utan namn.")
    return done(request, told, "cases:add_child_report", opened.case.pk)


def _open(
    request: HttpRequest,
    service: "Service",
    *,
    initial: dict[str, Any],
    contact_id: UUID | None,
    others: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    form = IntakeForm.of(request, initial=initial, **asked.words_of(service))
    draft = kept(request, form, unit=service.unit, service=service.code)
    if draft.sent(
        lambda given: actions.take_in(
            intake=_intake(given, service.code),
            mine=not given["is_free"],
            contact_id=contact_id,
            by=staff(request),
            now=timezone.now(),
        )
    ):
        return _onwards(request, form.outcome, contact_id)
    return page(
        request,
        "cases/intake.html",
        form=form,
        heading=_("Öppna ett ärende"),
        unit_name=unit_name(service.unit),
        others=others or [],
        button=_("Öppna ärendet"),
        back_url=reverse("cases:contact", args=[contact_id])
        if contact_id
        else reverse("cases:today"),
    )


def _intake(given: dict[str, Any], service: str) -> Intake:
    own = {name: value for name, value in given.items() if name in _OWN}
    return Intake(**{**own, "grounds": tuple(own["grounds"]), "service": service})


def _onwards(request: HttpRequest, opened: "OpenCase", contact_id: UUID | None) -> HttpResponse:
    """The new case; for a child the contact, where the duty and the coordinator stand."""
    if opened.content.age_group != AgeGroup.CHILD:
        return done(request, _("Ärendet är öppnat."), back_to(opened.case))
    if contact_id is not None:
        return done(request, _("Ärendet är öppnat."), "cases:contact", contact_id)
    told = _(
        "Ärendet är öppnat. Anteckna kontakten, så kan du sedan göra en orosanmälan och koppla in "
        "koordinatorn."
    )
    return done(request, told, "cases:log_contact", opened.case.pk)
