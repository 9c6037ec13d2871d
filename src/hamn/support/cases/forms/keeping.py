"""How long a case is kept."""

from hamn.core.errors import _
from hamn.guards.disposal.rules import REASON_NAMES, TO_BE_CONFIRMED, rule_classes
from hamn.ui.forms import Choice, Day, HamnForm, Radio, SeenForm, Year


class RuleClassForm(SeenForm):
    """The rule class that a case follows; the year only where the rule counts from a birth."""

    rule = Radio(
        _("Gallringsregel"),
        {one.code: one.name for one in rule_classes().values()},
        hints={one.code: f"{one.clause} {one.source}" for one in rule_classes().values()},
        hint=TO_BE_CONFIRMED,
    )
    birth_year = Year(
        _("Barnets födelseår"),
        hint=_("Bara för en regel som räknas från barnets födelse"),
        least=1900,
        required=False,
    )


class HoldForm(HamnForm):
    """Why a case is kept past its day, and until when."""

    reason = Choice(_("Varför behövs uppgifterna?"), REASON_NAMES)
    until = Day(_("Till och med"), hint=_("Sedan gallras ärendet på vanligt sätt."))
