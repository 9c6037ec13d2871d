"""The moves of an agreement: what each leads to is shown before it is confirmed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.core.errors import Refusal
from hamn.core.money import kronor
from hamn.guards.access.permits import permit, staff
from hamn.ui.pages import done, page
from hamn.ui.words import long_date, refusal_sentences, said

from .. import actions, queries, rules
from ..forms import GiveNoticeForm, MoveForm, SignForm, WithdrawForm
from ..queries import Notice, Signing, YearFee
from ..rules import SIDE_NAMES, Side, SigningMethod, Status

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..models import Agreement


@permit("agreements.sign")
def sign(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """One party's signature: written, shown with what it leads to, confirmed."""
    by, on = staff(request), timezone.localdate()
    row = queries.agreement(by, agreement_id)
    if request.method == "GET" and (closed := _closed(request, row, "sign")):
        return closed
    form = _sign_form(request, row)
    foreseen: list[Signing] = []

    def foresee(given: dict[str, Any]) -> None:
        foreseen.append(
            queries.foresee_signature(
                row,
                side=Side(given["side"]),
                signed_on=given["signed_on"],
                agreed_start=given["agreed_start"],
                today=on,
                seen=given["seen"],
            )
        )

    def act(given: dict[str, Any]) -> None:
        given |= {"side": Side(given["side"]), "method": SigningMethod(given["method"])}
        actions.sign(agreement_id=agreement_id, today=on, by=by, **given)

    if form.is_confirmed and form.sent_after(lambda: _version(by, agreement_id), act):
        return _signed(request, by, agreement_id)
    heading = _("Anteckna underskrift")
    if form.is_asked and form.sent_after(lambda: _version(by, agreement_id), foresee):
        told = _signature_told(row, foreseen[0], Side(form.cleaned_data["side"]))
        return _confirm(
            request,
            row,
            form,
            heading=heading,
            told=told,
            warning=_("En antecknad underskrift kan inte ändras. Kontrollera dag och part."),
            button=_("Bekräfta underskriften"),
        )
    return _write(
        request, row, form, heading=heading, lead=_signed_so_far(row), button=_("Fortsätt")
    )


@permit("agreements.give_notice")
def give_notice(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """A notice: written, shown with the last day it gives, confirmed."""
    by, on = staff(request), timezone.localdate()
    row = queries.agreement(by, agreement_id)
    if request.method == "GET" and (closed := _closed(request, row, "give_notice")):
        return closed
    form = GiveNoticeForm.of(request, initial={"seen": queries.version(row)})
    foreseen: list[Notice] = []

    def foresee(given: dict[str, Any]) -> None:
        foreseen.append(
            queries.foresee_notice(row, received=given["received"], today=on, seen=given["seen"])
        )

    def act(given: dict[str, Any]) -> None:
        given["from_side"] = Side(given["from_side"])
        actions.give_notice(agreement_id=agreement_id, today=on, by=by, **given)

    if form.is_confirmed and form.sent_after(lambda: _version(by, agreement_id), act):
        ends = queries.agreement(by, agreement_id).ends_on
        told = _("Uppsägningen är antecknad. Sista dagen är {day}.").format(day=long_date(ends))
        return done(request, told, "agreements:show", agreement_id)
    heading = _("Säg upp avtalet")
    if form.is_asked and form.sent_after(lambda: _version(by, agreement_id), foresee):
        return _confirm(
            request,
            row,
            form,
            heading=heading,
            told=_notice_told(foreseen[0]),
            warning=_(
                "En antecknad uppsägning kan inte tas tillbaka. Ångrar sig parterna behövs ett "
                "nytt avtal."
            ),
            button=_("Bekräfta uppsägningen"),
        )
    lead = _("Båda parter kan säga upp avtalet. Uppsägningstiden är en månad (§ 11).")
    return _write(request, row, form, heading=heading, lead=lead, button=_("Fortsätt"))


@permit("agreements.withdraw")
def withdraw(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """A draft put away, with its reason."""
    by = staff(request)
    row = queries.agreement(by, agreement_id)
    if request.method == "GET" and (closed := _closed(request, row, "withdraw")):
        return closed
    form = WithdrawForm.of(request, initial={"seen": queries.version(row)})
    if form.sent_after(
        lambda: _version(by, agreement_id),
        lambda given: actions.withdraw(agreement_id=agreement_id, by=by, **given),
    ):
        return done(request, _("Utkastet är återkallat."), "agreements:show", agreement_id)
    return _write(
        request,
        row,
        form,
        heading=_("Återkalla utkastet"),
        lead=_signed_so_far(row),
        warning=_(
            "Utkastet läggs undan för gott, med de underskrifter det har. Ett nytt avtal med "
            "kommunen kan läggas upp efteråt."
        ),
        is_final=True,
        button=_("Återkalla utkastet"),
    )


def _version(by: "Person", agreement_id: int) -> str:
    """The agreement's version as it stands after whoever was first."""
    return queries.version(queries.agreement(by, agreement_id))


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
            "seen": queries.version(row),
            "side": next(iter(sides), "") if len(sides) == 1 else "",
            "method": SigningMethod.DIGITAL,
        },
    )


