"""Rows of people, their roles, and the units they belong to."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from .rules import Role, Standing, standing


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their natural key, the e-mail address."""


class Person(AbstractBaseUser):
    """Someone who signs in or acts at the command line; named by title in the demo."""

    email = models.EmailField(unique=True)
    title = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(null=True)
    # Her password and second factor were prepared and shown to everyone: let in by the demo alone.
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    objects = PersonManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_active=True, left_on__isnull=True)
                | models.Q(is_active=False, left_on__isnull=False),
                name="who_has_left_is_not_active",
            ),
            # Sign-in looks addresses up in small letters.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="address_is_in_small_letters"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def roles(self) -> frozenset[Role]:
        """Her roles, read once for each object; none for one who is not stored."""
        if self.pk is None:
            return frozenset()
        if not hasattr(self, "_roles"):
            self._roles = frozenset(Role(row.role) for row in self.role_rows.all())
        return self._roles


class PersonRole(models.Model):
    """A role that a person holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="role_rows")
    role = models.CharField(max_length=40, choices=[(role, role) for role in Role])

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "role"], name="one_row_per_person_and_role"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="role_is_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"


def _actor(name: str, *, null: bool = True) -> models.ForeignKey[Person | None, Person | None]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name=name, null=null
    )


def _both_or_neither(name: str) -> models.CheckConstraint:
    by, at = f"{name}_by__isnull", f"{name}_at__isnull"
    return models.CheckConstraint(
        condition=models.Q(**{by: True, at: True}) | models.Q(**{by: False, at: False}),
        name=f"who_and_when_{name}",
    )


class UnitMembership(models.Model):
    """A person in a unit, whose sealed records she may then read; holds only while granted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.CharField(max_length=60)  # opaque code; the room above knows what it is
    is_head = models.BooleanField()
    proposed_by = _actor("proposed_memberships", null=False)
    proposed_at = models.DateTimeField(auto_now_add=True)
    granted_by = _actor("granted_memberships")
    granted_at = models.DateTimeField(null=True)
    suspended_by = _actor("suspended_memberships")
    suspended_at = models.DateTimeField(null=True)
    ended_by = _actor("ended_memberships")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "unit"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_membership_per_unit",
            ),
            *(_both_or_neither(name) for name in ("granted", "suspended", "ended")),
            models.CheckConstraint(
                condition=models.Q(suspended_at__isnull=True) | models.Q(granted_at__isnull=False),
                name="only_what_was_granted_is_suspended",
            ),
            # Only a head, where nobody else heads a unit, accepts for herself.
            models.CheckConstraint(
                condition=models.Q(is_head=True)
                | models.Q(granted_by__isnull=True)
                | ~models.Q(granted_by=models.F("person")),
                name="nobody_grants_herself",
            ),
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("person")),
                name="nobody_proposes_herself",
            ),
        )
        indexes = (models.Index(fields=["unit", "ended_at"], name="access_members_of_unit"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.unit}"

    @property
    def standing(self) -> Standing:
        """How far the membership has come."""
        return standing(
            granted=self.granted_at is not None,
            suspended=self.suspended_at is not None,
            ended=self.ended_at is not None,
        )
