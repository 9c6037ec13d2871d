"""Units: the head's page, and the decisions about who belongs."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page
from hamn.ui.words import said

from .. import actions, queries
from ..models import UnitMembership
from ..permits import allows, permit, staff
from ..rules import STANDING_NAMES, Standing, every_unit
from .frame import FORM_PAGE


@permit("access.grant_member")
def unit(request: HttpRequest) -> HttpResponse:
    """What waits for the head's decision, who belongs to her units, what waits about herself."""
    viewer = staff(request)
    headed, names = queries.headed_units(viewer), every_unit()
    members = queries.memberships(viewer).filter(unit__in=headed).order_by("unit", "person__title")
    return page(
        request,
        "access/unit.html",
        headed=[_name(code, names) for code in sorted(headed)],
        waiting=[(row, _name(row.unit, names)) for row in queries.waiting_grants(viewer)],
        own=[(row, _name(row.unit, names)) for row in queries.own_proposals(viewer)],
        is_alone=queries.may_accept_alone(viewer),
        members=[
            (row, _name(row.unit, names), said(STANDING_NAMES[row.standing]))
            for row in members
            if row.standing in {Standing.GRANTED, Standing.SUSPENDED}
        ],
    )


@permit("access.grant_member")
def grant_member(request: HttpRequest, membership_id: int) -> HttpResponse:
    """The head's decision that a person belongs to her unit."""
    row = queries.membership(staff(request), membership_id)
    form = ConfirmForm.of(request)
    by = staff(request)
    if form.sent(lambda _given: actions.grant_member(membership_id=membership_id, by=by)):
        return done(request, _("Beslutet gäller nu."), "access:unit")
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Besluta att {title} hör till {unit}").format(**_words(row)),
        lead=_("Kontrollera att du känner personen och att uppdraget stämmer.")
        if not row.is_head
        else _("Personen blir chef för enheten och beslutar sedan om andra."),
        warning=_("Personen får sedan läsa enhetens förseglade uppgifter."),
        button=_("Besluta"),
        back_url=reverse("access:unit"),
    )


@permit("access.accept_headship")
def accept_headship(request: HttpRequest, membership_id: int) -> HttpResponse:
    """The proposed head takes over a unit where nobody else can decide."""
    row = queries.membership(staff(request), membership_id)
    form = ConfirmForm.of(request)
    by = staff(request)
    if form.sent(lambda _given: actions.accept_headship(membership_id=membership_id, by=by)):
        return done(request, _("Du är nu chef för enheten."), "access:unit")
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Ta över {unit}").format(**_words(row)),
        lead=_("Ingen annan är chef för en enhet i centrumet. Därför bekräftar du själv."),
        warning=_("Du beslutar sedan vilka som hör till enheten. Det står i spåret."),
        button=_("Ta över enheten"),
        back_url=reverse("access:unit"),
    )


@permit("access.end_member")
def end_member(request: HttpRequest, membership_id: int) -> HttpResponse:
    """A person leaves a unit, or a proposal is turned down."""
    row = queries.membership(staff(request), membership_id)
    form = ConfirmForm.of(request)
    by = staff(request)
    administers = allows(by, "access.see")
    back = reverse("access:person", args=[row.person_id]) if administers else reverse("access:unit")
    if form.sent(lambda _given: actions.end_member(membership_id=membership_id, by=by)):
        return done(request, _("Medlemskapet är avslutat."), back)
    return page(
        request,
        FORM_PAGE,
        form=form,
        heading=_("Avsluta {title} i {unit}").format(**_words(row)),
        warning=_("Personen kan sedan inte läsa enhetens förseglade uppgifter."),
        is_final=True,
        button=_("Avsluta medlemskapet"),
        back_url=back,
    )


def _words(row: UnitMembership) -> dict[str, str]:
    return {"title": row.person.title, "unit": _name(row.unit, every_unit())}


def _name(code: str, names: Mapping[str, str]) -> str:
    return said(names.get(code, code))
