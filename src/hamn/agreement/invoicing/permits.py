"""Who may do what with invoices."""

from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

_CONTROLLERS = [[holds(Role.CONTROLLER)]]

register(
    {
        "invoicing.see": [
            [holds(Role.CONTROLLER)],
            [holds(Role.AGREEMENT_ADMINISTRATOR)],
            [holds(Role.READER)],
        ],
        "invoicing.save_profile": [*_CONTROLLERS, [holds(Role.SYSTEM_ADMINISTRATOR)]],
        "invoicing.issue": _CONTROLLERS,
        "invoicing.cancel_run": _CONTROLLERS,
        "invoicing.credit": _CONTROLLERS,
        "invoicing.decide": _CONTROLLERS,
        "invoicing.deliver": _CONTROLLERS,
        "invoicing.record_receipt": _CONTROLLERS,
        "invoicing.record_payment": _CONTROLLERS,
        "invoicing.import_invoices": _CONTROLLERS,
    }
)
