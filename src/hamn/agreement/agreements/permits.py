"""Who may do what with agreements."""

from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

_ADMINISTRATORS = [[holds(Role.AGREEMENT_ADMINISTRATOR)]]

register(
    {
        "agreements.see": [
            [holds(Role.AGREEMENT_ADMINISTRATOR)],
            [holds(Role.CONTROLLER)],
            [holds(Role.READER)],
            [holds(Role.HEAD_OF_UNIT)],
        ],
        "agreements.draft": _ADMINISTRATORS,
        "agreements.sign": _ADMINISTRATORS,
        "agreements.give_notice": _ADMINISTRATORS,
        "agreements.withdraw": _ADMINISTRATORS,
        "agreements.import_agreements": _ADMINISTRATORS,
    }
)
