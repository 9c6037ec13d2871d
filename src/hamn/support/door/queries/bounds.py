"""What the case of a dialogue says of reaching its person: it holds for the dialogue too."""

from typing import TYPE_CHECKING

from hamn.guards.vault.rules import Unreadable
from hamn.support.cases.queries.safe_contact import bounds_of

if TYPE_CHECKING:
    from hamn.support.cases.queries.safe_contact import Bounds

    from ..models import Dialogue


def bounds(dialogue: "Dialogue") -> "Bounds | None":
    """What its case says; None for a dialogue without one.

    Raises Locked, AgentAway, and Unreadable when the case's key is lost: nobody knows what she
    allows.
    """
    if dialogue.case_id is None:
        return None
    said = bounds_of([dialogue.case_id]).get(dialogue.case_id)
    if said is None:
        raise Unreadable
    return said
