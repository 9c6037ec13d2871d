"""What people fill in about disposal."""

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, HamnForm, SeenForm

from .rules import REASON_NAMES


class PlanForm(HamnForm):
    """Up to and including which day a list holds what is due."""

    on = Day(_("Det som skulle gallras senast"), hint=_("Dagens datum tar med allt som är moget."))


class ApproveForm(SeenForm):
    """The fingerprint of the list that the approving person saw, hidden."""


class ExcludeForm(HamnForm):
    """Why a record is kept, and until which day."""

    reason = Choice(_("Varför behövs uppgifterna?"), REASON_NAMES)
    until = Day(_("Till och med"), hint=_("Sedan kommer uppgifterna med på nästa lista."))
