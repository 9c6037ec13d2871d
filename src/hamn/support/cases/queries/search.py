"""Finding a case by one of the three sorts of words that the law lets us search for."""

from typing import TYPE_CHECKING

from hamn.guards.vault import queries as vaults

from ..models import Case
from ..rules.search import MOST_HITS
from .walls import units_of

if TYPE_CHECKING:
    from hamn.guards.access.models import Person
    from hamn.guards.vault.rules import IndexKind


def found_cases(viewer: "Person", kind: "IndexKind", words: str) -> list[Case]:
    """The cases of her own units that the words find, the latest first: one more than shown.

    What another unit has is not looked for at all: no answer, and none sooner or later.
    Raises BadInput for what is no personal number; Locked.
    """
    units = units_of(viewer)
    boxes = vaults.find(units, kind, words)
    rows = Case.objects.filter(box__in=boxes, unit__in=units)
    rows = rows.select_related("responsible", "deputy").order_by("-last_note_on", "pk")
    return list(rows[: MOST_HITS + 1])
