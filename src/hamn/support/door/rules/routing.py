"""Where what somebody writes goes: by the situation she chose and by her age, and by nothing else.

Her municipality is not asked for: it is never a hurdle for who seeks help.
Source: issue 5; requirements B1, B13, Z4-Z6.
"""

from collections.abc import Mapping
from typing import Any

from hamn.core.errors import BadInput, _

from .pages import Situation

CHILDREN = "coordinator_child"
SHIPPED: dict[str, str] = {
    Situation.COMPENSATION: "mika",
    Situation.EXPLOITED: "coordinator_adult",
    Situation.BUYS: "kast",
    Situation.RELATIVE: "mika",
    Situation.CHILD: CHILDREN,
}


def service_for(situation: str, *, is_child: bool, table: Mapping[str, Any]) -> str:
    """The code of the service that meets her. table: `[door]` of the centre's file.

    Who is under 18 meets the coordinator for children, whatever she writes about.
    Raises BadInput for a situation that nobody writes about here.
    """
    served = SHIPPED | dict(table.get("situations", {}))
    meant = Situation.CHILD if is_child else situation
    if meant not in SHIPPED:
        raise BadInput(_("Välj vad det gäller i listan."))
    return str(served[meant])
