"""Attachments: the original kept sealed, and a working copy without metadata."""

import uuid

from django.db import models

from .cases import Case
from .contacts import Contact
from .sealed import SealedRow, person_key


class Attachment(SealedRow):
    """A file in a case, or in a contact without one; its name and type are sealed too."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments", null=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="attachments", null=True
    )
    box = models.UUIDField()
    added_by = person_key("attachments", null=False)
    added_at = models.DateTimeField(auto_now_add=True)


class AttachmentPart(models.Model):
    """A part of a file's bytes, sealed and bound to its place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="parts")
    copy = models.CharField(max_length=10)  # original or working
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["attachment", "copy", "number"], name="one_part_per_place"
            ),
            models.CheckConstraint(
                condition=models.Q(copy__in=["original", "working"]), name="copy_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"part {self.pk}"
