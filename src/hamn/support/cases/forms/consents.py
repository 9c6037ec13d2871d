"""Forms of consents."""

from collections.abc import Mapping
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, HamnForm, Radio
from hamn.ui.words import said

from ..rules.referrals import GIVEN_BY, GIVEN_HOW, OTHER_UNIT, PURPOSES, RECIPIENTS
from .texts import CleanLongText, CleanText


class RecipientForm(HamnForm):
    """Whoever receives; `units` are our other units, name by code."""

    def __init__(self, *arguments: Any, units: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        empty = ("", said(_("Ingen av dem")))
        # Kept as the unit is called, shown in the reader's language.
        names = [(name, said(name)) for name in units.values()]
        self.fields["unit"].choices = [empty, *names]  # type: ignore[attr-defined]


class ConsentForm(RecipientForm):
    """What the person consents to."""

    on = Day(_("Dag då personen samtyckte"))
    recipient = Choice(_("Vem får uppgifterna?"), RECIPIENTS, empty=_("Välj"))
    recipient_name = CleanText(
        _("Vilken mottagning, myndighet eller förening"), required=False, longest=200
    )
    unit = Choice(_("Vilken enhet hos oss, om det är en av dem"), {}, required=False)
    purpose = Choice(_("Vad ska uppgifterna användas till?"), PURPOSES, empty=_("Välj"))
    purpose_words = CleanText(_("Mer om ändamålet"), required=False, longest=200)
    covers = CleanLongText(
        _("Vilka uppgifter omfattar samtycket?"),
        hint=_("Till exempel: namn, hur personen nås och att hen söker traumabehandling"),
        longest=2000,
    )
    until = Day(_("Gäller till och med"), hint=_("Högst ett år framåt"))
    how = Radio(_("Hur gavs det?"), GIVEN_HOW)
    given_by = Radio(_("Vem gav det?"), GIVEN_BY, initial="person")


def name_of(given: dict[str, Any], kind: str = "recipient") -> str:
    """The recipient's name: our own unit's, or what was written. The two fields are taken out."""
    name, unit = str(given.pop(f"{kind}_name", "")), str(given.pop("unit", ""))
    return unit if given.get(kind) == OTHER_UNIT else name
