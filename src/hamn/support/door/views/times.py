"""Times on staff's side: published, withdrawn, booked for one who calls, read by a calendar."""

import base64
import binascii
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from hamn.core.errors import _ as marked
from hamn.guards.access.permits import open_to_all, permit, staff
from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Column, Link, Tag, listing
from hamn.ui.pages import done, page
from hamn.ui.words import moment, said

from ..actions import times as actions
from ..forms.times import ChooseTimeForm, TimesForm
from ..queries import times as queries
from ..queries.booking import free_times
from ..queries.inbox import dialogue_for, dialogues_for
from ..rules.calendars import calendar_file
from ..rules.offers import Offer
from ..rules.words import MEETINGS

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import Booking, Slot

REALM = 'Basic realm="Hamn", charset="UTF-8"'


@permit("door.publish_times")
def times(request: HttpRequest) -> HttpResponse:
    """The coming times of her units, free and booked."""
    found = listing(
        request,
        queries.slots_for(staff(request), timezone.now()),
        _columns(),
        caption=_("Tider"),
        default="starts_at",
    )
    return page(request, "door/booking/times.html", found=found)


@permit("door.publish_times")
def publish_times(request: HttpRequest) -> HttpResponse:
    """One time, or several in a row and week after week."""
    person = staff(request)
    form = TimesForm.of(request, units=queries.units_to_offer(person))
    if form.sent(lambda given: _publish(person, **given)):
        told = said(marked("Publicerade tider: {count}."), count=len(form.outcome))
        return done(request, told, "door:times")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Publicera tider"),
        lead=_("Den som har en öppen dialog med enheten kan boka dem."),
        button=_("Publicera"),
        back_url=reverse("door:times"),
    )


@permit("door.publish_times")
def show_time(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """One time, and what can be done with it."""
    person = staff(request)
    slot = queries.slot_for(person, slot_id)
    booking = _booking(slot)
    return page(
        request,
        "door/booking/time.html",
        slot=slot,
        booking=booking,
        # Handed to another unit meanwhile, the dialogue is not hers to open any more.
        opens=booking and dialogues_for(person).filter(pk=booking.dialogue_id).exists(),
        facts=[{"key": {"text": key}, "value": {"text": text}} for key, text in _facts(slot)],
        can_change=slot.withdrawn_at is None and slot.starts_at > timezone.now(),
    )


@permit("door.publish_times")
def withdraw_time(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """Nobody can book it any more; who has is told."""
    person, slot = staff(request), queries.slot_for(staff(request), slot_id)
    form = ConfirmForm.of(request)
    if form.sent(
        lambda _given: actions.withdraw_time(slot_id=slot_id, by=person, now=timezone.now())
    ):
        return done(request, _("Tiden är indragen."), "door:times")
    told = _("Personen ser att tiden är avbokad, och får den avisering som hon eller han har valt.")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Dra in tiden"),
        lead=_line(slot),
        warning=told if _booking(slot) else "",
        is_final=True,
        button=_("Dra in tiden"),
        back_url=reverse("door:show_time", args=[slot_id]),
    )


@permit("door.publish_times")
def cancel_for_person(request: HttpRequest, slot_id: UUID) -> HttpResponse:
    """The booking is cancelled, and the time is free again."""
    person, slot = staff(request), queries.slot_for(staff(request), slot_id)
    form = ConfirmForm.of(request)
    if form.sent(
        lambda _given: actions.cancel_for_person(slot_id=slot_id, by=person, now=timezone.now())
    ):
        return done(request, _("Bokningen är avbokad. Tiden är ledig igen."), "door:times")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Avboka åt personen"),
        lead=_line(slot),
        warning=_("Tiden blir ledig för andra."),
        is_final=True,
        button=_("Avboka"),
        back_url=reverse("door:show_time", args=[slot_id]),
    )


@permit("door.write")
def book_for_person(request: HttpRequest, dialogue_id: UUID) -> HttpResponse:
    """A time for one who calls or is here."""
    person, now = staff(request), timezone.now()
    dialogue = dialogue_for(person, dialogue_id)
    free = [(str(one.id), _words(one)) for one in free_times(dialogue, now)]
    form = ChooseTimeForm.of(request, times=free)
    if form.sent(
        lambda given: actions.book_for_person(
            dialogue_id=dialogue_id, slot_id=UUID(given["slot"]), by=person, now=now
        )
    ):
        return done(request, _("Tiden är bokad."), "door:show_time", form.outcome.slot_id)
    return page(
        request,
        "door/booking/book_for_person.html",
        form=form,
        has_times=bool(free),
        heading=_("Boka en tid åt personen"),
        button=_("Boka"),
        back_url=reverse("door:times"),
    )


