"""The desk's pages for units and staff, one file for each thing."""

from .absences import add_absence, edit_absence, withdraw_absence
from .covers import accept_cover, end_cover, offer_cover
from .posts import add_post, edit_post, fill_post
from .units import one_unit, overview

__all__ = [
    "accept_cover",
    "add_absence",
    "add_post",
    "edit_absence",
    "edit_post",
    "end_cover",
    "fill_post",
    "offer_cover",
    "one_unit",
    "overview",
    "withdraw_absence",
]
