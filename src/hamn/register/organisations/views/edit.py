"""Changing a municipality's party data."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hamn.core.identifiers import hyphenated
from hamn.guards.access.permits import permit, staff
from hamn.ui.pages import done, page

from .. import actions, queries
from ..forms import PartyForm
from .conflict import has_changed, meanwhile, renew

if TYPE_CHECKING:
    from ..models import Municipality, Party


@permit("organisations.save_party")
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form for a party's data; what somebody else saved meanwhile is shown beside it."""
    person = staff(request)
    municipality = queries.by_code(person, code)
    form = _form(request, municipality)
    if form.sent(
        lambda given: actions.edit_party(code=code, seen=given.pop("seen"), fields=given, by=person)
    ):
        return done(request, _("Uppgifterna är sparade."), "organisations:show", code)
    stored = None
    if has_changed(request):
        stored = queries.party_of(queries.by_code(person, code))
        renew(form, queries.party_version(stored))
    return page(
        request,
        "organisations/form.html",
        form=form,
        heading=_("Uppgifter om {name}").format(name=municipality.name),
        lead=_("Fyll i det du vet. Kommunens sida visar vad som fortfarande saknas."),
        meanwhile=meanwhile(form, _shown(stored)) if stored else [],
        button=_("Spara"),
        back_url=reverse("organisations:show", args=[code]),
    )


def _form(request: HttpRequest, municipality: "Municipality") -> PartyForm:
    party = queries.party_of(municipality)
    initial: dict[str, Any] = {"name": _("{name} kommun").format(name=municipality.name)}
    if party is not None:
        initial = {**_shown(party), "seen": queries.party_version(party)}
    form = PartyForm.of(request, initial=initial)
    if party is None or not party.is_example_number:
        # Only the demonstration has invented numbers; nobody else is asked.
        del form.fields["is_example_number"]
    return form


def _shown(party: "Party") -> dict[str, Any]:
    """The party's fields as people write them."""
    fields = {name: getattr(party, name) for name in queries.PARTY_FIELDS}
    if fields["organisation_number"]:
        fields["organisation_number"] = hyphenated(fields["organisation_number"])
    return fields
