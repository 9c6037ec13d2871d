"""Identity-free facts of the door: what the follow-up counts, with no way back to anyone."""

import uuid

from django.db import models


class DialogueFact(models.Model):
    """One countable event: month and coarse classes, no day, no hour, no text, no key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)  # opened, message, answer, returned, ended, booking
    origin = models.CharField(max_length=20, blank=True)  # web, phone, walk_in
    language = models.CharField(max_length=10, blank=True)
    is_child = models.BooleanField(default=False)
    # Of an answer: within how many working days (0 … 5, 6 = longer); and whether as promised.
    working_days = models.PositiveSmallIntegerField(null=True)
    was_in_time = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(month__gte=1, month__lte=12), name="door_fact_month_is_a_month"
            ),
        )
        indexes = (models.Index(fields=["year", "unit", "kind"], name="door_fact_year"),)

    def __str__(self) -> str:
        return f"door fact {self.pk}"
