"""Searching: the words go to the key agent and nowhere else."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from hamn.guards.access import permits
from hamn.guards.audit import actions as audit
from hamn.guards.vault.rules import IndexKind

from ..events import Event
from ..models import Case
from ..queries.search import found_cases
from ..queries.walls import open_to
from ..rules.access import SEARCH
from ..rules.search import MOST_HITS, as_written, kinds_of
from .reading import log_read

if TYPE_CHECKING:
    from hamn.guards.access.models import Person


@sensitive_variables("words")
@transaction.atomic
def search_cases(*, words: str, by: "Person", now: datetime) -> tuple[IndexKind, list[Case]]:
    """What the words were taken for, and the cases of her units that they find.

    The trail keeps the kind and the number of hits, never the words; the log of a colleague's case
    keeps who found it, unless by its number.
    Raises NotVisible, BadInput for what is no personal number; Locked.
    """
    permits.require(by, "cases.search")
    kinds = kinds_of(words)
    kind, cases = kinds[0], list[Case]()
    for one in kinds:
        cases = found_cases(by, one, as_written(one, words))
        if cases:
            kind = one
            break
    audit.record(Event.CASES_SEARCHED, by=by, kind=kind.value, hits=min(len(cases), MOST_HITS))
    if kind != IndexKind.CASE_NUMBER:
        _log_found(cases[:MOST_HITS], by, now)
    return kind, cases


def _log_found(cases: Collection[Case], by: "Person", now: datetime) -> None:
    """That she learnt of cases that are not hers, for those whose they are and for the review."""
    ids = [case.pk for case in cases]
    hers = set(open_to(by, now).filter(pk__in=ids).values_list("pk", flat=True))
    for case in cases:
        if case.pk not in hers:
            log_read(case, what="found", why=SEARCH, by=by, now=now)
