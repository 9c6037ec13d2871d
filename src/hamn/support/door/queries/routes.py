"""Whether everybody who writes is met: read before the door is opened, not when somebody writes."""

from collections.abc import Mapping
from typing import Any

from hamn.core.errors import BadInput, NotVisible, _
from hamn.support.services import queries as catalogue

from ..rules.hours import hours_of
from ..rules.pages import WRITTEN_ABOUT, Situation
from ..rules.routing import service_for


def check_routes(table: Mapping[str, Any]) -> None:
    """Pass where each situation has its service and each unit its hours.

    table: `[door]` of the centre's file. Raises BadInput for the first that has not.
    """
    for section in ("units", "situations", "limits"):
        if not isinstance(table.get(section, {}), Mapping):
            raise BadInput(_("[door.{section}] i centre.toml är inget avsnitt."), section=section)
    if unknown := set(table.get("situations", {})) - ({*Situation} - {Situation.SERVICE}):
        raise BadInput(
            _("[door.situations] i centre.toml har en okänd situation, {name}. Ta bort den."),
            name=min(unknown),
        )
    for unit in table.get("units", {}):
        hours_of(table, unit)
    for situation in WRITTEN_ABOUT:
        _check_service(service_for(situation, is_child=False, table=table), table)


def _check_service(code: str, table: Mapping[str, Any]) -> None:
    try:
        unit = catalogue.service(code).unit
    except NotVisible:
        raise BadInput(
            _(
                "Den som skriver till dörren når ingen: verksamheten {code} finns inte. Skriv en "
                "annan i [door.situations] i centre.toml."
            ),
            code=code,
        ) from None
    hours_of(table, unit)
