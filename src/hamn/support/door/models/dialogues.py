"""Dialogues with a person who may never say who she is, and the messages in them."""

import uuid

from django.conf import settings
from django.db import models


class DoorSalt(models.Model):
    """The salt of this centre's codes: not secret, made once, never changed (docs/adr/0024).

    Without it no code that has been given out finds its dialogue any more.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    salt = models.BinaryField(max_length=16)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_door_salt"),
        )

    def __str__(self) -> str:
        return "the door's salt"


class Dialogue(models.Model):
    """A conversation (dialog) between a person and a unit, found by the person's code alone.

    Its data key is sealed to the unit (the vault's grants) and to the person's own key pair, which
    only the code makes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.CharField(max_length=60)
    service = models.CharField(max_length=40)
    box = models.UUIDField(unique=True)  # its data key; another one once the content was erased
    # Found by: made of the code, tells nothing of it. None once the person has ended it.
    locator = models.BinaryField(max_length=32, unique=True, null=True)
    public = models.BinaryField()  # the person's public key
    key_for_person = models.BinaryField()  # the box's key, sealed to it
    sealed = models.BinaryField()  # DialogueContent, in the box
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20)  # open, ended, blocked
    is_one_time = models.BooleanField(default=False)  # the code was read out: change it first
    origin = models.CharField(max_length=20)  # web, phone, walk_in
    situation = models.CharField(max_length=40)  # code of what brought the person to the door
    language = models.CharField(max_length=10)
    is_child = models.BooleanField(default=False)  # said to be under 18: the duty to act
    opened_on = models.DateField()
    active_on = models.DateField()  # anyone's last act; the days of an expiry rule count from it
    waits_since = models.DateTimeField(null=True)  # the person waits for an answer; to the hour
    answer_by = models.DateField(null=True)  # the day that the receipt named
    seen_by_person = models.BooleanField(default=True)  # she has read the latest answer
    # When the neutral notice that she asked for is to be sent; None while none is owed.
    notice_due_at = models.DateTimeField(null=True)
    asks_other_worker = models.BooleanField(default=False)
    # The person wants the content erased; the worker process does it where a decision allows.
    erase_asked_at = models.DateTimeField(null=True)
    erase_stopped_on = models.DateField(null=True)  # … or notes that the law keeps it for now
    erased_on = models.DateField(null=True)  # the content is gone, the channel is open
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dialogues", null=True
    )
    case = models.ForeignKey(
        "cases.Case", on_delete=models.SET_NULL, related_name="dialogues", null=True
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "ended", "blocked"]),
                name="dialogue_state_is_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ended") | models.Q(locator__isnull=True),
                name="an_ended_dialogue_is_found_by_nobody",
            ),
        )
        indexes = (
            models.Index(fields=["unit", "state", "answer_by", "id"], name="door_unit_answer"),
            models.Index(fields=["unit", "active_on", "id"], name="door_unit_active"),
            models.Index(fields=["assigned_to", "state"], name="door_assigned"),
            models.Index(
                fields=["erase_asked_at"],
                condition=models.Q(erase_asked_at__isnull=False),
                name="door_to_erase",
            ),
            models.Index(
                fields=["notice_due_at"],
                condition=models.Q(notice_due_at__isnull=False),
                name="door_to_tell",
            ),
        )

    def __str__(self) -> str:
        return f"dialogue {self.pk}"

    @property
    def mark(self) -> str:
        """Four signs of its random id, by which colleagues tell two anonymous ones apart."""
        return str(self.pk)[:4].upper()


class Message(models.Model):
    """One message, or a note of the unit's own beside it; sealed in the dialogue's box."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="messages")
    place = models.PositiveIntegerField()  # 1, 2, 3 … within the dialogue
    author = models.CharField(max_length=20)  # person, staff, system
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="door_messages", null=True
    )
    # The service that staff wrote it for, which stands after a hand-over. None: a person or the
    # system wrote it, or it is from before Hamn kept this.
    service = models.CharField(max_length=40, null=True)
    visibility = models.CharField(max_length=20)  # person, unit, own
    written_at = models.DateTimeField()  # a person's own to the hour, no nearer
    box = models.UUIDField()  # the box it was sealed in
    sealed = models.BinaryField()  # MessageContent
    # What the form was sent with: the same form twice is one message.
    token = models.BinaryField(max_length=32, unique=True, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "place"], name="one_message_per_place"),
            models.CheckConstraint(
                condition=models.Q(visibility="person")
                | models.Q(visibility__in=["unit", "own"], author="staff"),
                name="only_staff_write_to_themselves",
            ),
            models.CheckConstraint(
                condition=models.Q(author="staff", by__isnull=False)
                | models.Q(author__in=["person", "system"], by__isnull=True),
                name="a_message_of_staff_has_its_writer",
            ),
        )

    def __str__(self) -> str:
        return f"message {self.pk}"


class Reach(models.Model):
    """How a person wants to be told or called: chosen, revocable, stored apart in its own box."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dialogue = models.ForeignKey(Dialogue, on_delete=models.CASCADE, related_name="reaches")
    kind = models.CharField(max_length=20)  # notice (a neutral letter), call
    box = models.UUIDField(unique=True)
    key_for_person = models.BinaryField()  # so that she can see what she has left
    sealed = models.BinaryField()  # ReachContent: address or number, hours, text
    asked_on = models.DateField()
    removed_at = models.DateTimeField(null=True)  # revoked; the worker process erases it
    done_at = models.DateTimeField(null=True)  # called back

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["dialogue", "kind"],
                condition=models.Q(removed_at__isnull=True, done_at__isnull=True),
                name="one_reach_of_a_kind",
            ),
        )

    def __str__(self) -> str:
        return f"reach {self.pk}"
