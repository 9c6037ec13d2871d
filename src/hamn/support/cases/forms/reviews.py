"""The form in which a head judges the month's reads."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from hamn.core.errors import _
from hamn.ui.forms import HamnForm, Radio

from ..rules.reviews import RIGHT, VERDICTS

PREFIX = "p-"


class JudgeForm(HamnForm):
    """A verdict for each pick. picks: ids that are drawn on the page."""

    def __init__(self, *arguments: Any, picks: Collection[UUID], **more: Any) -> None:
        super().__init__(*arguments, **more)
        for pk in picks:
            self.fields[f"{PREFIX}{pk}"] = Radio(_("Bedömning"), VERDICTS, required=False)

    def clean(self) -> dict[str, Any]:
        """`verdicts`: whether the read was right, by the pick's id; those not judged left out."""
        given = self.cleaned_data
        return {
            "verdicts": {
                UUID(name.removeprefix(PREFIX)): value == RIGHT
                for name, value in given.items()
                if name.startswith(PREFIX) and value
            }
        }
