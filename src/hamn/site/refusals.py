"""What becomes of a refusal: one sentence to the person, and an entry that stays.

The refused transaction has been rolled back by the time this runs, so the entry is written in a
transaction of its own. Called by whatever shows the refusal: the command line now, pages later.
"""

from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import DatabaseError, transaction

from hamn.core.errors import BadInput, Refusal
from hamn.guards.access.events import Event
from hamn.guards.audit import actions as audit
from hamn.ui.words import refusal_sentences as sentences

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

__all__ = ["record_refusal", "sentences"]


QUIET_S = 300


def _is_news(key: str) -> bool:
    try:
        return bool(cache.add(key, 1, QUIET_S))
    except DatabaseError:
        return True


def record_refusal(refusal: Refusal, *, by: "Person | None", attempt: str) -> None:
    """An entry that tells who was refused what, by code; bad input is no refusal and leaves none.

    by: None for someone who is nobody here.

    attempt: what was tried, as the way in names it: "agreement notice".
    """
    if isinstance(refusal, BadInput):
        return
    # Whoever knocks on the same door again and again fills the trail with one entry, not thousands.
    tried = attempt.replace(" ", "-")
    if not _is_news(f"hamn:refused:{by.pk if by else 0}:{tried}:{refusal.code}"):
        return
    try:
        with transaction.atomic():
            audit.record(Event.REFUSED, by=by, code=refusal.code, attempt=attempt)
    except DatabaseError:
        # No centre, or no database: the person gets the sentence all the same.
        return
