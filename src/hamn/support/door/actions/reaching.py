"""Whoever has protected identity has no number and no address in Hamn: not in her dialogues either.

What she had left goes when a dialogue joins her case and when the case becomes protected; what she
leaves afterwards within minutes, since the public process knows of no case. Source: docs/adr/0025.
"""

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from hamn.core.errors import Refusal
from hamn.guards.audit import actions as audit
from hamn.guards.vault import actions as vault
from hamn.support.cases.actions.details import register_ways
from hamn.support.cases.queries.safe_contact import bounds_of

from ..events import Event
from ..models import Reach
from ..queries.reaching import left_with_cases

if TYPE_CHECKING:
    from hamn.support.cases.models import Case

logger = logging.getLogger(__name__)


def register() -> None:
    """Have casework tell when a case becomes protected."""
    register_ways(_forget_in)


def forget_protected() -> int:
    """What has been left in dialogues of protected cases, erased; how many ways to reach a person.

    For the worker process, every minute. A unit whose vault is closed waits until it opens: until
    then nothing that is kept there can be read or sent either.
    """
    done = 0
    for unit, left in left_with_cases().items():
        try:
            said = bounds_of(set(left.values()))
        except Refusal as fault:
            logger.debug("protected persons of %s: %s", unit, type(fault).__name__)
            continue
        protected = {case_id for case_id, one in said.items() if one.is_protected}
        done += forget_ways([pk for pk, case_id in left.items() if case_id in protected])
    return done


def forget_when_protected(case_id: UUID) -> int:
    """The same for one case, in the transaction of who joins a dialogue to it; how many."""
    said = bounds_of([case_id]).get(case_id)
    if said is None or not said.is_protected:
        return 0
    return forget_ways(_ways_in(case_id))


@transaction.atomic
def forget_ways(ids: Collection[UUID]) -> int:
    """Those ways to reach people erased, with their keys; how many, as the trail is told."""
    rows = Reach.objects.filter(pk__in=ids)
    boxes = list(rows.values_list("box", flat=True))
    if boxes:
        rows.delete()
        vault.erase(boxes)
        audit.record(Event.REACH_ERASED, by=None, count=len(boxes))
    return len(boxes)


def _forget_in(case: "Case") -> int:
    return forget_ways(_ways_in(case.pk))


def _ways_in(case_id: UUID) -> list[UUID]:
    return list(Reach.objects.filter(dialogue__case=case_id).values_list("pk", flat=True))
