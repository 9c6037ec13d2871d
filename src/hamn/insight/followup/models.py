"""Rows of follow-up. A published total is never changed: a correction is a row of its own."""

from django.db import models
from django.db.models import F, Q

from .rules import Base, Measure, Residence, Unit

# Not null is said beside each comparison: a check that comes to "unknown" lets the row in.
_NUMBER = Q(low__isnull=False, high__isnull=False, low__gte=0, high__gte=F("low"))


class PublishedTotal(models.Model):
    """A total or share published before Hamn counted (publicerad siffra), as it was published."""

    measure = models.CharField(max_length=30)
    service = models.CharField(max_length=40, blank=True)  # empty: the whole centre
    residence = models.CharField(max_length=30, blank=True)  # empty: wherever they live
    from_year = models.PositiveSmallIntegerField()
    to_year = models.PositiveSmallIntegerField()
    is_partial = models.BooleanField(default=False)  # the period was not over
    unit = models.CharField(max_length=10)
    low = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    wording = models.CharField(max_length=300, blank=True)  # as it stands in the source
    base_state = models.CharField(max_length=10)
    base = models.PositiveIntegerField(null=True, blank=True)  # how many the share is a share of
    source = models.CharField(max_length=200)  # document and page
    note = models.CharField(max_length=500, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="correction"
    )
    reason = models.CharField(max_length=300, blank=True)  # why it was corrected
    entered_by = models.ForeignKey("access.Person", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(measure__in=[one.value for one in Measure]),
                name="published_measure_is_known",
            ),
            models.CheckConstraint(
                condition=Q(residence__in=[one.value for one in Residence]),
                name="published_residence_is_known",
            ),
            models.CheckConstraint(
                condition=Q(to_year__gte=F("from_year")),
                name="published_period_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(unit=Unit.WORDS.value, low__isnull=True, high__isnull=True)
                | Q(_NUMBER, unit=Unit.COUNT.value)
                | Q(_NUMBER, unit=Unit.PERCENT.value, high__lte=100),
                name="published_value_fits_its_unit",
            ),
            models.CheckConstraint(
                condition=Q(base_state=Base.KNOWN.value, base__isnull=False, base__gte=1)
                | Q(base_state__in=[Base.UNKNOWN.value, Base.NONE.value], base__isnull=True),
                name="published_base_is_stated_or_said_unknown",
            ),
            models.CheckConstraint(
                condition=~Q(unit=Unit.PERCENT.value, base_state=Base.NONE.value),
                name="published_share_has_a_base",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True, reason="")
                | (Q(supersedes__isnull=False) & ~Q(reason="")),
                name="published_correction_has_a_reason",
            ),
        )
        indexes = (models.Index(fields=["from_year", "id"], name="published_by_year"),)

    def __str__(self) -> str:
        return f"{self.measure} {self.from_year}"
