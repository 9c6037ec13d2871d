"""When a case's time comes, and what stands against it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hamn.guards.disposal import rules
from hamn.guards.disposal.queries import holds_for

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.disposal.models import Hold

    from ..models import Case

KIND = "cases.case"


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a case is kept as it stands today. due_on: None while it is exempt."""

    rule: rules.RuleClass
    due_on: date | None
    hold: "Hold | None"

    @property
    def done_by(self) -> date | None:
        """The last lawful day to have disposed of it."""
        return rules.done_by(self.due_on) if self.due_on else None


def keeping_of(viewer: "Person", case: "Case", today: date) -> Keeping:
    """How long the case, which the viewer has opened, is kept."""
    rule = rules.rule_class(case.rule_class)
    hold = holds_for(viewer, today).filter(kind=KIND, thing=case.pk).order_by("-pk").first()
    return Keeping(rule, rules.due_on(case.last_note_on, rule, case.born_on), hold)
