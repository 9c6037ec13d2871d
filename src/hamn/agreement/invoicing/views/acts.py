"""What is done with an issued invoice: received, paid, delivered, credited, issued anew."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hamn.agreement.agreements.rules import check_seen
from hamn.core.errors import BadInput
from hamn.core.money import kronor
from hamn.guards.access.permits import permit, staff
from hamn.guards.audit import actions as audit
from hamn.ui import once
from hamn.ui.confirm import CONFIRM, STEP, in_steps
from hamn.ui.forms import ConfirmForm
from hamn.ui.pages import done, page
from hamn.ui.words import long_date, said

from .. import actions, queries
from ..actions.press import configured
from ..document import Kind
from ..forms.invoices import CreditForm, DeliveryForm, PaymentForm, ReceiptForm
from ..models import Invoice
from ..queries import lists
from ..rules import DELIVERY_MOVES, DELIVERY_NAMES, DeliveryState, Origin, Outcome
from .one import credit_hindrance, deliver_name, title_of
from .runs.told import reason_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

    from ..rules import Plan

MANUAL = "manual"  # noted by a person, as at the command line
KEY = 16  # what tells a form's token from any other; its signature is of no use in a row


@permit("invoicing.record_receipt")
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The day the municipality got the invoice, noted or corrected; the due date follows."""
    viewer = staff(request)
    row = queries.invoice(viewer, number)
    form = ReceiptForm.of(request, initial={"on": row.received_on})  # type: ignore[attr-defined]
    if form.sent(lambda given: _receive(row, given, viewer)):
        due = long_date(queries.real_due_on(queries.invoice(viewer, number)))
        told = _("Mottagandet är antecknat. Fakturan ska betalas senast {due}.").format(due=due)
        return done(request, told, "invoicing:show", row)
    form.show_again(_received(queries.invoice(viewer, number)))
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("När tog kommunen emot fakturan?"),
        lead=_("{invoice} till {name}. Den ska betalas inom 30 dagar från mottagandet.").format(
            invoice=title_of(row), name=row.agreement.party.name
        ),
        button=_("Spara"),
        back_url=_back(row),
    )


@permit("invoicing.record_payment")
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """Money that came for the invoice; the same form sent twice is one payment."""
    viewer = staff(request)
    row = queries.invoice(viewer, number)
    left = queries.left_to_pay_kr(row)
    if request.method != "POST" and (hindrance := _payment_hindrance(row, left)):
        return _closed(request, row, [hindrance])
    form = PaymentForm.of(request, initial={"amount_kr": left})
    key = request.POST.get(once.FIELD, "")[:KEY]
    if form.sent(
        lambda given: actions.record_payment(
            number=str(row), today=timezone.localdate(), by=viewer, once=key, **given
        )
    ):
        rest = queries.left_to_pay_kr(queries.invoice(viewer, number))
        told = _("Betalningen är antecknad; {left} är kvar att betala.").format(left=kronor(rest))
        return done(request, told, "invoicing:show", row)
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Anteckna betalning"),
        lead=_("{invoice} till {name}: {left} är kvar att betala.").format(
            invoice=title_of(row), name=row.agreement.party.name, left=kronor(max(0, left))
        ),
        button=_("Anteckna betalningen"),
        back_url=_back(row),
    )


@permit("invoicing.deliver")
def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """What the carrier or the receiver has said about the document."""
    viewer = staff(request)
    row = queries.invoice(viewer, number)
    if row.document is None and request.method != "POST":
        return _closed(request, row, _no_document())
    present = queries.delivery_state(row)
    offered = [state for state in DeliveryState if state in DELIVERY_MOVES[present]]
    form = DeliveryForm.of(request, offered=offered)
    if form.sent(
        lambda given: actions.record_delivery(
            number=str(row),
            state=DeliveryState(given["state"]),
            adapter=MANUAL,
            detail=given["detail"],
            by=viewer,
        )
    ):
        return done(request, _("Leveransens läge är antecknat."), "invoicing:show", row)
    name = said(DELIVERY_NAMES[present]) if present else _("inte inlämnad")
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Anteckna leverans"),
        lead=_("{invoice}. Läget nu: {state}.").format(invoice=title_of(row), state=name),
        button=_("Spara"),
        back_url=_back(row),
    )