@permit("door.publish_times")
@sensitive_variables("key")
def make_calendar_key(request: HttpRequest) -> HttpResponse:
    """How a calendar program reads her times; sent, a key that is shown once."""
    person, form, key = staff(request), ConfirmForm.of(request), ""
    if form.sent(lambda _given: actions.make_calendar_key(by=person, today=timezone.localdate())):
        key = form.outcome
    return page(
        request,
        "door/booking/calendar_key.html",
        form=form,
        key=key,
        made=queries.calendar_key_of(person),
        email=person.email,
        address=request.build_absolute_uri(reverse("door:calendar_feed")),
        heading=_("Tiderna i din egen kalender"),
        button=_("Gör en ny nyckel") if queries.calendar_key_of(person) else _("Gör en nyckel"),
        back_url=reverse("door:times"),
    )


@permit("door.publish_times")
def remove_calendar_key(request: HttpRequest) -> HttpResponse:
    """No program reads her calendar any more."""
    person, form = staff(request), ConfirmForm.of(request)
    if form.sent(lambda _given: actions.remove_calendar_key(by=person)):
        return done(request, _("Nyckeln är borttagen."), "door:times")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Ta bort kalendernyckeln"),
        lead=_("Din kalender hämtar inga tider mer."),
        button=_("Ta bort"),
        is_final=True,
        back_url=reverse("door:calendar_key"),
    )


@open_to_all
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Her own times for a calendar program that proves itself by her address and her key."""
    person = queries.whose_calendar(*_credentials(request))
    if person is None:
        return HttpResponse(status=401, headers={"WWW-Authenticate": REALM})
    now = timezone.now()
    text = calendar_file(_("Tider"), queries.calendar_of(person, now), now)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _publish(person: "Person", *, unit: str, form: str, place: str, **offer: Any) -> "list[Slot]":
    return actions.publish_times(
        unit=unit, form=form, place=place, offer=Offer(**offer), by=person, now=timezone.now()
    )


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Address and key as HTTP Basic carries them; two empty texts for anything else."""
    scheme, _space, told = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        plain = base64.b64decode(told, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    email, _colon, key = plain.replace("\0", "").partition(":")
    return email, key


def _columns() -> list[Column]:
    return [
        Column("starts_at", _("Tid"), _link, sort="starts_at"),
        Column("minutes", _("Minuter"), lambda row: row.minutes, "integer"),
        Column("form", _("Hur"), lambda row: said(MEETINGS[row.form])),
        Column("place", _("Plats"), lambda row: "" if row.form == "video" else row.place),
        Column("worker", _("Vem"), lambda row: row.worker.title),
        Column("state", _("Läge"), _state, "tag"),
    ]


def _link(row: "Slot") -> Link:
    return Link(moment(row.starts_at), reverse("door:show_time", args=[row.pk]))


def _state(row: "Slot") -> Tag:
    return Tag(_("bokad"), "blue") if _booking(row) else Tag(_("ledig"), "green")


def _booking(row: "Slot") -> "Booking | None":
    standing = row.standing  # type: ignore[attr-defined]
    return standing[0] if standing else None


def _facts(slot: "Slot") -> list[tuple[str, str]]:
    state = _("indragen") if slot.withdrawn_at else _state(slot).text
    return [
        (_("Tid"), _line(slot)),
        (_("Plats"), slot.place),
        (_("Vem"), slot.worker.title),
        (_("Läge"), state),
    ]


def _line(slot: "Slot") -> str:
    """`2026-03-02 10:00, 45 minuter, besök`."""
    return _("{at}, {minutes} minuter, {form}").format(
        at=moment(slot.starts_at), minutes=slot.minutes, form=said(MEETINGS[slot.form])
    )


def _words(time: Any) -> str:
    return _("{at}, {minutes} minuter, {form}").format(
        at=moment(time.starts_at), minutes=time.minutes, form=said(time.form_name)
    )
