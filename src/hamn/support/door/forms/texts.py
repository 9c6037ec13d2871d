"""Forms of the public pages' texts."""

from hamn.core.errors import _
from hamn.ui.forms import CleanLongText, CleanText, Day, SeenForm

from ..rules.texts import LONGEST_BODY, LONGEST_TITLE, check_body


class TextForm(SeenForm):
    """A page's text as an officer writes it."""

    title = CleanText(_("Rubrik"), longest=LONGEST_TITLE)
    body = CleanLongText(
        _("Text"),
        longest=LONGEST_BODY,
        rows=24,
        hint=_(
            "En tom rad ger ett nytt stycke. Börja raden med ## för en mellanrubrik och med - för "
            "en punkt i en lista. En länk skrivs [Skriv till oss](/kontakt/) eller [112](tel:112)."
        ),
        check=check_body,
    )
    review_by = Day(
        _("Läses igenom igen senast"),
        hint=_("Inom två år. Dagen visas i listan när den har kommit."),
    )


class SeenTextForm(SeenForm):
    """A button about the text that stands on the page."""


class ApprovalForm(SeenForm):
    """Who has read a language through, and when."""

    reviewer = CleanText(
        _("Granskat av"),
        longest=120,
        hint=_("Titel eller firma, så som granskaren vill stå. Språket ska vara granskarens eget."),
    )
    approved_on = Day(_("Granskat den"))
