"""When somebody reads what is written: said above each form, before anything is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from hamn.core.identifiers import shown_phone

from ...rules.hours import hours_of, reads_next

if TYPE_CHECKING:
    from hamn.support.services.models import Service


@dataclass(frozen=True, slots=True)
class Now:
    """When somebody reads what is written now. reads_at: None while somebody reads.

    call: the sentence with the number to call instead, as HTML; empty for a service without one.
    """

    reads_at: datetime | None
    closes: int
    call: str

    @property
    def is_soon(self) -> bool:
        """Whether the day's name says enough: within a week."""
        return self.reads_at is None or self.reads_at - timezone.now() < timedelta(days=6)


def now_of(service: "Service", unit: str, at: datetime) -> Now:
    """When the unit reads what is sent to it at the moment, and how its service is called."""
    hours = hours_of(settings.DOOR, unit)
    return Now(reads_next(hours, at), hours.closes, _call(service))


def _call(service: "Service") -> str:
    if not service.phone:
        return ""
    number = format_html(
        '<a class="govuk-link" href="tel:{}"><span dir="ltr">{}</span></a>',
        service.phone,
        shown_phone(service.phone),
    )
    sentence = _("Du kan också ringa {name}: {phone}.")
    return format_html(sentence, name=service.title, phone=number)
