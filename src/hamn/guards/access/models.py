"""Rows of people and their roles."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from .rules import Role


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their natural key, the e-mail address."""


class Person(AbstractBaseUser):
    """Someone who signs in or acts at the command line; named by title in the demo."""

    email = models.EmailField(unique=True)
    title = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"

    objects = PersonManager()

    def __str__(self) -> str:
        return self.title


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
