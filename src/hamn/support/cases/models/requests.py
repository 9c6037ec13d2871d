"""Requests: a person's for her own data, and anyone's for documents."""

from django.db import models

from .cases import Case
from .sealed import SealedRow, person_key


class Request(SealedRow):
    """Somebody asks for her own data or for documents; what is decided is dated (begäran)."""

    unit = models.CharField(max_length=60)
    box = models.UUIDField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="requests", null=True)
    kind = models.CharField(max_length=20)  # own_data or documents
    state = models.CharField(max_length=20)
    received_on = models.DateField()
    last_note_on = models.DateField()  # the five years begin here, where it is about no case
    due_on = models.DateField()
    registered_by = person_key("registered_requests", null=False)
    decided_by = person_key("decided_requests")
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=["own_data", "documents"]), name="request_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_on__isnull=True)
                | models.Q(decided_by__isnull=False, decided_on__isnull=False),
                name="who_and_when_a_request_was_decided",
            ),
        )
        indexes = (models.Index(fields=["unit", "state", "due_on"], name="cases_request_due"),)
