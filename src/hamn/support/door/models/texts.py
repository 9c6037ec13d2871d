"""The public pages' own texts, per language, in versions; and who has read a language through."""

from django.conf import settings
from django.db import models


class PageText(models.Model):
    """One version of a page's text in a language; what is published is never changed."""

    page = models.CharField(max_length=60)  # code of the page; "service:mika" of a service's
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()  # 1, 2, 3 … of that page and language
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=20_000)  # paragraphs, headings, lists, links
    state = models.CharField(max_length=20)  # draft, published, withdrawn
    review_by = models.DateField()  # somebody reads it through again by then
    writer = models.ForeignKey(  # none: it came with Hamn
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="page_texts", null=True
    )
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="published_texts",
        null=True,
    )
    published_at = models.DateTimeField(null=True)
    # Whose own language it is and who has read this version of it; none: it is in Swedish, or was
    # read through with its whole language (LanguageApproval).
    reviewer = models.CharField(max_length=120, null=True)
    reviewed_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["page", "language", "number"], name="one_text_number"),
            models.UniqueConstraint(
                fields=["page", "language"],
                condition=models.Q(state="published"),
                name="one_published_text_of_a_page",
            ),
            models.UniqueConstraint(
                fields=["page", "language"],
                condition=models.Q(state="draft"),
                name="one_draft_of_a_page",
            ),
        )

    def __str__(self) -> str:
        return f"{self.page} {self.language} {self.number}"


class LanguageApproval(models.Model):
    """A native reader has read a language's texts through, the interface's own words too.

    A language without one that stands is not shown to anyone.
    """

    language = models.CharField(max_length=10)
    reviewer = models.CharField(max_length=120)  # title or firm, as she wants to be named
    approved_on = models.DateField()
    catalogue = models.CharField(max_length=64)  # digest of the interface's words as they were read
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="language_approvals"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["language"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_approval_of_a_language",
            ),
        )

    def __str__(self) -> str:
        return f"{self.language} {self.approved_on}"
