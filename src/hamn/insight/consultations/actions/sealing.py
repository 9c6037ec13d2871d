"""Putting content into a consultation's row; nothing is stored in any other way."""

from typing import TYPE_CHECKING

from hamn.support.cases.rules.content import to_json

from ..queries.opened import place_of

if TYPE_CHECKING:
    from hamn.guards.vault.boxes import Box

    from ..models import Consultation
    from ..rules.content import ConsultationContent


def put(row: "Consultation", content: "ConsultationContent", box: "Box") -> None:
    """Seal the content for its row; the caller saves it."""
    row.sealed = box.seal(place_of(row), to_json(content))
