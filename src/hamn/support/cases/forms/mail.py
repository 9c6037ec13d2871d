"""The form that takes in an e-mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import File, HamnForm, LongText
from hamn.ui.words import said

from ..rules.mail import MOST_BYTES, MOST_PASTED


class MailForm(HamnForm):
    """An e-mail, pasted as it stands or as a file."""

    pasted = LongText(
        _("Klistra in brevet"),
        hint=_("Med rader som Från, Skickat och Ämne om de finns. Adressen läggs för sig."),
        required=False,
        longest=MOST_PASTED,
        strip=False,
    )
    file = File(_("Eller välj en fil som slutar på .eml"), required=False, most_bytes=MOST_BYTES)
    is_free = forms.BooleanField(
        label=gettext_lazy(_("Någon annan i enheten kan ta hand om brevet")), required=False
    )

    def clean(self) -> dict[str, Any]:
        """The fields; one of the two ways is used."""
        given = self.cleaned_data
        if not self.errors and bool(given.get("pasted", "").strip()) == bool(given.get("file")):
            self.add_error("pasted", said(_("Klistra in brevet, eller välj en fil.")))
        return given
