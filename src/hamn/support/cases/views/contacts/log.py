"""A new contact in one screen: with no case, or in one."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import unit_name
from hamn.ui import once
from hamn.ui.pages import done, page

from ... import actions
from ...forms.contacts import JOIN, OPEN, CaseContactForm, NewContactForm
from ...queries.contacts import case_by_number, cases_by_id, couple_of, speakers
from ...rules.states import CaseState, check_open
from ..drafts import FIELD, kept
from ..frame import back_to, opened_for
from . import asked

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ...forms.contacts import ContactForm
    from ...queries.opened import OpenCase, OpenContact

STEP, SHOW = "steg", "visa"  # the button that answers without saving


@permit("cases.write")
def new_contact(request: HttpRequest) -> HttpResponse:
    """A contact that has no case yet, or goes to one by its number."""
    service, others = asked.own_service(request)
    form = NewContactForm.of(
        request,
        initial={"on": timezone.localdate(), "spoke": [str(staff(request).pk)]},
        workers=speakers(service.unit),
        **asked.words_of(service),
    )
    draft = kept(request, form, unit=service.unit, service=service.code)
    if shown := _answer(request, form, service.code):
        return _page(request, form, others=others, unit=service.unit, answer=shown)
    if draft.sent(lambda given: _log(given, service.code, service.unit, by=staff(request))):
        return _onwards(request, form.cleaned_data["to"], form.outcome)
    return _page(request, form, others=others, unit=service.unit)


@permit("cases.write")
def log_contact(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A contact in a case; for a couple in both cases at once, when both open to her."""
    opened = opened_for(request, case_id, "log_contact")
    check_open(CaseState(opened.case.state))
    by, now = staff(request), timezone.now()
    service = asked.service_in(request, opened.case.unit)
    form = CaseContactForm.of(
        request,
        initial=_initial(opened) | {"spoke": [str(by.pk)]},
        workers=speakers(opened.case.unit, also=[by.pk]),
        others=_numbers(by, opened, now),
        **asked.words_of(service),
    )
    draft = kept(request, form, unit=opened.case.unit, case_id=case_id, service=service.code)
    back_url = back_to(opened.case)
    if shown := _answer(request, form, service.code):
        return _page(request, form, unit=opened.case.unit, back_url=back_url, answer=shown)
    if draft.sent(
        lambda given: actions.log_contact(
            service=service.code,
            on=given["on"],
            content=asked.content_of(given),
            answer_by=given["answer_by"],
            case_id=case_id,
            also_in=[UUID(pk) for pk in given.get("also_in", ())],
            by=by,
            now=now,
        )
    ):
        return _told(request, form.outcome, back_url)
    return _page(request, form, unit=opened.case.unit, back_url=back_url)


def _log(given: dict[str, Any], service: str, unit: str, *, by: "Person") -> "OpenContact":
    now = timezone.now()
    has_number = given["to"] == JOIN and given["number"]
    case = case_by_number(by, given["number"], unit, now) if has_number else None
    return actions.log_contact(
        service=service,
        on=given["on"],
        content=asked.content_of(given),
        answer_by=given["answer_by"],
        mine=not given["is_free"],
        case_id=case.pk if case else None,
        by=by,
        now=now,
    )


def _onwards(request: HttpRequest, to: str, one: "OpenContact") -> HttpResponse:
    """The case to open, the case it went to, or the contact with what staff can say."""
    if to == OPEN:
        return done(request, _("Kontakten är antecknad."), "cases:open_case_from", one.contact.pk)
    if to == JOIN and one.contact.case is None:
        return done(request, _("Kontakten är antecknad."), "cases:join_contact", one.contact.pk)
    if one.contact.case is not None:
        return _told(request, one, back_to(one.contact.case))
    return done(request, _("Kontakten är antecknad."), "cases:contact", one.contact.pk)


def _told(request: HttpRequest, one: "OpenContact", back_url: str) -> HttpResponse:
    """Back to the case; to the contact when there is a duty to see to first."""
    if one.contact.is_child:
        back_url = reverse("cases:contact", args=[one.contact.pk])
    return done(request, _("Kontakten är antecknad."), back_url)


def _answer(request: HttpRequest, form: "ContactForm", service: str) -> dict[str, Any]:
    """What staff can say, when only that was asked for; the form may then be sent again."""
    if request.POST.get(STEP) != SHOW:
        return {}
    once.give_back(request.POST.get(once.FIELD, ""))

    def answered(given: dict[str, Any]) -> dict[str, Any]:
        given.pop(FIELD, None)
        return asked.answer(asked.entitlement(request, given, service), given)

    return form.outcome if form.sent(answered) else {}


def _initial(opened: "OpenCase") -> dict[str, Any]:
    """What the case already says, so that nobody is asked twice."""
    content = opened.content
    return {
        "on": timezone.localdate(),
        "form": content.form,
        "grounds": list(content.grounds),
        "municipality": content.municipality or "unknown",
        "age_group": content.age_group,
        "source": content.source,
    }


def _numbers(by: "Person", opened: "OpenCase", now: datetime) -> dict[str, str]:
    """The numbers of the cases that are coupled with this one and open to her, by id."""
    others = couple_of(by, opened, now)
    if not others:
        return {}
    named = actions.read_names(cases=cases_by_id(by, others, now), by=by, now=now)
    return {str(pk): one.content.number for pk, one in named.items()}


def _page(
    request: HttpRequest,
    form: "ContactForm",
    *,
    unit: str,
    back_url: str = "",
    answer: dict[str, Any] | None = None,
    others: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    return page(
        request,
        "cases/contact_form.html",
        form=form,
        heading=_("Ny kontakt"),
        unit_name=_(unit_name(unit)),
        others=others or [],
        answer=answer,
        show=SHOW,
        button=_("Spara kontakten"),
        back_url=back_url or reverse("cases:today"),
    )
