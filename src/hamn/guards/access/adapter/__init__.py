"""What allauth asks of us: who may sign in and how, what the trail is told, where to go next.

allauth's hooks are methods of two classes that its settings name; the rest is plain functions.
Source: docs/adr/0014.
"""

from .account import AccountAdapter
from .demo import DemoCode, demo_code
from .second_factor import SecondFactorAdapter, factor_of, unused_codes
from .session import ON_THE_WAY, became_strong, is_strong, mark_strong, next_step

__all__ = [
    "ON_THE_WAY",
    "AccountAdapter",
    "DemoCode",
    "SecondFactorAdapter",
    "became_strong",
    "demo_code",
    "factor_of",
    "is_strong",
    "mark_strong",
    "next_step",
    "unused_codes",
]
