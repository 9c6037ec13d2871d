"""The trail's only table. No foreign keys, so that it never stands in the way of live rows.

Triggers from the first migration refuse UPDATE, DELETE and TRUNCATE on both databases.
"""

from django.db import models


class Entry(models.Model):
    """One link of the chain. Text columns hold exactly the characters that were hashed."""

    place = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=27)  # UTC, 2026-01-15T09:00:00.000000Z
    event = models.CharField(max_length=60)
    by = models.CharField(max_length=60)  # "person:3" or "system"
    via = models.CharField(max_length=60)  # the way in: "command line"
    on = models.CharField(max_length=60)  # "agreements.agreement:12"; may be empty
    facts = models.TextField()  # canonical JSON
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = (
            models.Index(fields=["on", "place"], name="audit_on"),
            models.Index(fields=["event", "place"], name="audit_event"),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.event}"
