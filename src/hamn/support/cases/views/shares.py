"""A case shared with, or handed over to, another of our units."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.register.staff.queries import unit_name
from hamn.support.services.rules import AgeGroup
from hamn.ui.confirm import in_steps
from hamn.ui.forms import ConfirmForm
from hamn.ui.lists import Column, Link, listing
from hamn.ui.pages import done, hindered, page
from hamn.ui.words import said

from .. import actions
from ..forms.shares import HandOverCaseForm, ShareForm
from ..queries import walls
from ..queries.children import coordinator_beside
from ..queries.referrals import consents_in_force
from ..queries.shares import other_units, share_of, shared_with
from ..rules.access import check_not_broken_open
from ..rules.referrals import OTHER_UNIT
from .drafts import kept
from .exchange import consent_label
from .frame import back_to, opened_for, state_tag
from .today import rows_of
from .writing import place_for, who

if TYPE_CHECKING:
    from ..models import Case
    from ..queries.opened import OpenCase
    from .today import Row


@permit("cases.see")
def shared_with_us(request: HttpRequest) -> HttpResponse:
    """The other units' cases that hers may read."""
    person, now = staff(request), timezone.now()

    def shown(cases: list["Case"]) -> list["Row"]:
        found = rows_of(cases, person, now)
        return [found[case.pk] for case in cases if case.pk in found]

    return page(
        request,
        "cases/shared.html",
        cases=listing(
            request,
            shared_with(person, timezone.localdate(now)),
            _columns(),
            caption=_("Delade med oss"),
            default="-oppnat",
            shown=shown,
        ),
    )


@permit("cases.share")
def share_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form, what it leads to, and the sharing."""
    case = place_for(request, case_id)
    opened = opened_for(request, case_id, "share_case")
    back_url = back_to(case, "referrals")
    if hindrance := hindered(request, lambda: check_not_broken_open(opened.why), back_url=back_url):
        return hindrance
    form = ShareForm.of(request, initial=_first(opened), **_choices(opened, "share"))
    draft = kept(request, form, unit=case.unit, case_id=case.pk)

    def act(given: dict[str, Any]) -> object:
        given.pop("seen", None)
        return actions.share_case(**given, **who(request, case))

    return in_steps(
        request,
        form,
        "cases/share_form.html",
        foresee=lambda given: {"unit": unit_name(given["unit"]), "until": given["until"]},
        act=draft.acting(act),
        end=lambda _made: done(request, _("Ärendet är delat."), back_url),
        back_url=back_url,
        heading=_("Dela ärendet med en annan enhet"),
        lead=_(
            "Den andra enheten får läsa ärendet men inte skriva i det. Kontaktuppgifterna delas "
            "aldrig. Till andra än våra egna enheter lämnas uppgifter ut; inget delas."
        ),
    )


@permit("cases.share")
def end_share(request: HttpRequest, case_id: UUID, share_id: UUID) -> HttpResponse:
    """The button that closes the case for the other unit. Also of a closed case."""
    case = walls.case_for(staff(request), case_id, timezone.now())
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: actions.end_share(share_id=share_id, **who(request, case))):
        return done(request, _("Delningen är avslutad."), back_to(case, "referrals"))
    share = share_of(opened_for(request, case_id, "referrals"), share_id)
    return page(
        request,
        "cases/form.html",
        form=form,
        heading=_("Avsluta delningen"),
        about=unit_name(share.unit),
        warning=_("Den andra enheten kan inte längre läsa ärendet, från och med nu."),
        button=_("Avsluta delningen"),
        is_final=True,
        back_url=back_to(case, "referrals"),
    )


@permit("cases.share")
def hand_over_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The form, what it leads to, and the handing over."""
    case = place_for(request, case_id)
    opened = opened_for(request, case_id, "hand_over_case")
    back_url = back_to(case, "referrals")
    if hindrance := hindered(
        request, lambda: actions.check_may_hand_over(opened), back_url=back_url
    ):
        return hindrance
    form = HandOverCaseForm.of(request, **_choices(opened, "hand_over"))
    draft = kept(request, form, unit=case.unit, case_id=case.pk)

    def foresee(given: dict[str, Any]) -> dict[str, Any]:
        return {name: given[name] for name in ("reads_until", "takes_details")} | {
            "unit": unit_name(given["unit"]),
            "own_unit": unit_name(case.unit),
        }

    return in_steps(
        request,
        form,
        "cases/hand_over_form.html",
        foresee=foresee,
        act=draft.acting(lambda given: actions.hand_over_case(**given, **who(request, case))),
        # The case may not be hers to see any more.
        end=lambda _made: done(request, _("Ärendet är överlämnat."), "cases:today"),
        seen=lambda: str(opened.case.version),
        back_url=back_url,
        heading=_("Lämna över ärendet till en annan enhet"),
        lead=_("Ärendet blir den andra enhetens. Någon där tar det ur listan Utan ansvarig."),
    )


def _first(opened: "OpenCase") -> dict[str, str]:
    """The unit that is chosen to begin with: for a child the coordinator."""
    is_child = opened.content.age_group == AgeGroup.CHILD
    return {"unit": coordinator_beside(opened.case.unit)} if is_child else {}


def _choices(opened: "OpenCase", purpose: str) -> dict[str, Any]:
    today = timezone.localdate()
    consents = consents_in_force(opened, today, recipient=OTHER_UNIT, purposes={purpose})
    return {
        "units": other_units(opened.case.unit, today),
        "consents": [(str(one.record.pk), consent_label(one)) for one in consents],
    }


def _columns() -> list[Column]:
    return [
        Column("arende", _("Ärende"), _number),
        Column("av", _("Delat av"), lambda row: said(unit_name(row.case.unit))),
        Column("lage", _("Läge"), lambda row: state_tag(row.case), "tag"),
        Column("oppnat", _("Öppnat"), lambda row: row.case.opened_on, "date", sort="opened_on"),
    ]


def _number(row: "Row") -> Link:
    says = row.says
    text = f"{says.number} {says.called}".strip() if says else _("kan inte öppnas")
    return Link(text, reverse("cases:show", args=[row.case.pk]))
