"""What of the caseload and of the unit's cases to show."""

from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Choice, HamnForm
from hamn.ui.words import said

from ..rules.states import CASE_STATES

ALL, NOBODY = "alla", "ingen"
# Of her caseload; the codes are those of queries.lists.
PARTS = {
    "overdue": _("Försenade"),
    "soon": _("Att göra inom en vecka"),
    "waiting": _("Väntar på svar"),
}


class CaseloadFilter(HamnForm):
    """Filter of a worker's own cases."""

    visa = Choice(_("Visa"), PARTS, required=False, empty=_("Alla"))


class CaseFilter(HamnForm):
    """Filter of a unit's cases, one unit at a time; `units` and `workers`: names by code, by id."""

    enhet = Choice(_("Enhet"), {}, required=False)
    lage = Choice(_("Läge"), {}, required=False)
    ansvarig = Choice(_("Ansvarig"), {}, required=False)

    def __init__(self, *arguments: Any, units: Any, workers: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        every = ("", said(_("Alla")))
        states = [(str(state), said(name)) for state, name in CASE_STATES.items()]
        self._offer("enhet", list(units.items()))
        self._offer("lage", [("", said(_("Öppna"))), (ALL, said(_("Alla"))), *states])
        self._offer("ansvarig", [every, (NOBODY, said(_("Ingen ännu"))), *workers.items()])
        if len(units) == 1:
            del self.fields["enhet"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
