"""Forms of attachments."""

from typing import Any

from django.core.exceptions import ValidationError

from hamn.core.errors import _
from hamn.papers.cleaning import MOST_BYTES, Fault, UnfitFile
from hamn.papers.cleaning.kinds import MOST_MEGABYTES
from hamn.ui.forms import HamnForm
from hamn.ui.forms.fields import File
from hamn.ui.words import refusal_sentences

from ..rules.files import LONGEST_ABOUT
from .texts import CleanText


class AttachedFile(File):
    """A picture or PDF; what it is, is judged by its content when it is sent on."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The uploaded file. Raises ValidationError for one that was too large to be kept."""
        if data and data.size > MOST_BYTES:
            fault = UnfitFile(Fault.TOO_LARGE, most=MOST_MEGABYTES)
            raise ValidationError(refusal_sentences(fault))
        return super().clean(data, initial)


class FileForm(HamnForm):
    """A file to attach."""

    file = AttachedFile(
        _("Fil"),
        hint=_("En bild (JPEG, PNG) eller en pdf, högst 25 MB."),
        most_bytes=MOST_BYTES,
        allow_empty_file=True,
    )
    about = CleanText(_("Vad filen visar"), required=False, longest=LONGEST_ABOUT)
