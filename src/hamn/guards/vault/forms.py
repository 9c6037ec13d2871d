"""Passphrases on the page of the vault: never echoed, kept, or filled in by the browser."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from hamn.core.errors import _
from hamn.ui.forms import Choice, HamnForm, Text

from .rules import LONGEST_NAME, LONGEST_PASSPHRASE

_RULE = _("Minst 12 tecken. Flera ord efter varandra är lätta att minnas och svåra att gissa.")
_WHOSE = _("Så att den kan tas bort när personen slutar, till exempel ”Enhetschefen”.")


class Passphrase(Text):
    """A passphrase, kept as it is typed, blanks too."""

    def __init__(self, label: str, *, hint: str = "") -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "off"})
        super().__init__(label, hint=hint, longest=LONGEST_PASSPHRASE, strip=False, widget=widget)


class UnsealForm(HamnForm):
    """What opens a unit."""

    passphrase = Passphrase(_("Lösenfras"))


class _Chosen(HamnForm):
    """A new passphrase, typed twice."""

    name = Text(_("Vems lösenfras?"), hint=_WHOSE, longest=LONGEST_NAME)
    new = Passphrase(_("Ny lösenfras"), hint=_RULE)
    again = Passphrase(_("Ny lösenfras en gång till"))

    def clean_again(self) -> str:
        """The second, when it is the first."""
        if self.cleaned_data.get("new") not in {None, self.cleaned_data["again"]}:
            raise ValidationError(gettext("Lösenfraserna är inte lika. Skriv samma två gånger."))
        return str(self.cleaned_data["again"])


class NewUnitForm(_Chosen):
    """The passphrase of a key that is made."""


class AddPassphraseForm(_Chosen):
    """One more passphrase, let in by one that is there."""

    passphrase = Passphrase(_("En lösenfras som enheten har"))
    field_order = ("passphrase", "name", "new", "again")


class RemovePassphraseForm(HamnForm):
    """Which passphrase goes, and one that the unit has."""

    name = Choice(_("Vems lösenfras ska bort?"), list)
    passphrase = Passphrase(_("En lösenfras som enheten har"))

    def __init__(self, *arguments: Any, names: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        asked = self.fields["name"]
        assert isinstance(asked, Choice)
        asked.choices = [("", gettext("Välj lösenfras")), *((name, name) for name in names)]