def _signed_so_far(row: "Agreement") -> str:
    """Who has signed, in a sentence; empty when nobody has."""
    told = [
        said(SIDE_NAMES[Side(one.side)]) + " " + long_date(one.signed_on)
        for one in queries.signatures(row)
    ]
    return _("Undertecknat av {sides}.").format(sides=", ".join(told)) if told else ""


def _signature_told(row: "Agreement", foreseen: Signing, side: Side) -> list[str]:
    """What the signature leads to, sentence by sentence."""
    if foreseen.starts_on is None:
        other = next(one for one in Side if one != side)
        waits = _("Avtalet börjar inte gälla än. Det gör det när {side} också har undertecknat.")
        return [waits.format(side=said(SIDE_NAMES[other]))]
    starts = foreseen.starts_on
    years = queries.fees(row, starts=starts, years=(starts.year, starts.year + 1))
    told = [
        _("Avtalet gäller från {day} (§ 11).").format(day=long_date(starts)),
        _("Kommunens invånare omfattas från samma dag (§ 4)."),
        *_fees_told(years),
    ]
    lacking = [said(item.name) for item in queries.missing_before_invoicing(row.party)]
    if lacking:
        sentence = _("Före den första fakturan saknas: {fields}.")
        told.append(sentence.format(fields=", ".join(lacking)))
    return told


def _fees_told(years: Sequence[YearFee]) -> list[str]:
    """The first year's fee and a whole year's, with the other reading of § 6 where it differs."""
    first, second = years
    sentence = _("Första avgiften: {twelfths}/12 av {year} = {amount} (§ 6).")
    if first.fee.twelfths == 0:
        sentence = _("Första året kostar inget: {twelfths}/12 av {year} återstår (§ 6).")
    told = [
        sentence.format(
            twelfths=first.fee.twelfths, year=first.year, amount=kronor(first.fee.amount_kr)
        ),
        _("Därefter hela år. Avgiften för {year} blir {amount}.").format(
            year=second.year, amount=kronor(second.fee.amount_kr)
        ),
    ]
    if first.own.base_year != first.other.base_year:
        sentence = _(
            "Index räknas från {own}. Räknades det från {other} skulle avgiften för {year} bli "
            "{amount}."
        )
        told.append(
            sentence.format(
                own=first.own.base_year,
                other=first.other.base_year,
                year=second.year,
                amount=kronor(second.other.fee.amount_kr),
            )
        )
    return told


def _notice_told(foreseen: Notice) -> list[str]:
    """What the notice leads to, sentence by sentence."""
    told = [
        _("Sista dagen blir {day}, en månad efter att uppsägningen kom fram (§ 11).").format(
            day=long_date(foreseen.ends_on)
        )
    ]
    if foreseen.never_begins:
        return [*told, _("Avtalet upphör innan det har börjat gälla.")]
    return [
        *told,
        _("Kommunens invånare omfattas till och med den dagen (§ 4)."),
        _("Det som redan är fakturerat betalas inte tillbaka (§ 6)."),
        _(
            "Är {year} inte fakturerat än, väntar den fakturan tills controllern har beslutat om "
            "avgiften."
        ).format(year=foreseen.year),
    ]


def _signed(request: HttpRequest, by: "Person", agreement_id: int) -> HttpResponse:
    row = queries.agreement(by, agreement_id)
    told = _("Underskriften är antecknad. Nu fattas den andra partens.")
    if row.status == Status.IN_FORCE:
        told = _("Avtalet gäller från {day}. Nästa steg är den första fakturan.").format(
            day=long_date(row.starts_on)
        )
    return done(request, told, "agreements:show", agreement_id)


def _closed(request: HttpRequest, row: "Agreement", verb: str) -> HttpResponse | None:
    """A page that says why the move cannot be made now; None when it can."""
    status = Status(row.status)
    leads_to = rules.VERBS[verb]
    if rules.MOVES[status].intersection(leads_to):
        return None
    try:
        rules.check_move(status, leads_to[0])
    except Refusal as refusal:
        return page(
            request,
            "ui/refused.html",
            status=422,
            heading=_("Det går inte nu"),
            sentences=refusal_sentences(refusal),
            back_url=reverse("agreements:show", args=[row.pk]),
        )
    return None


def _write(
    request: HttpRequest,
    row: "Agreement",
    form: MoveForm,
    *,
    heading: str,
    lead: str,
    **more: Any,
) -> HttpResponse:
    """The page where a move is written."""
    named = _("Avtalet med {name}.").format(name=row.party.name)
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=heading,
        lead=f"{named} {lead}".rstrip(),
        back_url=reverse("agreements:show", args=[row.pk]),
        **more,
    )


def _confirm(
    request: HttpRequest,
    row: "Agreement",
    form: MoveForm,
    *,
    heading: str,
    told: list[str],
    warning: str,
    button: str,
) -> HttpResponse:
    """The page that shows what was written and what it leads to."""
    return page(
        request,
        "agreements/confirm.html",
        form=form,
        row=row,
        heading=heading,
        told=told,
        warning=warning,
        button=button,
        back_url=reverse("agreements:show", args=[row.pk]),
    )
