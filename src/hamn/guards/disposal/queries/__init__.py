"""Reads of disposal: what comes, the lists, the certificates."""

from .coming import Coming, Share, coming, forecast, is_due, units_of
from .lists import (
    breakdown,
    certificate_of,
    certificates_for,
    fault_of,
    holds_for,
    is_silent,
    item_of,
    items_of,
    list_of,
    lists_for,
    locked,
    may_see_items,
    open_list,
    proof_of,
)

__all__ = [
    "Coming",
    "Share",
    "breakdown",
    "certificate_of",
    "certificates_for",
    "coming",
    "fault_of",
    "forecast",
    "holds_for",
    "is_due",
    "is_silent",
    "item_of",
    "items_of",
    "list_of",
    "lists_for",
    "locked",
    "may_see_items",
    "open_list",
    "proof_of",
    "units_of",
]
