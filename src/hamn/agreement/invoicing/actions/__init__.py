"""Every write of invoicing, one file for each verb."""

from .credit import credit, reissue
from .decide import decide
from .deliver import deliver_to_folder, record_delivery
from .hand_over import hand_over, take_back
from .import_invoices import import_invoices
from .issue import cancel_run, run_year
from .record import record_payment, record_receipt
from .save_profile import save_profile

__all__ = [
    "cancel_run",
    "credit",
    "decide",
    "deliver_to_folder",
    "hand_over",
    "import_invoices",
    "record_delivery",
    "record_payment",
    "record_receipt",
    "reissue",
    "run_year",
    "save_profile",
    "take_back",
]
