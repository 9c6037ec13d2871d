"""Rows of agreements."""

from django.db import models

from .rules import LIVING, Side, SigningMethod, Status


class Agreement(models.Model):
    """An agreement (avtal) between the provider and one municipality."""

    party = models.ForeignKey("organisations.Party", on_delete=models.PROTECT)
    tariff = models.ForeignKey("tariffs.Tariff", on_delete=models.PROTECT)
    status = models.CharField(max_length=20, default=Status.DRAFT)
    index_base_year = models.PositiveSmallIntegerField()  # data on the agreement (Z8)
    reference = models.CharField(max_length=40, blank=True)  # registry number (diarienummer)
    agreed_start_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    notice_received_on = models.DateField(null=True, blank=True)
    notice_by = models.CharField(max_length=20, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # the last day, included
    began_elsewhere = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in Status]),
                name="agreement_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["party"],
                condition=models.Q(status__in=sorted(LIVING)),
                name="one_living_agreement_per_party",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "signed_by_one", "withdrawn"])
                | models.Q(starts_on__isnull=False),
                name="an_agreement_in_force_has_a_start",
            ),
            models.CheckConstraint(
                condition=models.Q(notice_received_on__isnull=True, ends_on__isnull=True)
                | models.Q(notice_received_on__isnull=False, ends_on__isnull=False),
                name="notice_and_last_day_come_together",
            ),
        )
        indexes = (models.Index(fields=["starts_on", "ends_on"], name="agreement_period"),)

    def __str__(self) -> str:
        return f"{self.party_id} {self.status}"


class Signature(models.Model):
    """One party's signature (underskrift)."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=20)
    signed_on = models.DateField()
    title = models.CharField(max_length=120, blank=True)  # the signatory's title (A25)
    method = models.CharField(max_length=10, default=SigningMethod.PAPER)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["agreement", "side"], name="one_signature_per_side"),
            models.CheckConstraint(
                condition=models.Q(side__in=[side.value for side in Side]),
                name="signature_side_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=[method.value for method in SigningMethod]),
                name="signing_method_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.signed_on}"
