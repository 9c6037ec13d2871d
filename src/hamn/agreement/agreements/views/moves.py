"""The moves of an agreement: what each leads to is shown before it is confirmed."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.guards.access.permits import permit, staff
from hamn.ui.confirm import in_steps
from hamn.ui.pages import done, hindered, page
from hamn.ui.words import long_date, said

from .. import actions, queries, rules
from ..forms import GiveNoticeForm, SignForm, WithdrawForm
from ..rules import SIDE_NAMES, Side, SigningMethod, Status

if TYPE_CHECKING:
    from ..models import Agreement


@permit("agreements.sign")
def sign(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One party's signature: written, shown with what it leads to, confirmed."""
    by, today = staff(request), timezone.localdate()
    row = queries.agreement(by, agreement_id)
    return in_steps(
        request,
        _sign_form(request, row),
        "agreements/sign.html",
        opens=lambda: _check_to_sign(row),
        seen=lambda: queries.version(queries.agreement(by, agreement_id)),
        foresee=lambda given: _foresee_signature(row, today, given),
        act=lambda given: actions.sign(agreement_id=agreement_id, today=today, by=by, **given),
        end=lambda signed: done(request, _signed(signed), "agreements:show", agreement_id),
        row=row,
        so_far=_signed_so_far(row),
        heading=_("Anteckna underskrift"),
        back_url=reverse("agreements:show", args=[agreement_id]),
    )


@permit("agreements.give_notice")
def give_notice(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """A notice: written, shown with the last day it gives, confirmed."""
    by, today = staff(request), timezone.localdate()
    row = queries.agreement(by, agreement_id)
    back_url = reverse("agreements:show", args=[agreement_id])
    told = _("Uppsägningen är antecknad. Sista dagen är {day}.")
    return in_steps(
        request,
        GiveNoticeForm.of(request),
        "agreements/give_notice.html",
        opens=lambda: rules.check_move(Status(row.status), Status.UNDER_NOTICE),
        seen=lambda: queries.version(queries.agreement(by, agreement_id)),
        foresee=lambda given: {
            "notice": queries.foresee_notice(
                row, received=given["received"], today=today, seen=given["seen"]
            )
        },
        act=lambda given: actions.give_notice(agreement_id=row.pk, today=today, by=by, **given),
        end=lambda ended: done(request, told.format(day=long_date(ended.ends_on)), back_url),
        row=row,
        heading=_("Säg upp avtalet"),
        back_url=back_url,
    )


@permit("agreements.withdraw")
def withdraw(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """A draft put away, with its reason."""
    by = staff(request)
    row = queries.agreement(by, agreement_id)
    back_url = reverse("agreements:show", args=[agreement_id])
    opens = partial(rules.check_move, Status(row.status), Status.WITHDRAWN)
    if closed := hindered(request, opens, back_url=back_url):
        return closed
    form = WithdrawForm.of(request)
    if form.sent(lambda given: actions.withdraw(agreement_id=agreement_id, by=by, **given)):
        return done(request, _("Utkastet är återkallat."), back_url)
    form.show_again(queries.version(queries.agreement(by, agreement_id)))
    named = _("Avtalet med {name}.").format(name=row.party.name)
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Återkalla utkastet"),
        lead=f"{named} {_signed_so_far(row)}".rstrip(),
        warning=_(
            "Utkastet läggs undan för gott, med de underskrifter det har. Ett nytt avtal med "
            "kommunen kan läggas upp efteråt."
        ),
        is_final=True,
        button=_("Återkalla utkastet"),
        back_url=back_url,
    )


def _sign_form(request: HttpRequest, row: "Agreement") -> SignForm:
    signed = {one.side for one in queries.signatures(row)}
    sides = {side: name for side, name in SIDE_NAMES.items() if side not in signed}
    agreed = _("Lämna tomt om avtalet ska gälla från den sista underskriften.")
    if row.agreed_start_on:
        agreed = _("Avtalat är {day}. Lämna tomt för att behålla det.").format(
            day=long_date(row.agreed_start_on)
        )
    return SignForm.of(
        request,
        # A side that signed meanwhile is refused by the rule, which tells when it did.
        sides=SIDE_NAMES if request.method == "POST" else sides,
        agreed=agreed,
        initial={
            "side": next(iter(sides), "") if len(sides) == 1 else "",
            "method": SigningMethod.DIGITAL,
        },
    )


def _check_to_sign(row: "Agreement") -> None:
    """Pass only an agreement that waits for a signature."""
    status = Status(row.status)
    is_second = status == Status.SIGNED_BY_ONE
    rules.check_move(status, Status.IN_FORCE if is_second else Status.SIGNED_BY_ONE)


def _signed_so_far(row: "Agreement") -> str:
    """Who has signed, in a sentence; empty when nobody has."""
    told = [
        said(SIDE_NAMES[Side(one.side)]) + " " + long_date(one.signed_on)
        for one in queries.signatures(row)
    ]
    return _("Undertecknat av {sides}.").format(sides=", ".join(told)) if told else ""


def _foresee_signature(row: "Agreement", today: date, given: dict[str, Any]) -> dict[str, Any]:
    """What the signature leads to: whom it waits for, or the start, the fees and what lacks."""
    terms = {name: given[name] for name in ("side", "signed_on", "agreed_start", "seen")}
    starts = queries.foresee_signature(row, today=today, **terms).starts_on
    if starts is None:
        return {"waits_for": next(SIDE_NAMES[side] for side in Side if side != given["side"])}
    first, second = queries.fees(row, starts=starts, years=(starts.year, starts.year + 1))
    lacking = [said(item.name) for item in queries.missing_before_invoicing(row.party)]
    return {"starts_on": starts, "first": first, "second": second, "lacking": ", ".join(lacking)}


def _signed(row: "Agreement") -> str:
    """What came of the signature, and what comes next."""
    if row.status != Status.IN_FORCE:
        return _("Underskriften är antecknad. Nu fattas den andra partens.")
    told = _("Avtalet gäller från {day}. Nästa steg är den första fakturan.")
    return told.format(day=long_date(row.starts_on))
