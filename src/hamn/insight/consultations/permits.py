"""Who may do what with consultations: a question is its unit's, counts are more people's."""

from hamn.guards.access.facts import WORKERS
from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

_COUNTERS = [[holds(Role.CONTROLLER)], [holds(Role.HEAD_OF_UNIT)]]

register(
    {
        "consultations.see": [*WORKERS, *_COUNTERS],
        "consultations.read": WORKERS,
        "consultations.log": WORKERS,
        "consultations.answer": WORKERS,
        "consultations.hand_over": WORKERS,
        # One's own units exactly; the whole centre with the small counts left out.
        "consultations.count": WORKERS,
        "consultations.count_all": _COUNTERS,
    }
)
