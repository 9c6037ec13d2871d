"""Which year's counts to show."""

from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Choice, HamnForm


class YearFilter(HamnForm):
    """The year; `years` are those that can be chosen."""

    ar = Choice(_("År"), {}, required=False)

    def __init__(self, *arguments: Any, years: list[int], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["ar"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]
