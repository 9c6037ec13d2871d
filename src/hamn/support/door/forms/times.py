"""Forms of the times that staff publish, and of one that they book for who calls."""

from collections.abc import Mapping
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import CleanText, Day, HamnForm, Number, Radio, Text

from ..rules import offers as rules
from ..rules.words import MEETINGS
from .booking import Times

LONGEST_PLACE = 120


class TimesForm(HamnForm):
    """Times to publish. units: name by code of those she belongs to."""

    unit = Radio(_("Enhet"), {})
    form = Radio(_("Hur?"), MEETINGS, initial="visit")
    on = Day(_("Dag"))
    clock = Text(_("Klockslag"), hint=_("Till exempel 14.30"), longest=5, width=5)
    minutes = Number(
        _("Hur många minuter?"),
        least=rules.FEWEST_MINUTES,
        most=rules.MOST_MINUTES,
        width=3,
        initial=45,
    )
    in_a_row = Number(
        _("Hur många tider efter varandra?"),
        least=1,
        most=rules.MOST_IN_A_ROW,
        width=2,
        initial=1,
    )
    weeks = Number(
        _("Hur många veckor i rad?"),
        hint=_("1 är bara den dagen. Helgdagar hoppas över."),
        least=1,
        most=rules.MOST_WEEKS,
        width=2,
        initial=1,
    )
    place = CleanText(
        _("Plats, eller länk till videomöte"),
        hint=_("Länken visas bara för den som har bokat. Skriv inga namn på personer."),
        required=False,
        longest=LONGEST_PLACE,
        width=30,
    )

    def __init__(self, *arguments: Any, units: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["unit"].choices = list(units.items())  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["unit"].initial = next(iter(units))


class ChooseTimeForm(Times, HamnForm):
    """A time that staff choose for one who calls."""
