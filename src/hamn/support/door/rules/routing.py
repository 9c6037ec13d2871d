"""Where what somebody writes goes: by the situation or the service she chose, and by her age.

Her municipality is not asked for: it is never a hurdle for who seeks help.
Source: issue 5; requirements B1, B13, B15, Z4-Z6.
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
# Met where another situation is, unless the centre's file says otherwise. What nobody has named
# goes where most are met: to those who know the widest range, and can hand it over.
MET_AS = {
    Situation.SELF_HARM: Situation.COMPENSATION,
    Situation.OTHER: Situation.COMPENSATION,
    Situation.PORN: Situation.BUYS,
    Situation.RELATIVE_OF_BUYER: Situation.BUYS,
}


def service_for(
    situation: str, *, is_child: bool, table: Mapping[str, Any], chosen: str = ""
) -> str:
    """The code of the service that meets her. table: `[door]` of the centre's file.

    chosen: code of the service from whose own page she writes. Who is under 18 meets the
    coordinator for children, whatever she writes about.
    Raises BadInput for a situation that nobody writes about here.
    """
    if chosen and not is_child:
        return chosen
    served = SHIPPED | dict(table.get("situations", {}))
    meant = Situation.CHILD if is_child else situation
    if meant not in SHIPPED and meant not in MET_AS:
        raise BadInput(_("Välj vad det gäller i listan."))
    return str(served[meant] if meant in served else served[MET_AS[Situation(meant)]])
