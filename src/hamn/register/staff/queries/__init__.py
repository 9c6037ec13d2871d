"""Every read of units and staff; others than system administrators see their own units."""

from .absences import absence, absences_of, is_absent, may_be_absent, new_absence
from .covers import cover, cover_candidates, covers, covers_of, locked_cover, own_offers, resting
from .overview import (
    Overview,
    StaffingOfUnit,
    Worker,
    one_unit,
    overview,
    staffing,
    workers,
)
from .posts import holders, new_post, post, posts_of
from .seen import (
    active_units,
    all_units,
    every_unit_name,
    unit,
    unit_name,
    unit_names,
    units,
    visible_codes,
)

__all__ = [
    "Overview",
    "StaffingOfUnit",
    "Worker",
    "absence",
    "absences_of",
    "active_units",
    "all_units",
    "cover",
    "cover_candidates",
    "covers",
    "covers_of",
    "every_unit_name",
    "holders",
    "is_absent",
    "locked_cover",
    "may_be_absent",
    "new_absence",
    "new_post",
    "one_unit",
    "overview",
    "own_offers",
    "post",
    "posts_of",
    "resting",
    "staffing",
    "unit",
    "unit_name",
    "unit_names",
    "units",
    "visible_codes",
    "workers",
]
