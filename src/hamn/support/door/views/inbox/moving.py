"""Where a dialogue goes on: in a case of the unit, or at another unit."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, require, staff
from hamn.register.staff.queries import unit_name
from hamn.support.services import queries as services
from hamn.ui.confirm import in_steps
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, hindered, page
from hamn.ui.words import said

from ...actions import casework
from ...actions.handing import check_may_hand_over, hand_over_dialogue
from ...forms.inbox import HandOverForm, LinkForm
from ...queries import inbox
from ...rules.inbox import GROUNDS, check_ground
from .acts import FORM


@permit("door.hand_over")
def hand_over(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The form, what it leads to, and the handing over."""
    person, now = staff(request), timezone.now()
    row = inbox.dialogue_for(person, dialogue_id)
    require(person, "door.hand_over", row)
    offered = services.services(person, on=timezone.localdate(now))
    form = HandOverForm.of(
        request, services=[(one.code, one.title) for one in offered if one.unit != row.unit]
    )

    def foresee(given: dict[str, Any]) -> dict[str, Any]:
        check_ground(given["ground"], given["reason"])
        return {
            "to": services.service(given["service"]).title,
            "ground": said(GROUNDS[given["ground"]]),
            "own_unit": unit_name(row.unit),
        }

    def act(given: dict[str, Any]) -> object:
        return hand_over_dialogue(dialogue_id=dialogue_id, by=person, now=now, **given)

    return in_steps(
        request,
        form,
        "door/inbox/hand_over.html",
        foresee=foresee,
        act=act,
        # The dialogue is not hers to see any more.
        end=lambda _made: done(request, _("Dialogen är överlämnad."), "door:inbox"),
        opens=lambda: check_may_hand_over(row),
        back_url=reverse("door:dialogue", args=[dialogue_id]),
        heading=_("Lämna över dialogen"),
        lead=_("Personen behåller sin kod, ser allt som är skrivet och får veta att ni lämnat."),
    )


@permit("door.write")
def link_case(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The form for which case it belongs to."""
    person, back_url = staff(request), reverse("door:dialogue", args=[dialogue_id])
    row = inbox.dialogue_for(person, dialogue_id)
    form, had_ways = LinkForm.of(request), row.reaches.exists()

    def link(given: dict[str, Any]) -> object:
        return casework.link_dialogue(
            dialogue_id=dialogue_id, by=person, now=timezone.now(), **given
        )

    if form.sent(link):
        told = _("Dialogen är kopplad till ärendet.")
        if had_ways and not row.reaches.exists():
            told = _(
                "Dialogen är kopplad till ärendet. Där har personen skyddade personuppgifter: "
                "nummer och adress som personen hade lämnat i dialogen är raderade."
            )
        return done(request, told, back_url)
    return page(
        request,
        FORM,
        form=form,
        heading=_("Koppla till ett ärende"),
        lead=_("Det som är skrivet stannar i dialogen, som inte raderas så länge den är kopplad."),
        button=_("Koppla"),
        back_url=back_url,
    )


@permit("door.write")
def open_case(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The button that opens a case from the dialogue."""
    person, back_url = staff(request), reverse("door:dialogue", args=[dialogue_id])
    row = inbox.dialogue_for(person, dialogue_id)
    form = ConfirmForm.of(request)
    act = casework.open_case_for
    if form.sent(lambda _given: act(dialogue_id=dialogue_id, by=person, now=timezone.now())):
        return done(request, _("Ärendet är öppnat."), "cases:show", form.outcome.case_id)
    return page(
        request,
        FORM,
        form=form,
        heading=_("Öppna ett ärende"),
        lead=_(
            "Ärendet blir ditt, i enheten {unit}. Det vet bara det personen själv har sagt: "
            "namnet, om det finns, och om personen är under 18. Det som är skrivet stannar i "
            "dialogen."
        ).format(unit=unit_name(row.unit)),
        button=_("Öppna ärendet"),
        back_url=back_url,
    )


@permit("door.write")
def unlink_case(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """The button that ends the link."""
    person, back_url = staff(request), reverse("door:dialogue", args=[dialogue_id])
    row = inbox.dialogue_for(person, dialogue_id)
    if hindrance := hindered(request, lambda: casework.check_linked(row), back_url=back_url):
        return hindrance
    form = ConfirmForm.of(request)
    act = casework.unlink_dialogue
    if form.sent(lambda _given: act(dialogue_id=dialogue_id, by=person, now=timezone.now())):
        return done(request, _("Kopplingen är borttagen."), back_url)
    return page(
        request,
        FORM,
        form=form,
        heading=_("Ta bort kopplingen till ärendet"),
        lead=_("Ärendet och dialogen finns kvar var för sig. Dialogen följer åter sin egen regel."),
        button=_("Ta bort kopplingen"),
        back_url=back_url,
    )
