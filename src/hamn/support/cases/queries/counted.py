"""What a sealed record has counted, as the facts tell it."""

from collections.abc import Collection

from ..models import Fact
from ..rules.content import Counted
from ..rules.plans import OutcomeFollowUp


def unit_of(counted: Collection[Counted]) -> str:
    """The unit under which the facts were counted; empty where nothing was.

    A case may have been handed over since: what was done there stays there.
    """
    found = Fact.objects.filter(pk__in=[one.fact for one in counted])
    return found.values_list("unit", flat=True).first() or ""


def unit_of_follow_up(says: OutcomeFollowUp, *, now: str) -> str:
    """The unit that the follow-up was done in; an old one is known by what it has counted.

    now: the unit that has its case.
    """
    return says.unit or unit_of(says.counted) or now
