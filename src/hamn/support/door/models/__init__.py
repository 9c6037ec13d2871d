"""Rows of the door: plain where lists and duties need it, sealed in everything a person writes."""

from .booking import Booking, CalendarKey, Slot
from .dialogues import Dialogue, DoorSalt, Message, Reach
from .facts import DialogueFact
from .keeping import ExpiryRule, StillNeeded
from .templates import AnswerTemplate
from .texts import LanguageApproval, PageText

__all__ = [
    "AnswerTemplate",
    "Booking",
    "CalendarKey",
    "Dialogue",
    "DialogueFact",
    "DoorSalt",
    "ExpiryRule",
    "LanguageApproval",
    "Message",
    "PageText",
    "Reach",
    "Slot",
    "StillNeeded",
]
