"""Identity-free facts: what the follow-up counts, with no way back to anyone."""

import uuid

from django.db import models


class Fact(models.Model):
    """One countable event: month and coarse classes, no day, no hour, no text, no key to a case.

    A correction is a row of its own with weight -1; the sums are right, and rows are only added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)  # contact, case, referral, outcome …
    detail = models.CharField(max_length=60, blank=True)  # kind of contact, outcome, recipient
    channel = models.CharField(max_length=20, blank=True)
    form = models.CharField(max_length=20, blank=True)
    age_group = models.CharField(max_length=20, blank=True)
    residence = models.CharField(max_length=30, blank=True)
    municipality = models.CharField(max_length=4, blank=True)
    is_first = models.BooleanField(default=False)  # the person's first contact this year
    weight = models.SmallIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(month__gte=1, month__lte=12), name="fact_month_is_a_month"
            ),
            models.CheckConstraint(condition=models.Q(weight__in=[1, -1]), name="fact_weight"),
        )
        indexes = (models.Index(fields=["year", "unit", "kind"], name="cases_fact_year"),)

    def __str__(self) -> str:
        return f"fact {self.pk}"
