"""Who may do what with follow-up."""

from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

_KEEPERS = [[holds(Role.HEAD_OF_UNIT)], [holds(Role.CONTROLLER)]]

register(
    {
        "followup.see": [*_KEEPERS, [holds(Role.READER)]],
        "followup.enter_total": _KEEPERS,
        "followup.correct_total": _KEEPERS,
    }
)
