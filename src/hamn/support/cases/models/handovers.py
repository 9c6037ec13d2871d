"""Cases that one worker hands over to another: in effect when the receiver has accepted."""

import uuid

from django.db import models

from .cases import Case
from .sealed import person_key


class Handover(models.Model):
    """A worker's cases for another (överlämning): proposed, then accepted, or ended without."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=60)
    giver = person_key("given_handovers")  # none: nobody was responsible
    receiver = person_key("received_handovers", null=False)
    # Her whole caseload: what she is deputy for and her contacts without a case go along.
    is_whole = models.BooleanField(default=False)
    proposed_by = person_key("proposed_handovers", null=False)
    proposed_at = models.DateTimeField()
    accepted_by = person_key("accepted_handovers")  # the receiver, or a head who did not ask
    accepted_at = models.DateTimeField(null=True)
    ended_by = person_key("ended_handovers")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(accepted_by__isnull=True, accepted_at__isnull=True)
                | models.Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="who_and_when_a_handover_was_accepted",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True, ended_at__isnull=True)
                | models.Q(
                    ended_by__isnull=False, ended_at__isnull=False, accepted_at__isnull=True
                ),
                name="who_and_when_a_handover_was_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(giver__isnull=True) | ~models.Q(giver=models.F("receiver")),
                name="nobody_hands_over_to_herself",
            ),
        )
        indexes = (models.Index(fields=["unit", "accepted_at"], name="cases_handover_unit"),)

    def __str__(self) -> str:
        return f"handover {self.pk}"


class HandedCase(models.Model):
    """One case of a handover."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="handovers")
    is_waiting = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["handover", "case"], name="one_item_per_handover"),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(is_waiting=True),
                name="one_waiting_handover_per_case",
            ),
        )

    def __str__(self) -> str:
        return f"handed case {self.pk}"
