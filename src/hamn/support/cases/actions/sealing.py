"""Putting content into sealed rows; nothing is stored in any other way."""

from typing import TYPE_CHECKING, Any

from ..models.sealed import SealedRow
from ..queries.opened import place_of
from ..rules.content import to_json

if TYPE_CHECKING:
    from hamn.guards.vault.boxes import Box


def put(row: SealedRow, content: Any, box: "Box") -> None:
    """Seal the content for its row; the caller saves it."""
    row.sealed = box.seal(place_of(row), to_json(content))
