"""Rows of invoicing. Triggers keep invoices, rows and documents exactly as they were issued."""

from django.db import models

from .document import Kind
from .rules import OPEN, DeliveryState, Origin, Outcome, Reading, RunState


def _together(who: str) -> models.CheckConstraint:
    """Who did it and when are known, or neither is."""
    by, at = f"{who}_by__isnull", f"{who}_at__isnull"
    return models.CheckConstraint(
        condition=models.Q(**{by: True, at: True}) | models.Q(**{by: False, at: False}),
        name=f"run_{who}_by_and_at_come_together",
    )


class InvoicingProfile(models.Model):
    """How the provider invoices: VAT, giro, numbering or ledger. One row."""

    bankgiro = models.CharField(max_length=8, blank=True)
    plusgiro = models.CharField(max_length=8, blank=True)
    vat_category = models.CharField(max_length=1, default="O")
    vat_reason = models.CharField(max_length=200)
    vat_reason_code = models.CharField(max_length=30, blank=True)
    vat_number = models.CharField(max_length=14, blank=True)
    is_f_skatt_approved = models.BooleanField(default=False)
    line_text = models.CharField(max_length=150)  # what the fee is for, as the row says it
    ocr_with_length = models.BooleanField(default=True)
    series_prefix = models.CharField(max_length=6, blank=True)  # digits before the year
    uses_ledger = models.BooleanField(default=False)  # the ledger numbers and sends
    ledger_account = models.CharField(max_length=20, blank=True)
    ledger_counterparty = models.CharField(max_length=20, default="organisation_number")
    ledger_period = models.CharField(max_length=20, default="%Y%m")
    is_example = models.BooleanField(default=False)  # the demo: said on every page

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(pk=1), name="one_invoicing_profile"),
            models.CheckConstraint(
                condition=models.Q(vat_category__in=["O", "E"]), name="vat_category_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.vat_category} {self.bankgiro or self.plusgiro}"


class NumberSeries(models.Model):
    """A gap-free series; its last place is taken under lock, in the invoice's own transaction."""

    name = models.CharField(max_length=12, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class InvoiceRun(models.Model):
    """A year's invoicing as a piece of work: who let it, its progress and its end.

    Prepared by one person and released by another; from the command line neither (docs/adr/0013).
    """

    State = RunState

    year = models.PositiveSmallIntegerField()
    today = models.DateField()  # the day of preparation, of issue once released
    only = models.CharField(max_length=4, blank=True)  # one municipality's code; empty for all
    state = models.CharField(max_length=20, default=State.PREPARED.value)
    prepared_at = models.DateTimeField(null=True, blank=True)
    prepared_by = models.ForeignKey(
        "access.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    expected_count = models.PositiveIntegerField(null=True, blank=True)  # what the preparer saw
    expected_kr = models.PositiveBigIntegerField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        "access.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        "access.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    progressed_at = models.DateTimeField(null=True, blank=True)  # its last sign of life
    finished_at = models.DateTimeField(null=True, blank=True)
    planned = models.PositiveIntegerField(default=0)  # agreements to look at
    looked_at = models.PositiveIntegerField(default=0)
    reached = models.PositiveBigIntegerField(default=0)  # id of the last agreement looked at
    issued = models.PositiveIntegerField(default=0)
    hands_over = models.BooleanField(default=False)  # a basis for the ledger, no numbers
    is_cancel_requested = models.BooleanField(default=False)
    fault = models.JSONField(default=dict)  # why it waits or stopped: sentence and facts

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in RunState]),
                name="run_state_is_known",
            ),
            _together("prepared"),
            _together("released"),
            _together("started"),
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True) | models.Q(prepared_at__isnull=False),
                name="a_released_run_was_prepared",
            ),
            # Four eyes, also past the code.
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True)
                | models.Q(released_by__gt=models.F("prepared_by"))
                | models.Q(released_by__lt=models.F("prepared_by")),
                name="another_person_releases",
            ),
            models.UniqueConstraint(
                fields=["year", "only"],
                condition=models.Q(
                    state__in=sorted(state.value for state in OPEN), prepared_at__isnull=False
                ),
                name="one_open_run_per_year_and_scope",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}: {self.state}"


