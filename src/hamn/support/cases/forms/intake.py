"""The form that opens a case. Every answer may stay as it stands (B5)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.support.services import rules as services
from hamn.ui.forms import Boxes, Choice, HamnForm, Radio, Year
from hamn.ui.words import said

from ..rules.contacts import LONGEST_LINE
from ..rules.content import IDENTITY_LEVELS, IdentityLevel
from .contacts import residences
from .texts import CleanText

if TYPE_CHECKING:
    from hamn.support.services.models import Service


class IntakeForm(HamnForm):
    """What is asked when a case is opened. service: whose words it has."""

    identity_level = Radio(
        _("Hur mycket vill personen säga om vem hon eller han är?"),
        IDENTITY_LEVELS,
        hint=_("Personen väljer, och kan ändra sig när som helst. Det som redan är skrivet står."),
        initial=IdentityLevel.ANONYMOUS,
    )
    called = CleanText(
        _("Vad personen vill kallas"),
        hint=_("Ärendet hittas på det namnet. Lämna tomt för den som är anonym."),
        required=False,
        longest=LONGEST_LINE,
        width=20,
    )
    form = Radio(_("Vem gäller ärendet?"), services.FORMS, initial="individual")
    grounds = Boxes(_("Vad gäller det?"), {}, hint=_("Ett eller flera skäl."), required=False)
    age_group = Radio(_("Ålder"), services.AGE_GROUPS, initial="unknown")
    birth_year = Year(_("Födelseår"), required=False, least=1000, most=9999)
    municipality = Choice(
        _("Hemkommun, som personen säger"),
        {},
        hint=_("Det behövs inget bevis."),
        initial=services.UNKNOWN,
    )
    source = Choice(_("Hur kom personen hit?"), services.SOURCES, initial="own_contact")
    language = CleanText(
        _("Språk, om ni behöver tolk"), required=False, longest=LONGEST_LINE, width=20
    )
    is_free = forms.BooleanField(
        label=gettext_lazy(_("Ingen är ansvarig ännu: någon annan i enheten tar ärendet")),
        required=False,
    )

    def __init__(
        self,
        *arguments: Any,
        service: "Service",
        municipalities: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        fields["form"].choices = [(code, said(services.FORMS[code])) for code in service.forms]
        fields["grounds"].choices = list(service.ground_names.items())
        fields["municipality"].choices = residences(municipalities)
