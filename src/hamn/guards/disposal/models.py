"""Rows of disposal: lists with their items, holds, and the certificates that are left."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from .rules import LIST_NAMES, OPEN, REASON_NAMES, ListState, Reason

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


def _actor(name: str, *, null: bool = True) -> "models.ForeignKey[Person | None, Person | None]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name=name, null=null
    )


def _both_or_neither(room: str, name: str) -> models.CheckConstraint:
    by, at = f"{name}_by__isnull", f"{name}_at__isnull"
    return models.CheckConstraint(
        condition=models.Q(**{by: True, at: True}) | models.Q(**{by: False, at: False}),
        name=f"{room}_who_and_when_{name}",
    )


class DisposalList(models.Model):
    """What of a unit is to be destroyed (gallringslista); its number is the approval's."""

    unit = models.CharField(max_length=60)  # opaque code
    due_before = models.DateField()
    state = models.CharField(max_length=20, choices=list(LIST_NAMES.items()))
    made_by = _actor("planned_disposals", null=False)
    made_at = models.DateTimeField(auto_now_add=True)
    approved_by = _actor("approved_disposals")
    approved_at = models.DateTimeField(null=True)
    started_by = _actor("started_disposals")
    started_at = models.DateTimeField(null=True)
    withdrawn_by = _actor("withdrawn_disposals")
    withdrawn_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    progressed_at = models.DateTimeField(null=True)
    worker = models.UUIDField(null=True)  # who works on it: of two, the later one goes on
    fingerprint = models.CharField(max_length=64)
    planned = models.PositiveIntegerField()  # records to destroy
    excluded = models.PositiveIntegerField()
    destroyed = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)  # kept: changed between approval and destruction
    # Records by kind and rule class, and the rooms' own rows by kind.
    records = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)
    # Versions of the units' keys that could open what is destroyed: {"mika": 3}
    key_versions = models.JSONField(default=dict)
    exchanged = models.JSONField(default=dict)  # the units' new versions, as far as they have come
    fault = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ListState]),
                name="disposal_state_is_known",
            ),
            *(_both_or_neither("disposal", name) for name in ("approved", "started", "withdrawn")),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("made_by")),
                name="another_person_approves_a_disposal",
            ),
            models.CheckConstraint(
                condition=models.Q(started_by__isnull=True) | models.Q(approved_by__isnull=False),
                name="only_what_is_approved_is_destroyed",
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(state__in=sorted(OPEN)),
                name="one_open_disposal_per_unit",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.due_before}"


class DisposalItem(models.Model):
    """One record of a list, by its opaque id; gone when the record is."""

    disposal = models.ForeignKey(DisposalList, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=60)
    thing = models.UUIDField()
    due_on = models.DateField()
    last_note_on = models.DateField()
    rule_class = models.CharField(max_length=40)
    is_excluded = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, choices=list(REASON_NAMES.items()), blank=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["disposal", "kind", "thing"], name="one_item_per_list_and_record"
            ),
            models.CheckConstraint(
                condition=models.Q(is_excluded=False, reason="", until__isnull=True)
                | (models.Q(is_excluded=True) & ~models.Q(reason="")),
                name="what_is_excluded_has_a_reason",
            ),
        )
        indexes = (models.Index(fields=["disposal", "due_on", "id"], name="disposal_item_due"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"


class Hold(models.Model):
    """A record is kept past its day, for a reason and until a day; gone when the record is."""

    kind = models.CharField(max_length=60)
    thing = models.UUIDField()
    unit = models.CharField(max_length=60)
    reason = models.CharField(max_length=20, choices=list(REASON_NAMES.items()))
    until = models.DateField()
    placed_by = _actor("placed_holds", null=False)
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = _actor("lifted_holds")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            _both_or_neither("hold", "lifted"),
            models.CheckConstraint(
                condition=models.Q(reason__in=[r.value for r in Reason]),
                name="hold_reason_is_known",
            ),
        )
        indexes = (models.Index(fields=["kind", "thing"], name="disposal_hold_thing"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"


class Certificate(models.Model):
    """What is left of a disposal (gallringsbevis): counts, days and titles, and no record.

    Never changed, by triggers. people's titles stand as they were: the proof outlives accounts.
    """

    disposal = models.OneToOneField(
        DisposalList, on_delete=models.PROTECT, related_name="certificate", null=True
    )
    unit = models.CharField(max_length=60)
    due_before = models.DateField()
    planned_on = models.DateField()
    planned_title = models.CharField(max_length=200)
    approved_on = models.DateField()
    approved_title = models.CharField(max_length=200)
    finished_on = models.DateField()
    run_title = models.CharField(max_length=200)
    records = models.JSONField()
    rows = models.JSONField()
    excluded = models.PositiveIntegerField()
    moved = models.PositiveIntegerField()
    # Versions of units' keys: destroyed with all their elders, and in their place.
    key_versions = models.JSONField()
    new_key_versions = models.JSONField()
    # The day after which no key backup is left that could open an older database backup.
    key_backups_gone_on = models.DateField(null=True)
    is_earlier = models.BooleanField(default=False)  # done before Hamn, entered afterwards
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_earlier=True, disposal__isnull=True)
                | models.Q(is_earlier=False, disposal__isnull=False),
                name="a_certificate_has_its_list",
            ),
        )
        indexes = (models.Index(fields=["unit", "finished_on"], name="disposal_certificate_unit"),)

    def __str__(self) -> str:
        return f"{self.unit} {self.finished_on}"
