"""Every write of invoicing, one file for each verb."""

from .credit import credit, reissue
from .decide import decide
from .deliver import deliver_to_folder, record_delivery
from .hand_over import hand_over, take_back
from .import_invoices import import_invoices
from .issue import run_year
from .prepare_run import prepare_run
from .record import record_payment, record_receipt
from .release_run import cancel_run, release_run, withdraw_run
from .save_profile import save_profile

__all__ = [
    "cancel_run",
    "credit",
    "decide",
    "deliver_to_folder",
    "hand_over",
    "import_invoices",
    "prepare_run",
    "record_delivery",
    "record_payment",
    "record_receipt",
    "reissue",
    "release_run",
    "run_year",
    "save_profile",
    "take_back",
    "withdraw_run",
]
