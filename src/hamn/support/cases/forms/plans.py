"""Forms of the plan."""

from collections.abc import Iterable
from typing import Any

from hamn.core.errors import _
from hamn.ui.forms import Choice, Day, Radio, SeenForm
from hamn.ui.words import said

from ..rules.plans import COUNTERPARTS, DOERS
from .texts import CleanLongText, CleanText


class GoalForm(SeenForm):
    """A goal."""

    words = CleanLongText(
        _("Målet med personens egna ord"),
        hint=_("Till exempel: jag vill kunna sova om nätterna"),
        longest=2000,
    )


class ActionForm(SeenForm):
    """Something that is agreed on; `goals` are the case's own by id."""

    text = CleanLongText(_("Vad ska göras?"), longest=2000)
    who = Radio(_("Vem gör det?"), DOERS)
    due_on = Day(_("Klart senast"), required=False)
    goal = Choice(_("Mål som det hör till"), {}, required=False)

    def __init__(self, *arguments: Any, goals: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["goal"].choices = [("", said(_("Inget särskilt mål"))), *goals]  # type: ignore[attr-defined]


class ChangedActionForm(SeenForm):
    """What is agreed on, in other words."""

    text = CleanLongText(_("Vad ska göras?"), longest=2000)
    who = Radio(_("Vem gör det?"), DOERS)
    due_on = Day(_("Klart senast"), required=False)


class SupportForm(SeenForm):
    """Practical support."""

    text = CleanLongText(
        _("Vad ska vi hjälpa till med?"),
        hint=_("Till exempel: boka tid och följa med"),
        longest=2000,
    )
    counterpart = Choice(_("Gentemot"), COUNTERPARTS, empty=_("Välj"))
    counterpart_name = CleanText(
        _("Vilken mottagning, myndighet eller handläggare"), required=False, longest=200
    )
    due_on = Day(_("Klart senast"))


class MoveForm(SeenForm):
    """Another state; `states` are those that the table allows, by code."""

    to = Radio(_("Hur har det gått?"), {})
    came_of_it = CleanLongText(_("Vad det ledde till"), required=False, longest=2000)

    def __init__(self, *arguments: Any, states: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["to"].choices = list(states)  # type: ignore[attr-defined]
