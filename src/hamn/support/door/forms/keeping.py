"""How long content is kept: a unit's rule with its decision, and why a dialogue is needed still."""

from collections.abc import Mapping
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, HamnForm, Number, Radio, Text

from ..rules.keeping import LONGEST_REFERENCE, MOST_CHANNEL_DAYS, MOST_DAYS, Decision
from ..rules.words import KEEP_REASONS

MAY = {"yes": _("Ja"), "no": _("Nej, bara när dagarna har gått")}


class ExpiryForm(HamnForm):
    """A unit's rule. units: names by code, of those that the head may choose among."""

    unit = Choice(_("Enhet"), {})
    days = Number(
        _("Innehållet raderas efter så många dagar"),
        hint=_("Räknas från den dag då någon senast skrev."),
        least=1,
        most=MOST_DAYS,
        width=5,
    )
    channel_days = Number(
        _("Koden slutar att fungera efter så många dagar"),
        hint=_("Minst lika många. Personen kan skriva igen så länge koden fungerar."),
        least=1,
        most=MOST_CHANNEL_DAYS,
        width=5,
    )
    person_may_erase = Radio(_("Får personen radera tidigare?"), MAY)
    decision_reference = Text(_("Beslutets diarienummer"), longest=LONGEST_REFERENCE, width=20)
    decision_on = Day(_("Beslutet är fattat"))
    valid_from = Day(_("Gäller från och med"), hint=_("Tidigast om sju dagar."))
    valid_until = Day(_("Gäller till och med"), hint=_("Tomt: tills vidare."), required=False)

    def __init__(self, *arguments: Any, units: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["unit"].choices = [("", ""), *units.items()]  # type: ignore[attr-defined]

    @staticmethod
    def decision(given: Mapping[str, Any]) -> Decision:
        """What was filled in, as the rule takes it."""
        told = {name: given[name] for name in Decision._fields}
        return Decision(**told | {"person_may_erase": given["person_may_erase"] == "yes"})


class KeepForm(HamnForm):
    """Why a dialogue's content is needed still."""

    reason = Radio(_("Varför behövs innehållet fortfarande?"), KEEP_REASONS)
