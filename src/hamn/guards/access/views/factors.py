"""What holds for every second factor, an app or a key: enrolled and removed with their trail."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from .. import actions
from ..adapter import became_strong, is_strong
from ..permits import staff


class Enrolling:
    """Put before one of allauth's views that enrol. kind: as allauth stores it."""

    kind: str
    request: HttpRequest
    did_generate_recovery_codes: bool

    def form_valid(self, form: Any) -> HttpResponse:
        """Enrolled, told to the trail, and the session strong."""
        person = staff(self.request)
        with transaction.atomic():
            actions.check_may_enrol(person, self.kind, is_strong=is_strong(self.request))
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            actions.record_second_factor(person, self.kind)
            if self.did_generate_recovery_codes:
                actions.record_recovery_codes(person)
        became_strong(self.request, person)
        return response


class Removing:
    """Put before one of allauth's views that remove. kind: as allauth stores it."""

    kind: str
    request: HttpRequest

    def removed_id(self) -> int:
        """The row that is taken away."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Removed when another second factor remains, and told to the trail."""
        person = staff(self.request)
        with transaction.atomic():
            actions.check_may_remove(person, self.removed_id())
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            actions.record_second_factor_removed(person, self.kind)
        return response
