"""The form for what goes on the person's printed copy."""

from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Boxes, HamnForm


class CopyForm(HamnForm):
    """What goes on the paper. pieces: text by code."""

    chosen = Boxes(_("Vad ska med?"), {}, hint=_("Arbetsanteckningar följer aldrig med."))

    def __init__(self, *arguments: Any, pieces: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["chosen"].choices = pieces  # type: ignore[attr-defined]
