"""Every write of consultations."""

from .asking import Promise, ask
from .counting import shuffle_facts
from .working import (
    answer_consultation,
    correct_consultation,
    hand_consultation,
    log_consultation,
    read_consultation,
    remove_consultation,
    take_consultation,
)

__all__ = [
    "Promise",
    "answer_consultation",
    "ask",
    "correct_consultation",
    "hand_consultation",
    "log_consultation",
    "read_consultation",
    "remove_consultation",
    "shuffle_facts",
    "take_consultation",
]