class Invoice(models.Model):
    """An invoice or credit note (faktura, kreditfaktura), immutable from its first moment.

    Only one that the ledger numbers may later get its number and dates, once.
    """

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    run = models.ForeignKey(InvoiceRun, on_delete=models.PROTECT, null=True, blank=True)
    origin = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField(default=0)  # 1 when a credited one is issued anew
    number = models.CharField(max_length=30, null=True, blank=True, unique=True)
    issued_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)  # as printed; see queries for the real one
    twelfths = models.PositiveSmallIntegerField(null=True, blank=True)
    amount_kr = models.PositiveIntegerField()
    credits = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes"
    )
    reason = models.CharField(max_length=300, blank=True)
    document = models.JSONField(null=True, blank=True)  # InvoiceDocument, without steps
    explanation = models.JSONField(default=list)  # the steps, with their facts
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("access.Person", on_delete=models.PROTECT)

    class Meta:
        constraints = (
            # Idempotence: by what is charged, never by comparing amounts.
            models.UniqueConstraint(
                fields=["agreement", "year", "round"],
                condition=~models.Q(kind=Kind.CREDIT.value),
                name="one_charge_per_agreement_year_and_round",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in Kind]),
                name="invoice_kind_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=[origin.value for origin in Origin]),
                name="invoice_origin_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(origin=Origin.LEDGER.value) | models.Q(number__isnull=False),
                name="only_the_ledger_numbers_later",
            ),
            models.CheckConstraint(
                condition=models.Q(number__isnull=True, issued_on__isnull=True)
                | models.Q(number__isnull=False, issued_on__isnull=False),
                name="number_and_date_come_together",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.CREDIT.value, credits__isnull=False)
                | (~models.Q(kind=Kind.CREDIT.value) & models.Q(credits__isnull=True)),
                name="a_credit_note_points_at_an_invoice",
            ),
        )
        indexes = (
            models.Index(fields=["year", "id"], name="invoice_year"),
            # What a list's states are found by, without reading the documents beside them.
            models.Index(fields=["kind", "issued_on", "amount_kr"], name="invoice_standing"),
        )

    def __str__(self) -> str:
        return self.number or self.reference

    @property
    def reference(self) -> str:
        """What the ledger calls the invoice before it has a number there."""
        return f"H{self.pk:07d}"


class InvoiceLine(models.Model):
    """One row of an invoice; on a credit note it points at the row it reverses."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    amount_kr = models.PositiveIntegerField()
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["invoice", "position"], name="one_line_per_position"),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.text}"


class InvoiceFile(models.Model):
    """The bytes of an issued document, with their hash."""

    class Format(models.TextChoices):
        """What the bytes are."""

        UBL = "xml"
        PDF = "pdf"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=3, choices=Format)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["invoice", "format"], name="one_file_per_invoice_and_format"
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id}.{self.format}"


class RunOutcome(models.Model):
    """Why a run issued nothing to a municipality."""

    run = models.ForeignKey(InvoiceRun, on_delete=models.CASCADE, related_name="outcomes")
    code = models.CharField(max_length=4)
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, null=True, blank=True
    )
    outcome = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome__in=[outcome.value for outcome in Outcome]),
                name="run_outcome_is_known",
            ),
        )
        indexes = (models.Index(fields=["run", "code"], name="run_outcome_by_code"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.outcome}"


class NoticeDecision(models.Model):
    """What was decided for a year of an agreement under notice when the run started (H10, Z9)."""

    agreement = models.ForeignKey("agreements.Agreement", on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    reading = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    decided_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey("access.Person", on_delete=models.PROTECT)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["agreement", "year"], name="one_decision_per_agreement_and_year"
            ),
            models.CheckConstraint(
                condition=models.Q(reading__in=[reading.value for reading in Reading]),
                name="decision_reading_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.year}: {self.reading}"


class DeliveryEvent(models.Model):
    """One step of a document's way to its receiver; the newest is where it stands."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=12)
    adapter = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)  # of the bytes that were handed over
    is_replay = models.BooleanField(default=False)
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in DeliveryState]),
                name="delivery_state_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.state}"


class Receipt(models.Model):
    """The day the receiver got the invoice (mottagen); payment counts from it."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT)
    received_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.received_on}"


class Payment(models.Model):
    """Money that came in for an invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="payments")
    paid_on = models.DateField()
    amount_kr = models.PositiveIntegerField()
    # The key of the form that was sent; the same form sent again is refused.
    once = models.CharField(max_length=64, null=True, blank=True, unique=True)

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.amount_kr}"
