"""A dialogue opened for somebody who calls, comes or has sent an e-mail, with a code for one use.

The code is told once and stored nowhere. It opens an empty dialogue, or one with what the worker
herself wrote, and must be changed at its first use; so whoever hears it or finds it on paper later
has nothing. There is no second code for a dialogue: nobody can prove on the telephone that she is
who wrote in it, and the attack is the one who has her telephone. Who has lost her code gets a new
dialogue.
"""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.views.decorators.debug import sensitive_variables

from hamn.core.errors import BadInput, _
from hamn.core.text import clean_text
from hamn.guards.access import permits
from hamn.support.services import queries as services
from hamn.support.services.rules import AgeGroup

from ..models import Dialogue
from ..rules.codes import new_code
from ..rules.inbox import LONGEST_ANSWER
from ..rules.words import ORIGINS, Origin
from .dialogues import open_dialogue

if TYPE_CHECKING:
    from hamn.guards.access.models import Person

_SOURCE = b"desk"  # whom the slow hash counts a worker's codes under


@sensitive_variables("code")
def open_for_caller(
    *,
    service: str,
    origin: str,
    language: str,
    situation: str,
    is_child: bool,
    text: str,
    by: "Person",
    now: datetime,
) -> tuple[Dialogue, str]:
    """The dialogue and its one-time code, which nobody is told again.

    text: what the person is to read when she comes, or empty. Never called within a transaction.
    Raises NotVisible outside the unit, BadInput also for a child where children are not met, Busy.
    """
    row = services.service(service)
    permits.require(by, "door.write", row.unit)
    if origin not in ORIGINS or origin == Origin.WEB:
        raise BadInput(_("Välj hur personen hörde av sig."))
    if is_child and AgeGroup.CHILD not in row.age_groups:
        raise BadInput(
            _("Barn och unga under 18 möts av regionkoordinatorn för barn och unga. Koppla dit.")
        )
    code = new_code()
    dialogue = open_dialogue(
        code=code,
        text=clean_text(text, LONGEST_ANSWER).strip(),
        situation=situation,
        service=service,
        language=language,
        is_child=is_child,
        origin=origin,
        token=secrets.token_bytes(16),
        now=now,
        by=by,
        is_one_time=True,
        source=_SOURCE,
    )
    return dialogue, code
