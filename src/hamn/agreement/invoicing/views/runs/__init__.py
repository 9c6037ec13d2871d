"""The year's invoicing on screen: previewed, prepared, released, watched, read back."""

from .ledger import basis, take_back
from .plan import decide, preview, preview_file
from .release import cancel_run, prepare, release, withdraw_run
from .start import runs
from .work import run, run_file

__all__ = [
    "basis",
    "cancel_run",
    "decide",
    "prepare",
    "preview",
    "preview_file",
    "release",
    "run",
    "run_file",
    "runs",
    "take_back",
    "withdraw_run",
]
