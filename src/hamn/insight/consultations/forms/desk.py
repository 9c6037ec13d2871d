"""The forms that staff meet. None of them has a field for who a client is."""

from collections.abc import Mapping
from typing import Any

from django import forms

from hamn.core.errors import _
from hamn.ui.forms import Choice, CleanLongText, CleanText, Day, HamnForm, Number, Radio
from hamn.ui.words import said

from ..rules.words import (
    KINDS,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_MINUTES,
    NO_MUNICIPALITY,
    PROFESSIONS,
    STATES,
    TOPICS,
    URGENCIES,
    WAYS,
    State,
)
from .identity import NoClientForm

_NO_CLIENT = _("Inga uppgifter om en klient: inga namn, nummer eller adresser.")


class GivenForm(NoClientForm):
    """A consultation that was given, on one screen: two choices are enough, the rest is usual.

    units: name by code, hers. municipalities: name by code, the nearest first.
    """

    unit = Choice(_("Enhet"), {})
    municipality = Choice(_("Vem frågade? Arbetsplatsens kommun"), {})
    topic = Choice(_("Vad gällde det?"), {})
    profession = Choice(_("Var arbetar den som frågade?"), PROFESSIONS, initial="social_services")
    kind = Choice(_("Vad var det?"), KINDS, initial="advice")
    way = Choice(_("Hur?"), WAYS, initial="phone")
    minutes = Number(_("Minuter"), least=1, most=MOST_MINUTES, width=4, initial=15)
    on = Day(_("Datum"))
    urgency = Choice(_("Hur bråttom var det?"), URGENCIES, initial="later")
    name = CleanText(
        _("Vem frågade?"),
        hint=_("Namn och arbetsplats på den yrkesverksamma, om det behövs."),
        required=False,
        longest=LONGEST_LINE,
        width=30,
    )
    text = CleanLongText(
        _("Anteckning"), hint=_NO_CLIENT, required=False, longest=LONGEST_TEXT, rows=3
    )

    USUAL = ("unit", "municipality", "topic", "profession")
    HOW = ("kind", "way", "minutes")
    # What stands behind "Fler uppgifter".
    MORE = ("on", "urgency", "name", "text", "is_confirmed")

    def __init__(
        self,
        *arguments: Any,
        units: Mapping[str, str],
        municipalities: Mapping[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        nothing = ("", said(_("Välj")))
        none = (NO_MUNICIPALITY, said(_("Ingen kommun: region, myndighet eller förening")))
        fields["unit"].choices = list(units.items())
        fields["unit"].initial = next(iter(units), "")
        fields["municipality"].choices = [nothing, *municipalities.items(), none]
        fields["topic"].choices = [nothing, *((code, said(name)) for code, name in TOPICS.items())]
        if len(units) < 2:
            fields["unit"].widget = forms.HiddenInput()

    @property
    def usual_fields(self) -> list[Any]:
        """Who asked, and about what."""
        return self._drawn(self.USUAL)

    @property
    def how_fields(self) -> list[Any]:
        """How it was given; as usual unless somebody says otherwise."""
        return self._drawn(self.HOW)

    @property
    def more_fields(self) -> list[Any]:
        """What is seldom needed."""
        return self._drawn(self.MORE)

    def _drawn(self, names: tuple[str, ...]) -> list[Any]:
        return [field for field in self.drawn_fields if field.name in names]

    @property
    def opens_more(self) -> bool:
        """Whether something that is folded away has to be seen, or was filled in."""
        if self.is_bound:
            return bool(self.errors) or self.asks_to_confirm
        return bool(self.initial.get("text") or self.initial.get("name"))


class CorrectForm(GivenForm):
    """The same of one that is counted already; its unit stays."""

    def __init__(self, *arguments: Any, has_words: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if not has_words:
            # The words of one who asked on the web are hers.
            del self.fields["name"], self.fields["text"]


class AnswerForm(NoClientForm):
    """How a question was answered. may_refer: its municipality has no agreement."""

    outcome = Radio(_("Vad blev det?"), {}, initial=State.ANSWERED.value)
    way = Choice(_("Hur svarade du?"), WAYS, initial="phone")
    minutes = Number(_("Minuter"), least=1, most=MOST_MINUTES, width=4, initial=15)
    on = Day(_("Datum"))
    answer = CleanLongText(
        _("Svaret i korthet"), hint=_NO_CLIENT, required=False, longest=LONGEST_TEXT
    )

    def __init__(self, *arguments: Any, may_refer: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        offered = [State.ANSWERED, State.REFERRED] if may_refer else [State.ANSWERED]
        fields: Any = self.fields
        fields["outcome"].choices = [(one.value, said(STATES[one])) for one in offered]
        if not may_refer:
            fields["outcome"].widget = forms.HiddenInput()


class HandForm(HamnForm):
    """The unit that answers instead. units: name by code, all but its own."""

    unit = Choice(_("Enhet"), {})

    def __init__(self, *arguments: Any, units: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        fields["unit"].choices = [("", said(_("Välj"))), *units.items()]


class YearFilter(HamnForm):
    """The year; `years` are those that can be chosen."""

    ar = Choice(_("År"), {}, required=False)

    def __init__(self, *arguments: Any, years: list[int], **more: Any) -> None:
        super().__init__(*arguments, **more)
        fields: Any = self.fields
        fields["ar"].choices = [(str(year), str(year)) for year in years]
