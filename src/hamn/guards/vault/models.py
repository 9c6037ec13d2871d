"""Rows of the vault: public keys, boxes, who may open them, and what they are found by.

Nothing here is secret by itself: the private halves live in key files, outside the database.
"""

import uuid

from django.db import models

from .rules import IndexKind


class UnitKey(models.Model):
    """A version of a unit's public key; the newest that is not retired is sealed to."""

    unit = models.CharField(max_length=60)  # opaque code; the room above knows what it is
    version = models.PositiveIntegerField()
    public = models.BinaryField()
    fingerprint = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    # A box was erased while this key was in use: it must be exchanged, so that old copies die.
    erased_at = models.DateTimeField(null=True)
    # No grant needs it, and its private half is destroyed.
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["unit", "version"], name="one_key_per_unit_version"),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.version}"


class SealedBox(models.Model):
    """A record's data key, which is stored nowhere but in its grants."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    def __str__(self) -> str:
        return str(self.id)


class Grant(models.Model):
    """A box's data key sealed to a unit that may open it: this row is the wall."""

    box = models.ForeignKey(SealedBox, on_delete=models.CASCADE, related_name="grants")
    unit = models.CharField(max_length=60)
    key_version = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["box", "unit"], name="one_grant_per_box_and_unit"),
        )
        indexes = (
            models.Index(fields=["unit", "key_version", "id"], name="vault_grants_to_reseal"),
        )

    def __str__(self) -> str:
        return f"{self.box_id}: {self.unit}"


class IndexEntry(models.Model):
    """Something that a box is found by in a unit: a keyed digest, never the text."""

    box = models.ForeignKey(SealedBox, on_delete=models.CASCADE, related_name="entries")
    unit = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in IndexKind])
    digest = models.BinaryField(max_length=32)
    key_version = models.PositiveIntegerField()
    # The text, so that the key agent can make the next version's digest.
    sealed = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["box", "unit", "kind", "digest"], name="one_entry_per_digest"
            ),
        )
        indexes = (
            models.Index(fields=["unit", "kind", "digest"], name="vault_entries_to_find"),
            models.Index(fields=["unit", "key_version", "id"], name="vault_entries_to_rekey"),
        )

    def __str__(self) -> str:
        return f"{self.box_id}: {self.unit} {self.kind}"
