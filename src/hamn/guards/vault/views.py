"""The page of the vault: how each unit's key stands, and what its head does with it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import allows, permit, staff
from hamn.guards.access.permits import require as require_permit
from hamn.guards.access.rules import every_unit
from hamn.ui.forms import ConfirmForm, kept_nowhere
from hamn.ui.pages import done, page
from hamn.ui.words import said

from . import actions, queries
from .forms import AddPassphraseForm, NewUnitForm, RemovePassphraseForm, UnsealForm

_FORM_PAGE = "ui/form_page.html"
_DOES = ("unseal", "lock", "add_passphrase", "remove_passphrase", "new_unit")


@permit("vault.see")
def show(request: HttpRequest) -> HttpResponse:
    """Each unit that the viewer may see: whether it is open, and what she can do."""
    viewer = staff(request)
    found = queries.status_for(viewer)
    return page(
        request,
        "vault/show.html",
        has_agent=found.has_agent,
        units=[
            (
                one,
                _name(one.unit),
                {verb: allows(viewer, f"vault.{verb}", one.unit) for verb in _DOES},
            )
            for one in found.units
        ],
    )


@sensitive_post_parameters()
@kept_nowhere
@permit("vault.unseal")
def unseal(request: HttpRequest, unit: str) -> HttpResponse:
    """The head opens her unit with her passphrase."""
    by, name = staff(request), _asked(request, "vault.unseal", unit)
    form = UnsealForm.of(request)
    if form.sent(lambda given: actions.unseal(unit=unit, by=by, **given)):
        return done(request, _("Valvet för {unit} är öppet.").format(unit=name), "vault:show")
    return page(
        request,
        _FORM_PAGE,
        form=form,
        heading=_("Öppna valvet för {unit}").format(unit=name),
        lead=_("Lösenfrasen sparas ingenstans. Valvet är öppet tills det stängs eller startas om."),
        button=_("Öppna valvet"),
        back_url=reverse("vault:show"),
    )


@kept_nowhere
@permit("vault.lock")
def lock(request: HttpRequest, unit: str) -> HttpResponse:
    """The unit is closed, for everyone, until its head opens it again."""
    by, name = staff(request), _asked(request, "vault.lock", unit)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.lock(unit=unit, by=by)):
        return done(request, _("Valvet för {unit} är stängt.").format(unit=name), "vault:show")
    return page(
        request,
        _FORM_PAGE,
        form=form,
        heading=_("Stäng valvet för {unit}").format(unit=name),
        warning=_("Ingen kan läsa eller söka enhetens ärenden förrän chefen öppnar igen."),
        button=_("Stäng valvet"),
        back_url=reverse("vault:show"),
    )


@sensitive_post_parameters()
@kept_nowhere
@permit("vault.new_unit")
def new_unit(request: HttpRequest, unit: str) -> HttpResponse:
    """The first key of a unit; the head who makes it is alone to know its passphrase."""
    by, name = staff(request), _asked(request, "vault.new_unit", unit)
    form = NewUnitForm.of(request)

    def make(given: dict[str, Any]) -> object:
        return actions.new_unit(unit=unit, name=given["name"], passphrase=given["new"], by=by)

    if form.sent(make):
        return done(request, _("{unit} har fått sin nyckel.").format(unit=name), "vault:show")
    return page(
        request,
        _FORM_PAGE,
        form=form,
        heading=_("Gör nyckel för {unit}").format(unit=name),
        lead=_("Enhetens chef väljer lösenfrasen själv och delar den inte med någon."),
        warning=_("Om alla lösenfraser glöms kan ingen läsa enhetens ärenden igen."),
        button=_("Gör nyckeln"),
        back_url=reverse("vault:show"),
    )


@sensitive_post_parameters()
@kept_nowhere
@permit("vault.add_passphrase")
def add_passphrase(request: HttpRequest, unit: str) -> HttpResponse:
    """One more passphrase, so that a cover can open the unit when its head is away."""
    by, name = staff(request), _asked(request, "vault.add_passphrase", unit)
    form = AddPassphraseForm.of(request)

    def add(given: dict[str, Any]) -> object:
        given.pop("again")
        return actions.add_passphrase(unit=unit, by=by, **given)

    if form.sent(add):
        return done(request, _("Lösenfrasen är tillagd."), "vault:show")
    return page(
        request,
        _FORM_PAGE,
        form=form,
        heading=_("Lägg till lösenfras för {unit}").format(unit=name),
        lead=_("Den som ska kunna öppna valvet i ditt ställe skriver sin egen lösenfras."),
        button=_("Lägg till lösenfrasen"),
        back_url=reverse("vault:show"),
    )


@sensitive_post_parameters()
@kept_nowhere
@permit("vault.remove_passphrase")
def remove_passphrase(request: HttpRequest, unit: str) -> HttpResponse:
    """A passphrase of someone who shall open the unit no more."""
    by, name = staff(request), _asked(request, "vault.remove_passphrase", unit)
    found = {one.unit: one.names for one in queries.status_for(by).units}
    form = RemovePassphraseForm.of(request, names=found.get(unit, ()))
    if form.sent(lambda given: actions.remove_passphrase(unit=unit, by=by, **given)):
        return done(request, _("Lösenfrasen är borttagen."), "vault:show")
    return page(
        request,
        _FORM_PAGE,
        form=form,
        heading=_("Ta bort lösenfras för {unit}").format(unit=name),
        warning=_("Den som har lösenfrasen kan sedan inte öppna valvet."),
        is_final=True,
        button=_("Ta bort lösenfrasen"),
        back_url=reverse("vault:show"),
    )


def _asked(request: HttpRequest, name: str, unit: str) -> str:
    """The unit's name, for who may do this with this unit. Raises NotVisible to others."""
    if unit not in every_unit() or not allows(staff(request), name, unit):
        raise NotVisible(marked("Enheten finns inte. Gå tillbaka till sidan Valvet."))
    require_permit(staff(request), name, unit)
    return _name(unit)


def _name(code: str) -> str:
    return said(every_unit().get(code, code))
