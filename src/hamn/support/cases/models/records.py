"""Everything that is written in a case beside its contacts: one table, one kind a row."""

from django.db import models

from ..rules.kinds import KINDS
from .cases import Case
from .sealed import SealedRow, person_key


class Record(SealedRow):
    """A note, goal, action, support, referral, outcome, child, report … of a case (docs/adr/0023).

    What it says is sealed; its kind decides how that reads and which states it has.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="records")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    on = models.DateField()
    due_on = models.DateField(null=True)
    # What it belongs to: an addition to its note, an action to its goal.
    parent = models.ForeignKey("self", on_delete=models.CASCADE, related_name="parts", null=True)
    written_by = person_key("written_records", null=False)
    written_at = models.DateTimeField(auto_now_add=True)
    finalised_by = person_key("finalised_records")
    finalised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(finalised_by__isnull=True, finalised_at__isnull=True)
                | models.Q(finalised_by__isnull=False, finalised_at__isnull=False),
                name="who_and_when_a_record_was_finalised",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=list(KINDS)), name="kind_of_record_is_known"
            ),
        )
        indexes = (
            models.Index(fields=["case", "kind", "on"], name="cases_record_case"),
            models.Index(fields=["kind", "state", "due_on"], name="cases_record_due"),
        )
