"""How long what a person sent is kept: by decision, and never without one."""

from django.conf import settings
from django.db import models

from .dialogues import Dialogue


class ExpiryRule(models.Model):
    """A unit's rule for when the content of dialogues dies, and the decision it rests on.

    The newest of a unit that is in force is the rule; without one nothing is erased.
    """

    unit = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField()  # after anyone's last act the content dies
    # And so many days after it the empty channel too: the code opens nothing any more.
    channel_days = models.PositiveSmallIntegerField()
    person_may_erase = models.BooleanField()  # also before, when the person asks
    decision_reference = models.CharField(max_length=60)  # the decision's dnr
    decision_on = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="expiry_rules"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(days__gte=1, days__lte=1830), name="expiry_days_are_possible"
            ),
            models.CheckConstraint(
                condition=models.Q(channel_days__gte=models.F("days"), channel_days__lte=3660),
                name="channel_outlives_its_content",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision_reference=""), name="expiry_rests_on_a_decision"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit}: {self.days} days"


class StillNeeded(models.Model):
    """A worker keeps a dialogue's content past its day: until when, and a coded reason."""

    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="still_needed")
    until = models.DateField()
    reason = models.CharField(max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="kept_dialogues"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = (models.Index(fields=["dialogue", "until"], name="door_still_needed"),)

    def __str__(self) -> str:
        return f"still needed {self.pk}"