@permit("invoicing.deliver")
def deliver(request: HttpRequest, number: str) -> HttpResponse:
    """The same bytes handed over to the carrier's folder once more: a replay, never a new one."""
    viewer = staff(request)
    row = queries.invoice(viewer, number)
    if row.document is None and request.method != "POST":
        return _closed(request, row, _no_document())
    before = len(queries.deliveries_of(viewer, row))
    form = ConfirmForm.of(request)
    if form.sent(lambda _given: _hand_over(row, viewer)):
        told = _("Dokumentet är lämnat, med samma innehåll som när det utfärdades.")
        if len(queries.deliveries_of(viewer, row)) == before:
            told = _("Samma filer låg redan i mappen, så inget nytt har lämnats.")
        return done(request, told, "invoicing:show", row)
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=deliver_name(row),
        lead=_("{invoice}, PDF och e-faktura, precis som de utfärdades.").format(
            invoice=title_of(row)
        ),
        warning=_(
            "Filerna läggs i mappen för {folder}, där transportören hämtar dem. Den som redan har "
            "fått fakturan betalar den en gång: nummer och innehåll är desamma."
        ).format(folder=_folder(row).name),
        button=deliver_name(row),
        back_url=_back(row),
    )


@permit("invoicing.credit")
def credit(request: HttpRequest, number: str) -> HttpResponse:
    """A credit note: filled in, shown with what it leads to, and then issued."""
    viewer = staff(request)
    row = queries.invoice(viewer, number)
    if request.POST.get(STEP) != CONFIRM and (hindrance := credit_hindrance(row)):
        return _closed(request, row, [hindrance])
    told = _("Kreditfaktura {number} på {amount} är utfärdad.")
    return in_steps(
        request,
        CreditForm.of(request, creditable_kr=_creditable_kr(row)),
        "invoicing/credit_invoice.html",
        seen=lambda: _standing(queries.invoice(viewer, number)),
        foresee=lambda given: _foresee_credit(row, given["amount_kr"]),
        act=lambda given: _credit(row, given, viewer),
        end=lambda note: _issued(request, note, told, viewer),
        row=row,
        today=timezone.localdate(),
        heading=_("Kreditera faktura {number}").format(number=row),
        confirm_heading=_("Kontrollera krediteringen"),
        lead=_("{name}: {amount} kan krediteras.").format(
            name=row.agreement.party.name, amount=kronor(_creditable_kr(row))
        ),
        back_url=_back(row),
    )


@permit("invoicing.issue")
def reissue(request: HttpRequest, number: str) -> HttpResponse:
    """The charge of a wholly credited invoice once more, with today's data on the parties."""
    viewer = staff(request)
    row = queries.invoice(viewer, number)
    form = ConfirmForm.of(request)
    made: list[Invoice] = []
    if form.sent(lambda _given: made.append(_reissue(row, viewer))):
        told = _("Faktura {number} på {amount} är utfärdad.")
        if made[0].number is None:
            told = _("{number} på {amount} väntar på nummer av ekonomisystemet.")
        return _issued(request, made[0], told, viewer)
    plan, hindrance = _plan_anew(row, viewer)
    if not form.errors and (plan is None or plan.fee is None):
        return _closed(request, row, hindrance)
    amount = kronor(plan.fee.amount_kr) if plan and plan.fee else ""
    return page(
        request,
        "ui/form_page.html",
        form=form,
        heading=_("Utfärda faktura {number} på nytt").format(number=row),
        lead=_("Avgiften för {year} faktureras igen, med kommunens uppgifter som de är nu.").format(
            year=row.year
        ),
        warning=_final(row, amount) if amount else "",
        button=_("Utfärda fakturan"),
        is_final=True,
        back_url=_back(row),
    )


def _payment_hindrance(row: Invoice, left: int) -> str:
    """Why no payment can be noted; empty when one can."""
    if row.kind == Kind.CREDIT:
        return _(
            "En kreditfaktura betalas inte. Betalningar antecknas på den krediterade fakturan."
        )
    if row.number is None:
        return _("Fakturan väntar på nummer av ekonomisystemet. Ta emot numret först.")
    return "" if left > 0 else _("Fakturan är redan helt betald eller krediterad.")


def _receive(row: Invoice, given: dict[str, Any], by: "Person") -> None:
    with transaction.atomic():
        check_seen(given["seen"], _received(queries.locked(by, str(row))))
        actions.record_receipt(number=str(row), on=given["on"], today=timezone.localdate(), by=by)


def _received(row: Invoice) -> str:
    return str(row.received_on)  # type: ignore[attr-defined]


