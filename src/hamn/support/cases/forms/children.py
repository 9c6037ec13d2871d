"""Forms of children, reports of concern and links between cases."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, HamnForm, Radio, SeenForm, Year

from ..rules.children import LINKS, LONGEST_LINE, SENT_HOW
from ..rules.contacts import HANDING_GROUNDS
from .texts import CleanLongText, CleanText

_TOLD = {"yes": _("Ja"), "no": _("Nej"), "": _("Vet inte än")}
TOLD_VALUES = {"yes": True, "no": False, "": None}
TOLD_CODES = {value: code for code, value in TOLD_VALUES.items()}


class ChildForm(SeenForm):
    """A child of the person."""

    called = CleanText(_("Vad barnet kallas"), required=False, longest=LONGEST_LINE, width=20)
    birth_year = Year(_("Födelseår"), required=False, least=1900, most=9999)
    needs = CleanLongText(_("Vad barnet behöver"), required=False)
    own_view = CleanLongText(
        _("Vad barnet själv säger"),
        hint=_("Barnets egna ord. Från 15 år för barnet sin egen talan (SoL 3 kap.)."),
        required=False,
    )
    informed = CleanLongText(
        _("Vad barnet har fått veta, och hur"),
        hint=_("Till exempel vad som händer nu, förklarat så att barnet förstår."),
        required=False,
    )
    lives_with = CleanText(_("Bor hos"), required=False, longest=LONGEST_LINE, width=30)
    guardian = CleanText(_("Vårdnadshavare"), required=False, longest=LONGEST_LINE, width=30)


class ChildTaskForm(HamnForm):
    """Something to do for a child."""

    text = CleanLongText(_("Vad ska göras för barnet?"), longest=2000)
    due_on = Day(_("Klart senast"))


class OwnCaseForm(HamnForm):
    """What the coordinator for children needs to know, and on which ground she is told."""

    ground = Radio(
        _("På vilken grund lämnar du uppgifterna?"),
        HANDING_GROUNDS,
        hints={
            "consent": _("Också vad barnet kallas följer med."),
            "need_to_know": _("Bara födelseåret och det du skriver här följer med."),
        },
    )
    words = CleanLongText(_("Vad koordinatorn behöver veta"))


class ReportForm(SeenForm):
    """A report of concern; `municipalities` are names by code."""

    concern = CleanLongText(
        _("Vad är du orolig för?"),
        hint=_("Det räcker att du misstänker att barnet far illa."),
    )
    known = CleanLongText(_("Vad vet du?"), required=False)
    is_acute = forms.BooleanField(
        label=gettext_lazy(_("Barnet kan behöva skydd redan i dag")), required=False
    )
    protection = CleanLongText(_("Vad som är bråttom"), required=False)
    municipality = Choice(
        _("Kommun där barnet bor, eller vistas"),
        {},
        hint=_("Är det akut eller oklart var barnet bor: kommunen där barnet är nu (SoL 29 kap.)."),
    )
    child = CleanText(
        _("Barnets namn, eller vad det kallas"),
        hint=_("Lämna tomt om du inte vet. Anmälan görs ändå."),
        required=False,
        longest=LONGEST_LINE,
        width=30,
    )
    child_birth_year = Year(_("Barnets födelseår"), required=False, least=1900, most=9999)
    child_address = CleanLongText(_("Barnets adress"), required=False, longest=500)
    whereabouts = CleanLongText(_("Var barnet är nu"), required=False, longest=500)
    guardians = CleanLongText(_("Vårdnadshavare"), required=False, longest=1000)
    is_child_told = Radio(_("Vet barnet om anmälan?"), _TOLD, required=False)
    child_told = CleanLongText(_("Vad barnet fick veta, eller varför inte"), required=False)
    is_guardian_told = Radio(_("Vet vårdnadshavaren om anmälan?"), _TOLD, required=False)
    guardian_told = CleanLongText(
        _("Vad vårdnadshavaren fick veta, eller varför inte"), required=False
    )
    wants_feedback = forms.BooleanField(
        label=gettext_lazy(_("Vi vill veta om en utredning har inletts (SoL 19 kap. 6 §)")),
        required=False,
    )

    def __init__(
        self,
        *arguments: Any,
        municipalities: Mapping[str, str],
        is_protected: bool,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.fields["municipality"].choices = list(municipalities.items())  # type: ignore[attr-defined]
        if is_protected:
            del self.fields["child_address"], self.fields["whereabouts"]


class SentForm(HamnForm):
    """How a report was handed over."""

    on = Day(_("Dag då anmälan lämnades"))
    how = Radio(_("Hur"), SENT_HOW)
    receiver = CleanText(
        _("Vem tog emot den?"),
        hint=_("Till exempel mottagningsenheten för barn. Vid akut fara: också per telefon."),
        longest=LONGEST_LINE,
        width=30,
    )
    receipt = CleanText(
        _("Kvittens"),
        hint=_("Till exempel nämndens diarienummer, eller vem som kvitterade."),
        required=False,
        longest=LONGEST_LINE,
        width=30,
    )


class FeedbackForm(HamnForm):
    """What the board answered."""

    feedback = CleanLongText(
        _("Nämndens svar"), hint=_("Om en utredning har inletts, inte inletts eller redan pågår.")
    )


class NotNeededForm(HamnForm):
    """Why a report is not sent."""

    why = CleanLongText(
        _("Varför ska den inte skickas?"),
        hint=_("Till exempel: en kollega har redan anmält samma sak, och när."),
    )


class LinkForm(HamnForm):
    """The other case, by its number alone."""

    number = CleanText(
        _("Det andra ärendets nummer"), hint=_("Till exempel M-7K3F-92W"), longest=20, width=20
    )
    form = Radio(_("Koppling"), LINKS)
    words = CleanText(_("Kommentar"), required=False, longest=LONGEST_LINE)
