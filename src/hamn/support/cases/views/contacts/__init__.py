"""Pages of contacts: logged, read, corrected, joined, handed on, answered."""

from .acts import (
    hand_contact,
    join_contact,
    mark_answered,
    move_contact,
    remove_contact,
    take_contact,
)
from .additions import add_to_contact
from .change import change_contact
from .lists import answers, contacts, free_contacts
from .log import log_contact, new_contact
from .show import contact

__all__ = [
    "add_to_contact",
    "answers",
    "change_contact",
    "contact",
    "contacts",
    "free_contacts",
    "hand_contact",
    "join_contact",
    "log_contact",
    "mark_answered",
    "move_contact",
    "new_contact",
    "remove_contact",
    "take_contact",
]
