"""What a case says of reaching its person, for the rooms above that reach out to her.

Whoever writes, calls or books keeps to it, also who may not open the case, and the worker process;
so the walls are not asked, and nothing else of a case comes out here.
Source: requirements B5, B17; docs/adr/0024.
"""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from hamn.guards.vault import queries as vaults

from ..models import Case
from ..rules.content import CaseContent
from ..rules.safe_contact import SafeContact, rules_of
from .opened import content_of


class Bounds(NamedTuple):
    """How and when the person may be reached. is_protected: nothing that leads to her is kept."""

    safe: SafeContact
    is_protected: bool


def bounds_of(case_ids: Collection[UUID]) -> dict[UUID, Bounds]:
    """By the case's id, opened with the keys of the cases' own units, in one question to the vault.

    A case whose key is lost is left out. Raises Locked, AgentAway: then nobody is reached.
    """
    cases = list(Case.objects.filter(pk__in=set(case_ids)))
    if not cases:
        return {}
    boxes = vaults.open_boxes([one.box for one in cases], {one.unit for one in cases})
    contents = {
        one.pk: content_of(one, boxes[one.box], CaseContent) for one in cases if one.box in boxes
    }
    return {key: Bounds(rules_of(one), one.is_protected) for key, one in contents.items()}
