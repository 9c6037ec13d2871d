"""A disclosure: its ground chosen, what that demands written, and a second person's decision."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.guards.access.queries import titles
from hamn.ui.pages import done, page

from .. import actions
from ..forms.consents import name_of
from ..forms.disclosures import DecideForm, DisclosureForm
from ..queries.disclosures import disclosure_row
from ..queries.notes import record_of
from ..queries.referrals import consents_in_force, id_of
from ..queries.shares import other_units
from ..queries.walls import no_such_case
from ..rules.grounds import CONSENT, GROUNDS, Disclosure, Ground, at, check_second, place_of
from ..rules.referrals import TO_OTHERS
from .drafts import kept
from .exchange import consent_label, waiting
from .frame import back_to, opened_for
from .writing import place_for, written

if TYPE_CHECKING:
    from datetime import datetime

    from hamn.guards.access.models import Person

    from ..queries.opened import OpenCase


@permit("cases.decide_disclosure")
def to_decide(request: HttpRequest) -> HttpResponse:
    """The disclosures that wait for her."""
    return page(request, "cases/disclosures.html", waiting=waiting(staff(request), timezone.now()))


@permit("cases.write")
def choose_ground(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The grounds there are, each with what the law asks for."""
    case = place_for(request, case_id)
    return page(
        request,
        "cases/choose_ground.html",
        grounds=[{"ground": one, "place": place_of(one.code)} for one in GROUNDS.values()],
        case=case,
        back_url=back_to(case, "referrals"),
    )


@permit("cases.write")
def ask_disclosure(request: HttpRequest, case_id: UUID, place: int) -> HttpResponse:
    """The form for what is to leave on the ground at that place of the list."""
    case, ground, today = place_for(request, case_id), at(place), timezone.localdate()
    if ground is None:
        raise no_such_case()
    opened = opened_for(request, case_id, "referrals")
    consents = consents_in_force(opened, today, purposes=TO_OTHERS)
    form = DisclosureForm.of(
        request,
        ground=ground,
        consents=[(str(one.record.pk), consent_label(one)) for one in consents],
        units=other_units(case.unit, today),
    )

    def act(*, case_id: UUID, by: "Person", now: "datetime", **given: Any) -> object:
        asked = _disclosure(opened, ground, given)
        return actions.ask_disclosure(case_id=case_id, disclosure=asked, by=by, now=now)

    told = _("Utlämnandet väntar på en annan persons prövning. Lämna inget innan dess.")
    return written(
        request,
        case,
        form,
        act,
        told=told if ground.needs_second else _("Utlämnandet är antecknat."),
        section="referrals",
        **_words(ground),
    )


@permit("cases.decide_disclosure")
def decide_disclosure(request: HttpRequest, case_id: UUID, record_id: UUID) -> HttpResponse:
    """The disclosure alone, for the second person; the rest of the case stays closed."""
    by, now = staff(request), timezone.now()
    form = DecideForm.of(request)
    row = disclosure_row(by, case_id, record_id, now)
    draft = kept(request, form, unit=row.case.unit, case_id=row.case_id)

    def act(given: dict[str, Any]) -> object:
        given["approves"] = given["approves"] == "yes"
        return actions.decide_disclosure(
            case_id=case_id, record_id=record_id, by=by, now=now, **given
        )

    if draft.sent(act):
        return done(request, _("Beslutet är antecknat."), "cases:today")
    one, number = actions.read_disclosure(case_id=case_id, record_id=record_id, by=by, now=now)
    check_second(asked_by=one.record.written_by_id, by=by.pk)
    if one.record.state != "waits" and not form.is_bound:
        return HttpResponseRedirect(reverse("cases:disclosures_to_decide"))
    if draft.saved_at is None:
        form.show_again(str(one.record.version))
    person = f"access.person:{one.record.written_by_id}"
    return page(
        request,
        "cases/decide_disclosure.html",
        form=form,
        one=one,
        number=number,
        asked_by=titles({person}).get(person, ""),
        ground=GROUNDS.get(one.content.ground),
        heading=_("Pröva ett utlämnande"),
        button=_("Spara beslutet"),
        back_url=reverse("cases:disclosures_to_decide"),
    )


def _words(ground: Ground) -> dict[str, Any]:
    return {
        "heading": _("Utlämnande: {ground}").format(ground=_(ground.name)),
        "lead": _(ground.condition),
        "about": _(ground.provision),
        "button": _("Begär prövning") if ground.needs_second else _("Anteckna utlämnandet"),
    }


def _disclosure(opened: "OpenCase", ground: Ground, given: dict[str, Any]) -> Disclosure:
    """What the form says; of a consent, to whom it may go."""
    if ground.code != CONSENT:
        name = name_of(given)
        return Disclosure(ground=ground.code, recipient_name=name, **given)
    says = record_of(opened, id_of(given[CONSENT]), CONSENT).content
    return Disclosure(
        ground=ground.code,
        recipient=says.recipient,
        recipient_name=says.recipient_name,
        **given,
    )
