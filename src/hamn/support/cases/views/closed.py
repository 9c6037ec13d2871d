"""The page of a case that is the unit's but not the viewer's: whom to ask, and the last way in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.utils import timezone

from hamn.guards.access.permits import allows, staff
from hamn.register.staff.queries import is_absent, unit_name
from hamn.ui.pages import page

from ..queries import walls
from ..rules.states import ClosedToYou

View = Callable[..., HttpResponseBase]


def walled(pattern: URLPattern) -> URLPattern:
    """The address, whose view tells of a case that is closed to the viewer in the same way."""
    pattern.callback = _told(pattern.callback)
    return pattern


def _told(view: View) -> View:
    @wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        try:
            return view(request, *arguments, **named)
        except ClosedToYou as refusal:
            if "case_id" not in named:
                raise
            # The middleware records it once everything is rolled back.
            request.refusal = refusal  # type: ignore[attr-defined]
            return _closed(request, named["case_id"])

    return answered


def _closed(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    """Whom to ask; nothing of the case is opened. Raises NotVisible outside its unit."""
    person = staff(request)
    case = walls.known_case(person, case_id)
    today = timezone.localdate()
    return page(
        request,
        "cases/closed.html",
        status=403,
        case=case,
        unit_name=unit_name(case.unit),
        is_away=bool(case.responsible and is_absent(case.responsible, today)),
        may_assign=allows(person, "cases.assign_at_once", case),
    )
