"""The monthly review of who looked at what (loggkontroll, lag 2001:454, 10 §)."""

import uuid

from django.db import models

from .cases import CaseRead
from .sealed import person_key


class AccessReview(models.Model):
    """A unit's sample of reads for a month, until its head has signed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField()
    signed_by = person_key("signed_reviews")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "year", "month"], name="one_review_a_month"),
            models.CheckConstraint(
                condition=models.Q(signed_by__isnull=True, signed_at__isnull=True)
                | models.Q(signed_by__isnull=False, signed_at__isnull=False),
                name="who_and_when_a_review_was_signed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.year}-{self.month:02}"


class ReviewedRead(models.Model):
    """One read of the sample, and whether its head found it right."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(AccessReview, on_delete=models.CASCADE, related_name="picks")
    read = models.ForeignKey(CaseRead, on_delete=models.CASCADE, related_name="reviews")
    was_right = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["review", "read"], name="one_pick_per_read"),
        )

    def __str__(self) -> str:
        return f"pick {self.pk}"
