"""Who may do what with the register."""

from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

_STAFF = [[holds(role)] for role in Role]
_KEEPERS = [[holds(Role.AGREEMENT_ADMINISTRATOR)], [holds(Role.CONTROLLER)]]

register(
    {
        "organisations.see": _STAFF,
        "organisations.save_party": _KEEPERS,
        "organisations.save_contact": _KEEPERS,
        "organisations.end_contact": _KEEPERS,
        "organisations.import_population": _KEEPERS,
        "organisations.load_reference": [[holds(Role.SYSTEM_ADMINISTRATOR)]],
    }
)
