"""What people fill in about invoices that are issued: the filter, the dates, the credit note."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from hamn.core.errors import _
from hamn.core.money import kronor
from hamn.ui.forms import Choice, Day, File, HamnForm, Kronor, LongText, Radio, SeenForm, Text
from hamn.ui.words import choices, said

from ..document import Kind
from ..models import DeliveryEvent, Invoice
from ..queries.lists import Asked
from ..rules import DELIVERY_NAMES, INVOICE_STATE_NAMES, KIND_NAMES, DeliveryState, InvoiceState

WHOLE, PART = "whole", "part"
SCOPE_NAMES = {WHOLE: _("Allt som är kvar av fakturan"), PART: _("En del av fakturan")}


class InvoiceFilter(HamnForm):
    """Which invoices to show. years: those that have any, newest first.

    When nothing is asked for, the newest year is shown: a controller's day is about that one.
    """

    nummer = Text(_("Fakturanummer"), required=False, longest=30)
    kommun = Text(_("Kommun"), hint=_("Namn eller kod"), required=False, longest=60)
    ar = Choice(_("År"), {}, required=False)
    lage = Choice(
        _("Läge"),
        lambda: choices(INVOICE_STATE_NAMES, empty=gettext("Alla lägen")),
        required=False,
    )
    slag = Choice(
        _("Slag"), lambda: choices(KIND_NAMES, empty=gettext("Alla slag")), required=False
    )

    def __init__(self, *arguments: Any, years: Sequence[int], **more: Any) -> None:
        super().__init__(*arguments, **more)
        every = [("", gettext("Alla år")), *((str(year), str(year)) for year in years)]
        self.fields["ar"].choices = every  # type: ignore[attr-defined]
        if years and not any(name in self.data for name in self.fields):
            self.data = {"ar": str(years[0])}

    @property
    def query(self) -> str:
        """What was asked for, as a link to the same invoices has it."""
        return urlencode({name: self.data.get(name, "") for name in self.fields})

    @property
    def wanted(self) -> Asked:
        """What was asked for, for the query; what makes no sense limits nothing."""
        given = self.cleaned_data
        return Asked(
            number=given.get("nummer", ""),
            municipality=given.get("kommun", ""),
            year=int(given["ar"]) if given.get("ar") else None,
            state=InvoiceState(given["lage"]) if given.get("lage") else None,
            kind=Kind(given["slag"]) if given.get("slag") else None,
        )


class ReceiptForm(SeenForm):
    """The day the receiver got the invoice."""

    on = Day(_("Mottagen"), hint=_("Dagen då kommunen fick fakturan, till exempel 2026 1 19."))


class PaymentForm(HamnForm):
    """Money that came for the invoice."""

    on = Day(_("Betald"), hint=_("Dagen då pengarna kom, till exempel 2026 2 17."))
    amount_kr = Kronor(_("Belopp"), hint=_("Allt som är kvar är ifyllt. Ändra om mindre kom."))


class DeliveryForm(HamnForm):
    """What has happened to the document on its way. present: where it stands now."""

    state = Radio(
        _("Vad har hänt med dokumentet?"),
        DELIVERY_NAMES,
        hints={
            DeliveryState.SUBMITTED: _("Du har lämnat dokumentet på annat sätt än genom Hamn."),
            DeliveryState.TRANSPORTED: _("Transportören har fört fram det till mottagaren."),
            DeliveryState.ACCEPTED: _("Mottagaren har tagit emot och godtagit det."),
            DeliveryState.REJECTED: _("Transportören eller mottagaren har sagt nej."),
        },
    )
    detail = Text(
        _("Vad sade transportören eller mottagaren?"),
        hint=_("Till exempel ett ärendenummer eller en felkod. Skriv inga personuppgifter."),
        required=False,
        longest=DeliveryEvent._meta.get_field("detail").max_length or 0,
    )

    def __init__(self, *arguments: Any, offered: Sequence[DeliveryState], **more: Any) -> None:
        super().__init__(*arguments, **more)
        # Sent by someone whose page was older: the action says why not, better than the field.
        is_sent = self.data.get("state") in set(DeliveryState)
        shown = [*offered, DeliveryState(self.data["state"])] if is_sent else offered
        names = {state: name for state, name in DELIVERY_NAMES.items() if state in shown}
        told = [(value, name.capitalize()) for value, name in choices(names)]
        self.fields["state"].choices = told  # type: ignore[attr-defined]


class CreditForm(SeenForm):
    """How much of an invoice is credited, and why. creditable_kr: what is left to credit."""

    scope = Radio(_("Hur mycket ska krediteras?"), SCOPE_NAMES)
    amount_kr = Kronor(
        _("Belopp att kreditera"), hint=_("Fyll i om bara en del krediteras."), required=False
    )
    reason = LongText(
        _("Skäl"),
        hint=_(
            "Skälet står på kreditfakturan, och kvar i spåret för alltid. Skriv inga "
            "personuppgifter."
        ),
        longest=Invoice._meta.get_field("reason").max_length or 0,
    )

    def __init__(self, *arguments: Any, creditable_kr: int, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.creditable_kr = creditable_kr

    def clean(self) -> dict[str, Any]:
        """The fields, with the amount of a whole credit note filled in."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("scope") == WHOLE:
            given["amount_kr"] = self.creditable_kr
        elif given.get("scope") == PART and "amount_kr" in given:
            self._check_part(given["amount_kr"])
        return given

    def _check_part(self, amount_kr: int | None) -> None:
        if amount_kr is None:
            told = _("Belopp att kreditera: fyll i hur mycket, eller välj allt som är kvar.")
            self.add_error("amount_kr", ValidationError(said(told)))
        elif amount_kr > self.creditable_kr:
            told = _("Belopp att kreditera: det går att kreditera högst {most}.")
            most = kronor(self.creditable_kr)
            self.add_error("amount_kr", ValidationError(said(told, most=most)))


class ImportInvoicesForm(HamnForm):
    """A file with invoices that were issued before Hamn."""

    file = File(_("Fil med fakturor (CSV)"), hint=_("Kalkylark sparas som CSV (UTF-8)."))


class CheckInvoiceForm(HamnForm):
    """An e-invoice to hold to the rules."""

    file = File(
        _("E-faktura (XML)"),
        hint=_("En faktura eller kreditfaktura i Peppol BIS Billing 3. Filen sparas inte."),
    )
