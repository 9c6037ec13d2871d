"""Rows of the tariffs. A trigger keeps a frozen tariff's lines as they are."""

from django.db import models

from .rules import Method


class Tariff(models.Model):
    """A cost allocation version (kostnadsfördelning), annexed to agreements (F16)."""

    name = models.CharField(max_length=80, unique=True)
    total_kr = models.PositiveIntegerField()
    population_year = models.PositiveSmallIntegerField()  # population on 31 December
    index_percent = models.DecimalField(max_digits=5, decimal_places=2)
    price_level_year = models.PositiveSmallIntegerField()
    valid_from = models.DateField()  # no signature before it
    method = models.CharField(max_length=30, default=Method.LARGEST_REMAINDER)
    all_population = models.PositiveIntegerField()  # of the municipalities that share the total
    frozen_at = models.DateTimeField(
        null=True, blank=True
    )  # when an agreement first referred to it

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(total_kr__gt=0), name="total_is_positive"),
            models.CheckConstraint(
                condition=models.Q(method__in=[method.value for method in Method]),
                name="method_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.name


class TariffPost(models.Model):
    """How many posts of a service the total pays for (H1); and so what is included (F3)."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="posts")
    service = models.CharField(max_length=40)
    posts = models.DecimalField(max_digits=4, decimal_places=2)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tariff", "service"], name="one_row_per_tariff_and_service"
            ),
        )

    def __str__(self) -> str:
        return f"{self.service}: {self.posts}"


class TariffLine(models.Model):
    """One municipality's share."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="lines")
    municipality = models.ForeignKey("organisations.Municipality", on_delete=models.PROTECT)
    population = models.PositiveIntegerField()
    annex_kr = models.PositiveIntegerField()
    is_addition = models.BooleanField(default=False)  # on top of the total (Z3)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tariff", "municipality"], name="one_line_per_tariff_and_municipality"
            ),
            models.CheckConstraint(
                condition=models.Q(population__gt=0), name="line_population_is_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.annex_kr}"
