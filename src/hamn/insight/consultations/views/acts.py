"""What staff do with consultations: log in one screen, take, answer, hand over, correct, remove."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import permit, staff
from hamn.register.staff import queries as units
from hamn.support.services import queries as services
from hamn.ui.forms import HamnForm, kept_nowhere
from hamn.ui.pages import done, page

from .. import actions
from ..forms.desk import AnswerForm, CorrectForm, GivenForm, HandForm
from ..queries import lists
from ..queries.coverage import workplace
from ..rules.content import Given
from ..rules.words import NO_MUNICIPALITY, Origin, State
from .drafts import kept_new, kept_with
from .told import covered

if TYPE_CHECKING:
    from ..queries.opened import OpenConsultation


@kept_nowhere
@permit("consultations.log")
def log_consultation(request: HttpRequest) -> HttpResponse:
    """A consultation or supervision that was given: one screen, two choices."""
    person, own = staff(request), _own_units(request)
    form = GivenForm.of(
        request,
        units=own,
        municipalities=services.municipality_names(),
        initial={"on": timezone.localdate()},
    )
    draft = kept_new(request, form, lists.units_of(person))
    if draft.sent(
        lambda given: actions.log_consultation(
            given=_given(given), is_confirmed=given["is_confirmed"], by=person, now=timezone.now()
        )
    ):
        return done(request, _("Konsultationen är antecknad och räknad."), "consultations:list")
    return page(
        request,
        "consultations/desk/given.html",
        form=form,
        heading=_("Anteckna en konsultation"),
        button=_("Spara"),
        back_url=reverse("consultations:list"),
    )


@permit("consultations.answer")
@require_POST
def take_consultation(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """She answers it."""
    actions.take_consultation(
        consultation_id=consultation_id, by=staff(request), now=timezone.now()
    )
    return done(request, _("Du svarar på frågan."), "consultations:show", consultation_id)


@kept_nowhere
@permit("consultations.answer")
def answer_consultation(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """How it was answered; after this it is counted."""
    person, today = staff(request), timezone.localdate()
    row = lists.consultation_for(person, consultation_id)
    found = covered(row, today)
    form = AnswerForm.of(
        request,
        may_refer=found is not None and not found.is_covered,
        initial={"on": today},
    )
    draft = kept_with(row, request, form)
    if draft.sent(
        lambda given: actions.answer_consultation(
            consultation_id=consultation_id,
            **given | {"outcome": State(given["outcome"])},
            by=person,
            now=timezone.now(),
        )
    ):
        return done(
            request, _("Svaret är antecknat och räknat."), "consultations:show", consultation_id
        )
    if draft.laid_in is None:  # else it has seen what it was typed beside
        form.show_again(str(row.version))
    return page(
        request,
        "consultations/desk/form.html",
        form=form,
        heading=_("Anteckna svaret"),
        lead=_("Svara först den som frågar, per telefon eller e-post. Skriv sedan hur det gick."),
        button=_("Spara"),
        back_url=reverse("consultations:show", args=[consultation_id]),
    )


@permit("consultations.hand_over")
def hand_consultation(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """Another unit answers it instead."""
    person = staff(request)
    row = lists.consultation_for(person, consultation_id)
    names = {code: name for code, name in _serving_units().items() if code != row.unit}
    form = HandForm.of(request, units=names)
    if form.sent(
        lambda given: actions.hand_consultation(
            consultation_id=consultation_id, by=person, now=timezone.now(), **given
        )
    ):
        return done(request, _("Konsultationen är lämnad till enheten."), "consultations:list")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Lämna till en annan enhet"),
        lead=_("Den andra enheten läser och svarar. Din enhet kan inte läsa frågan längre."),
        button=_("Lämna över"),
        back_url=reverse("consultations:show", args=[consultation_id]),
    )


@kept_nowhere
@permit("consultations.answer")
def correct_consultation(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """What was counted, as it should have been."""
    person = staff(request)
    one = actions.read_consultation(consultation_id=consultation_id, by=person)
    form = CorrectForm.of(
        request,
        units={one.row.unit: units.unit_name(one.row.unit)},
        municipalities=services.municipality_names(),
        has_words=one.row.origin == Origin.STAFF,
        initial=_initial(one),
    )
    draft = kept_with(one.row, request, form)
    if draft.sent(
        lambda given: actions.correct_consultation(
            consultation_id=consultation_id,
            given=_given(given),
            is_confirmed=given["is_confirmed"],
            seen=given["seen"],
            by=person,
            now=timezone.now(),
        )
    ):
        return done(request, _("Uppgifterna är rättade."), "consultations:show", consultation_id)
    if draft.laid_in is None:
        form.show_again(str(one.row.version))
    return page(
        request,
        "consultations/desk/given.html",
        form=form,
        heading=_("Rätta konsultationen"),
        button=_("Rätta"),
        back_url=reverse("consultations:show", args=[consultation_id]),
    )


@permit("consultations.answer")
def remove_consultation(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """One that staff logged by mistake."""
    person = staff(request)
    row = lists.consultation_for(person, consultation_id)
    if row.origin != Origin.STAFF:
        raise NotVisible(marked("Konsultationen finns inte för dig. Kontrollera adressen."))
    form = HamnForm.of(request)
    if form.sent(
        lambda _given: actions.remove_consultation(consultation_id=consultation_id, by=person)
    ):
        return done(request, _("Konsultationen är borttagen."), "consultations:list")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Ta bort konsultationen"),
        warning=_("Den raderas och räknas inte längre. Det går inte att ångra."),
        is_final=True,
        button=_("Ta bort"),
        back_url=reverse("consultations:show", args=[consultation_id]),
    )


def _given(given: dict[str, Any]) -> Given:
    """What a form told, as the action takes it."""
    names = ("unit", "on", "kind", "way", "minutes", "profession", "topic", "urgency")
    return Given(
        **{name: given[name] for name in names},
        municipality=workplace(given["municipality"]),
        name=given.get("name", ""),
        text=given.get("text", ""),
    )


def _initial(one: "OpenConsultation") -> dict[str, Any]:
    """What stands now, as the form shows it."""
    row = one.row
    names = ("unit", "kind", "way", "minutes", "profession", "topic", "urgency")
    return {name: getattr(row, name) for name in names} | {
        "on": row.answered_on,
        "municipality": row.municipality or NO_MUNICIPALITY,
        "name": one.content.name,
        "text": one.content.text,
    }


def _own_units(request: HttpRequest) -> dict[str, str]:
    """Her units that have a service, name by code."""
    own = lists.units_of(staff(request))
    return {code: name for code, name in _serving_units().items() if code in own}


def _serving_units() -> dict[str, str]:
    offered = {row.unit for row in services.offered(timezone.localdate())}
    return {code: _(name) for code, name in units.unit_names().items() if code in offered}
