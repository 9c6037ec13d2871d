"""Every change of disposal: a list planned, thinned, approved, run; holds; what was done before."""

from .decide import approve_list, exclude_item, withdraw_list
from .earlier import record_earlier
from .holds import lift_hold, place_hold
from .plan import plan_list
from .run import Overtaken, run_list, start_run

__all__ = [
    "Overtaken",
    "approve_list",
    "exclude_item",
    "lift_hold",
    "place_hold",
    "plan_list",
    "record_earlier",
    "run_list",
    "start_run",
    "withdraw_list",
]
