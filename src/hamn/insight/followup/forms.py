"""Forms of follow-up."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.support.services import queries as services
from hamn.ui.forms import Choice, HamnForm, LongText, Number, Radio, Text, Year
from hamn.ui.words import choices, said

from . import rules
from .queries import FIGURE_FIELDS

MEASURE_NAMES = {measure: kind.name for measure, kind in rules.MEASURES.items()}


class TotalFilter(HamnForm):
    """What of the published totals to show."""

    matt = Choice(_("Mått"), {}, required=False)
    verksamhet = Choice(_("Verksamhet"), {}, required=False)
    ar = Year(_("År"), required=False, least=rules.FIRST_YEAR)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        everything = said(_("Alla"))
        for name, names in (("matt", MEASURE_NAMES), ("verksamhet", services.names())):
            self.fields[name].choices = choices(names, empty=everything)  # type: ignore[attr-defined]


class TotalForm(HamnForm):
    """A total as it was published."""

    measure = Choice(_("Mått"), MEASURE_NAMES)
    service = Choice(_("Verksamhet"), {}, required=False)
    residence = Choice(
        _("Bostadsort"),
        {},
        hint=_("Om siffran bara gäller dem som bor på en viss ort."),
        required=False,
    )
    from_year = Year(_("Från och med år"), least=rules.FIRST_YEAR)
    to_year = Year(
        _("Till och med år"),
        hint=_("Lämna tomt när siffran gäller ett enda år."),
        least=rules.FIRST_YEAR,
        required=False,
    )
    is_partial = forms.BooleanField(
        label=gettext_lazy(_("Året var inte slut när siffran publicerades")), required=False
    )
    unit = Radio(_("Siffran är"), rules.UNIT_NAMES)
    low = Text(
        _("Siffran, eller det lägre talet"),
        hint=_("Till exempel 106 eller 12,5."),
        required=False,
        longest=20,
        width=10,
        check=rules.read_number,
    )
    high = Text(
        _("Det högre talet"),
        hint=_("Bara när källan säger från och till, som 20–30 %."),
        required=False,
        longest=20,
        width=10,
        check=rules.read_number,
    )
    wording = Text(
        _("Så som det står i källan"),
        hint=_("Behövs när källan inte ger någon siffra."),
        required=False,
        longest=300,
    )
    base_state = Radio(
        _("Säger källan hur många det är en andel av?"),
        rules.BASE_NAMES,
        hint=_("Är antalet svar okänt visas siffran med de orden, och räknas aldrig ihop."),
    )
    base = Number(_("Antal svar"), required=False, least=1)
    source = Text(_("Källa"), hint=_("Dokument och sida, så att andra hittar dit."))
    note = LongText(
        _("Anteckning"),
        hint=_("Till exempel hur ett otydligt tecken har lästs. Inga uppgifter om personer."),
        required=False,
        longest=500,
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        named = (
            ("service", services.names(), _("Hela centret")),
            ("residence", rules.RESIDENCE_NAMES, _("Alla")),
        )
        for name, names, empty in named:
            self.fields[name].choices = choices(names, empty=said(empty))  # type: ignore[attr-defined]


class CorrectForm(TotalForm):
    """A new version of a total, and why."""

    reason = Text(
        _("Varför rättas siffran?"), hint=_("Till exempel: felläst i källan."), longest=300
    )


def figure_from(given: Mapping[str, Any]) -> rules.Figure:
    """The figure that a form's fields tell: one year is a period, one number is a range."""
    low = given["low"] if given["low"] != "" else None
    high = given["high"] if given["high"] != "" else low
    return rules.Figure(
        **{name: given[name] for name in FIGURE_FIELDS}
        | {
            "residence": rules.Residence(given["residence"]),
            "to_year": given["to_year"] or given["from_year"],
            "low": low,
            "high": high,
        }
    )


def as_fields(figure: rules.Figure) -> dict[str, Any]:
    """A figure as the form's fields show it."""
    shown: dict[str, Any] = {name: getattr(figure, name) for name in FIGURE_FIELDS}
    low, high = (rules.written(number) for number in (figure.low, figure.high))
    return shown | {
        "low": low,
        "high": high if high != low else "",
        "to_year": figure.to_year if figure.to_year != figure.from_year else None,
    }
