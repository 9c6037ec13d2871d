"""Later text to a contact whose own text stands."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.pages import done, page

from ... import actions
from ...forms.notes import AdditionForm
from ...rules.access import FORM
from ..drafts import kept

if TYPE_CHECKING:
    from typing import Any


@permit("cases.write")
def add_to_contact(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """The form for an addition, below what the contact says."""
    by, now = staff(request), timezone.now()
    seen = actions.see_contact(contact_id=contact_id, by=by, now=now, what=f"{FORM}add_to_contact")
    row = seen.one.contact
    form = AdditionForm.of(request, initial={"on": timezone.localdate()})
    draft = kept(request, form, unit=row.unit, case_id=row.case_id)

    def add(given: "dict[str, Any]") -> object:
        return actions.add_to_contact(contact_id=contact_id, by=by, now=now, **given)

    if draft.sent(add):
        return done(request, _("Tillägget är sparat."), "cases:contact", contact_id)
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=_("Tillägg till en kontakt"),
        lead=_("Det som redan står ändras inte. Tillägget står under det, med ditt namn."),
        note={"on": row.on, "title": seen.one.content.subject, "text": seen.one.content.text},
        button=_("Spara"),
        back_url=reverse("cases:contact", args=[contact_id]),
    )
