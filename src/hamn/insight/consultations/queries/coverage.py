"""Whether a municipality has an agreement, and who helps where it has none; for professionals.

Answered from the municipality alone, and to anyone: which have an agreement is public. For a person
who seeks help herself the municipality is never a hurdle (Z4).
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings

from hamn.core.errors import BadInput, _
from hamn.register.organisations.rules import known_code
from hamn.support.services import queries as services

from ..rules.words import NO_MUNICIPALITY, routed

if TYPE_CHECKING:
    from hamn.support.services.models import Service


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer for one municipality: who serves everyone in it, and whether the rest do too."""

    code: str
    name: str
    is_provider: bool
    is_affiliated: bool
    by_agreement: "list[Service]"
    for_everyone: "list[Service]"

    @property
    def is_covered(self) -> bool:
        """Whether all services are for those who live and work there."""
        return self.is_provider or self.is_affiliated


def coverage(code: str, *, on: date) -> Coverage:
    """The answer for the municipality on the date. Raises BadInput for a code that none has."""
    names = services.municipality_names()
    code = known_code(code, names)
    offered = services.offered(on)
    return Coverage(
        code=code,
        name=names[code],
        is_provider=code == services.provider_code(),
        is_affiliated=code in services.affiliated(on),
        by_agreement=[row for row in offered if row.needs_affiliation],
        for_everyone=[row for row in offered if not row.needs_affiliation],
    )


def workplace(code: str) -> str:
    """A workplace's municipality as it is stored: its code, or empty for none.

    Raises BadInput for anything else.
    """
    if code == NO_MUNICIPALITY:
        return ""
    return known_code(code, services.municipality_names())


def service_for(topic: str, *, on: date) -> "Service":
    """The service that takes the topic at this centre. Raises BadInput when none is offered."""
    offered = {row.code: row for row in services.offered(on)}
    return offered[routed(topic, offered=offered, given=settings.DOOR.get("topics", {}))]


def service_of(unit: str, topic: str, *, on: date) -> str:
    """The code of the unit's service that takes the topic, else of its first.

    Raises BadInput for a unit without services.
    """
    own = [row.code for row in services.offered(on) if row.unit == unit]
    if not own:
        raise BadInput(_("Enheten {unit} har ingen verksamhet. Välj en annan enhet."), unit=unit)
    wanted = service_for(topic, on=on).code
    return wanted if wanted in own else own[0]
