"""Contact persons of a municipality: added, changed, ended."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.pages import done, page

from .. import actions, queries
from ..forms import ContactForm, EndContactForm, as_fields
from .conflict import has_changed, meanwhile, renew

if TYPE_CHECKING:
    from hamn.ui.forms import HamnForm

    from ..models import ContactPerson


@permit("organisations.save_contact")
def add_contact(request: HttpRequest, code: str) -> HttpResponse:
    """The form for a new contact person."""
    person = staff(request)
    party = queries.new_contact(person, code).party
    form = ContactForm.of(request, initial={"role": "avtal", "valid_from": timezone.localdate()})
    if form.sent(
        lambda given: actions.save_contact(
            code=code, contact_id=None, seen=given.pop("seen"), fields=given, by=person
        )
    ):
        return done(request, _("Kontaktpersonen är tillagd."), "organisations:show", code)
    return _page(
        request,
        form,
        code,
        heading=_("Ny kontaktperson för {name}").format(name=party.name),
        button=_("Lägg till"),
    )


@permit("organisations.save_contact")
def edit_contact(request: HttpRequest, code: str, contact_id: int) -> HttpResponse:
    """The form for a contact person's details."""
    person = staff(request)
    contact = queries.contact(person, code, contact_id)
    form = ContactForm.of(request, initial=_initial(contact))
    if form.sent(
        lambda given: actions.save_contact(
            code=code, contact_id=contact_id, seen=given.pop("seen"), fields=given, by=person
        )
    ):
        return done(request, _("Kontaktpersonen är sparad."), "organisations:show", code)
    return _page(
        request,
        form,
        code,
        contact_id=contact_id,
        heading=_("Ändra kontaktperson för {name}").format(name=contact.party.name),
        lead=_("Har någon annan tagit över? Avsluta den här kontaktpersonen och lägg till en ny."),
        button=_("Spara"),
    )


@permit("organisations.end_contact")
def end_contact(request: HttpRequest, code: str, contact_id: int) -> HttpResponse:
    """The form for a contact person's last day."""
    person = staff(request)
    contact = queries.contact(person, code, contact_id)
    initial = {"last_day": contact.valid_until, "seen": queries.contact_version(contact)}
    form = EndContactForm.of(request, initial=initial)
    if form.sent(
        lambda given: actions.end_contact(code=code, contact_id=contact_id, by=person, **given)
    ):
        return done(request, _("Slutdatumet är sparat."), "organisations:show", code)
    return _page(
        request,
        form,
        code,
        contact_id=contact_id,
        heading=_("Avsluta {title} som kontaktperson").format(title=contact.title),
        lead=_("Kontaktpersonen står kvar bland de tidigare på kommunens sida."),
        button=_("Spara slutdatum"),
    )


def _page(
    request: HttpRequest, form: "HamnForm", code: str, *, contact_id: int = 0, **words: Any
) -> HttpResponse:
    changed: list[dict[str, Any]] = []
    if contact_id and has_changed(request):
        stored = queries.contact(staff(request), code, contact_id)
        renew(form, queries.contact_version(stored))
        changed = meanwhile(form, _initial(stored))
    return page(
        request,
        "organisations/form.html",
        form=form,
        meanwhile=changed,
        back_url=reverse("organisations:show", args=[code]),
        **words,
    )


def _initial(contact: "ContactPerson") -> dict[str, Any]:
    fields = {name: getattr(contact, name) for name in queries.CONTACT_FIELDS}
    return {
        **fields,
        **as_fields(contact.role),
        "last_day": contact.valid_until,
        "seen": queries.contact_version(contact),
    }
