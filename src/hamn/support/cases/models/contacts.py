"""Contacts, contact details and drafts."""

import uuid

from django.db import models

from .cases import Case
from .sealed import SealedRow, person_key


class Contact(SealedRow):
    """One contact with a person (kontakt); may belong to no case, and be joined to one later.

    Without a case it is sealed in a box of its own; joined, in the case's.
    """

    unit = models.CharField(max_length=60)
    box = models.UUIDField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts", null=True)
    on = models.DateField()
    last_note_on = models.DateField()  # the five years begin here; `on` may lie far before
    responsible = person_key("contacts")  # none: whoever in the unit takes it
    logged_by = person_key("logged_contacts")  # none: the system, of a letter at its pipe
    logged_at = models.DateTimeField(auto_now_add=True)
    answer_by = models.DateField(null=True)  # an answer was promised by
    is_child = models.BooleanField(default=False)  # the duty to report is shown until it is done

    class Meta:
        indexes = (
            models.Index(fields=["unit", "on", "id"], name="cases_contact_day"),
            models.Index(fields=["case", "on"], name="cases_contact_case"),
            models.Index(fields=["responsible", "on"], name="cases_contact_worker"),
            # The few that wait, among the many that do not.
            models.Index(
                fields=["answer_by"],
                condition=models.Q(answer_by__isnull=False),
                name="cases_contact_answer",
            ),
            models.Index(
                fields=["unit", "last_note_on"],
                condition=models.Q(case__isnull=True),
                name="cases_contact_free",
            ),
        )


class ContactDetails(SealedRow):
    """How a person may be reached: optional, minimal, in a box of its own, deleted alone."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, related_name="contact_details", null=True
    )
    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, related_name="contact_details", null=True
    )
    box = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(case__isnull=False, contact__isnull=True)
                | models.Q(case__isnull=True, contact__isnull=False),
                name="details_belong_to_a_case_or_a_contact",
            ),
        )


class Draft(models.Model):
    """What a worker has typed and not saved yet: sealed, hers alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = person_key("drafts", null=False)
    unit = models.CharField(max_length=60)
    # Where it was typed: "cases:add_note:<case>#<form>"; an address, never a text.
    place = models.CharField(max_length=120)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts", null=True)
    box = models.UUIDField(unique=True)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner", "place"], name="one_draft_per_place"),
        )
        indexes = (models.Index(fields=["saved_at"], name="cases_draft_age"),)

    def __str__(self) -> str:
        return f"draft {self.pk}"
