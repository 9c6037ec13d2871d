"""Forms of the inbox."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from hamn.core.errors import _
from hamn.ui.forms import Choice, CleanLongText, CleanText, HamnForm, Radio, SeenForm
from hamn.ui.words import said

from ..rules.inbox import BLOCKS, CONSENT, GROUNDS, LONGEST_ANSWER, LONGEST_REASON, NEED
from ..rules.pages import SITUATIONS, WRITTEN_ABOUT
from ..rules.words import ORIGINS, Origin

LONGEST_TITLE, LONGEST_TEMPLATE = 80, 4000
Pairs = Iterable[tuple[str, str]]


def _offered(form: forms.Form, name: str, choices: Pairs, first: str = "") -> None:
    """Give a field its choices. first: what stands for none chosen, a marked sentence."""
    blank = [("", said(first))] if first else []
    form.fields[name].choices = [*blank, *choices]  # type: ignore[attr-defined]


class ReadForm(SeenForm):
    """A form of somebody who has read a dialogue. seen: the place of the last message shown."""

    def show_last(self, place: int) -> None:
        """What stands on the page now is what she has seen, whatever a draft or a try had."""
        self.initial["seen"] = str(place)
        if self.is_bound:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["seen"] = str(place)  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        """The place as a number: nothing was seen where it is none."""
        seen = self.cleaned_data.get("seen", "")
        self.cleaned_data["seen"] = int(seen) if seen.isdecimal() else 0
        return self.cleaned_data


class AnswerForm(ReadForm):
    """What is written, to whomever it is."""

    text = CleanLongText(_("Text"), rows=8, longest=LONGEST_ANSWER)


class AssignForm(HamnForm):
    """Who answers for the dialogue. people: label by id."""

    person_id = Choice(_("Ansvarig"), {}, required=False)

    def __init__(self, *arguments: Any, people: Mapping[int, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        pairs = [(str(pk), label) for pk, label in people.items()]
        _offered(self, "person_id", pairs, _("Ingen ännu"))

    def clean(self) -> dict[str, Any]:
        """The person by id, None for nobody."""
        chosen = self.cleaned_data.get("person_id")
        self.cleaned_data["person_id"] = int(chosen) if chosen else None
        return self.cleaned_data


class HandOverForm(HamnForm):
    """To which service, and on which ground. services: name by code."""

    service = Choice(_("Till vilken verksamhet?"), {})
    ground = Radio(
        _("På vilken grund?"),
        GROUNDS,
        hints={
            CONSENT: _("Fråga i dialogen först, och vänta på svaret."),
            NEED: _("Skriv varför. Den andra enheten läser det. Personen ser det inte i dialogen."),
        },
    )
    reason = CleanLongText(
        _("Varför den andra enheten behöver dialogen"), required=False, longest=LONGEST_REASON
    )

    def __init__(self, *arguments: Any, services: Pairs, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _offered(self, "service", services, _("Välj"))


class BlockForm(HamnForm):
    """Why a sender is blocked."""

    reason = Radio(_("Varför?"), BLOCKS)


class CalledForm(ReadForm):
    """What the call was."""

    was_answer = forms.BooleanField(
        label=gettext_lazy(_("Samtalet var svaret")), label_suffix="", required=False
    )


class LinkForm(HamnForm):
    """Which case a dialogue belongs to."""

    number = CleanText(
        _("Ärendets nummer"), hint=_("Till exempel M-7K3F-92W"), longest=20, width=10
    )


class CallerForm(HamnForm):
    """For whom a dialogue is opened. services, languages: name by code."""

    origin = Radio(
        _("Hur hörde personen av sig?"),
        {code: name for code, name in ORIGINS.items() if code != Origin.WEB},
    )
    service = Choice(_("Verksamhet"), {})
    situation = Choice(
        _("Vad gäller det?"),
        {code: SITUATIONS[code] for code in WRITTEN_ABOUT},
        empty=_("Välj"),
    )
    language = Choice(_("Språk"), {})
    is_child = forms.BooleanField(
        label=gettext_lazy(_("Personen är under 18 år")), label_suffix="", required=False
    )
    text = CleanLongText(
        _("Något att läsa när personen kommer in"),
        hint=_("Till exempel det ni kom överens om. Skriv inget som bara är för enheten."),
        required=False,
        longest=LONGEST_ANSWER,
    )

    def __init__(self, *arguments: Any, services: Pairs, languages: Pairs, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _offered(self, "service", services)
        _offered(self, "language", languages)


class TemplateForm(SeenForm):
    """A ready answer. units, languages: name by code."""

    title = CleanText(_("Rubrik"), hint=_("Bara ni ser den"), longest=LONGEST_TITLE)
    unit = Choice(_("Enhet"), {})
    language = Choice(_("Språk"), {})
    text = CleanLongText(
        _("Text"),
        hint=_("Skriv inget om någon person: texten används i många svar."),
        rows=10,
        longest=LONGEST_TEMPLATE,
    )

    def __init__(self, *arguments: Any, units: Pairs, languages: Pairs, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _offered(self, "unit", units)
        _offered(self, "language", languages)


class YearFilter(HamnForm):
    """Which year's response times to show."""

    ar = Choice(_("År"), {}, required=False)

    def __init__(self, *arguments: Any, years: list[int], **more: Any) -> None:
        super().__init__(*arguments, **more)
        _offered(self, "ar", [(str(year), str(year)) for year in years])
