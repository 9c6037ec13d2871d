"""Times that staff publish, and who has booked them: a dialogue, never a name."""

import uuid

from django.conf import settings
from django.db import models

from .dialogues import Dialogue


class Slot(models.Model):
    """A time that staff offer (ledig tid)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=20)  # visit, phone, video
    place = models.CharField(max_length=120, blank=True)  # where, or the link of a video meeting
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="door_slots"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(minutes__gte=10, minutes__lte=240), name="slot_is_a_meeting_long"
            ),
            models.UniqueConstraint(
                fields=["worker", "starts_at"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="a_worker_begins_one_meeting_at_a_time",
            ),
        )
        indexes = (models.Index(fields=["unit", "starts_at", "id"], name="door_slot_unit"),)

    def __str__(self) -> str:
        return f"slot {self.pk}"


class Booking(models.Model):
    """A slot taken by a dialogue; one at a time, by the database's own constraint."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="bookings")
    booked_on = models.DateField()
    wants_reminder = models.BooleanField(default=False)
    remind_at = models.DateTimeField(null=True)  # the reminder is looked at again then
    reminded_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=20, null=True)  # person, staff

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["slot"],
                condition=models.Q(cancelled_at__isnull=True),
                name="a_slot_is_booked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | models.Q(cancelled_at__isnull=False, cancelled_by__in=["person", "staff"]),
                name="who_cancelled_a_booking_and_when",
            ),
        )
        indexes = (
            models.Index(
                fields=["remind_at"],
                condition=models.Q(
                    wants_reminder=True, reminded_at__isnull=True, cancelled_at__isnull=True
                ),
                name="door_to_remind",
            ),
        )

    def __str__(self) -> str:
        return f"booking {self.pk}"


class CalendarKey(models.Model):
    """What a worker's calendar program proves itself by; only its digest is kept."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="calendar_key",
        primary_key=True,
    )
    digest = models.BinaryField(max_length=32)
    made_on = models.DateField()

    def __str__(self) -> str:
        return f"calendar key {self.pk}"
