"""Rows of the register."""

from django.db import models

SWEDISH = "swedish"


class County(models.Model):
    """A county (län); its code is the first two digits of its municipalities' codes."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    police_region = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality (kommun), keyed by Statistics Sweden's code."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=60, db_collation=SWEDISH)
    county = models.ForeignKey(County, on_delete=models.PROTECT)

    class Meta:
        indexes = (models.Index(fields=["name", "code"], name="municipality_by_name"),)

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """Inhabitants of a municipality on 31 December of a year (folkmängd)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    inhabitants = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["municipality", "year"], name="one_population_per_municipality_and_year"
            ),
            models.CheckConstraint(
                condition=models.Q(inhabitants__gt=0), name="population_is_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.year}: {self.inhabitants}"


class Party(models.Model):
    """A municipality as party to agreements: § 1 of the agreement and what an invoice needs."""

    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    is_provider = models.BooleanField(default=False)
    organisation_number = models.CharField(max_length=10)  # digits; the hyphen is for the eye
    is_example_number = models.BooleanField(default=False)  # the demo's invented numbers
    department = models.CharField(max_length=120, blank=True)
    postal_street = models.CharField(max_length=120, blank=True)
    postal_code = models.CharField(max_length=5, blank=True)
    postal_city = models.CharField(max_length=60, blank=True)
    billing_street = models.CharField(max_length=120, blank=True)
    billing_code = models.CharField(max_length=5, blank=True)
    billing_city = models.CharField(max_length=60, blank=True)
    participant_id = models.CharField(max_length=60, blank=True)
    buyer_reference = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["is_provider"], condition=models.Q(is_provider=True), name="one_provider"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ContactPerson(models.Model):
    """Whom to reach at a party, from when to when (Z20); by title where no name is needed."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=80)  # "avtal", "faktura", a service's code
    title = models.CharField(max_length=120)  # the official's title or name
    email = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="contact_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.title
