"""Forms of tariffs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Boxes, Day, HamnForm, Kronor, Text, Year
from hamn.ui.words import said

from . import queries, rules


def _posts(service: str) -> Text:
    """A box for how many posts of the service the total pays for."""
    return Text(
        rules.SERVICES[service], required=False, longest=8, width=4, check=rules.read_decimal
    )


class AdoptForm(HamnForm):
    """The terms of a new tariff; `counties` are the names by code."""

    name = Text(_("Taxans namn"), hint=_("Till exempel Taxa 2027, folkmängd 2025"), longest=80)
    total_kr = Kronor(
        _("Totalt belopp per år"),
        hint=_("Det som alla kommuner delar på, i hela kronor. Till exempel 4 000 000."),
        most=rules.LARGEST_TOTAL_KR,
    )
    population_year = Year(
        _("Folkmängd den 31 december år"), hint=_("Folkmängden ska vara inläst för det året.")
    )
    counties = Boxes(_("Län vars kommuner delar på beloppet"), {})
    additions = Text(
        _("Kommuner som betalar utöver totalen"),
        hint=_("Namn eller kommunkod, med kommatecken mellan. Till exempel Gotland."),
        required=False,
        longest=400,
        check=queries.read_codes,
    )
    mika = _posts("mika")
    kast = _posts("kast")
    coordinator_adult = _posts("coordinator_adult")
    coordinator_child = _posts("coordinator_child")
    index_percent = Text(
        _("Uppräkning per år, i procent"),
        hint=_("Till exempel 2"),
        longest=8,
        width=4,
        check=rules.read_decimal,
    )
    price_level_year = Year(
        _("Prisnivå, år"), hint=_("Det år som beloppet gäller; uppräkningen börjar året efter.")
    )
    valid_from = Day(
        _("Gäller från och med"),
        hint=_("Inget avtal med taxan kan undertecknas före den dagen. Till exempel 2027 01 01."),
    )

    def __init__(self, *arguments: Any, counties: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["counties"].choices = list(counties.items())  # type: ignore[attr-defined]
        for service in rules.SERVICES:
            told = said(_("Anställningar: {service}"), service=said(rules.SERVICES[service]))
            self.fields[service].label = told

    def clean(self) -> dict[str, Any]:
        """The fields; the total pays for at least one post."""
        given = self.cleaned_data
        if not any(given.get(service) or service in self.errors for service in rules.SERVICES):
            self.add_error("mika", said(_("Ange hur många anställningar beloppet betalar.")))
        return given


def posts_of(given: Mapping[str, Any]) -> dict[str, Decimal]:
    """The posts of a form's fields by service, without those left empty."""
    return {service: given[service] for service in rules.SERVICES if given.get(service)}
