"""Who may do what with invoices."""

from hamn.guards.access.permits import holds, register
from hamn.guards.access.rules import Role

_CONTROLLERS = [[holds(Role.CONTROLLER)]]
# A run is prepared by one of these and released by another person of those (docs/adr/0013).
_PREPARERS = [*_CONTROLLERS, [holds(Role.AGREEMENT_ADMINISTRATOR)]]
_RELEASERS = [*_CONTROLLERS, [holds(Role.HEAD_OF_UNIT)]]

register(
    {
        "invoicing.see": [
            [holds(Role.CONTROLLER)],
            [holds(Role.AGREEMENT_ADMINISTRATOR)],
            [holds(Role.READER)],
            [holds(Role.HEAD_OF_UNIT)],
        ],
        "invoicing.save_profile": [*_CONTROLLERS, [holds(Role.SYSTEM_ADMINISTRATOR)]],
        "invoicing.issue": _CONTROLLERS,
        "invoicing.prepare": _PREPARERS,
        "invoicing.release": _RELEASERS,
        "invoicing.withdraw_run": [*_PREPARERS, [holds(Role.HEAD_OF_UNIT)]],
        "invoicing.cancel_run": _RELEASERS,
        "invoicing.credit": _CONTROLLERS,
        "invoicing.decide": _CONTROLLERS,
        # What a released run issued is delivered in the name of who released it.
        "invoicing.deliver": _RELEASERS,
        "invoicing.record_receipt": _CONTROLLERS,
        "invoicing.record_payment": _CONTROLLERS,
        "invoicing.import_invoices": _CONTROLLERS,
    }
)
