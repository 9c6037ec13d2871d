"""Contacts are logged, changed, joined to a case, handed on, answered, taken away."""

from .additions import add_to_contact
from .answers import mark_answered
from .change import change_contact, remove_contact, take_contact
from .facts import recount
from .hand import hand_to_child_coordinator
from .join import join_contact
from .log import log_contact
from .move import move_contact
from .reading import SeenContact, list_contacts, see_contact

__all__ = [
    "SeenContact",
    "add_to_contact",
    "change_contact",
    "hand_to_child_coordinator",
    "join_contact",
    "list_contacts",
    "log_contact",
    "mark_answered",
    "move_contact",
    "recount",
    "remove_contact",
    "see_contact",
    "take_contact",
]
