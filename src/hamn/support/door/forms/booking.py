"""The forms in which a person chooses a time."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import Radio
from hamn.ui.words import said

from ..rules import booking as rules
from .public import DoorForm


class Times(forms.Form):
    """One of the free times, by its id. times: id and words of each."""

    slot = Radio(_("Tid"), {})

    def __init__(self, *arguments: Any, times: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["slot"].choices = list(times)  # type: ignore[attr-defined]
        # Another was quicker: the time that was chosen does not stand in the list any more.
        self.fields["slot"].error_messages["invalid_choice"] = said(rules.SlotTaken().sentence)


class MoveForm(Times, DoorForm):
    """Another time, chosen by the person."""


class BookForm(Times, DoorForm):
    """The person's own choice. has_notice: she has left an address for neutral notices."""

    wants_reminder = forms.BooleanField(
        label=gettext_lazy(_("Påminn mig med den neutrala avisering som jag har valt")),
        required=False,
    )

    def __init__(self, *arguments: Any, has_notice: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if not has_notice:
            del self.fields["wants_reminder"]
