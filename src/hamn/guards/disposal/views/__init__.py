"""Pages of disposal: what comes, the lists, holds, rules and certificates."""

from .certificates import certificate, certificate_file
from .coming import rule_table, start
from .lists import approve_list, plan_list, show_list, start_run, withdraw_list
from .records import exclude_item, lift_hold

__all__ = [
    "approve_list",
    "certificate",
    "certificate_file",
    "exclude_item",
    "lift_hold",
    "plan_list",
    "rule_table",
    "show_list",
    "start",
    "start_run",
    "withdraw_list",
]
