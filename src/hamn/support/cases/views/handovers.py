"""Handing over a caseload: whose, which cases, to whom; then the receiver's answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import NotVisible
from hamn.core.errors import _ as marked
from hamn.guards.access.permits import permit, staff
from hamn.guards.access.queries import headed_units
from hamn.register.staff.queries import unit_name
from hamn.ui.confirm import in_steps
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page

from .. import actions
from ..forms.handovers import ALL, AT_ONCE, HandOverForm, WhoseForm
from ..queries.assigning import (
    candidates,
    caseload_of,
    cases_of,
    contacts_of,
    deputyships_of,
    handover,
)
from ..queries.walls import units_of
from ..rules.states import OPEN
from .access import PAGE, label_of
from .frame import numbers_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import Handover

TODAY = "cases:today"


@permit("cases.assign")
def hand_over(request: HttpRequest) -> HttpResponse:
    """Whose cases, then which ones and to whom, then what it leads to."""
    person, now = staff(request), timezone.now()
    whose = _whose(person)
    asked = request.GET.get("vem") or next(iter(whose))
    if asked not in whose:
        raise NotVisible(marked("Bara den som har ärendena eller enhetens chef lämnar över dem."))
    unit, giver_id = asked.rsplit(":", 1)[0], int(asked.rsplit(":", 1)[1])
    numbers = _numbers(giver_id, unit, person)
    people = {pk: label_of(one) for pk, one in candidates(person, unit).items() if pk != giver_id}
    is_head = unit in headed_units(person)
    form = HandOverForm.of(request, people=people, numbers=numbers, is_head=is_head)

    def wanted(given: Mapping[str, Any]) -> dict[str, Any]:
        chosen = None if given["scope"] == ALL else [UUID(one) for one in given["cases"]]
        return {
            "unit": unit,
            "giver_id": giver_id,
            "receiver_id": int(given["receiver_id"]),
            "case_ids": chosen,
            "at_once": given.get("when") == AT_ONCE,
        }

    def foresee(given: Mapping[str, Any]) -> dict[str, Any]:
        wants = wanted(given)
        return {
            "wants": wants,
            "count": len(numbers) if wants["case_ids"] is None else len(wants["case_ids"]),
            "closed": cases_of(giver_id, unit).exclude(state__in=OPEN).count(),
            "contacts": contacts_of(giver_id, unit).count(),
            "deputyships": deputyships_of(giver_id, unit).count(),
            "to": people[wants["receiver_id"]],
        }

    return in_steps(
        request,
        form,
        "cases/hand_over.html",
        foresee=foresee,
        act=lambda given: actions.hand_over(by=person, now=now, **wanted(given)),
        end=lambda made: _ended(request, made),
        back_url=reverse(TODAY),
        heading=_("Lämna över ärenden"),
        whose=WhoseForm(initial={"vem": asked}, people=whose) if len(whose) > 1 else None,
        giver=whose[asked],
        count_open=len(numbers),
    )


@permit("cases.assign")
def accept_handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The receiver's answer: yes."""
    person, now = staff(request), timezone.now()
    row = handover(person, handover_id)
    if row.receiver_id != person.pk:
        raise NotVisible(marked("Bara den som ska ta emot ärendena svarar ja."))
    form = ConfirmForm.of(request)
    if form.sent(
        lambda _given: actions.accept_handover(handover_id=handover_id, by=person, now=now)
    ):
        told = _("Överlämningen gäller. Ärenden som nu är dina: {count}")
        return done(request, told.format(count=form.outcome), TODAY)
    return page(
        request,
        PAGE,
        form=form,
        heading=_("Ta emot ärenden"),
        lead=_told(row),
        button=_("Ta emot"),
        back_url=reverse(TODAY),
    )


@permit("cases.assign")
def end_handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The receiver's no, or the proposal taken back."""
    person, now = staff(request), timezone.now()
    row = handover(person, handover_id)
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.end_handover(handover_id=handover_id, by=person, now=now)):
        return done(request, _("Överlämningen blev inte av. Ingenting är ändrat."), TODAY)
    is_hers = row.receiver_id == person.pk
    return page(
        request,
        PAGE,
        form=form,
        heading=_("Tacka nej till ärenden") if is_hers else _("Ta tillbaka överlämningen"),
        lead=_told(row),
        button=_("Tacka nej") if is_hers else _("Ta tillbaka"),
        back_url=reverse(TODAY),
    )


def _ended(request: HttpRequest, made: "Handover") -> HttpResponse:
    told = _("Överlämningen gäller nu.") if made.accepted_at else _("Frågan är ställd.")
    return done(request, told, TODAY)


def _whose(person: "Person") -> dict[str, str]:
    """Whose cases she may hand over: her own, and as head those of her units' workers."""
    found = {}
    for unit in sorted(units_of(person)):
        name = unit_name(unit)
        found[f"{unit}:{person.pk}"] = _("Mina i {unit}").format(unit=name)
    for unit in sorted(headed_units(person)):
        for pk, one in candidates(person, unit).items():
            label = _("{name}, {unit}").format(name=one.person.title, unit=unit_name(unit))
            found.setdefault(f"{unit}:{pk}", label)
    return found


def _numbers(giver_id: int, unit: str, person: "Person") -> dict[str, str]:
    """The numbers of the giver's open cases by id, as a form's choices."""
    found = numbers_of(list(caseload_of(giver_id, unit)), person)
    return {str(pk): number for pk, number in found.items()}


def _told(row: "Handover") -> str:
    count = row.items.filter(is_waiting=True).count()
    told = _("Från {giver} till {receiver}. Ärenden: {count}.")
    if row.is_whole:
        told = _(
            "Alla ärenden från {giver} till {receiver}, och det som hör till. Ärenden: {count}."
        )
    giver = row.giver.title if row.giver else _("ingen")
    return told.format(giver=giver, receiver=row.receiver.title, count=count)
