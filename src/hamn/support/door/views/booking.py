"""The person's own times: seen, booked, moved and cancelled, with the dialogue open.

She has no session: what became of a form stands on the page that it leads back to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from hamn.core.errors import Refusal
from hamn.guards.access.permits import open_to_all
from hamn.ui.pages import page
from hamn.ui.words import refusal_sentences

from ..actions import booking as actions
from ..actions import limits
from ..forms.booking import BookForm, MoveForm
from ..queries import booking as queries
from .public.opened import proof_of, with_opened
from .public.waiting import told_to_wait, waits, within

if TYPE_CHECKING:
    from ..queries.booking import Time
    from ..queries.person import Opened


@dataclass(frozen=True, slots=True)
class Day:
    """The free times of a day."""

    on: date
    times: "list[Time]"


@open_to_all
@with_opened
@require_http_methods(["GET", "HEAD", "POST"])
def my_times(request: HttpRequest, opened: "Opened") -> HttpResponse:
    """Her booked times, and those that she can choose; sent, one of them is hers."""
    now, dialogue = timezone.now(), opened.dialogue
    has_notice = queries.asks_for_notice(dialogue)
    free = queries.free_times(dialogue, now)
    # Sent twice, the time is hers already and no longer free: the answer is the same.
    form = BookForm.of(request, times=_named(free, request), has_notice=has_notice)
    if form.sent(lambda given: _book(request, opened, now, **given)):
        return _back()
    return _page(
        request,
        "door/booking/my_times.html",
        opened,
        form=form,
        bookings=queries.bookings_of(dialogue, now),
        days=_by_day(free),
        has_notice=has_notice,
        now=now,
    )


@open_to_all
@with_opened
@require_http_methods(["GET", "HEAD", "POST"])
def move_booking(request: HttpRequest, opened: "Opened", booking_id: UUID) -> HttpResponse:
    """Another time instead of that one."""
    now, dialogue = timezone.now(), opened.dialogue
    booked = _hers(opened, booking_id, now)
    if booked is None:
        return _back()
    free = queries.free_times(dialogue, now)
    form = MoveForm.of(request, times=_named(free, request))
    if form.sent(lambda given: _move(request, opened, booking_id, now, **given)):
        return _back()
    return _page(
        request, "door/booking/move.html", opened, form=form, booked=booked, days=_by_day(free)
    )


@open_to_all
@with_opened
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_booking(request: HttpRequest, opened: "Opened", booking_id: UUID) -> HttpResponse:
    """The time let go; one that is gone already is as she wished."""
    now = timezone.now()
    booked = _hers(opened, booking_id, now)
    if booked is None:
        return _back()
    if request.method == "POST":
        try:
            actions.cancel_booking(dialogue=opened.dialogue, booking_id=booking_id, now=now)
        except Refusal as refusal:
            told = refusal_sentences(refusal)
            return _page(request, "door/booking/cancel.html", opened, booked=booked, told=told)
        return _back()
    return _page(request, "door/booking/cancel.html", opened, booked=booked)


@open_to_all
@with_opened
@require_POST
def choose_reminder(request: HttpRequest, opened: "Opened", booking_id: UUID) -> HttpResponse:
    """Reminded of the time, or not."""
    now = timezone.now()
    if _hers(opened, booking_id, now) is not None:
        actions.choose_reminder(
            dialogue=opened.dialogue,
            booking_id=booking_id,
            wants_reminder=request.POST.get("wants_reminder") == "ja",
            now=now,
        )
    return _back()


def _book(
    request: HttpRequest,
    opened: "Opened",
    now: datetime,
    *,
    slot: str,
    wants_reminder: bool = False,
) -> object:
    _limit(request)
    return within(
        lambda: actions.book_time(
            dialogue=opened.dialogue, slot_id=UUID(slot), wants_reminder=wants_reminder, now=now
        )
    )


def _move(
    request: HttpRequest, opened: "Opened", booking_id: UUID, now: datetime, *, slot: str
) -> object:
    _limit(request)
    return within(
        lambda: actions.move_booking(
            dialogue=opened.dialogue, booking_id=booking_id, slot_id=UUID(slot), now=now
        )
    )


def _limit(request: HttpRequest) -> None:
    """Pass a few an hour: nobody empties the list. Raises TooMany."""
    limits.check("book", limits.source_of(request.META.get("REMOTE_ADDR", "")))


def _page(request: HttpRequest, template: str, opened: "Opened", **context: Any) -> HttpResponse:
    """The page, with what its forms are proven by; when it cannot be now, when to try."""
    response = page(request, template, proof=proof_of(opened), **context)
    refusal = getattr(request, "refusal", None)
    return told_to_wait(response, refusal) if isinstance(refusal, waits()) else response


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("door:my_times"))


def _hers(opened: "Opened", booking_id: UUID, now: datetime) -> "queries.Booked | None":
    """Her time that she may still change; None for what is gone, over, or another's."""
    try:
        return queries.booking_of(opened.dialogue, booking_id, now)
    except Refusal:
        return None


def _named(free: "Iterable[Time]", request: HttpRequest) -> list[tuple[str, str]]:
    """The ids of the free times, and the one that was sent: whether it is free the action says."""
    ids = [str(one.id) for one in free]
    sent = request.POST.get("slot", "")
    return [(one, "") for one in ids] + ([(sent, "")] if _is_id(sent) else [])


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _by_day(free: "Iterable[Time]") -> list[Day]:
    days = groupby(free, key=lambda one: timezone.localdate(one.starts_at))
    return [Day(on, list(times)) for on, times in days]
