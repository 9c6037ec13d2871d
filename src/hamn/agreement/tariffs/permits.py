"""Who may do what with tariffs."""

from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

_KEEPERS = [[holds(Role.AGREEMENT_ADMINISTRATOR)], [holds(Role.CONTROLLER)]]

register({"tariffs.see": [[holds(role)] for role in Role], "tariffs.adopt": _KEEPERS})
