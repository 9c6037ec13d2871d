"""Every write of units and staff, one file for each thing."""

from .absences import save_absence, withdraw_absence
from .covers import accept_cover, end_cover, offer_cover
from .posts import fill_post, save_post
from .units import save_unit

__all__ = [
    "accept_cover",
    "end_cover",
    "fill_post",
    "offer_cover",
    "save_absence",
    "save_post",
    "save_unit",
    "withdraw_absence",
]
