"""Rows of consultations: plain where lists and counts need it, sealed in what is written."""

import uuid

from django.conf import settings
from django.db import models


class Consultation(models.Model):
    """A question from a professional, or one that was answered at once (konsultation, handledning).

    Who asked, and in which words, is sealed to the unit; no client is named in it (C2).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=60)
    service = models.CharField(max_length=40)
    origin = models.CharField(max_length=20)  # web, staff
    kind = models.CharField(max_length=20)  # advice, supervision
    way = models.CharField(max_length=20, blank=True)  # how it was given
    municipality = models.CharField(max_length=4, blank=True)  # the workplace's; empty: none
    profession = models.CharField(max_length=40)
    topic = models.CharField(max_length=40)
    urgency = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    asked_on = models.DateField()
    answer_by = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    last_note_on = models.DateField()  # the years until disposal begin here
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consultations", null=True
    )
    box = models.UUIDField(unique=True)
    sealed = models.BinaryField()  # ConsultationContent
    # Counts savings: two who write at once see the conflict.
    version = models.PositiveIntegerField(default=1)
    # What the form on the web was sent with: the same form twice is one question.
    token = models.BinaryField(max_length=32, unique=True, null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "taken"], answered_on__isnull=True)
                | models.Q(state__in=["answered", "referred"], answered_on__isnull=False),
                name="a_consultation_that_is_over_has_its_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(worker__isnull=False),
                name="a_consultation_taken_has_its_worker",
            ),
        )
        indexes = (
            models.Index(fields=["unit", "state", "answer_by", "id"], name="consultation_waits"),
            models.Index(fields=["unit", "asked_on", "id"], name="consultation_day"),
            models.Index(fields=["unit", "last_note_on", "id"], name="consultation_last_note"),
        )

    def __str__(self) -> str:
        return f"consultation {self.pk}"


class ConsultationFact(models.Model):
    """One consultation that was given, for the counts: month and classes, no way back to it.

    A correction is a row of its own with weight -1; rows are only added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=60)
    service = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=20)  # answered, referred
    kind = models.CharField(max_length=20)
    way = models.CharField(max_length=20, blank=True)
    municipality = models.CharField(max_length=4, blank=True)
    municipality_class = models.CharField(max_length=30)
    profession = models.CharField(max_length=40)
    topic = models.CharField(max_length=40)
    urgency = models.CharField(max_length=20)
    minutes = models.PositiveSmallIntegerField()  # in whole quarters
    weight = models.SmallIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(month__gte=1, month__lte=12),
                name="consultation_fact_month_is_a_month",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__in=[1, -1]), name="consultation_fact_weight"
            ),
        )
        indexes = (models.Index(fields=["year", "unit"], name="consultation_fact_year"),)

    def __str__(self) -> str:
        return f"fact {self.pk}"
