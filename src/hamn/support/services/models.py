"""Rows of services. Triggers keep turned-away events and their facts as they were written."""

import uuid

from django.db import models
from django.utils.translation import get_language

from .rules import Documented, Named, Regime, in_language, name_in


class Service(models.Model):
    """A service as the centre configures it (verksamhet): for whom, how, and under which regime."""

    code = models.CharField(max_length=40, primary_key=True)
    unit = models.CharField(max_length=40)  # who keeps its cases
    position = models.PositiveSmallIntegerField()  # as the file orders them
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    description = models.TextField(max_length=1000)
    description_en = models.TextField(max_length=1000, blank=True)
    target_groups = models.JSONField(default=list)  # code, sv, en
    grounds = models.JSONField(default=list)  # code, sv, en
    age_groups = models.JSONField(default=list)
    channels = models.JSONField(default=list)
    forms = models.JSONField(default=list)
    needs_affiliation = models.BooleanField()  # a coordinator's needs none (Z5)
    refers_to = models.JSONField(default=list)  # codes of services
    refers_children_to = models.CharField(max_length=40, blank=True)
    regime = models.CharField(max_length=20)
    decision_reference = models.CharField(max_length=60, blank=True)  # the board's dnr
    decision_on = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    hours = models.CharField(max_length=120, blank=True)
    hours_en = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(regime__in=[regime.value for regime in Regime]),
                name="service_regime_is_known",
            ),
            # SoL 14:5: no interventions without identity but by the board's decision.
            models.CheckConstraint(
                condition=~models.Q(regime=Regime.IDENTITY_EXEMPT.value)
                | (~models.Q(decision_reference="") & models.Q(decision_on__isnull=False)),
                name="identity_exempt_rests_on_a_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="service_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The service's name in the reader's language."""
        return in_language(self.name, self.name_en, _language())

    @property
    def documented(self) -> Documented:
        """What may be recorded without identity rests on this."""
        return Documented(self.regime, self.decision_on)

    @property
    def told(self) -> str:
        """What the service is, in the reader's language."""
        return in_language(self.description, self.description_en, _language())

    @property
    def open_hours(self) -> str:
        """When it can be reached, in the reader's language."""
        return in_language(self.hours, self.hours_en, _language())

    @property
    def ground_names(self) -> dict[str, str]:
        """The grounds for contact by code, in the reader's language."""
        return _names(self.grounds)

    @property
    def target_group_names(self) -> dict[str, str]:
        """The target groups by code, in the reader's language."""
        return _names(self.target_groups)


class TurnedAwayEvent(models.Model):
    """Somebody who was pointed elsewhere, her municipality having no agreement (B34, Z4).

    Neither who she is nor who wrote it down stands here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    happened_on = models.DateField()
    service = models.CharField(max_length=40)
    municipality = models.CharField(max_length=4)  # as she stated it
    wants_help = models.BooleanField()
    pointed_to = models.JSONField(default=list)
    takes_back = models.UUIDField(null=True, unique=True)  # the event that was a mistake

    def __str__(self) -> str:
        return f"{self.happened_on} {self.service} {self.municipality}"


class TurnedAwayFact(models.Model):
    """The same for the statistics: by month, with no way back to the event (docs/adr/0019)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField()  # its first day
    unit = models.CharField(max_length=40)
    service = models.CharField(max_length=40)
    municipality = models.CharField(max_length=4)
    residence_class = models.CharField(max_length=30)
    wants_help = models.BooleanField()
    pointed_to = models.JSONField(default=list)
    count = models.SmallIntegerField()  # -1 reverses

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(count__in=[1, -1]), name="turned_away_counts_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.service} {self.municipality}: {self.count}"


def _names(named: Named) -> dict[str, str]:
    return {one["code"]: name_in(named, one["code"], _language()) for one in named}


def _language() -> str:
    return get_language() or "sv"
