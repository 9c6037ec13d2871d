"""What every sealed row has: a random id, and one sealed field with all it says."""

import uuid

from django.conf import settings
from django.db import models


class SealedRow(models.Model):
    """A row whose content is sealed in a box of the vault, bound to this table and row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.BinaryField()
    # Counts savings: two who write at once see the conflict.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


def person_key(name: str, *, null: bool = True) -> models.ForeignKey:  # type: ignore[type-arg]
    """A worker, who stays known while the row is there."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name=name, null=null
    )
