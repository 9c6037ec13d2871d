"""Forms of units and staff."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, Number, Radio, SeenForm, Text
from hamn.ui.words import said

from .rules import ABSENCE_NAMES, FULL_TIME, FUNDING_NAMES, QUALIFICATION_NAMES

PERSON = "person_id"


class _PersonForm(SeenForm):
    """A form that chooses a person. people: title by id of those who can be chosen."""

    def __init__(self, *arguments: Any, people: Mapping[int, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        field: Any = self.fields[PERSON]
        nobody = [] if field.required and len(people) == 1 else [("", said(self.nobody))]
        field.choices = [*nobody, *((str(pk), title) for pk, title in people.items())]

    nobody = _("Välj person")

    def clean(self) -> dict[str, Any]:
        """The fields; the person by id, None when nobody is chosen."""
        given = self.cleaned_data
        if PERSON in given:
            given[PERSON] = int(given[PERSON]) if given[PERSON] else None
        return given


class _HolderForm(_PersonForm):
    nobody = _("Ingen, befattningen är vakant")


def _holder() -> Choice:
    return Choice(
        _("Vem har befattningen?"),
        {},
        hint=_("De som hör till enheten eller är föreslagna till den"),
        required=False,
    )


def _qualification() -> Choice:
    return Choice(
        _("Innehavarens utbildning"),
        QUALIFICATION_NAMES,
        hint=_("Lämna tomt om befattningen är vakant"),
        required=False,
        empty="–",
    )


class PostForm(_HolderForm):
    """A post of a unit."""

    title = Text(_("Befattning"), hint=_("Till exempel Socionom A"), longest=120, width=30)
    percent = Number(
        _("Tjänstgöringsgrad"),
        hint=_("Heltid är 100"),
        least=1,
        most=FULL_TIME,
        width=3,
        suffix="%",
    )
    funding = Radio(
        _("Vem betalar?"),
        FUNDING_NAMES,
        hint=_("Delas kostnaden, lägg upp två befattningar som tillsammans är en."),
    )
    is_management = forms.BooleanField(
        label=gettext_lazy(
            _("Befattningen är chefens och räknas inte bland enhetens anställningar")
        ),
        required=False,
    )
    person_id = _holder()
    qualification = _qualification()
    starts_on = Day(_("Från och med"), hint=_("Till exempel 2026 01 15"))
    ends_on = Day(_("Till och med"), hint=_("Lämna tomt om inget slut är känt"), required=False)


class FillForm(_HolderForm):
    """Who holds a post from a day."""

    person_id = _holder()
    qualification = _qualification()
    on = Day(_("Från och med"), hint=_("Den som hade befattningen har den till dagen före"))


class AbsenceForm(_PersonForm):
    """When a person is away."""

    person_id = Choice(_("Vem?"), {})
    kind = Radio(
        _("Hur är frånvaron?"),
        ABSENCE_NAMES,
        hint=_("Skriv aldrig varför. Hamn behöver bara veta vem som ska täckas upp och när."),
    )
    starts_on = Day(_("Första dagen"), hint=_("Till exempel 2026 01 15"))
    ends_on = Day(_("Sista dagen"), hint=_("Lämna tomt så länge det inte är känt"), required=False)


class OfferForm(_PersonForm):
    """Who is asked to cover a unit, and when."""

    person_id = Choice(_("Vem tillfrågas?"), {})
    starts_on = Day(_("Från och med"), hint=_("Till exempel 2026 01 15"))
    ends_on = Day(_("Till och med"), hint=_("Lämna tomt för en stående ersättare"), required=False)
