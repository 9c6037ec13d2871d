"""Answers that a unit has ready."""

from django.conf import settings
from django.db import models


class AnswerTemplate(models.Model):
    """A text (svarsmall) to begin an answer from; says nothing of anyone."""

    unit = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    text = models.TextField(max_length=4000)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answer_templates"
    )
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["unit", "language", "title"],
                condition=models.Q(removed_at__isnull=True),
                name="one_template_of_a_title",
            ),
        )

    def __str__(self) -> str:
        return self.title
