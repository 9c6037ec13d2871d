"""Forms of the register."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from hamn.core import identifiers
from hamn.core.errors import BadInput, _
from hamn.ui.forms import Choice, Day, Email, File, HamnForm, Radio, Text, Year
from hamn.ui.words import choices, refusal_sentences, said

from . import rules

FILE, SCB = "fil", "scb"
OTHER_ROLE = "annan"
POPULATION_SOURCES = {FILE: _("En CSV-fil"), SCB: _("Statistiska centralbyrån (SCB)")}


class MunicipalityFilter(HamnForm):
    """What of the register to show; `counties` are the names by code."""

    namn = Text(_("Namn eller kommunkod"), required=False, longest=60)
    lan = Choice(_("Län"), {}, required=False)
    uppgifter = Choice(_("Uppgifter"), {}, required=False)

    def __init__(self, *arguments: Any, counties: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        data = choices(rules.DATA_NAMES, empty=said(_("Alla")))
        self.fields["uppgifter"].choices = data  # type: ignore[attr-defined]
        near = said(_("Eget län och alla parter"))
        whole = (rules.EVERYWHERE, said(_("Hela landet")))
        self.fields["lan"].choices = [("", near), whole, *counties.items()]  # type: ignore[attr-defined]


class PartyForm(HamnForm):
    """§ 1 of the agreement, and what an invoice needs."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name = Text(_("Kommunens namn som part"), hint=_("Till exempel Österåkers kommun"), longest=120)
    organisation_number = Text(
        _("Organisationsnummer"),
        hint=_("Tio siffror, till exempel 212000-0142"),
        longest=20,
        width=20,
        check=identifiers.organisation_number,
    )
    is_example_number = forms.BooleanField(
        label=gettext_lazy(_("Numret är ett påhittat exempel")), required=False
    )
    department = Text(
        _("Avdelning eller enhet"),
        hint=_("Till exempel Socialförvaltningen"),
        required=False,
        longest=120,
    )
    postal_street = Text(_("Postadress: gata eller box"), required=False, longest=120)
    postal_code = Text(
        _("Postadress: postnummer"),
        hint=_("Till exempel 184 86"),
        required=False,
        longest=12,
        width=10,
        check=rules.postal_code,
    )
    postal_city = Text(_("Postadress: ort"), required=False, longest=60, width=20)
    billing_street = Text(_("Faktureringsadress: gata eller box"), required=False, longest=120)
    billing_code = Text(
        _("Faktureringsadress: postnummer"),
        required=False,
        longest=12,
        width=10,
        check=rules.postal_code,
    )
    billing_city = Text(_("Faktureringsadress: ort"), required=False, longest=60, width=20)
    participant_id = Text(
        _("Peppol-id"),
        hint=_("Dit e-fakturan skickas: 0007: följt av organisationsnumrets tio siffror"),
        required=False,
        longest=60,
        width=30,
    )
    buyer_reference = Text(
        _("Er referens (beställarreferens)"),
        hint=_("Det som kommunen vill se på fakturan för att hitta rätt mottagare"),
        required=False,
        longest=60,
        width=30,
    )

    def clean(self) -> dict[str, Any]:
        """The fields; the Peppol id is read against the organisation number beside it."""
        given = self.cleaned_data
        number = given.get("organisation_number")
        if number:
            try:
                given["participant_id"] = identifiers.participant_id(
                    given.get("participant_id", ""), organisation_number=number
                )
            except BadInput as fault:
                self.add_error("participant_id", ValidationError(refusal_sentences(fault)))
        return given


class ContactForm(HamnForm):
    """Whom to reach, and from when to when."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    role = Radio(_("Gäller"), rules.ROLE_NAMES | {OTHER_ROLE: _("något annat")})
    other_role = Text(
        _("Vad, om det gäller något annat"),
        hint=_("Till exempel mika, för Mikamottagningens egen kontakt"),
        required=False,
        longest=80,
        width=30,
    )
    title = Text(
        _("Titel eller namn"),
        hint=_("Titeln räcker oftast, till exempel Socialchef"),
        longest=120,
    )
    email = Email(_("E-post"), required=False, longest=120, check=rules.email)
    phone = Text(
        _("Telefon"),
        hint=_("Till exempel 08-508 00 000"),
        required=False,
        longest=40,
        width=20,
        check=identifiers.phone,
    )
    valid_from = Day(_("Från och med"), hint=_("Till exempel 2026 01 15"))
    valid_until = Day(_("Till och med"), hint=_("Lämna tomt om inget slut är känt"), required=False)

    def clean(self) -> dict[str, Any]:
        """The fields as the contact has them, the role in one."""
        given = self.cleaned_data
        if given.get("role") == OTHER_ROLE:
            given["role"] = given.get("other_role", "")
            if not given["role"]:
                self.add_error("other_role", said(_("Skriv vad kontaktpersonen gäller.")))
        given.pop("other_role", None)
        return given


class EndContactForm(HamnForm):
    """The last day of a contact person."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    last_day = Day(_("Sista dagen"), hint=_("Dagen räknas med. Den får ligga framåt i tiden."))


class ImportPartiesForm(HamnForm):
    """A file of parties."""

    file = File(
        _("CSV-fil med kommunernas uppgifter"),
        hint=_("Kommatecken eller semikolon mellan kolumnerna, rubriker på första raden"),
    )


class ImportPopulationForm(HamnForm):
    """Population from one of the two places it may come from."""

    source = Radio(_("Varifrån ska folkmängden hämtas?"), POPULATION_SOURCES)
    file = File(
        _("CSV-fil"),
        hint=_("Om du valde fil: en rad för varje kommun och år, med rubriker på första raden."),
        required=False,
    )
    year = Year(
        _("År"),
        hint=_("Om du valde SCB. Folkmängden den 31 december det året, till exempel 2025."),
        required=False,
        least=1968,
    )

    def clean(self) -> dict[str, Any]:
        """The fields; what the chosen place needs is there."""
        given = self.cleaned_data
        if given.get("source") == FILE and not given.get("file") and "file" not in self.errors:
            self.add_error("file", said(_("Välj en fil.")))
        if given.get("source") == SCB and not given.get("year") and "year" not in self.errors:
            self.add_error("year", said(_("Ange året som folkmängden gäller.")))
        return given


def as_fields(role: str) -> dict[str, str]:
    """A stored role as the form's two fields."""
    if role in rules.ROLE_NAMES:
        return {"role": role}
    return {"role": OTHER_ROLE, "other_role": role}
