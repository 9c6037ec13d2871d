"""Forms of what a case says of its person. Every answer may be left as it stands (B5)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.support.services import rules as services
from hamn.ui.forms import Boxes, Choice, Day, Number, Radio, SeenForm, Text, Year
from hamn.ui.words import said

from ..rules.contacts import LONGEST_LINE
from ..rules.content import IDENTITY_LEVELS
from ..rules.details import LONGEST_WORDS
from ..rules.safe_contact import DAYS, WAYS
from .contacts import residences
from .texts import CleanLongText, CleanText


class IdentityForm(SeenForm):
    """How much the person wants to be known."""

    level = Radio(
        _("Hur mycket vill personen säga om vem hon eller han är?"),
        IDENTITY_LEVELS,
        hint=_("Personen väljer, och kan ändra sig när som helst. Det som redan är skrivet står."),
        hints={
            "anonymous": _("Namn, personnummer och det som ärendet hittas på tas bort."),
            "pseudonymous": _("Ärendet hittas på det namn som personen väljer."),
            "named": _("Tidigare anteckningar fylls inte i med namnet."),
        },
    )
    called = CleanText(
        _("Vad personen vill kallas"),
        hint=_("Ett eget valt namn, eller personens namn. Lämna tomt för den som är anonym."),
        required=False,
        longest=LONGEST_LINE,
        width=30,
    )
    number = CleanText(
        _("Personnummer eller samordningsnummer"),
        hint=_("Bara om det behövs, till exempel för en ansökan. Lämna annars tomt."),
        required=False,
        longest=20,
        width=20,
    )

    def __init__(self, *arguments: Any, is_protected: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if is_protected:
            del self.fields["number"]


class SituationForm(SeenForm):
    """The person's situation; `grounds`, `forms` and `municipalities` are those of the unit."""

    form = Radio(_("Vem gäller ärendet?"), services.FORMS)
    grounds = Boxes(_("Vad gäller det?"), {}, hint=_("Ett eller flera skäl."), required=False)
    age_group = Radio(_("Ålder"), services.AGE_GROUPS)
    birth_year = Year(_("Födelseår"), required=False, least=1000, most=9999)
    municipality = Choice(_("Hemkommun, som personen säger"), {}, hint=_("Det behövs inget bevis."))
    source = Choice(_("Hur kom personen hit?"), services.SOURCES)
    language = CleanText(
        _("Språk, om ni behöver tolk"), required=False, longest=LONGEST_LINE, width=20
    )
    wishes = CleanLongText(
        _("Vad personen vill och inte vill, med egna ord"), required=False, longest=LONGEST_WORDS
    )
    why = Radio(
        _("Varför ändrar du?"),
        {"wrong": _("Det var fel från början"), "since": _("Det har ändrats sedan dess")},
        hint=_("Avgör om statistiken rättas från början, eller bara från i år."),
        initial="wrong",
    )

    def __init__(
        self,
        *arguments: Any,
        grounds: Mapping[str, str],
        codes: Iterable[str],
        municipalities: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        fields["form"].choices = [(code, said(services.FORMS[code])) for code in codes]
        fields["grounds"].choices = list(grounds.items())
        fields["municipality"].choices = residences(municipalities)


class SafeContactForm(SeenForm):
    """What the person has said about how she may be reached."""

    safe = Boxes(
        _("Bara på de här sätten"),
        WAYS,
        hint=_("Lämna tomt om alla sätt går bra."),
        required=False,
    )
    forbidden = Boxes(_("Aldrig på de här sätten"), WAYS, required=False)
    days = Boxes(
        _("Bara de här dagarna"),
        DAYS,
        hint=_("Lämna tomt om alla dagar går bra."),
        required=False,
    )
    since = Number(
        _("Från klockan"), hint=_("Hel timme, till exempel 10"), required=False, most=24, width=2
    )
    until = Number(
        _("Till klockan"), hint=_("Hel timme, till exempel 15"), required=False, most=24, width=2
    )
    note = CleanLongText(
        _("Hur du säger det"),
        hint=_("Till exempel: presentera dig bara med förnamn, lämna inget meddelande."),
        required=False,
        longest=LONGEST_WORDS,
    )


class ChangedContactForm(SeenForm):
    """A planned call, message or meeting; `ways` are those that the person allows."""

    channel = Radio(_("Hur?"), {})
    on = Day(_("Dag"))
    clock = Text(_("Klockslag"), hint=_("Till exempel 14.30"), longest=5, width=5)
    text = CleanLongText(_("Vad det gäller"), longest=LONGEST_WORDS)

    def __init__(self, *arguments: Any, ways: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["channel"].choices = [(code, said(name)) for code, name in ways.items()]  # type: ignore[attr-defined]


class PlannedContactForm(ChangedContactForm):
    """The same, before it is planned."""


class ContactDetailsForm(SeenForm):
    """How the person may be reached; only what is needed."""

    phone = CleanText(
        _("Telefon"),
        hint=_(
            "Bara om personen vill bli uppringd. Numret som personen ringer från skrivs aldrig."
        ),
        required=False,
        longest=30,
        width=20,
    )
    email = CleanText(_("E-post"), required=False, longest=LONGEST_LINE, width=30)
    address = CleanLongText(
        _("Adress"), hint=_("Bara om ni ska skicka brev dit."), required=False, longest=500
    )


class ProtectionForm(SeenForm):
    """Whether the person has protected identity."""

    is_protected = forms.BooleanField(
        label=gettext_lazy(_("Personen har skyddade personuppgifter")), required=False
    )


class InformedForm(SeenForm):
    """The day on which the person was told of her right to apply."""

    is_informed = forms.BooleanField(
        label=gettext_lazy(
            _("Personen har fått veta att hon eller han kan ansöka om insatser hos socialnämnden")
        ),
        required=False,
    )
    on = Day(_("Dag"), required=False)

    def clean(self) -> dict[str, Any]:
        """The fields; the day is there when it is needed."""
        given = self.cleaned_data
        if given.get("is_informed") and not given.get("on") and "on" not in self.errors:
            self.add_error("on", said(_("Skriv den dag då personen fick veta det.")))
        return given
