"""Every event that may stand in the trail, with its Swedish sentence. Rooms register their own."""

from collections.abc import Mapping
from enum import StrEnum

_SENTENCES: dict[str, str] = {}


def register(sentences: Mapping[StrEnum, str]) -> None:
    """Add a room's events."""
    _SENTENCES.update({event.value: sentence for event, sentence in sentences.items()})


def registered() -> Mapping[str, str]:
    """All events and their sentences."""
    return dict(_SENTENCES)
