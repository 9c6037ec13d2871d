"""Forms that end a case, open it again, or put it in follow-up."""

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, HamnForm, Radio, SeenForm

from ..rules.plans import CLOSURE_OUTCOMES, CLOSURE_REASONS, COUNTERPARTS, REOPENING_REASONS
from .texts import CleanLongText


class CloseForm(SeenForm):
    """Why and how a case ends."""

    on = Day(_("Sista dag"))
    reason = Radio(_("Varför avslutas ärendet?"), CLOSURE_REASONS)
    referred_to = Choice(
        _("Hänvisad till"),
        COUNTERPARTS,
        hint=_("Om personen är hänvisad vidare"),
        required=False,
        empty=_("Ingen"),
    )
    outcome = Radio(_("Hur har det gått för personen?"), CLOSURE_OUTCOMES)
    words = CleanLongText(_("Sammanfattning"), required=False, longest=10_000)


class ReopenForm(HamnForm):
    """Why a closed case is opened again."""

    reason = Radio(_("Varför öppnas ärendet igen?"), REOPENING_REASONS)
    words = CleanLongText(_("Kommentar"), required=False, longest=10_000)


class FollowUpForm(HamnForm):
    """What is to be asked later, and when."""

    text = CleanLongText(_("Vad ska följas upp?"), longest=2000)
    due_on = Day(_("Senast"))
