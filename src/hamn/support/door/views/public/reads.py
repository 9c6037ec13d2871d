"""When somebody reads what is written: said above each form, before anything is sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hamn.core.identifiers import shown_phone

from ...rules.hours import HERE, hours_of, reads_next
from ...rules.languages import SOURCE, marked_as

if TYPE_CHECKING:
    from hamn.support.services.models import Service


@dataclass(frozen=True, slots=True)
class Now:
    """When somebody reads what is written now. reads_at: None while somebody reads.

    call: the sentence with the number to call instead and when it is answered, as HTML; empty for
    a service without one, and while nobody reads for one of which nobody knows when.
    """

    at: datetime
    reads_at: datetime | None
    closes: int
    call: str

    @property
    def is_soon(self) -> bool:
        """Whether the day's name says enough: within a week."""
        return self.reads_at is None or self.reads_at - self.at < timedelta(days=6)

    @property
    def days_ahead(self) -> int:
        """How many nights lie between: 0 for later on the same day, and while somebody reads."""
        if self.reads_at is None:
            return 0
        return (self.reads_at.date() - self.at.astimezone(HERE).date()).days


def now_of(service: "Service", unit: str, at: datetime) -> Now:
    """When the unit reads what is sent to it at the moment, and how its service is called."""
    hours = hours_of(settings.DOOR, unit)
    reads_at = reads_next(hours, at)
    return Now(at, reads_at, hours.closes, _call(service, is_read=reads_at is None))


def _call(service: "Service", *, is_read: bool) -> str:
    if not service.phone or not (service.hours or is_read):
        return ""
    number = format_html(
        '<a class="govuk-link" href="tel:{}"><span dir="ltr">{}</span></a>',
        service.phone,
        shown_phone(service.phone),
    )
    told = {"name": service.title, "phone": number}
    if service.hours:
        sentence = _("Du kan också ringa {name}: {phone} (telefontider: {hours}).")
        return format_html(sentence, hours=_hours(service), **told)
    return format_html(_("Du kan också ringa {name}: {phone}."), **told)


def _hours(service: "Service") -> str:
    """When the telephone is answered, marked where it is in another language than the page."""
    if language := marked_as(get_language() or SOURCE, service.hours_en):
        return format_html('<span lang="{}" dir="ltr">{}</span>', language, service.open_hours)
    return service.open_hours
