"""Forms of contacts. Nothing in them asks who somebody is, and there is no field for a number."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.support.services import rules as services
from hamn.ui.forms import Boxes, Choice, Day, HamnForm, Number, Radio, SeenForm, Text
from hamn.ui.words import said

from ..rules.contacts import HANDING_GROUNDS, LONGEST_LINE, MOST_MINUTES, MOVES, REMOVALS
from .texts import CleanLongText, CleanText

if TYPE_CHECKING:
    from hamn.support.services.models import Service

ALONE, OPEN, JOIN = "sjalv", "nytt", "till"
ENDS = {
    ALONE: _("Bara kontakten"),
    OPEN: _("Öppna ett ärende"),
    JOIN: _("För den till ett ärende som finns"),
}


def residences(municipalities: Mapping[str, str]) -> list[tuple[str, str]]:
    """The answers to where someone lives, as a field's choices; not knowing comes first."""
    return [
        *((code, said(name)) for code, name in services.UNSTATED.items()),
        *municipalities.items(),
    ]


def _some(names: Mapping[str, str], codes: Iterable[str]) -> list[tuple[str, str]]:
    """Those of the names that the service has, in its order; all when it says none."""
    return [(code, said(names[code])) for code in codes or names if code in names]


class ContactForm(SeenForm):
    """One contact. service: whose words it has; municipalities: name by code, the nearest first.

    workers: those of the unit who may have spoken, title by id.
    """

    on = Day(_("Datum"))
    # Lists that unfold: all of it fits one screen, and a letter on the keyboard chooses.
    channel = Choice(_("Hur?"), services.CHANNELS)
    kind = Choice(_("Vad var det?"), services.CONTACT_KINDS, initial="counselling")
    counterpart = CleanText(
        _("Följde med till"),
        hint=_("Till exempel vårdcentral, polis eller socialtjänst. Inga namn på personer."),
        required=False,
        longest=LONGEST_LINE,
        width=30,
    )
    form = Choice(_("Med vem?"), services.FORMS, initial="individual")
    grounds = Boxes(_("Vad gällde det?"), {}, hint=_("Ett eller flera skäl."), required=False)
    age_group = Choice(_("Ålder"), services.AGE_GROUPS, initial="unknown")
    municipality = Choice(
        _("Hemkommun, som personen säger"),
        {},
        hint=_("Det behövs inget bevis. Den som inte vill säga får hjälp ändå."),
        initial=services.UNKNOWN,
    )
    is_acute = forms.BooleanField(
        label=gettext_lazy(_("Det är akut: personen är i fara eller far mycket illa")),
        required=False,
    )
    is_trafficking = forms.BooleanField(
        label=gettext_lazy(_("Misstanke om människohandel eller människoexploatering")),
        required=False,
    )
    minutes = Number(_("Minuter"), required=False, most=MOST_MINUTES, width=4)
    text = CleanLongText(
        _("Anteckning"),
        hint=_("Bara det som behövs. Telefonnumret som personen ringer från skrivs aldrig."),
        required=False,
    )
    source = Choice(_("Hur kom personen hit?"), services.SOURCES, initial="own_contact")
    called = CleanText(
        _("Vad personen vill kallas"),
        hint=_("Vilket namn som helst, eller inget."),
        required=False,
        longest=LONGEST_LINE,
        width=20,
    )
    answer_by = Day(_("Svar lovat senast"), required=False)
    spoke = Boxes(_("Vem talade med personen?"), {}, required=False)
    is_informed = forms.BooleanField(
        label=gettext_lazy(_("Har berättat om rätten att ansöka om insatser hos socialnämnden")),
        required=False,
    )

    # What stands behind "Fler uppgifter".
    MORE: tuple[str, ...] = ("source", "called", "answer_by", "spoke", "is_informed")

    def __init__(
        self,
        *arguments: Any,
        service: "Service",
        municipalities: Mapping[str, str],
        workers: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        nothing = ("", said(_("Välj")))
        fields["channel"].choices = [nothing, *_some(services.CHANNELS, service.channels)]
        fields["form"].choices = _some(services.FORMS, service.forms)
        fields["grounds"].choices = list(service.ground_names.items())
        fields["municipality"].choices = residences(municipalities)
        fields["spoke"].choices = list(workers.items())

    @property
    def has_error_in_more(self) -> bool:
        """Whether something that is folded away has to be seen."""
        return any(name in self.errors for name in self.MORE)

    @property
    def has_more(self) -> bool:
        """Whether something that is folded away was filled in, as in a draft that is laid in."""
        usual = ("", None, False, "own_contact", ["", "", ""], self.initial.get("spoke"))
        return any(self[name].value() not in usual for name in self.MORE)


class NewContactForm(ContactForm):
    """A new contact with what becomes of it."""

    is_free = forms.BooleanField(
        label=gettext_lazy(_("Någon annan i enheten kan ta hand om kontakten")), required=False
    )
    to = Radio(_("När du har sparat"), ENDS, initial=ALONE)
    number = Text(
        _("Ärendenummer, om kontakten hör till ett ärende"),
        hint=_("Till exempel M-7K3F-92W. Tomt: välj bland dina ärenden när du har sparat."),
        required=False,
        longest=20,
        width=20,
    )
    MORE = (*ContactForm.MORE, "is_free")


class CaseContactForm(ContactForm):
    """A contact in a case. others: numbers by id of the cases that are coupled with it."""

    also_in = Boxes(_("Ni talade med båda"), {}, required=False)

    def __init__(self, *arguments: Any, others: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        if not others:
            del self.fields["also_in"]
            return
        choices = [
            (pk, said(_("Anteckna samtalet även i ärende {number}"), number=number))
            for pk, number in others.items()
        ]
        self.fields["also_in"].choices = choices  # type: ignore[attr-defined]


class JoinForm(HamnForm):
    """The case that a contact goes to: one of her own, or any other by its number.

    cases: her open cases in the unit, number and name by id.
    """

    case = Choice(_("Ett av dina öppna ärenden"), {}, required=False)
    number = Text(
        _("Eller ett annat ärendes nummer"),
        hint=_("Till exempel M-7K3F-92W"),
        required=False,
        longest=20,
        width=20,
    )

    WAYS: tuple[str, ...] = ("case", "number")
    TOLD: str = _("Välj ett av dina ärenden, eller skriv ett ärendenummer. Inte båda.")

    def __init__(self, *arguments: Any, cases: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        choices = [("", said(_("Välj"))), *cases.items()]
        self.fields["case"].choices = choices  # type: ignore[attr-defined]
        if not cases:
            del self.fields["case"]

    def clean(self) -> dict[str, Any]:
        """The fields; exactly one of them says which case."""
        given = self.cleaned_data
        if sum(bool(given.get(name)) for name in self.WAYS) != 1 and not self.errors:
            self.add_error("number", said(self.TOLD))
        return given


class MoveForm(JoinForm):
    """The case that a contact goes to from another, or none; and why. cases: as of `JoinForm`."""

    alone = forms.BooleanField(
        label=gettext_lazy(_("Kontakten ska stå utan ärende; jag tar hand om den")), required=False
    )
    reason = Radio(_("Varför ska den flyttas?"), MOVES)
    WAYS = ("case", "number", "alone")
    TOLD = _(
        "Välj ett ärende, skriv ett ärendenummer eller låt kontakten stå utan. Bara ett av dem."
    )


class RemoveForm(HamnForm):
    """Why a contact was a mistake."""

    reason = Radio(_("Varför ska den bort?"), REMOVALS)


class HandForm(HamnForm):
    """What the coordinator for children needs to know, and on which ground she is told."""

    ground = Radio(
        _("På vilken grund lämnar du uppgifterna?"),
        HANDING_GROUNDS,
        hints={
            "consent": _("Också vad barnet kallas följer med."),
            "need_to_know": _("Bara det du skriver här, skälen och kommunen följer med."),
        },
    )
    words = CleanLongText(_("Vad koordinatorn behöver veta"))


class AnswerOfferForm(HamnForm):
    """How an answer to an e-mail is offered. offers: sentence by code, those that may be used."""

    offer = Radio(_("Hur erbjuder du svar?"), {})

    def __init__(self, *arguments: Any, offers: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["offer"].choices = [(code, said(name)) for code, name in offers.items()]  # type: ignore[attr-defined]
