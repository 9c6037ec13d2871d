"""Rows of units, posts, absences and covers."""

from datetime import date

from django.conf import settings
from django.db import models

from .rules import AbsenceKind, CoverState, Funding, Qualification, cover_state

_PERIOD = models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on"))


def _known(field: str, values: list[str], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


class Unit(models.Model):
    """A service unit (verksamhet); its code is what the guards know."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=30)
    principal = models.CharField(max_length=120)  # huvudman: who answers for it (A29)
    place = models.PositiveSmallIntegerField()  # its place in lists
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=_PERIOD, name="unit_ends_after_start"),)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post (befattning) as it is held, or vacant, over a time; a new holder is a new row."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=120)
    percent = models.PositiveSmallIntegerField()
    funding = models.CharField(max_length=20)
    is_management = models.BooleanField(default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", null=True
    )
    qualification = models.CharField(max_length=20, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_PERIOD, name="post_ends_after_start"),
            models.CheckConstraint(
                condition=models.Q(percent__gte=1, percent__lte=100), name="post_is_1_to_100"
            ),
            _known("funding", [one.value for one in Funding], "post_funding_is_known"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, qualification="")
                | models.Q(
                    person__isnull=False,
                    qualification__in=[one.value for one in Qualification],
                ),
                name="who_holds_a_post_is_qualified",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Absence(models.Model):
    """A person is away (frånvaro); when and how planned, never why."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences"
    )
    kind = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_PERIOD, name="absence_ends_after_start"),
            _known("kind", [one.value for one in AbsenceKind], "absence_kind_is_known"),
        )
        indexes = (models.Index(fields=["person", "starts_on"], name="staff_absence_of_person"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.starts_on}"


class Cover(models.Model):
    """A standing cover (ersättare): a dated grant that rests on the person's own membership."""

    membership = models.ForeignKey(
        "access.UnitMembership", on_delete=models.PROTECT, related_name="covers"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offered_covers"
    )
    offered_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True)  # by the cover herself, never by another
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ended_covers", null=True
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=_PERIOD, name="cover_ends_after_start"),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True, ended_at__isnull=True)
                | models.Q(ended_by__isnull=False, ended_at__isnull=False),
                name="who_and_when_cover_ended",
            ),
            models.UniqueConstraint(
                fields=["membership"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_cover_per_membership",
            ),
        )

    def __str__(self) -> str:
        return f"{self.membership}"

    def state_on(self, on: date) -> CoverState:
        """How far the cover has come on the day."""
        return cover_state(
            is_accepted=self.accepted_at is not None,
            is_ended=self.ended_at is not None,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            on=on,
        )
