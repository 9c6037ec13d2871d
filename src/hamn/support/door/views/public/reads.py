"""When somebody reads what is written: said above each form, before anything is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from ...rules.hours import hours_of, reads_next


@dataclass(frozen=True, slots=True)
class Now:
    """When somebody reads what is written now. reads_at: None while somebody reads."""

    reads_at: datetime | None
    closes: int

    @property
    def is_soon(self) -> bool:
        """Whether the day's name says enough: within a week."""
        return self.reads_at is None or self.reads_at - timezone.now() < timedelta(days=6)


def now_of(unit: str, at: datetime) -> Now:
    """When the unit reads what is sent to it at the moment."""
    hours = hours_of(settings.DOOR, unit)
    return Now(reads_next(hours, at), hours.closes)