def _credit(row: Invoice, given: dict[str, Any], by: "Person") -> Invoice:
    check_seen(given["seen"], _standing(queries.invoice(by, str(row))))
    return actions.credit(
        number=str(row),
        reason=given["reason"],
        # The amount that was shown, also for a whole one: what came between is refused.
        amount_kr=given["amount_kr"],
        today=timezone.localdate(),
        by=by,
        press=configured(settings.PEPPOL_RULES),
    )


def _reissue(row: Invoice, by: "Person") -> Invoice:
    press = configured(settings.PEPPOL_RULES)
    return actions.reissue(number=str(row), today=timezone.localdate(), by=by, press=press)


def _standing(row: Invoice) -> str:
    """What a credit note's consequences depend on."""
    return f"{row.credited_kr}.{row.paid_kr}"  # type: ignore[attr-defined]


def _creditable_kr(row: Invoice) -> int:
    return row.amount_kr - row.credited_kr  # type: ignore[attr-defined,no-any-return]


def _foresee_credit(row: Invoice, amount_kr: int) -> dict[str, Any]:
    """What the credit note leaves to pay or to pay back, and whether it takes all that is left."""
    left = queries.left_to_pay_kr(row) - amount_kr
    is_whole = amount_kr == _creditable_kr(row)
    return {"left_kr": left, "back_kr": max(0, -left), "is_whole": is_whole}


def _plan_anew(row: Invoice, viewer: "Person") -> "tuple[Plan | None, list[str]]":
    """What would be issued, or why nothing can be, in words."""
    if row.kind == Kind.CREDIT or not queries.is_credited(row):
        told = _("Bara en faktura som är helt krediterad kan utfärdas på nytt.")
        return None, [told]
    later = [other for other in lists.rounds_of(viewer, row) if other.round > row.round]
    if later:
        told = _("Fakturan är redan utfärdad på nytt som {number}.").format(number=later[-1])
        return None, [told]
    agreements = list(queries.to_look_at(viewer).filter(pk=row.agreement_id))
    plan = queries.plans(agreements, year=row.year, anew=True)[0]
    is_to_issue = plan.outcome == Outcome.TO_ISSUE
    return (plan, []) if is_to_issue else (None, [reason_of(queries.plan_row(plan))])


def _final(row: Invoice, amount: str) -> str:
    told = _(
        "En ny faktura på {amount} för {year} utfärdas i dag till {name} och får nästa nummer i "
        "serien. Den kan inte ändras efteråt, bara krediteras."
    )
    if row.origin == Origin.LEDGER:
        told = _(
            "Ett nytt underlag på {amount} för {year} till {name} skapas i dag och väntar på "
            "ekonomisystemets nummer. Det kan inte ändras efteråt, bara krediteras."
        )
    return told.format(amount=amount, year=row.year, name=row.agreement.party.name)


def _issued(request: HttpRequest, row: Invoice, told: str, by: "Person") -> HttpResponse:
    """To the new document's page; what could not be handed over is said, never undone."""
    try:
        # First of all: what was issued is anchored even if the folder cannot be written.
        audit.export_head(settings.TRAIL_HEADS)
        _hand_over(row, by)
        audit.export_head(settings.TRAIL_HEADS)
    except (BadInput, OSError):
        failed = _(
            "Filerna kunde inte skrivas på servern. Det utfärdade gäller ändå. Be den som sköter "
            "driften se över mappen, och lämna sedan dokumentet igen."
        )
        messages.warning(request, failed)
    told = told.format(number=row, amount=kronor(row.amount_kr))
    return done(request, told, "invoicing:show", row)


def _hand_over(row: Invoice, by: "Person") -> None:
    if row.document is not None:
        actions.deliver_to_folder(invoices=[row], folder=_folder(row), by=by)


def _folder(row: Invoice) -> Path:
    """Where the year's documents lie, the same as for a run."""
    return Path(settings.HAMN_HOME) / "invoices" / str(row.year)


def _closed(request: HttpRequest, row: Invoice, sentences: list[str]) -> HttpResponse:
    return page(
        request,
        "ui/refused.html",
        heading=_("Det går inte att göra nu"),
        sentences=sentences,
        back_url=_back(row),
    )


def _no_document() -> list[str]:
    return [_("Fakturan är gjord i ett annat system, så det finns inget dokument att lämna här.")]


def _back(row: Invoice) -> str:
    return reverse("invoicing:show", args=[row])
