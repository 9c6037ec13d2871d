"""A contact is corrected; what somebody else saved meanwhile stands beside one's own."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import unit_name
from hamn.ui.pages import done, page

from ... import actions
from ...forms.contacts import ContactForm
from ...queries.contacts import speakers
from ...rules.access import FORM
from ...rules.contacts import WORKING_DAYS, is_locked, same_text
from ...rules.states import Changed
from ..drafts import kept
from ..notes import ADDITION, STEP
from . import asked
from .show import facts

if TYPE_CHECKING:
    from ...actions.contacts import SeenContact
    from ...rules.content import ContactContent


@permit("cases.write")
def change_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The form for what a contact says."""
    by, now = staff(request), timezone.now()
    seen = actions.see_contact(contact_id=contact_id, by=by, now=now, what=f"{FORM}change_contact")
    row = seen.one.contact
    service = asked.service_in(request, row.unit, seen.one.content.service)
    form = ContactForm.of(
        request,
        initial=_initial(seen),
        workers=speakers(seen.unit, also=_spoke(seen)),
        **asked.words_of(service),
    )
    draft = kept(request, form, unit=row.unit, case_id=row.case_id)
    _lock(form, seen, now)

    who = {"contact_id": contact_id, "by": by, "now": now}
    if draft.sent(partial(_save, request, service.code, who)):
        return done(request, _("Kontakten är sparad."), "cases:contact", contact_id)
    meanwhile = _meanwhile(form, seen)
    is_too_late = "text" in form.fields and is_locked(row.logged_at, now)
    if draft.saved_at is None:
        form.show_again(str(row.version))
    return page(
        request,
        "cases/contact_form.html",
        form=form,
        heading=_("Ändra kontakten"),
        unit_name=_(unit_name(row.unit)),
        meanwhile=meanwhile,
        meanwhile_text=seen.one.content.text if meanwhile else "",
        stands=seen.one.content.text,
        too_late=ADDITION if is_too_late else "",
        working_days=WORKING_DAYS,
        contact_id=contact_id,
        joint=bool(seen.one.content.joint_with),
        button=_("Spara min text i stället") if meanwhile and not is_too_late else _("Spara"),
        back_url=reverse("cases:contact", args=[contact_id]),
    )


def _save(request: HttpRequest, service: str, who: dict[str, Any], given: dict[str, Any]) -> None:
    """The contact as the form says; her text as an addition when she asked for that."""
    later = given.pop("text") if request.POST.get(STEP) == ADDITION else ""
    actions.change_contact(
        seen=given["seen"],
        on=given["on"],
        answer_by=given["answer_by"],
        change=lambda content: _changed(content, given, service),
        **who,
    )
    if later:
        actions.add_to_contact(text=later, on=timezone.localdate(who["now"]), **who)


def _changed(content: "ContactContent", given: dict[str, Any], service: str) -> "ContactContent":
    return replace(content, **asked.own_fields(given), service=service)


def _lock(form: ContactForm, seen: "SeenContact", now: datetime) -> None:
    """No field for a text that stays as it is; what was typed instead of it can still be saved."""
    stands = seen.one.content.text
    typed = form.data.get("text", form.initial["text"])
    if is_locked(seen.one.contact.logged_at, now) and same_text(typed, stands):
        del form.fields["text"]


def _initial(seen: "SeenContact") -> dict[str, Any]:
    content = seen.one.content
    own = {name: getattr(content, name) for name in ContactForm.base_fields if name in asked.OWN}
    return {
        **own,
        "grounds": list(content.grounds),
        "spoke": [str(pk) for pk in _spoke(seen)],
        "on": seen.one.contact.on,
        "answer_by": seen.one.contact.answer_by,
    }


def _spoke(seen: "SeenContact") -> tuple[int, ...]:
    logged_by = seen.one.contact.logged_by_id
    return seen.one.content.spoke or ((logged_by,) if logged_by else ())


def _meanwhile(form: ContactForm, seen: "SeenContact") -> list[dict[str, Any]]:
    """What stands now, when somebody saved while she wrote."""
    if not isinstance(getattr(form.request, "refusal", None), Changed):
        return []
    return [{"key": {"text": key}, "value": {"text": text}} for key, text in facts(seen.one)]
