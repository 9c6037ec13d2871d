"""Forms of services."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core import identifiers
from hamn.core.errors import _
from hamn.ui.forms import Boxes, Choice, Day, HamnForm, Radio, SeenForm, Text
from hamn.ui.words import said

from . import rules

if TYPE_CHECKING:
    from .models import Service

YES, NO = "ja", "nej"
WISHES = {YES: _("Ja"), NO: _("Nej")}


class AskForm(HamnForm):
    """About whom the question is, with nothing that tells who she is.

    services: those to choose from. municipalities: name by code, the nearest first.
    """

    service_code = Radio(_("Verksamhet"), {})
    municipality = Choice(
        _("Hemkommun, som personen säger"),
        {},
        hint=_("Det behövs inget bevis. Den som inte vill säga får hjälp ändå."),
    )
    age = Radio(_("Ålder"), rules.AGE_GROUPS)
    is_acute = forms.BooleanField(
        label=gettext_lazy(_("Det är akut: personen är i fara eller far mycket illa")),
        required=False,
    )
    is_trafficking_suspected = forms.BooleanField(
        label=gettext_lazy(_("Misstanke om människohandel eller människoexploatering")),
        required=False,
    )
    on = Day(_("Datum"))

    def __init__(
        self,
        *arguments: Any,
        services: Iterable["Service"],
        municipalities: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        fields["service_code"].choices = [(row.code, row.title) for row in services]
        answers = [(value, said(name)) for value, name in rules.UNSTATED.items()]
        fields["municipality"].choices = [*answers, *municipalities.items()]

    def clean_age(self) -> rules.AgeGroup:
        """The age as a member of its enumeration."""
        return rules.AgeGroup(self.cleaned_data["age"])


class TurnAwayForm(AskForm):
    """The same, with what she wished and where she was pointed."""

    wants_help = Radio(_("Ville personen ha hjälp?"), WISHES)
    pointed_to = Boxes(_("Vart hänvisade du?"), rules.POINTED_TO)


class ServiceForm(SeenForm):
    """What the head of the unit decides about a service."""

    regime = Radio(_("Dokumentation"), rules.REGIMES, hints=rules.REGIMES_TOLD)
    decision_reference = Text(
        _("Nämndens beslut: diarienummer"),
        hint=_("Krävs för insatser utan identitet (SoL 14:5)."),
        required=False,
        longest=60,
        width=20,
    )
    decision_on = Day(_("Nämndens beslut: datum"), required=False)
    phone = Text(_("Telefon"), required=False, longest=40, width=20, check=identifiers.phone)
    hours = Text(_("Tider"), hint=_("Till exempel vardagar 9–16"), required=False, longest=120)
    hours_en = Text(_("Tider på engelska"), required=False, longest=120)
