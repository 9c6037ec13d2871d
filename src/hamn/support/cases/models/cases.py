"""Cases, who may open them, and who did."""

import uuid

from django.db import models

from ..rules.states import CASE_STATES
from .sealed import SealedRow, person_key


class Case(SealedRow):
    """A person's case (ärende) in a unit; who she is, if she has said it, is sealed."""

    unit = models.CharField(max_length=60)
    box = models.UUIDField(unique=True)
    state = models.CharField(max_length=20, choices=list(CASE_STATES.items()))
    responsible = person_key("responsible_cases")
    deputy = person_key("deputy_cases")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    last_note_on = models.DateField()  # the five years of SoL 16:1 begin here
    waits_since = models.DateField(null=True)  # the person waits for an answer since
    due_on = models.DateField(null=True)  # the earliest day of what is left to do
    rule_class = models.CharField(max_length=40, default="personal_file")
    # 31 December of a child's birth year, only where the rule class counts from it.
    born_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "follow_up"], closed_on__isnull=True)
                | models.Q(state__in=["closed", "closed_referred"], closed_on__isnull=False),
                name="a_closed_case_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(deputy__isnull=True) | ~models.Q(deputy=models.F("responsible")),
                name="nobody_is_her_own_deputy",
            ),
        )
        indexes = (
            models.Index(fields=["unit", "state", "due_on"], name="cases_unit_due"),
            models.Index(fields=["responsible", "state", "due_on"], name="cases_responsible_due"),
            models.Index(fields=["deputy", "state"], name="cases_deputy"),
            models.Index(fields=["unit", "last_note_on", "id"], name="cases_last_note"),
            models.Index(fields=["unit", "state", "waits_since"], name="cases_waits"),
            models.Index(fields=["unit", "opened_on", "id"], name="cases_opened"),
            models.Index(
                fields=["unit", "opened_on", "id"],
                condition=models.Q(responsible__isnull=True),
                name="cases_nobodys",
            ),
        )


class Participant(models.Model):
    """A worker who takes part in a case beside its responsible one and the deputy."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="participants")
    person = person_key("participations", null=False)
    added_by = person_key("added_participants", null=False)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "person"], name="one_participation_per_case"),
        )

    def __str__(self) -> str:
        return f"participant {self.pk}"


class Share(SealedRow):
    """Another unit of the board may read the case, with consent or a stated need, until a day."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="shares")
    unit = models.CharField(max_length=60)
    ground = models.CharField(max_length=40)  # consent or need_to_know
    until = models.DateField(null=True)
    shared_by = person_key("shared_cases", null=False)
    shared_at = models.DateTimeField(auto_now_add=True)
    ended_by = person_key("ended_shares")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "unit"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_share_per_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True, ended_at__isnull=True)
                | models.Q(ended_by__isnull=False, ended_at__isnull=False),
                name="who_and_when_a_share_ended",
            ),
        )
        indexes = (models.Index(fields=["unit", "ended_at"], name="cases_share_unit"),)


class BreakGlass(SealedRow):
    """A worker opened a case of her unit that is not hers; the reason is sealed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="break_glasses")
    unit = models.CharField(max_length=60)
    person = person_key("break_glasses", null=False)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    reviewed_by = person_key("reviewed_break_glasses")
    reviewed_at = models.DateTimeField(null=True)
    was_right = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    reviewed_by__isnull=True, reviewed_at__isnull=True, was_right__isnull=True
                )
                | models.Q(
                    reviewed_by__isnull=False, reviewed_at__isnull=False, was_right__isnull=False
                ),
                name="a_review_of_break_glass_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True)
                | ~models.Q(reviewed_by=models.F("person")),
                name="nobody_reviews_her_own_break_glass",
            ),
        )
        indexes = (
            models.Index(fields=["unit", "reviewed_at"], name="cases_break_glass_unit"),
            models.Index(fields=["person", "until"], name="cases_break_glass_person"),
        )


class CaseRead(models.Model):
    """Someone read or wrote in a case, or in a contact without one: its own log.

    It goes when the case or the contact does; heads get their sample from it.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reads", null=True)
    contact = models.ForeignKey(
        "cases.Contact", on_delete=models.CASCADE, related_name="reads", null=True
    )
    unit = models.CharField(max_length=60)
    person = person_key("case_reads", null=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=60)  # code of the page or act
    why = models.CharField(max_length=40)  # code: responsible, deputy, cover, break_glass …

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(case__isnull=False, contact__isnull=True)
                | models.Q(case__isnull=True, contact__isnull=False),
                name="a_read_is_of_a_case_or_a_contact",
            ),
        )
        indexes = (
            models.Index(fields=["case", "id"], name="cases_read_case"),
            models.Index(fields=["unit", "at"], name="cases_read_unit"),
        )

    def __str__(self) -> str:
        return f"read {self.pk}"
